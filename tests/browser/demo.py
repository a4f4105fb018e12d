"""The demo as a program of its own, as somebody runs it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from bot.playground.wishes import wished

WISHES = wished(people=30, weeks=4, seed=8, today=date(2026, 11, 17), sources=None, is_check=False)
"""A company in which somebody who reads English was asked about a costly day."""
ARGUMENTS = (
    *("--people", str(WISHES.people), "--weeks", str(WISHES.weeks)),
    *("--seed", str(WISHES.seed), "--today", WISHES.today.isoformat()),
)
PATIENCE_SECONDS = 60
ENDS_WITH_US = ("setpriv", "--pdeathsig", "TERM") if shutil.which("setpriv") else ()
"""Also where the tests are killed, and cannot end it any more."""


@contextmanager
def running_demo(*arguments: str) -> Iterator[str]:
    """The address of its page, for as long as it is wanted."""
    command = [*ENDS_WITH_US, sys.executable, "-m", "bot", "demo", *(arguments or ARGUMENTS)]
    quiet = {**os.environ, "PYTHONWARNINGS": "default"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=quiet
    ) as process:
        assert process.stdout
        assert process.stderr
        try:
            address = next((line for line in process.stdout if line.startswith("http://")), "")
            assert address, process.stderr.read()
            yield address.strip()
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE_SECONDS)
