"""The passwords of the embedded server, and the addresses made of them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Self
from urllib.parse import quote

from db.embedded.errors import EmbeddedPostgresError
from db.embedded.files import replace_private

DATABASE = "upshot"
SUPERUSER = "postgres"
OWNER = "upshot_owner"
WORKER = "upshot_worker"
PORT = 5432


@dataclass(frozen=True, slots=True, kw_only=True)
class Urls:
    """SQLAlchemy URLs: ``owner`` migrates, ``worker`` works, ``superuser`` is for backups only."""

    owner: str = field(repr=False)
    worker: str = field(repr=False)
    superuser: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What ``postgres.json`` holds."""

    superuser: str = field(repr=False)
    owner: str = field(repr=False)
    worker: str = field(repr=False)
    socket_folder: str | None = None
    """Where the running server listens: another process may have another XDG_RUNTIME_DIR."""

    @classmethod
    def random(cls) -> Self:
        return cls(
            superuser=secrets.token_urlsafe(32),
            owner=secrets.token_urlsafe(32),
            worker=secrets.token_urlsafe(32),
        )

    def listening_in(self, socket_folder: Path) -> Self:
        return replace(self, socket_folder=str(socket_folder))

    def urls(self) -> Urls:
        return Urls(
            owner=self._url(OWNER, self.owner),
            worker=self._url(WORKER, self.worker),
            superuser=self._url(SUPERUSER, self.superuser),
        )

    def _url(self, role: str, password: str) -> str:
        # The port is said because a PGPORT in the environment would count otherwise.
        host = quote(self.socket_folder or "", safe="/")
        return f"postgresql+psycopg://{role}:{password}@/{DATABASE}?host={host}&port={PORT}"


def load_credentials(path: Path) -> Credentials | None:
    try:
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        return _parse(json.loads(content))
    except (KeyError, TypeError, ValueError):
        raise EmbeddedPostgresError(
            f"{path} cannot be read as the passwords of the embedded database.",
            hint="Restore this file from your backup.",
        ) from None  # the cause would quote a password


def _parse(fields: Mapping[str, str | None]) -> Credentials:
    return Credentials(
        superuser=_text(fields["superuser"]),
        owner=_text(fields["owner"]),
        worker=_text(fields["worker"]),
        socket_folder=fields["socket_folder"],
    )


def _text(value: str | None) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def store_credentials(path: Path, credentials: Credentials) -> None:
    replace_private(path, json.dumps(asdict(credentials), indent=2) + "\n")
