"""Makes the folder in which PostgreSQL keeps its files: whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from db.embedded.accounts import Account
from db.embedded.binaries import Binaries
from db.embedded.credentials import SUPERUSER
from db.embedded.errors import EmbeddedPostgresError, program_failed
from db.embedded.files import open_private, sync_folder
from db.embedded.programs import run_program

FIRST_MAJOR_WITH_BUILTIN_LOCALES = 17
_UNFINISHED = "postgres.new-"
# Written into postgresql.conf once, where the operator may change them.
_SETTINGS = {
    "shared_buffers": "256MB",
    "max_connections": "100",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
}


def cluster_major(cluster: Path) -> int | None:
    """The version that wrote the cluster, or ``None`` where there is none yet."""
    try:
        return int((cluster / "PG_VERSION").read_text(encoding="ascii"))
    except FileNotFoundError:
        if cluster.exists() and any(cluster.iterdir()):
            raise EmbeddedPostgresError(
                f"{cluster} is not a folder of PostgreSQL.",
                hint="Move it away, or restore it from your backup.",
            ) from None
        return None
    except ValueError:
        raise EmbeddedPostgresError(
            f"{cluster / 'PG_VERSION'} is damaged.", hint="Restore the folder from your backup."
        ) from None


def create_cluster(
    cluster: Path,
    *,
    account: Account,
    binaries: Binaries,
    password: str,
    environ: Mapping[str, str],
    log: Path,
) -> None:
    """Make it beside its place and then rename it, so that a kill leaves nothing half-made."""
    unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=cluster.parent))
    try:
        made = _initdb(unfinished, account, binaries, password, environ, log)
        made.rename(cluster)
        sync_folder(cluster.parent)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def remove_unfinished(data_dir: Path) -> None:
    """Clear away what a killed start left; its initdb may go on for a moment, in vain."""
    for leftover in data_dir.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _initdb(
    folder: Path,
    account: Account,
    binaries: Binaries,
    password: str,
    environ: Mapping[str, str],
    log: Path,
) -> Path:
    made = folder / "cluster"
    made.mkdir(mode=0o700)
    password_file = folder / "password"
    with os.fdopen(open_private(password_file, os.O_WRONLY | os.O_EXCL), "w") as file:
        file.write(f"{password}\n")
    for path in (made, password_file, folder):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    command = account.command(
        binaries.initdb,
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        *_locale(binaries.major),
        "--no-instructions",
        *(f"--set={name}={value}" for name, value in _SETTINGS.items()),
    )
    done = run_program(command, environ=environ, cluster=made)
    if done.returncode != 0:
        raise program_failed("initdb", done.stdout.decode(errors="replace"), log)
    return made


def _locale(major: int) -> list[str]:
    if major < FIRST_MAJOR_WITH_BUILTIN_LOCALES:
        return ["--locale=C"]
    # Sorted by code point like C, but upper and lower case are known beyond ASCII.
    return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
