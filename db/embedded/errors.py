"""What can go wrong with the embedded PostgreSQL, said so that an operator knows what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import UpshotError

FREE_SPACE = "Free some space on the disk of the data folder, then start again; nothing is lost."
GRANT_ACCESS = (
    "Give the user that runs Upshot write access to the data folder, "
    "or name another folder in UPSHOT_DATA_DIR."
)
LOCAL_DISK = "Put the data folder on a local disk: this file system lacks what PostgreSQL needs."
RUN_AS_ORDINARY_USER = (
    "Run Upshot as an ordinary user (recommended), or use a server of your own: "
    "UPSHOT_DATABASE_URL."
)

_HINTS_BY_ERRNO = {
    errno.ENOSPC: FREE_SPACE,
    errno.EDQUOT: FREE_SPACE,
    errno.EACCES: GRANT_ACCESS,
    errno.EPERM: GRANT_ACCESS,
    errno.EROFS: GRANT_ACCESS,
    errno.ENOTDIR: "Name a folder, not a file, in UPSHOT_DATA_DIR.",
    errno.EEXIST: "Name a folder, not a file, in UPSHOT_DATA_DIR.",
    errno.EINVAL: RUN_AS_ORDINARY_USER,  # a container whose root is the only user it knows
    errno.ENOLCK: LOCAL_DISK,
    errno.ENOTSUP: LOCAL_DISK,
    errno.ELOOP: "Replace the symbolic link in the data folder by a plain file.",
}

# PostgreSQL speaks English here: it is started with LC_ALL=C.
_HINTS_BY_PHRASE = {
    "cannot run as user": RUN_AS_ORDINARY_USER,
    "No space left on device": FREE_SPACE,
    "Disk quota exceeded": FREE_SPACE,
    "Read-only file system": GRANT_ACCESS,
    "Permission denied": GRANT_ACCESS,
    "has invalid permissions": LOCAL_DISK,
    "could not look up effective user ID": (
        "PostgreSQL needs a user with a name: give this user id an entry in /etc/passwd."
    ),
    "shared memory": (
        "Give this machine or container more shared memory (Docker: --shm-size=256m), "
        "and end PostgreSQL processes left over on the data folder."
    ),
    "Cannot allocate memory": "Give this machine or container at least 512 MB of memory.",
    "could not bind Unix address": (
        "Set XDG_RUNTIME_DIR or TMPDIR to a folder on a local disk that belongs to this user."
    ),
}


class EmbeddedPostgresError(UpshotError):
    """The embedded PostgreSQL cannot be had; ``hint`` says what to do about it."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@contextmanager
def explaining_os_errors(data_dir: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise EmbeddedPostgresError(
            f"The embedded database cannot use {error.filename or data_dir}: {reason}.",
            hint=_HINTS_BY_ERRNO.get(error.errno or 0, f"Look at the folder {data_dir}."),
        ) from error


def program_failed(program: str, output: str, log: Path) -> EmbeddedPostgresError:
    """Explain why *program* failed, from what it wrote."""
    hints = (hint for phrase, hint in _HINTS_BY_PHRASE.items() if phrase in output)
    return EmbeddedPostgresError(
        f"PostgreSQL's {program} failed{_reason_in(output)}.",
        hint=next(hints, f"Look at the end of {log}."),
    )


def _reason_in(output: str) -> str:
    for mark in ("PANIC:", "FATAL:", "error:"):
        for line in output.splitlines():
            _, found, reason = line.partition(mark)
            if found:
                return f" ({reason.strip()})"
    return ""
