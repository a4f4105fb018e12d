"""``upshot demo`` in a process of its own, and what is left when it has ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SMALLEST = ("--people", "23", "--weeks", "1", "--sources", "anthropic,git")
PATIENCE_SECONDS = 120
_OF_COVERAGE = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")


@contextmanager
def demo(
    *arguments: str,
    folder: Path,
    environ: Mapping[str, str] | None = None,
    is_covered: bool = False,
    terminal: int = subprocess.PIPE,
) -> Iterator[subprocess.Popen[str]]:
    """Which lines it runs is looked at where that is wanted: it doubles what it takes.

    *terminal* is a file to tell in how far it is.
    """
    inherited = {
        name: value for name, value in os.environ.items() if is_covered or name not in _OF_COVERAGE
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", *arguments],
        stdout=subprocess.PIPE,
        stderr=terminal,
        env={**inherited, "TMPDIR": str(folder), "COLUMNS": "200", **(environ or {})},
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=10)


def address_of(process: subprocess.Popen[str]) -> str:
    """Of its page, when that is ready."""
    assert process.stdout is not None
    return next(line for line in process.stdout if line.startswith("http")).strip()


def press_ctrl_c(process: subprocess.Popen[str]) -> None:
    """The terminal tells every process that it started, not the first alone."""
    os.killpg(process.pid, signal.SIGINT)


def close_its_terminal(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGHUP)


def terminate(process: subprocess.Popen[str]) -> None:
    process.terminate()


def refused(*arguments: str, folder: Path, environ: Mapping[str, str] | None = None) -> str:
    """The sentence with which it does not start."""
    with demo(*arguments, folder=folder, environ=environ, is_covered=True) as process:
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, out) == (2, ""), err
    assert "Traceback" not in err
    assert list(processes_of(folder)) == []
    return " ".join(err.split())


def processes_of(folder: Path) -> Iterator[str]:
    """The commands of all processes that were told of *folder*, databases too."""
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                environ, command = (
                    (process / file).read_bytes() for file in ("environ", "cmdline")
                )
            except OSError:  # it has just ended, or is somebody else's
                continue
            if os.fsencode(folder) in environ + command:
                yield command.replace(b"\0", b" ").decode()
