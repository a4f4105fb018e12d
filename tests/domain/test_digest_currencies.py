"""The digest where amounts are in other currencies than dollars: told apart, part of no sum."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bot.domain.digest import build_digest
from bot.domain.history import DayOfUse, PersonalHistory
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek

WEEK = IsoWeek(2026, 46)


def abroad(currency: str, amount: str | None, *, days: int = 0) -> DayOfUse:
    return DayOfUse(
        day=WEEK.monday + timedelta(days=days),
        provider="kiro",
        cost=None,
        bases=frozenset(),
        currency=currency,
        foreign_cost=None if amount is None else Decimal(amount),
    )


def test_amounts_of_one_currency_are_summed_and_of_two_are_not():
    use = (abroad("EUR", "2.50"), abroad("GBP", "1"), abroad("EUR", "1.25", days=1))
    history = PersonalHistory(owner=PersonId(1), use=use, work=(), data_through=())

    digest = build_digest(history, WEEK.period, is_closed=True, minimum_outcomes=5)

    assert digest.spend[0].foreign == (("EUR", Decimal("3.75")), ("GBP", Decimal(1)))
    assert digest.total is None


def test_amounts_of_one_currency_are_summed_over_all_providers():
    use = (abroad("EUR", "2.50"), replace(abroad("EUR", "1"), provider="openai"))
    history = PersonalHistory(owner=PersonId(1), use=use, work=(), data_through=())

    digest = build_digest(history, WEEK.period, is_closed=True, minimum_outcomes=5)

    assert digest.foreign == (("EUR", Decimal("3.50")),)


def test_an_unknown_amount_is_none_of_another_currency():
    use = (abroad("credits:kiro", None),)
    history = PersonalHistory(owner=PersonId(1), use=use, work=(), data_through=())

    digest = build_digest(history, WEEK.period, is_closed=True, minimum_outcomes=5)

    assert digest.spend[0].foreign == ()
