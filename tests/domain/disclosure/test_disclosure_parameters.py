"""Parameters: rules may be made stricter, never laxer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.disclosure.parameters import Parameters, epoch_of, p_of
from bot.domain.periods import IsoWeek
from tests.domain.disclosure.weeks import KEYS


@pytest.mark.parametrize(
    "laxer",
    [
        {"minimum": 4},
        {"share": Decimal("0.51")},
        {"p": Decimal("0.19")},
        {"strict": True},
        {"strict": True, "minimum": 9},
    ],
)
def test_the_rules_cannot_be_made_laxer(laxer):
    with pytest.raises(ValueError, match="never laxer"):
        Parameters(**laxer)


def test_every_installation_has_a_p_of_its_own():
    drawn = [p_of(key) for key in KEYS]

    assert len(set(drawn)) == len(KEYS)
    assert all(Decimal("0.20") <= p < Decimal("0.35") for p in drawn)
    assert p_of(KEYS[3]) == drawn[3]


def test_a_quarter_has_thirteen_weeks_at_most():
    weeks = [IsoWeek.of(IsoWeek(2026, 1).monday).back(-n) for n in range(53)]
    quarters = [epoch_of(week) for week in weeks]

    assert [quarters.count(quarter) for quarter in dict.fromkeys(quarters)] == [13] * 4 + [1]
    assert epoch_of(IsoWeek(2026, 13)) != epoch_of(IsoWeek(2026, 14))
