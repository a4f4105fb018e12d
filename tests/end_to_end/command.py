"""``upshot`` as it is typed: in this process, which has everything loaded, or in one of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from bot.cli import main

ROOT = Path(__file__).parents[2]
WIDE = {"COLUMNS": "200"}


def typed(*arguments: str, environ: Mapping[str, str], folder: Path) -> CompletedProcess[str]:
    """What came of it, run in *folder*: the same from the first word to the exit status."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["upshot", *arguments])
        for name, value in {**WIDE, **environ}.items():
            patch.setenv(name, value)
        try:
            main()
        except SystemExit as exit_:
            status = int(exit_.code or 0)
    return CompletedProcess(arguments, status, out.getvalue(), err.getvalue())


def typed_apart(*arguments: str, environ: Mapping[str, str], folder: Path) -> CompletedProcess[str]:
    """The same in a process of its own, which has to find and to load everything."""
    python_path = f"{environ.get('PYTHONPATH', '')}:{ROOT}".strip(":")
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        capture_output=True,
        env={**os.environ, **WIDE, **environ, "PYTHONPATH": python_path},
        cwd=folder,
        text=True,
        timeout=120,
        check=False,
    )
