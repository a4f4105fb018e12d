"""One person's recent weeks, read for that person or for that person's digest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.history import DayOfUse, FinishedWork, LoggedWork, PersonalHistory
from bot.domain.links import LinkLevel
from bot.domain.logged import LoggedKind
from bot.domain.outcomes import OutcomeKind, OutcomeState
from bot.domain.people import PersonId
from bot.domain.periods import midnight
from bot.domain.senders import OTLP
from bot.domain.tiers import Tier, TierRules
from bot.domain.usage import WANT_A_PRICE, CostBasis
from db import tiering
from db.database import Database
from db.health import data_through
from db.prices import LEVELS
from db.usage import IS_USE

_HAS_BASES = ", ".join(
    f"bool_or(cost_basis = '{basis}' AND cost IS NOT NULL) AS {basis}" for basis in CostBasis
)
_BASES = ", ".join(f"CASE WHEN bool_or({basis}) THEN '{basis}' END" for basis in CostBasis)
# Person by person: of a shard's rows row-level security lets few be expected, and joins of all of
# them at once are planned for those few.
_USE = text(
    f"WITH levels AS MATERIALIZED ({LEVELS}) SELECT asked.person_id, own.*"
    " FROM unnest(CAST(:people AS bigint[])) AS asked (person_id) CROSS JOIN LATERAL ("
    f" WITH {tiering.OWN_TIERS} SELECT day, provider, currency, tier, sum(cost),"
    f"  NULLIF(sum(constant_cost), sum(cost)), sum(foreign_cost), concat_ws(' ', {_BASES}),"
    "  bool_or(wants_price AND NOT has_price), bool_or(is_use)"
    f" FROM (SELECT models.*, {tiering.OF_USE} AS tier,"
    "  CASE WHEN level IS NULL THEN cost ELSE cost / level END AS constant_cost FROM ("
    "  SELECT day, provider, currency, model, sum(cost) AS cost,"
    f"  sum(foreign_cost) AS foreign_cost, {_HAS_BASES},"
    # Some sources give tokens and costs in rows of their own: a model without any cost is unpriced.
    "  bool_or(cost_type = ANY(CAST(:wants_price AS text[]))) AS wants_price,"
    "  bool_or(cost IS NOT NULL OR foreign_cost IS NOT NULL) AS has_price,"
    f"  bool_or({IS_USE}) AS is_use, {tiering.IS_LISTED} AS is_listed"
    "  FROM usage_records WHERE person_id = asked.person_id AND day BETWEEN :first AND :last"
    "  GROUP BY day, provider, currency, model, is_listed) models"
    "  LEFT JOIN levels ON levels.provider = models.provider AND levels.model = models.model"
    "   AND levels.first_day <= models.day AND models.day < levels.ends"
    f" {tiering.JOIN_TIERS}) tiered GROUP BY day, provider, currency, tier"
    " ORDER BY day, provider, currency, tier) own"
)
# By its planned cost it would be compiled anew for each shard, where the server can.
_AS_IT_IS = text("SET LOCAL jit = off")
_WORK = text(
    "SELECT DISTINCT ON (c.person_id, o.source, o.source_id) c.person_id, o.kind,"
    " (o.completed_at AT TIME ZONE 'UTC')::date, o.state,"
    " cardinality(c.tools) > 0,"
    f" c.level, c.share, {tiering.OF_WORK}, o.source"
    " FROM outcome_credits c JOIN outcomes o USING (workspace_id, source, source_id)"
    " WHERE c.person_id = ANY(CAST(:people AS bigint[])) AND c.counts"
    " AND o.completed_at >= CAST(:first AS date) AND o.completed_at < CAST(:last AS date) + 1"
    " ORDER BY c.person_id, o.source, o.source_id, c.tier NULLS LAST, c.level DESC NULLS LAST"
)
_LOGGED = text(
    "SELECT person_id, kind, done_on FROM logged_outcomes"
    " WHERE person_id = ANY(CAST(:people AS bigint[])) AND done_on BETWEEN :first AND :last"
    " ORDER BY done_on, logged_at"
)
# Whoever pressed Stop before there were settings has no row of them: off is off for everything.
_SPENDING_NOW = text(
    "SELECT u.person_id FROM usage_records u JOIN people p ON p.id = u.person_id"
    " LEFT JOIN preferences c ON c.workspace_id = 1 AND c.person_id = p.id"
    " WHERE u.workspace_id = 1 AND u.day = :day AND u.provider = ANY(ARRAY("
    f"  SELECT source FROM source_health WHERE source LIKE '{OTLP}%'))"
    " AND p.is_active AND p.opted_out_on IS NULL AND p.welcomed_at <= :day_start"
    " AND coalesce(c.nudges, p.digest_cadence <> 'off')"
    " GROUP BY u.person_id HAVING sum(u.cost) >= :at_least ORDER BY u.person_id"
)


class PersonalStore:
    def __init__(self, database: Database, rules: TierRules = TierRules()) -> None:  # noqa: B008
        self._database = database
        self._rules = tiering.parameters(rules)

    async def history_of(self, person: PersonId, first: date, last: date) -> PersonalHistory:
        """What *person* may see of the days from *first* to *last*, asked in person."""
        async with self._database.for_person(person) as connection:
            [history] = await self._histories(connection, [person], first, last)
            return history

    async def histories_of(
        self, people: Sequence[PersonId], first: date, last: date
    ) -> list[PersonalHistory]:
        """The same for a shard of people, for their digests."""
        async with self._database.for_jobs() as connection:
            await connection.execute(_AS_IT_IS)
            return await self._histories(connection, people, first, last)

    async def spending_now(self, day: date, at_least: Decimal) -> list[PersonId]:
        """Who spent so much on *day* by what telemetry tells, knows of Upshot, and wants nudges."""
        asked = {"day": day, "day_start": midnight(day), "at_least": at_least}
        async with self._database.for_jobs() as connection:
            rows = await connection.scalars(_SPENDING_NOW, asked)
            return [PersonId(row) for row in rows]

    async def _histories(
        self, connection: AsyncConnection, people: Sequence[PersonId], first: date, last: date
    ) -> list[PersonalHistory]:
        span = {"people": list(people), "first": first, "last": last}
        priced = {**span, **self._rules, "wants_price": list(WANT_A_PRICE)}
        use: defaultdict[int, list[DayOfUse]] = defaultdict(list)
        for owner, *facts in await connection.execute(_USE, priced):
            use[owner].append(_day_of_use(*facts))
        work: defaultdict[int, list[FinishedWork]] = defaultdict(list)
        for owner, *facts in await connection.execute(_WORK, {**span, **self._rules}):
            work[owner].append(_finished_work(*facts))
        logged: defaultdict[int, list[LoggedWork]] = defaultdict(list)
        for owner, kind, day in await connection.execute(_LOGGED, span):
            logged[owner].append(LoggedWork(kind=LoggedKind(kind), done_on=day))
        through = await data_through(connection)
        return [
            PersonalHistory(
                owner=person,
                use=tuple(use[person]),
                work=tuple(work[person]),
                logged=tuple(logged[person]),
                data_through=through,
            )
            for person in people
        ]


def _day_of_use(
    day: date,
    provider: str,
    currency: str,
    tier: str,
    cost: Decimal | None,
    constant_cost: Decimal | None,
    foreign_cost: Decimal | None,
    bases: str,
    has_unpriced: bool,  # noqa: FBT001 - a row of the query, in its order
    is_use: bool,  # noqa: FBT001
) -> DayOfUse:
    return DayOfUse(
        day=day,
        provider=provider,
        cost=cost,
        constant_cost=constant_cost,
        bases=_bases(bases),
        has_unpriced=has_unpriced,
        currency=currency,
        foreign_cost=foreign_cost,
        is_use=is_use,
        tier=Tier(tier),
    )


@cache
def _bases(names: str) -> frozenset[CostBasis]:
    return frozenset(CostBasis(name) for name in names.split())


def _finished_work(
    kind: str,
    day: date,
    state: str,
    has_evidence: bool,  # noqa: FBT001 - a row of the query, in its order
    level: int | None,
    share: Decimal,
    tier: str,
    source: str,
) -> FinishedWork:
    return FinishedWork(
        kind=OutcomeKind(kind),
        completed_on=day,
        state=OutcomeState(state),
        has_evidence=has_evidence,
        level=None if level is None else LinkLevel(level),
        share=share,
        tier=Tier(tier),
        source=source,
    )
