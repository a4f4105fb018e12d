"""Which database it is: one that is given, or the one in the data folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.errors import BrokenDatabaseError
from bot.settings import Settings
from db.database import DATABASE_ERRORS
from db.embedded import EmbeddedPostgres
from db.migrate import migrate


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """``owner`` migrates, ``worker`` is what the bot works as; they may be one."""

    owner: str = field(repr=False)
    worker: str = field(repr=False)


@contextmanager
def open_database(
    settings: Settings, *, server_settings: Mapping[str, str] = MappingProxyType({})
) -> Iterator[DatabaseUrls]:
    """The database for as long as it is wanted; an embedded one is brought up to date.

    *server_settings* are PostgreSQL's own, for the embedded one. What the database refuses
    meanwhile ends as ``BrokenDatabaseError``, which is a sentence for the operator.
    """
    try:
        with _urls(settings, server_settings) as urls:
            yield urls
    except DATABASE_ERRORS as error:
        raise BrokenDatabaseError(f"The database refused ({type(error).__name__}).") from error


@contextmanager
def _urls(settings: Settings, server_settings: Mapping[str, str]) -> Iterator[DatabaseUrls]:
    if settings.database_url is not None:
        worker = settings.database_url.get_secret_value()
        owner = settings.database_owner_url
        yield DatabaseUrls(
            _psycopg(owner.get_secret_value() if owner else worker), _psycopg(worker)
        )
        return
    with EmbeddedPostgres(settings.data_dir, settings=server_settings) as urls:
        migrate(urls.owner)
        yield DatabaseUrls(urls.owner, urls.worker)


def _psycopg(url: str) -> str:
    """Hosting companies write postgres://; SQLAlchemy wants the driver named."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else url
