"""One person's recent weeks, read for that person or for that person's digest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.digest import DayOfUse, FinishedWork, PersonalHistory
from bot.domain.outcomes import OutcomeKind, OutcomeState
from bot.domain.people import PersonId
from bot.domain.usage import WANT_A_PRICE, CostBasis
from db.database import Database
from db.health import data_through
from db.usage import IS_USE

_USE = text(
    "SELECT person_id, day, provider, currency, sum(cost), sum(foreign_cost),"
    " array_remove(ARRAY[max(billed), max(estimated), max(listed)], NULL),"
    " bool_or(wants_price AND NOT has_price), bool_or(is_use) FROM ("
    "  SELECT person_id, day, provider, currency, sum(cost) AS cost,"
    "  sum(foreign_cost) AS foreign_cost,"
    "  max(cost_basis) FILTER (WHERE cost_basis = 'billed' AND cost IS NOT NULL) AS billed,"
    "  max(cost_basis) FILTER (WHERE cost_basis = 'provider_estimate' AND cost IS NOT NULL)"
    "   AS estimated,"
    "  max(cost_basis) FILTER (WHERE cost_basis = 'list_price' AND cost IS NOT NULL) AS listed,"
    # Some sources give tokens and costs in rows of their own: a model without any cost is unpriced.
    "  bool_or(cost_type = ANY(CAST(:wants_price AS text[]))) AS wants_price,"
    "  bool_or(cost IS NOT NULL OR foreign_cost IS NOT NULL) AS has_price,"
    f"  bool_or({IS_USE}) AS is_use"
    "  FROM usage_records WHERE person_id = ANY(CAST(:people AS bigint[]))"
    "  AND day BETWEEN :first AND :last GROUP BY person_id, day, provider, currency, model"
    " ) models GROUP BY person_id, day, provider, currency"
)
_WORK = text(
    "SELECT DISTINCT c.person_id, o.source, o.source_id, o.kind,"
    " (o.completed_at AT TIME ZONE 'UTC')::date, o.state, cardinality(o.evidence) > 0"
    " FROM outcome_credits c JOIN outcomes o USING (workspace_id, source, source_id)"
    " WHERE c.person_id = ANY(CAST(:people AS bigint[]))"
    " AND o.completed_at >= CAST(:first AS date) AND o.completed_at < CAST(:last AS date) + 1"
)


class PersonalStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def history_of(self, person: PersonId, first: date, last: date) -> PersonalHistory:
        """What *person* may see of the days from *first* to *last*, asked in person."""
        async with self._database.for_person(person) as connection:
            [history] = await _histories(connection, [person], first, last)
            return history

    async def histories_of(
        self, people: Sequence[PersonId], first: date, last: date
    ) -> list[PersonalHistory]:
        """The same for a shard of people, for their digests."""
        async with self._database.for_jobs() as connection:
            return await _histories(connection, people, first, last)


async def _histories(
    connection: AsyncConnection, people: Sequence[PersonId], first: date, last: date
) -> list[PersonalHistory]:
    span = {"people": list(people), "first": first, "last": last}
    use: defaultdict[int, list[DayOfUse]] = defaultdict(list)
    rows = await connection.execute(_USE, {**span, "wants_price": list(WANT_A_PRICE)})
    for owner, day, provider, currency, cost, foreign_cost, bases, unpriced, is_use in rows:
        use[owner].append(
            DayOfUse(
                day=day,
                provider=provider,
                cost=cost,
                bases=frozenset(CostBasis(basis) for basis in bases or ()),
                has_unpriced=unpriced,
                currency=currency,
                foreign_cost=foreign_cost,
                is_use=is_use,
            )
        )
    work: defaultdict[int, list[FinishedWork]] = defaultdict(list)
    for owner, _, _, kind, day, state, evidence in await connection.execute(_WORK, span):
        work[owner].append(
            FinishedWork(
                kind=OutcomeKind(kind),
                completed_on=day,
                state=OutcomeState(state),
                has_evidence=evidence,
            )
        )
    through = await data_through(connection)
    return [
        PersonalHistory(
            owner=person, use=tuple(use[person]), work=tuple(work[person]), data_through=through
        )
        for person in people
    ]
