"""What a digest draws: thirteen weeks of spend, what it was for, and what stands beside usual."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from bot.domain.digest import CHART_WEEKS, Digest, build_digest
from bot.domain.history import DayOfUse, PersonalHistory
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek
from bot.domain.tiers import Tier
from bot.domain.usage import CostBasis

WEEK = IsoWeek(2026, 46)


def used(week: int, cost: str | None, **changes: Any) -> DayOfUse:
    values = {
        "day": WEEK.back(week).monday + timedelta(days=1),
        "provider": "anthropic",
        "cost": None if cost is None else Decimal(cost),
        "bases": frozenset({CostBasis.BILLED}),
    }
    return DayOfUse(**values | changes)


def digest_of(*use: DayOfUse, **choices: Any) -> Digest:
    history = PersonalHistory(owner=PersonId(1), use=use, work=(), data_through=())
    return build_digest(history, WEEK.period, is_closed=True, minimum_outcomes=5, **choices)


def test_the_chart_has_the_last_thirteen_weeks_and_no_more():
    drawn = digest_of(*(used(week, str(week + 1)) for week in range(16))).by_week

    assert [week.cost for week in drawn] == [Decimal(n) for n in range(CHART_WEEKS, 0, -1)]
    assert drawn[-1].monday == WEEK.monday


def test_a_week_that_was_not_measured_is_left_out_and_never_zero():
    drawn = digest_of(used(0, "3"), used(1, None), used(2, "5")).by_week

    assert [week.cost for week in drawn] == [Decimal(5), Decimal(3)]


def test_spend_is_told_apart_by_what_it_was_for():
    digest = digest_of(
        used(0, "3"),
        used(0, "4", tier=Tier.PRODUCTION),
        used(0, "5", tier=Tier.EXPLORATION),
        used(0, None, tier=Tier.EXPLORATION),
        used(1, "70"),
    )

    assert dict(digest.by_tier) == {
        Tier.EXPLORATION: Decimal(5),
        Tier.ROUTINE: Decimal(3),
        Tier.PRODUCTION: Decimal(4),
    }


def test_experiments_are_not_set_beside_the_usual_week():
    digest = digest_of(used(0, "3"), used(0, "500", tier=Tier.EXPLORATION))

    assert digest.comparable == 3


def test_nothing_is_set_beside_it_where_no_price_is_known():
    assert digest_of(used(0, None)).comparable is None


def test_the_usual_week_starts_anew_on_the_persons_word():
    use = [used(week, "20") for week in range(1, 9)]

    assert digest_of(*use).usual is not None
    assert digest_of(*use, usual_since=WEEK.back(3).monday).usual is None
