"""A PostgreSQL of our own with the settings of production, thrown away afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from db.embedded import EmbeddedPostgres, Urls
from db.migrate import driver_url, migrate


@contextmanager
def empty_database() -> Iterator[Urls]:
    """Our tables without a row; what is committed reaches the disk, as it must in earnest."""
    folder = Path(tempfile.mkdtemp(prefix="upshot-bench-"))
    try:
        with EmbeddedPostgres(folder) as urls:
            migrate(urls.owner)
            yield urls
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def connect(url: str, *, autocommit: bool = False) -> psycopg.Connection:
    """The bare driver, with the session settings that our engine asks for."""
    return psycopg.connect(driver_url(url), options="-c timezone=UTC", autocommit=autocommit)
