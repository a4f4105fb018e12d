"""What tips and nudges are found in: one person's weeks, in a few queries for many people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.coaching.facts import (
    RECENT_WEEKS,
    Facts,
    MergedChange,
    ModelWeek,
    Seat,
    SessionWeek,
    weeks_up_to,
)
from bot.domain.history import FINISHED, PersonalHistory
from bot.domain.outcomes import OutcomeKind
from bot.domain.periods import IsoWeek
from bot.domain.ratios import RATIO_WEEKS
from bot.domain.unit_rates import RatesOf
from bot.domain.usage import ChargeCategory, TokenUsage
from db.database import Database
from db.prices import LEVELS
from db.usage import IS_USE

T = TypeVar("T")

_WEEK = "(day - CAST(:first AS date)) / 7 AS week"
"""The number of the week, from the Monday *first* on."""
_THEIR_DAYS = "person_id = ANY(CAST(:people AS bigint[])) AND day BETWEEN :first AND :last"
_COUNTS = ("input_uncached", "cache_read", "cache_write", "output", "reasoning", "requests")
_SUMS_OF_COUNTS = ", ".join(f"sum({name})::bigint" for name in _COUNTS)
# Too much to sort in the memory that a small question gets: on the disk it takes twice as long.
_SPACIOUS = text("SET LOCAL work_mem = '64MB'")
_MODELS = text(
    f"SELECT person_id, {_WEEK}, u.provider, product, u.model, cost_type,"
    f" {_SUMS_OF_COUNTS}, sum(cost),"
    " sum(CASE WHEN level IS NULL THEN cost ELSE cost / level END)"
    f" FROM usage_records u LEFT JOIN ({LEVELS}) p ON p.provider = u.provider"
    " AND p.model = u.model AND p.first_day <= u.day AND u.day < p.ends"
    f" WHERE {_THEIR_DAYS} GROUP BY person_id, week, u.provider, product, u.model, cost_type"
    " ORDER BY person_id, week, u.provider, product, u.model, cost_type"
)
_IS_SEAT = f"(charge_category = '{ChargeCategory.PURCHASE}' OR cost_type = 'seat')"
_OF_SEAT = "FROM usage_records u WHERE u.person_id = s.person_id AND u.provider = s.provider"
_SEATS = text(
    "SELECT person_id, provider, cost,"
    f" (SELECT u.day {_OF_SEAT} AND {_IS_SEAT} ORDER BY u.day LIMIT 1),"
    f" (SELECT u.day {_OF_SEAT} AND {IS_USE} ORDER BY u.day DESC LIMIT 1)"
    " FROM (SELECT person_id, provider, sum(cost) AS cost FROM usage_records"
    f"  WHERE {_THEIR_DAYS} AND {_IS_SEAT} GROUP BY person_id, provider) s"
    " ORDER BY person_id, provider"
)
_COUNTED = ("sessions", "commits", "pull_requests", "offered", "accepted")
_SESSIONS = text(
    f"SELECT person_id, {_WEEK}, provider, tool,"
    f" {', '.join(f'sum({name})::bigint' for name in _COUNTED)} FROM session_counts"
    f" WHERE {_THEIR_DAYS} GROUP BY person_id, week, provider, tool"
    " ORDER BY person_id, week, provider, tool"
)
_FINISHED = ", ".join(f"'{state}'" for state in sorted(FINISHED))
_CHANGES = text(
    "SELECT DISTINCT ON (c.person_id, o.completed_at, o.source, o.source_id) c.person_id,"
    " (o.completed_at AT TIME ZONE 'UTC')::date, o.size,"
    " CASE WHEN o.opened_at <= o.completed_at"
    "  THEN extract(epoch FROM o.completed_at - o.opened_at) / 3600 END, cardinality(c.tools) > 0"
    " FROM outcome_credits c JOIN outcomes o USING (workspace_id, source, source_id)"
    " WHERE c.person_id = ANY(CAST(:people AS bigint[])) AND c.counts"
    f" AND o.kind = '{OutcomeKind.MERGED_CHANGE}' AND o.state IN ({_FINISHED})"
    " AND o.size IS NOT NULL"
    " AND o.completed_at >= CAST(:first AS date) AND o.completed_at < CAST(:last AS date) + 1"
    " ORDER BY c.person_id, o.completed_at, o.source, o.source_id"
)


class FactsStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def own_facts(self, history: PersonalHistory, until: IsoWeek, rates_of: RatesOf) -> Facts:
        """Of the one whose *history* it is, asked in person."""
        async with self._database.for_person(history.owner) as connection:
            [facts] = await _facts(connection, [history], until, rates_of)
            return facts

    async def facts_of(
        self, histories: Sequence[PersonalHistory], until: IsoWeek, rates_of: RatesOf
    ) -> list[Facts]:
        """The same for a shard of people, for what is written to each of them."""
        async with self._database.for_jobs() as connection:
            await connection.execute(_SPACIOUS)
            return await _facts(connection, histories, until, rates_of)


async def _facts(
    connection: AsyncConnection,
    histories: Sequence[PersonalHistory],
    until: IsoWeek,
    rates_of: RatesOf,
) -> list[Facts]:
    weeks = weeks_up_to(until, RATIO_WEEKS)
    span = {
        "people": [history.owner for history in histories],
        "first": weeks[0].monday,
        "last": until.period.last_day,
    }
    recent = {**span, "first": until.back(RECENT_WEEKS - 1).monday}
    models = await _found(connection, _MODELS, span, lambda *row: _model_week(weeks, *row))
    seats = await _found(connection, _SEATS, recent, _seat)
    sessions = await _found(connection, _SESSIONS, span, lambda *row: _session_week(weeks, *row))
    changes = await _found(connection, _CHANGES, span, _merged_change)
    return [
        Facts(
            until=until,
            history=history,
            models=tuple(models[history.owner]),
            seats=tuple(seats[history.owner]),
            sessions=tuple(sessions[history.owner]),
            changes=tuple(changes[history.owner]),
            rates_of=rates_of,
        )
        for history in histories
    ]


async def _found(
    connection: AsyncConnection,
    query: TextClause,
    asked: Mapping[str, Any],
    make: Callable[..., T],
) -> defaultdict[int, list[T]]:
    """What *query* finds, made of its rows, by the person whose it is."""
    found: defaultdict[int, list[T]] = defaultdict(list)
    for owner, *row in await connection.execute(query, asked):
        found[owner].append(make(*row))
    return found


def _model_week(
    weeks: Sequence[IsoWeek],
    number: int,
    provider: str,
    product: str,
    model: str,
    cost_type: str,
    input_uncached: int | None,
    cache_read: int,  # the parts of tokens are told together, or not at all
    cache_write: int,
    output: int,
    reasoning: int | None,
    requests: int | None,
    cost: Decimal | None,
    constant_cost: Decimal | None,
) -> ModelWeek:
    tokens = None
    if input_uncached is not None:
        tokens = TokenUsage(
            input_uncached=input_uncached,
            cache_read=cache_read,
            cache_write=cache_write,
            output=output,
            reasoning=reasoning,
        )
    return ModelWeek(
        week=weeks[number],
        provider=provider,
        product=product or None,
        model=model or None,
        cost_type=cost_type or None,
        tokens=tokens,
        requests=requests,
        cost=cost,
        constant_cost=None if constant_cost == cost else constant_cost,
    )


def _seat(provider: str, cost: Decimal | None, first_day: date, last_used: date | None) -> Seat:
    return Seat(provider=provider, cost=cost, first_day=first_day, last_used=last_used)


def _session_week(
    weeks: Sequence[IsoWeek], number: int, provider: str, tool: str, *counts: int | None
) -> SessionWeek:
    told = dict(zip(_COUNTED, counts, strict=True))
    return SessionWeek(week=weeks[number], provider=provider, tool=tool, **told)


def _merged_change(
    day: date,
    lines: int,
    hours_open: Decimal | None,
    has_evidence: bool,  # noqa: FBT001 - a row of the query, in its order
) -> MergedChange:
    return MergedChange(
        week=IsoWeek.of(day), lines=lines, hours_open=hours_open, has_evidence=has_evidence
    )
