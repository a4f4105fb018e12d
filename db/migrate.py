"""Bringing the tables up to date, in the owner's name."""

from __future__ import annotations

from importlib import resources

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from sqlalchemy import text
from sqlalchemy.engine import make_url

from bot.errors import OutdatedDatabaseError, UnreachableDatabaseError
from db.database import Database

QUEUE_SCHEMA = "procrastinate"


def alembic_config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("db") / "migrations"))
    config.attributes["url"] = url
    return config


def migrate(owner_url: str, revision: str = "head") -> None:
    """Upgrade the tables to *revision* and see that the job queue has its own."""
    _require_reachable(owner_url)
    command.upgrade(alembic_config(owner_url), revision)
    _ensure_queue(owner_url)


def downgrade(owner_url: str, revision: str = "base") -> None:
    command.downgrade(alembic_config(owner_url), revision)


def driver_url(url: str) -> str:
    """The same database in the words of the driver instead of SQLAlchemy's."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _require_reachable(url: str) -> None:
    try:
        psycopg.connect(driver_url(url)).close()
    except psycopg.OperationalError:
        raise UnreachableDatabaseError from None


def _ensure_queue(owner_url: str) -> None:
    with psycopg.connect(driver_url(owner_url)) as connection:
        if connection.execute(
            "SELECT to_regclass('procrastinate.procrastinate_jobs')"
        ).fetchone() != (None,):
            return
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {QUEUE_SCHEMA}")
        connection.execute(f"GRANT USAGE ON SCHEMA {QUEUE_SCHEMA} TO PUBLIC")
        connection.execute(f"SET LOCAL search_path TO {QUEUE_SCHEMA}")
        connection.execute(SchemaManager.get_schema().encode())


async def require_current(database: Database) -> None:
    """Raise where the tables are not those that this version works with."""
    head = ScriptDirectory.from_config(alembic_config("")).get_current_head()
    async with database.unscoped() as connection:
        has_table = await connection.scalar(text("SELECT to_regclass('alembic_version')"))
        current = has_table and await connection.scalar(
            text("SELECT version_num FROM alembic_version")
        )
    if current != head:
        raise OutdatedDatabaseError
