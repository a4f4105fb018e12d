"""A web server that is told when to stop by whoever runs it, and by no signal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn


class QuietServer(uvicorn.Server):
    """Leaves the signals to whoever runs the processes."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
