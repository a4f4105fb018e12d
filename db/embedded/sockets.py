"""The short private folder in which the embedded server's socket lies."""

from __future__ import annotations

import getpass
import os
import re
import socket
import stat
import struct
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from db.embedded.credentials import PORT
from db.embedded.errors import EmbeddedPostgresError
from db.embedded.processes import instance_name

SOCKET_NAME = f".s.PGSQL.{PORT}"
# sockaddr_un.sun_path, without the terminating zero
LONGEST_SOCKET_PATH = 103 if sys.platform == "darwin" else 107
# The shortest question of the protocol; to be told no is an answer.
_SSL_REQUEST = struct.pack("!II", 8, 80877103)
_OWN_FOLDER = "Set XDG_RUNTIME_DIR or TMPDIR to a folder with a short path that belongs to you."
# What needs quoting neither in PostgreSQL's list of folders, nor in a shell, nor in a URL.
_PLAIN_PATH = re.compile(r"/[A-Za-z0-9/._+-]*")


def choose_socket_folder(data_dir: Path, environ: Mapping[str, str]) -> Path:
    """The same folder for the same data folder, wherever that folder's path leads."""
    for base in _bases(environ):
        folder = base / instance_name(data_dir)
        if _fits(folder) and os.access(base, os.W_OK | os.X_OK):
            return folder
    raise EmbeddedPostgresError(
        "There is no folder for the embedded database's socket: "
        f"its path may have {LONGEST_SOCKET_PATH} bytes at most.",
        hint=_OWN_FOLDER,
    )


def _bases(environ: Mapping[str, str]) -> Iterator[Path]:
    runtime = Path(environ.get("XDG_RUNTIME_DIR") or "-")
    if _is_private(runtime) and _outlives_the_login(runtime):
        yield runtime.resolve()
    if temporary := environ.get("TMPDIR"):
        yield Path(temporary).resolve()
    yield Path("/tmp").resolve()  # noqa: S108 - our folder in it is created private and checked


def _is_private(folder: Path) -> bool:
    try:
        status = folder.stat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid()


def _outlives_the_login(runtime: Path) -> bool:
    """Not so where systemd empties /run/user/… at the last logout, under a running server."""
    if not runtime.is_relative_to("/run/user"):
        return True
    try:
        return Path("/var/lib/systemd/linger", getpass.getuser()).exists()
    except (KeyError, OSError):
        return False


def _fits(folder: Path) -> bool:
    path = str(folder / SOCKET_NAME)
    return bool(_PLAIN_PATH.fullmatch(path)) and len(os.fsencode(path)) <= LONGEST_SOCKET_PATH


def prepare_socket_folder(folder: Path, uid: int, gid: int) -> None:
    """Create the folder for that user alone, or make sure that nobody else did, and empty it."""
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, uid, gid, follow_symlinks=False)
    except FileExistsError:
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {uid, os.geteuid()}:
            raise EmbeddedPostgresError(
                f"{folder} should be the folder of the embedded database's socket, "
                "but it is a link, a file or somebody else's.",
                hint=f"Remove it, or: {_OWN_FOLDER}",
            ) from None
        folder.chmod(0o700)
        os.chown(folder, uid, gid, follow_symlinks=False)
        # Left by a killed server; its number in the lock may be another program's by now.
        for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
            (folder / name).unlink(missing_ok=True)


def remove_socket_folder(folder: Path) -> None:
    with suppress(OSError):  # it is small, and the next start uses it again
        folder.rmdir()


def server_answers(folder: Path) -> bool:
    """Whether a server does: a dying one's socket may still take connections."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(5)
        try:
            probe.connect(str(folder / SOCKET_NAME))
            probe.sendall(_SSL_REQUEST)
            return probe.recv(1) != b""
        except OSError:
            return False
