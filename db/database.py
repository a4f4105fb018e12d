"""Transactions that say on whose behalf they read. Without a scope, personal tables are empty."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from procrastinate.exceptions import ConnectorException
from psycopg import Error as DriverError
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.domain.keyed import Key
from bot.domain.people import PersonId
from bot.errors import UnreachableDatabaseError, UnsafeDatabaseError, UnsupportedDatabaseError
from db.pings import ping_the_doubtful

OLDEST_SERVER = 160000

DATABASE_ERRORS = (SQLAlchemyError, ConnectorException, DriverError)
"""What comes of a database that is full, restarted or out of reach, by whoever asked it."""

ONE_ROLE_ONLY = (
    "The bot's database role owns the tables and could switch row-level security off. "
    "Set UPSHOT_DATABASE_OWNER_URL to a second role and let that one migrate."
)

# A transaction begins and names its scope in one trip to the server.
_BEGIN = "BEGIN"
_BEGIN_FOR_JOBS = "BEGIN; SET LOCAL upshot.scope = 'jobs'"
_BEGIN_FOR_PERSON = "BEGIN; SET LOCAL upshot.scope = 'person'"
_BEGIN_FOR_TEAM_RELEASES = "BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL upshot.scope = 'teams'"
_BEGIN_FOR_RETENTION = "BEGIN; SET LOCAL upshot.scope = 'retention'"
_PERSON = text("SELECT set_config('upshot.person_id', :is, true)")
_SLACK_USER = text("SELECT set_config('upshot.slack_user_id', :is, true)")

_SERVER_AND_ROLE = text(
    "SELECT current_setting('server_version_num')::int, rolsuper OR rolbypassrls"
    " FROM pg_roles WHERE rolname = current_user"
)


def make_engine(url: str, *, pool_size: int = 10) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        isolation_level="AUTOCOMMIT",  # transactions begin where ``Database`` says so
        hide_parameters=True,  # an error must not carry somebody's figures into the log
        connect_args={"options": "-c timezone=UTC -c statement_timeout=600000"},
    )
    # Somebody waits for an answer: nobody shall meet a dead connection.
    ping_the_doubtful(engine.sync_engine)
    return engine


class Database:
    """One PostgreSQL. Every method opens a transaction that commits when it is left in peace."""

    def __init__(
        self, engine: AsyncEngine, key: Key | None = None, claimed_domains: Collection[str] = ()
    ) -> None:
        """*key* tags and seals; without one a key is drawn, for whoever needs it just once.

        Addresses link accounts only on the *claimed_domains*, where there are any.
        """
        self.engine = engine
        self.claimed_domains = frozenset(d.strip().lstrip("@").lower() for d in claimed_domains)
        self.key = key or Key(secrets.token_bytes(32))

    @asynccontextmanager
    async def for_jobs(self) -> AsyncIterator[AsyncConnection]:
        """For the nightly work: sees every row, and nobody looks at what it sees."""
        async with self._transaction(_BEGIN_FOR_JOBS) as connection:
            yield connection

    @asynccontextmanager
    async def for_person(self, person: PersonId) -> AsyncIterator[AsyncConnection]:
        """For one person's own questions: sees that person's rows only."""
        async with self._transaction(_BEGIN_FOR_PERSON) as connection:
            await connection.execute(_PERSON, {"is": str(person)})
            yield connection

    @asynccontextmanager
    async def for_slack_user(self, slack_user_id: str) -> AsyncIterator[AsyncConnection]:
        """For finding out who asks: sees one row of ``people``."""
        async with self._transaction(_BEGIN_FOR_PERSON) as connection:
            await connection.execute(_SLACK_USER, {"is": slack_user_id})
            yield connection

    @asynccontextmanager
    async def for_team_releases(self) -> AsyncIterator[AsyncConnection]:
        """For making team figures: reads what a release is made of and changes nothing of it.

        All that it reads is as its first query saw it.
        """
        async with self._transaction(_BEGIN_FOR_TEAM_RELEASES) as connection:
            yield connection

    @asynccontextmanager
    async def for_retention(self) -> AsyncIterator[AsyncConnection]:
        """For deleting what was kept long enough, in tables whose rows are else only added."""
        async with self._transaction(_BEGIN_FOR_RETENTION) as connection:
            yield connection

    @asynccontextmanager
    async def unscoped(self) -> AsyncIterator[AsyncConnection]:
        """For what is about nobody: settings, health, released figures."""
        async with self._transaction(_BEGIN) as connection:
            yield connection

    @asynccontextmanager
    async def for_one_statement(self) -> AsyncIterator[AsyncConnection]:
        """The same where a single statement says it all, which is a transaction by itself."""
        async with self.engine.connect() as connection:
            yield connection

    async def answers(self) -> bool:
        """Whether it can be asked anything at this moment."""
        try:
            async with self.for_one_statement() as connection:
                return await connection.scalar(text("SELECT true")) is True
        except (SQLAlchemyError, OSError):
            return False

    async def refuse_if_unsafe(self) -> None:
        """Raise where row-level security would not hold, or there is no server of our kind."""
        try:
            async with self.unscoped() as connection:
                version, is_unsafe = (await connection.execute(_SERVER_AND_ROLE)).one()
        except OperationalError:
            raise UnreachableDatabaseError from None
        if version < OLDEST_SERVER:
            raise UnsupportedDatabaseError
        if is_unsafe:
            raise UnsafeDatabaseError

    async def weaknesses(self) -> tuple[str, ...]:
        """What is weaker than it could be, as sentences for the operator."""
        async with self.unscoped() as connection:
            owns = await connection.scalar(
                text(
                    "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
                    " AND tableowner = current_user"
                )
            )
        if not owns:
            return ()
        return (ONE_ROLE_ONLY,)

    async def close(self) -> None:
        await self.engine.dispose()

    @asynccontextmanager
    async def _transaction(self, begin: str) -> AsyncIterator[AsyncConnection]:
        async with self.engine.begin() as connection:
            await connection.exec_driver_sql(begin)
            yield connection
