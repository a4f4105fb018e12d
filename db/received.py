"""Keeping usage that is sent to us, and making the accounts' days of it anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.keyed import Key
from bot.domain.people import Proof
from bot.domain.received import CountedEvent, Received, ReceivedRecord
from bot.domain.senders import INGEST, OTLP
from bot.errors import BrokenDatabaseError
from db import received_days
from db.accounts import Told, keep_accounts
from db.bulk import Staging
from db.database import DATABASE_ERRORS, Database
from db.received_days import COUNTED, NAMED, OWNED
from db.refusals import refused_accounts
from db.session_counts import add_counts

Sent = TypeVar("Sent", ReceivedRecord, CountedEvent)
SEEN_FOR = timedelta(days=8)
"""Senders of events try again for a week."""

_COLUMNS = (
    ("provider", "text"),
    ("day", "date"),
    *((name, "text") for name in NAMED),
    ("signal", "text"),
    *((name, "bigint") for name in COUNTED[:-2]),
    *((name, "numeric") for name in COUNTED[-2:]),
    ("cost_basis", "text"),
    ("period_end", "timestamptz"),
)
_RECORDS = Staging("staging_received", (("record_id", "text"), *_COLUMNS))
_EVENTS = Staging("staging_events", (("event", "bytea"), *_COLUMNS))

_KEPT = ("day", *NAMED, "signal", *COUNTED, "cost_basis")
_FIGURES = ("person_id", *_KEPT)

_LOCK = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('received ' || provider, 0))"
    " FROM unnest(CAST(:providers AS text[])) provider"
)
_MERGE = text(
    f"INSERT INTO received_usage (provider, record_id, {', '.join(_FIGURES)})"
    f" SELECT s.provider, s.record_id, t.person_id, {', '.join(f's.{c}' for c in _KEPT)}"
    f" FROM pg_temp.staging_received s {OWNED}"
    " ON CONFLICT (workspace_id, provider, record_id) DO UPDATE SET"
    f" {', '.join(f'{name} = excluded.{name}' for name in _FIGURES)}"
    f" WHERE ({', '.join(f'received_usage.{name}' for name in _FIGURES)})"
    f" IS DISTINCT FROM ({', '.join(f'excluded.{name}' for name in _FIGURES)})"
)

_SAME_COUNTER = ("day", *NAMED, "signal", "cost_basis")
# In arrays: what one part ends with must not be taken for the beginning of the next.
_COUNTER = (
    "encode(sha256(convert_to(jsonb_build_array("
    f"{', '.join(f's.{name}' for name in _SAME_COUNTER)})::text, 'UTF8')), 'hex')"
)
_COUNT = text(
    "WITH fresh AS (INSERT INTO seen_events (provider, event, seen_at)"
    "  SELECT provider, event, :now FROM pg_temp.staging_events"
    "  ON CONFLICT DO NOTHING RETURNING provider, event),"
    " counted AS (INSERT INTO received_usage AS r"
    f"  (provider, record_id, {', '.join(_FIGURES)})"
    f"  SELECT s.provider, {_COUNTER}, min(t.person_id),"
    f"  {', '.join(f's.{name}' for name in ('day', *NAMED, 'signal'))},"
    f"  {', '.join(f'sum(s.{name})' for name in COUNTED)}, s.cost_basis"
    f"  FROM pg_temp.staging_events s JOIN fresh USING (provider, event) {OWNED}"
    f"  GROUP BY s.provider, {', '.join(f's.{name}' for name in _SAME_COUNTER)}"
    "  ON CONFLICT (workspace_id, provider, record_id) DO UPDATE SET"
    f" {', '.join(f'{n} = coalesce(r.{n} + excluded.{n}, r.{n}, excluded.{n})' for n in COUNTED)},"
    "  person_id = excluded.person_id)"
    " SELECT count(*) FROM fresh"
)
_FORGET = text(
    "WITH outdated AS (SELECT provider, event FROM seen_events WHERE seen_at < :outdated"
    " LIMIT :most FOR UPDATE SKIP LOCKED)"
    " DELETE FROM seen_events s USING outdated o"
    " WHERE s.provider = o.provider AND s.event = o.event"
)


class ReceivedStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(
        self, records: Sequence[ReceivedRecord], now: datetime, *, proof: Proof = Proof.ADMIN_EMAIL
    ) -> Received:
        """Keep *records*, in place of those sent before under the same names."""
        latest = {(record.usage.provider, record.record_id): record for record in records}
        async with self._writing(latest.values(), proof, now) as (connection, kept):
            rows = ((r.record_id, *_row(r)) for r in kept)
            await _RECORDS.fill(connection, rows)
            known = await received_days.note_where_they_were(connection, _RECORDS.name)
            await received_days.note_touched(connection, _RECORDS.name)
            await connection.execute(_MERGE)
            await received_days.make_anew(connection, _RECORDS.name, now)
            through = await _reached(connection, latest.values())
        again = len(records) - len(latest)
        return Received(accepted=len(records), replaced=known + again, through=through)

    async def add(
        self, events: Sequence[CountedEvent], now: datetime, *, proof: Proof = Proof.ASSERTED
    ) -> Received:
        """Add what *events* tell to their counters, each once."""
        each = {(event.usage.provider, event.event_id): event for event in events}
        async with self._writing(each.values(), proof, now) as (connection, kept):
            of_sessions = [event for event in kept if event.sessions is not None]
            of_use = [event for event in kept if event.sessions is None]
            fresh = await _add_use(connection, of_use, now) if of_use else 0
            if of_sessions:
                fresh += await add_counts(connection, of_sessions, now)
            outdated = {"outdated": now - SEEN_FOR, "most": 10 * len(each) + 100}
            await connection.execute(_FORGET, outdated)
            through = await _reached(connection, each.values())
        return Received(accepted=len(events), replaced=len(events) - fresh, through=through)

    @asynccontextmanager
    async def _writing(
        self, sent: Collection[Sent], proof: Proof, now: datetime
    ) -> AsyncIterator[tuple[AsyncConnection, list[Sent]]]:
        """One transaction that has the senders to itself and knows whose their accounts are.

        With it comes what may be kept of *sent*: all but what is about whoever refused.
        """
        database, said = self._database, _accounts(sent, proof)
        try:
            async with database.for_jobs() as connection:
                await connection.execute(_LOCK, {"providers": sorted(said)})
                refused = await _refused(connection, database.key, _accounts(sent))
                told = [
                    _told(provider, emails, refused, proof) for provider, emails in said.items()
                ]
                today = now.astimezone(UTC).date()
                await keep_accounts(connection, told, database.claimed_domains, today)
                kept = [o for o in sent if (o.usage.provider, o.usage.account) not in refused]
                yield connection, kept
        except DATABASE_ERRORS as error:
            raise BrokenDatabaseError(f"The database refused ({type(error).__name__}).") from None


async def _add_use(
    connection: AsyncConnection, events: Iterable[CountedEvent], now: datetime
) -> int:
    """How many of *events* were not known yet; they are added to their accounts' days."""
    rows = ((sha256(e.event_id.encode()).digest(), *_row(e)) for e in events)
    await _EVENTS.fill(connection, rows)
    await received_days.note_touched(connection, _EVENTS.name)
    fresh = await connection.scalar(_COUNT, {"now": now}) or 0
    if fresh:
        await received_days.make_anew(connection, _EVENTS.name, now)
    return fresh


