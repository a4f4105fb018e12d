"""Which processes are a cluster's server: its own, not whoever has their old number by now."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_PROC = Path("/proc")


def instance_name(data_dir: Path) -> str:
    """What the server of a data folder is called: in its socket's path and by its processes."""
    digest = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()
    return f"upshot-{digest[:16]}"


def postmaster_pid(cluster: Path) -> int | None:
    """The process id that the server wrote down, if it did; it may be long dead."""
    try:
        first_line = (cluster / "postmaster.pid").read_text(encoding="utf-8").partition("\n")[0]
        return int(first_line)
    except (FileNotFoundError, ValueError):
        return None


def server_processes(cluster: Path) -> set[int]:
    """The postmaster and its children, whose command lines carry the instance's name."""
    if not (_PROC / "self" / "cmdline").exists():  # macOS: believe what the server wrote down
        pid = postmaster_pid(cluster)
        return {pid} if pid is not None and _exists(pid) else set()
    marks = (instance_name(cluster.parent).encode(), os.fsencode(cluster))
    own_namespace = _namespace_depth(_PROC / "self")
    return {
        int(process.name)
        for process in _PROC.iterdir()
        if process.name.isdigit()
        and _is_postgres(process)
        and any(mark in _read(process / "cmdline") for mark in marks)
        and _namespace_depth(process) == own_namespace  # or it is a container's
    }


# Root in a container may read these two files of another user's process, but neither its working
# folder nor its program.
def _is_postgres(process: Path) -> bool:
    return _read(process / "comm").strip() == b"postgres"


def _namespace_depth(process: Path) -> int:
    for line in _read(process / "status").splitlines():
        if line.startswith(b"NSpid:"):
            return len(line.split())
    return 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has just ended
        return b""


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
