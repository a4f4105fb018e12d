"""A PostgreSQL for the whole run, and a fresh database of it for each test."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from db.embedded import EmbeddedPostgres
from db.migrate import driver_url, migrate

GIVEN = "UPSHOT_TEST_DATABASE_URL"
"""The URL of a superuser of a server from 16 on; without it one is started."""
MAJOR = "UPSHOT_TEST_POSTGRES"
"""Which of the wheel's PostgreSQL versions is started, such as 16; the newest without it."""
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

_RIGHTS = (
    "GRANT USAGE ON SCHEMAS",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES",
    "GRANT USAGE ON SEQUENCES",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TestUrls:
    """SQLAlchemy URLs of one database: who owns the tables, and who works."""

    __test__ = False

    owner: str = field(repr=False)
    worker: str = field(repr=False)
    superuser: str = field(repr=False)


# A table that is empty already is left alone: emptying it would take most of the time.
_EMPTY = """
DO $$ DECLARE tables regclass; filled bool; BEGIN
    FOR tables IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relname <> 'alembic_version'
        AND relnamespace IN ('public'::regnamespace, 'procrastinate'::regnamespace)
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', tables) INTO filled;
        IF filled THEN EXECUTE format('TRUNCATE %s RESTART IDENTITY CASCADE', tables); END IF;
    END LOOP;
    INSERT INTO workspaces (id) VALUES (1);
END $$
"""
_DISCONNECT = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_A_MOMENT, _MOMENTS = 0.001, 5000


class Server:
    """Hands out databases that are copies of one that was migrated once.

    What a test gives back is emptied for the next: a new copy takes ten times as long.
    """

    def __init__(self, superuser: str) -> None:
        self._superuser = superuser
        self._name = f"upshot_test_{secrets.token_hex(4)}"
        self._passwords = {role: secrets.token_hex(16) for role in ("owner", "worker")}
        self._copies = 0
        self._free: list[tuple[str, psycopg.Connection]] = []

    def execute(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """As the superuser, outside of every test's database."""
        with self._connect(self._superuser) as connection:
            cursor = connection.execute(query.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    def prepare(self) -> None:
        with self._connect(self._superuser) as connection:
            connection.execute("SET scram_iterations = 1")  # thousands are for real passwords
            for role, password in self._passwords.items():
                statement = f"CREATE ROLE {self._name}_{role} LOGIN PASSWORD '{password}'"
                connection.execute(statement.encode())
        with self.empty_database(self._name) as urls:
            migrate(urls.owner)

    def tear_down(self) -> None:
        for name, connection in self._free:
            connection.close()
            self._drop(name)
        self._drop(self._name)
        for role in self._passwords:
            self.execute(f"DROP ROLE {self._name}_{role}")

    @contextmanager
    def database(self) -> Iterator[TestUrls]:
        """A migrated one without a row."""
        name, connection = self._free.pop() if self._free else self._copy()
        try:
            yield self._urls(name)
        finally:
            _disconnect_others(connection)
            connection.execute(_EMPTY)
            self._free.append((name, connection))

    def _copy(self) -> tuple[str, psycopg.Connection]:
        name = self._next_name()
        self.execute(f"CREATE DATABASE {name} OWNER {self._name}_owner TEMPLATE {self._name}")
        return name, self._connect(self._urls(name).superuser)

    @contextmanager
    def empty_database(self, name: str | None = None) -> Iterator[TestUrls]:
        """One without a table; a *name* of your own is kept."""
        created = name or self._next_name()
        self.execute(f"CREATE DATABASE {created} OWNER {self._name}_owner TEMPLATE template0")
        urls = self._urls(created)
        with self._connect(urls.superuser) as connection:
            for right in _RIGHTS:
                connection.execute(
                    sql.SQL(
                        f"ALTER DEFAULT PRIVILEGES FOR ROLE {self._name}_owner {right}"
                        f" TO {self._name}_worker"
                    )
                )
        try:
            yield urls
        finally:
            if name is None:
                self._drop(created)

    def _drop(self, name: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _next_name(self) -> str:
        self._copies += 1
        return f"{self._name}_{self._copies}"

    def _urls(self, name: str) -> TestUrls:
        at = make_url(self._superuser).set(database=name)
        as_role = {
            role: at.set(username=f"{self._name}_{role}", password=password)
            for role, password in self._passwords.items()
        }
        return TestUrls(
            owner=as_role["owner"].render_as_string(hide_password=False),
            worker=as_role["worker"].render_as_string(hide_password=False),
            superuser=at.render_as_string(hide_password=False),
        )

    @staticmethod
    def _connect(url: str) -> psycopg.Connection:
        return psycopg.connect(driver_url(url), autocommit=True)


def _disconnect_others(connection: psycopg.Connection) -> None:
    """Most are leaving as it is; to let the server wait for them takes a tenth of a second."""
    for _ in range(_MOMENTS):
        if connection.execute(_DISCONNECT).fetchone() == (0,):
            return
        time.sleep(_A_MOMENT)
    raise AssertionError("Somebody does not leave the database.")


@contextmanager
def running_server() -> Iterator[Server]:
    """The server that is given, else one of our own in a folder for this run."""
    given = os.environ.get(GIVEN)
    if given is not None:
        url = make_url(given).set(drivername="postgresql+psycopg")
        with _prepared(url.render_as_string(hide_password=False)) as server:
            yield server
        return
    folder = Path(tempfile.mkdtemp(prefix="upshot-"))
    try:
        major = int(os.environ.get(MAJOR, "0")) or None
        started = EmbeddedPostgres(folder, settings=QUICK, major=major)
        with started as urls, _prepared(urls.superuser) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _prepared(superuser: str) -> Iterator[Server]:
    server = Server(superuser)
    try:
        server.prepare()
        yield server
    finally:
        server.tear_down()
