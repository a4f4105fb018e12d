"""Which user PostgreSQL runs as: ours, or an unprivileged one where ours is root."""

from __future__ import annotations

import os
import pwd
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from db.embedded.errors import RUN_AS_ORDINARY_USER, EmbeddedPostgresError

CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2
NOBODY = 65534
_LAUNCHER = Path(__file__).with_name("unprivileged.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The user of the server's processes and how to become it."""

    uid: int
    gid: int
    launcher: tuple[str, ...] = ()
    """What to put before a command: nothing for an ordinary user."""

    def command(self, program: Path, *arguments: str) -> list[str]:
        return [*self.launcher, str(program), *arguments]


def account_for(data_dir: Path, cluster: Path, reaching: Iterable[Path]) -> Account:
    """The account for a cluster, with the right to reach those folders and no other right."""
    if os.geteuid() != 0:
        _refuse_foreign_cluster(cluster)
        return Account(uid=os.geteuid(), gid=os.getegid())
    uid, gid = _unprivileged_owner(cluster) or _unprivileged_owner(data_dir) or _nobody()
    closed = [folder for path in reaching for folder in closed_folders(path, uid, gid)]
    capability = str(capability_to_pass(closed[0], held_capabilities())) if closed else "none"
    launcher = (sys.executable, "-I", "-S", "-B", str(_LAUNCHER), str(uid), str(gid), capability)
    return Account(uid=uid, gid=gid, launcher=launcher)


def _refuse_foreign_cluster(cluster: Path) -> None:
    if cluster.exists() and cluster.stat().st_uid != os.geteuid():
        raise EmbeddedPostgresError(
            f"{cluster} belongs to another user.",
            hint=f"Run Upshot as the user it was started as at first, or give the folder to this "
            f"one: chown -R {os.geteuid()} {cluster.parent}",
        )


def _unprivileged_owner(folder: Path) -> tuple[int, int] | None:
    if not folder.exists():
        return None
    status = folder.stat()
    return (status.st_uid, status.st_gid) if status.st_uid else None


def _nobody() -> tuple[int, int]:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return NOBODY, NOBODY
    return entry.pw_uid, entry.pw_gid


def closed_folders(path: Path, uid: int, gid: int) -> list[Path]:
    """The folders on the way to *path* which that user could not pass by itself."""
    way = (path, *path.parents)
    return [
        folder for folder in reversed(way) if folder.is_dir() and not _open_to(folder, uid, gid)
    ]


def _open_to(folder: Path, uid: int, gid: int) -> bool:
    status = folder.stat()
    if status.st_uid == uid:
        return bool(status.st_mode & 0o100)
    return bool(status.st_mode & (0o010 if status.st_gid == gid else 0o001))


def capability_to_pass(folder: Path, held: int) -> int:
    """The least of the *held* capabilities (a bit set) with which closed folders can be passed."""
    # The first lets it read and enter everything; Docker's root has the second alone.
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        if held >> capability & 1:
            return capability
    raise EmbeddedPostgresError(
        "PostgreSQL refuses to run as root, and the unprivileged user it would run as cannot pass "
        f"through {folder}.",
        hint=f"{RUN_AS_ORDINARY_USER} Else: chmod o+x {folder}, or start with CAP_DAC_READ_SEARCH.",
    )


def held_capabilities() -> int:
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:  # not Linux: there are none to hand on
        return 0
    permitted = re.search(r"^CapPrm:\s*([0-9a-f]+)$", status, re.MULTILINE)
    return int(permitted[1], 16) if permitted else 0
