"""The two-week rule on what is known of a person."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.domain.coaching.nudges import Nudge, NudgeKind, Sign
from bot.domain.coaching.two_weeks import two_high_weeks
from bot.domain.history import DayOfUse
from bot.domain.outcomes import OutcomeState
from bot.domain.tiers import Tier
from tests.domain.coaching.making import UNTIL, facts, finished, logged, used, week

EARLIER = range(2, 10)
LATEST = date(2026, 11, 15)


def weeks_of(backs, cost: str, **changes) -> list[DayOfUse]:
    """Four active days each."""
    return [used(back, cost, weekday=n, **changes) for back in backs for n in range(4)]


USUAL = weeks_of(EARLIER, "5")
HIGH = weeks_of((0, 1), "30")
WORK = [finished(back) for back in EARLIER for _ in range(2)]


def looped(**changes):
    values = {"use": [*USUAL, *HIGH], "work": WORK}
    return facts(**values | changes)


def nudged(**changes) -> Nudge | None:
    return two_high_weeks(looped(**changes), since=None)


def test_tells_both_weeks_beside_the_usual_one():
    assert nudged() == Nudge(
        kind=NudgeKind.TWO_WEEKS,
        first_day=date(2026, 11, 2),
        last_day=LATEST,
        spend=(Decimal(120), Decimal(120)),
        low=Decimal(20),
        high=Decimal(20),
        provider="anthropic",
        signs=frozenset({Sign.NO_OUTCOMES}),
    )


def test_amounts_are_at_the_prices_of_now_and_compared_at_the_first_ones():
    now = [
        used(back, "30", weekday=n, constant_cost=Decimal(20)) for back in (0, 1) for n in range(4)
    ]

    nudge = nudged(use=[*USUAL, *now])

    assert nudge is not None
    assert (nudge.spend, nudge.low) == ((Decimal(120), Decimal(120)), Decimal(30))


def test_a_dearer_price_list_is_no_rise():
    dearer = [
        used(back, "30", weekday=n, constant_cost=Decimal(6)) for back in (0, 1) for n in range(4)
    ]

    assert nudged(use=[*USUAL, *dearer]) is None


@pytest.mark.parametrize(
    "work",
    [
        pytest.param([finished(0)], id="finished"),
        pytest.param([finished(1, state=OutcomeState.DONE)], id="pending"),
        pytest.param([finished(1, state=OutcomeState.REVERTED)], id="reverted"),
        pytest.param([finished(-1)], id="finished-right-after"),
    ],
)
def test_an_honest_migration_hears_nothing(work):
    assert nudged(work=[*WORK, *work]) is None


def test_what_a_person_logged_is_work_too():
    assert nudged(logs=[logged(0)]) is None


def test_one_high_week_is_none():
    assert nudged(use=[*USUAL, *weeks_of((1,), "5"), *weeks_of((0,), "300")]) is None
    assert nudged(use=[*USUAL, *weeks_of((0,), "300")]) is None


def test_nothing_is_said_before_the_usual_week_is_known():
    assert nudged(use=HIGH) is None
    assert nudged(use=[]) is None
    assert nudged(use=[*weeks_of(range(2, 6), "5"), *HIGH]) is None


def test_the_usual_week_starts_anew_on_the_persons_word():
    assert two_high_weeks(looped(), since=week(9).monday) is not None
    assert two_high_weeks(looped(), since=week(6).monday) is None
    assert two_high_weeks(looped(), since=week(0).monday) is None


def test_a_higher_multiple_can_be_asked_for():
    assert two_high_weeks(looped(), since=None, times_usual=6) is not None
    assert two_high_weeks(looped(), since=None, times_usual=7) is None


def test_experiments_are_left_alone():
    assert nudged(use=[*USUAL, *weeks_of((0, 1), "30", tier=Tier.EXPLORATION)]) is None


def test_a_tool_that_was_tried_out_for_weeks_is_no_rise_when_it_is_routine():
    tried = weeks_of(range(2, 7), "25", tier=Tier.EXPLORATION)

    assert nudged(use=[*USUAL, *tried, *HIGH]) is None


def test_holidays_are_no_usual_weeks():
    away = {3, 4, 5}
    worked = [entry for entry in weeks_of(range(2, 13), "10") if entry.day not in _days_in(away)]
    one_day = [used(back, "1", weekday=0) for back in away]

    nudge = nudged(
        use=[*worked, *one_day, *weeks_of((0, 1), "60")],
        work=[finished(back) for back in range(2, 13) if back not in away for _ in range(2)],
    )

    assert nudge is not None
    assert (nudge.low, nudge.high) == (Decimal(40), Decimal(40))


def _days_in(backs) -> set[date]:
    return {week(back).monday + timedelta(days=n) for back in backs for n in range(7)}


@pytest.mark.parametrize(
    "data_through",
    [
        pytest.param(
            (("anthropic", LATEST), ("github", date(2026, 11, 14))), id="a-day-is-missing"
        ),
        pytest.param((("anthropic", LATEST), ("github", None)), id="nothing-told"),
    ],
)
def test_nothing_is_said_while_figures_are_late(data_through):
    assert nudged(data_through=data_through) is None


def test_a_sender_is_waited_for_only_where_it_told_of_the_persons_work():
    through = (("anthropic", LATEST), ("ingest:board", date(2026, 11, 1)))
    theirs = [finished(back, source="ingest:board") for back in EARLIER]

    assert nudged(data_through=through) is not None
    assert nudged(data_through=through, work=[*WORK, *theirs]) is None


def test_a_seat_that_was_bought_is_no_use():
    seats = [used(back, "60", provider="copilot", is_use=False) for back in (0, 1)]

    assert nudged(use=[*USUAL, *weeks_of((0, 1), "5"), *seats]) is None


@pytest.mark.parametrize(
    "unknown",
    [
        pytest.param({"has_unpriced": True}, id="partly-unpriced"),
        pytest.param({"cost": None}, id="unpriced"),
        pytest.param(
            {"cost": None, "currency": "EUR", "foreign_cost": Decimal(20)}, id="in-another-currency"
        ),
    ],
)
def test_amounts_that_became_known_are_no_rise(unknown):
    before = [used(back, **{"cost": "1", "provider": "cursor"} | unknown) for back in EARLIER]
    now = weeks_of((0, 1), "30", provider="cursor")

    assert nudged(use=[*USUAL, *weeks_of((0, 1), "5"), *before, *now]) is None


def test_no_tool_is_named_where_none_has_most_of_it():
    two_tools = [*weeks_of((0, 1), "15"), *weeks_of((0, 1), "15", provider="openai")]

    nudge = nudged(use=[*USUAL, *two_tools])

    assert nudge is not None
    assert nudge.provider is None


def test_a_correction_larger_than_the_week_is_no_rise():
    corrected = [*USUAL, *HIGH, used(0, "-500"), used(1, "-500")]

    assert nudged(use=corrected) is None


def test_earlier_corrections_raise_no_alarm_of_cents():
    negative = [used(back, "-100", weekday=4) for back in EARLIER]

    assert nudged(use=[*USUAL, *negative, *weeks_of((0, 1), "2")]) is None


def test_only_the_weeks_up_to_the_closed_one_count():
    assert two_high_weeks(looped(until=UNTIL.back(1)), since=None) is None