async def _reached(
    connection: AsyncConnection, sent: Iterable[ReceivedRecord | CountedEvent]
) -> dict[str, datetime]:
    return await received_days.reached(connection, {one.usage.provider for one in sent})


async def _refused(
    connection: AsyncConnection, key: Key, said: Mapping[str, Mapping[str, str | None]]
) -> frozenset[tuple[str, str | None]]:
    """Which accounts of which senders nothing may be kept of."""
    refused: set[tuple[str, str | None]] = set()
    for provider, emails in said.items():
        those = await refused_accounts(connection, key, provider, emails)
        refused |= {(provider, account) for account in those}
    return frozenset(refused)


def _told(
    provider: str,
    emails: Mapping[str, str | None],
    refused: Collection[tuple[str, str | None]],
    proof: Proof,
) -> Told:
    kept = {who: email for who, email in emails.items() if (provider, who) not in refused}
    return Told(source=provider, emails=kept, proof=proof)


def _accounts(
    sent: Iterable[ReceivedRecord | CountedEvent], proof: Proof | None = None
) -> dict[str, dict[str, str | None]]:
    """The accounts of each sender, with their addresses where any is told.

    What anybody may type of an account is no address of it, unless that is how it is called.
    """
    accounts: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
    for one in sent:
        if not one.usage.provider.startswith((INGEST, OTLP)):
            raise ValueError("the provider is not named as a sender")
        of_sender = accounts[one.usage.provider]
        if one.usage.account is not None:
            is_proven = proof is not Proof.ASSERTED or one.email == one.usage.account
            known = of_sender.get(one.usage.account)
            of_sender[one.usage.account] = (one.email if is_proven else None) or known
    return accounts


def _row(sent: ReceivedRecord | CountedEvent) -> Iterator[Any]:
    usage = sent.usage
    tokens = usage.tokens
    yield usage.provider
    yield usage.day
    yield usage.account or ""
    yield usage.product or ""
    yield usage.model or ""
    yield usage.cost_type or ""
    yield usage.charge_category.value
    yield usage.currency
    yield sent.signal.value
    yield tokens and tokens.input_uncached
    yield tokens and tokens.cache_read
    yield tokens and tokens.cache_write
    yield tokens and tokens.output
    yield tokens and tokens.reasoning
    yield usage.requests
    yield usage.cost
    yield usage.foreign_cost
    yield usage.cost_basis and usage.cost_basis.value
    yield sent.period_end
