"""Become an unprivileged user who keeps at most one capability, then be the given program.

Run as a script, ``unprivileged.py UID GID CAPABILITY|none PROGRAM ARGUMENT…``, and not as a
``preexec_fn``: that would run Python between fork and exec of a program with threads. It must get
along with the standard library alone.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys

PR_SET_KEEPCAPS = 8
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
LINUX_CAPABILITY_VERSION_3 = 0x20080522


def run_as(uid: int, gid: int, capability: int | None, command: list[str]) -> None:
    if capability is not None:
        _prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([gid])
    os.setgid(gid)
    os.setuid(uid)
    if capability is not None:
        _keep_only(capability)
    if sys.platform == "linux":
        _prctl(PR_SET_NO_NEW_PRIVS, 1)
    os.execv(command[0], command)  # noqa: S606 - to be that program is all this script is for


def _keep_only(capability: int) -> None:
    low = 1 << capability
    header = struct.pack("Ii", LINUX_CAPABILITY_VERSION_3, 0)
    _check(_libc().capset(header, struct.pack("6I", low, low, low, 0, 0, 0)), "capset")
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def _prctl(option: int, *values: int) -> None:
    arguments = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    _check(_libc().prctl(ctypes.c_int(option), *arguments), f"prctl {option}")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int, call: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{call}: {os.strerror(ctypes.get_errno())}")


def main(arguments: list[str]) -> None:
    uid, gid, capability, *command = arguments
    try:
        run_as(int(uid), int(gid), None if capability == "none" else int(capability), command)
    except OSError as error:
        sys.exit(f"error: cannot run as user {uid}: {error.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
