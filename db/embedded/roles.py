"""Creates the database and its roles; done again, it changes nothing."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.errors import DiskFull

from db.embedded.credentials import DATABASE, OWNER, PORT, SUPERUSER, WORKER, Credentials
from db.embedded.errors import FREE_SPACE, EmbeddedPostgresError
from db.embedded.files import open_private

_MARKER = "upshot.prepared"
_VERSION = "1"
"""To be raised with every change below: existing installations then run it again."""

_DATABASE_RIGHTS = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {worker}",
    "REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC",
)
_DEFAULT_RIGHTS = (
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE ON SCHEMAS TO {worker}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT ON TABLES TO {worker}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT INSERT, UPDATE, DELETE ON TABLES TO {worker}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE ON SEQUENCES TO {worker}",
)
_NAMES = {
    "database": sql.Identifier(DATABASE),
    "owner": sql.Identifier(OWNER),
    "worker": sql.Identifier(WORKER),
}


def prepare_database(cluster: Path, credentials: Credentials) -> None:
    if _is_prepared(cluster):
        return
    try:
        with _connect("postgres", credentials) as connection:
            _ensure_role(connection, OWNER, credentials.owner)
            _ensure_role(connection, WORKER, credentials.worker)
            _ensure_database(connection)
            _run(connection, _DATABASE_RIGHTS)
        with _connect(DATABASE, credentials) as connection:
            _run(connection, _DEFAULT_RIGHTS)
    except psycopg.Error as error:
        raise EmbeddedPostgresError(
            f"The embedded database could not be set up (SQLSTATE {error.sqlstate}).",
            hint=FREE_SPACE if isinstance(error, DiskFull) else "Look at `postgres.log`.",
        ) from None
    _mark_prepared(cluster)


def _is_prepared(cluster: Path) -> bool:
    try:
        return (cluster / _MARKER).read_text(encoding="ascii") == _VERSION
    except FileNotFoundError:
        return False


def _mark_prepared(cluster: Path) -> None:
    descriptor = open_private(cluster / _MARKER, os.O_WRONLY | os.O_TRUNC)
    with os.fdopen(descriptor, "w", encoding="ascii") as marker:
        marker.write(_VERSION)


def _connect(database: str, credentials: Credentials) -> psycopg.Connection:
    try:
        return psycopg.connect(
            host=credentials.socket_folder,
            port=PORT,
            dbname=database,
            user=SUPERUSER,
            password=credentials.superuser,
            connect_timeout=10,
            autocommit=True,
        )
    except psycopg.OperationalError:
        raise EmbeddedPostgresError(
            "The embedded database does not let its own administrator in.",
            hint="Restore `postgres.json` from your backup: it holds the passwords that belong "
            "to the folder `postgres`.",
        ) from None


def _ensure_role(connection: psycopg.Connection, role: str, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    # The password goes over already hashed, so that no log can hold it.
    verifier = connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    ).decode()
    statement = "ALTER ROLE {role}" if known else "CREATE ROLE {role}"
    rights = " LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
    connection.execute(
        sql.SQL(f"{statement}{rights} PASSWORD {{verifier}}").format(
            role=sql.Identifier(role), verifier=sql.Literal(verifier)
        )
    )


def _ensure_database(connection: psycopg.Connection) -> None:
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
    if known.fetchone() is None:
        connection.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**_NAMES))


def _run(connection: psycopg.Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        connection.execute(sql.SQL(statement).format(**_NAMES))
