"""``upshot`` in a process of its own, as it is typed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


def typed(
    *arguments: str, environ: Mapping[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    """What came of it, run in *folder*."""
    python_path = f"{environ.get('PYTHONPATH', '')}:{ROOT}".strip(":")
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        capture_output=True,
        env={**os.environ, "COLUMNS": "200", **environ, "PYTHONPATH": python_path},
        cwd=folder,
        text=True,
        timeout=120,
        check=False,
    )
