"""Runs one of PostgreSQL's programs, apart from our terminal, our files and our secrets."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def run_program(
    command: Sequence[str],
    *,
    environ: Mapping[str, str],
    cluster: Path,
    output: int = subprocess.PIPE,
    kept_open: Sequence[int] = (),
) -> subprocess.CompletedProcess[bytes]:
    """Run it to its end; *output* is a file to write into, or what it wrote is in ``stdout``."""
    return subprocess.run(  # noqa: S603 - the wheel's own programs, no shell
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        pass_fds=kept_open,
        start_new_session=True,  # Ctrl-C at our terminal is not meant for the database
        cwd=os.sep,
        env=_environment(environ, cluster),
    )


def _environment(environ: Mapping[str, str], cluster: Path) -> dict[str, str]:
    # The server's environment can be read by whoever runs as its user: none of ours goes there.
    passed_on = {name: environ[name] for name in _PASSED_ON if name in environ}
    return {**passed_on, "LC_ALL": "C", "TZ": "UTC", "PGDATA": str(cluster)}
