"""The digest: one's own spend beside one's own work, and only what is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digest import Digest, OutcomeLine, SpendLine, build_digest
from bot.domain.history import DayOfUse, FinishedWork, LoggedWork, PersonalHistory
from bot.domain.links import LinkLevel
from bot.domain.logged import LoggedKind
from bot.domain.outcomes import OutcomeKind, OutcomeState
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek, Period, month_of
from bot.domain.usage import CostBasis
from bot.domain.usual import Usual

WEEK = IsoWeek(2026, 46)
MONDAY = WEEK.monday
MERGED = OutcomeKind.MERGED_CHANGE
BILLED = frozenset({CostBasis.BILLED})

some_days = st.dates(MONDAY - timedelta(days=120), MONDAY + timedelta(days=13))
amounts = st.decimals(min_value=0, max_value=10**5, places=6)
use_of_days = st.builds(
    DayOfUse,
    day=some_days,
    provider=st.sampled_from(["anthropic", "openai"]),
    cost=st.none() | amounts,
    bases=st.just(BILLED),
    has_unpriced=st.booleans(),
)
pieces_of_work = st.builds(
    FinishedWork,
    kind=st.sampled_from(OutcomeKind),
    completed_on=some_days,
    state=st.sampled_from(OutcomeState),
    has_evidence=st.booleans(),
)
histories = st.builds(
    PersonalHistory,
    owner=st.just(PersonId(1)),
    use=st.lists(use_of_days, max_size=60).map(tuple),
    work=st.lists(pieces_of_work, max_size=40).map(tuple),
    data_through=st.just(()),
)


def used(day: date = MONDAY, cost: str | None = "10", **changes: Any) -> DayOfUse:
    values = {
        "day": day,
        "provider": "anthropic",
        "cost": None if cost is None else Decimal(cost),
        "bases": BILLED,
    }
    return DayOfUse(**values | changes)


def did(
    day: date = MONDAY, state: OutcomeState = OutcomeState.SETTLED, *, has_evidence: bool = False
) -> FinishedWork:
    return FinishedWork(kind=MERGED, completed_on=day, state=state, has_evidence=has_evidence)


def digest_of(
    *use: DayOfUse,
    work: tuple[FinishedWork, ...] = (),
    through: tuple[tuple[str, date | None], ...] = (),
    period: Period = WEEK.period,
) -> Digest:
    history = PersonalHistory(owner=PersonId(1), use=use, work=work, data_through=through)
    return build_digest(history, period, is_closed=True, minimum_outcomes=5)


def weekly(costs: list[str], *, last: IsoWeek) -> list[DayOfUse]:
    """One day of use in each of the weeks up to *last*."""
    return [
        used(last.back(weeks).monday + timedelta(days=2), cost)
        for weeks, cost in enumerate(reversed(costs))
    ]


@given(histories)
def test_spend_is_the_known_cost_of_the_period_to_the_last_digit(history):
    digest = build_digest(history, WEEK.period, is_closed=True, minimum_outcomes=5)

    known = [u.cost for u in history.use if IsoWeek.of(u.day) == WEEK and u.cost is not None]
    assert digest.total == (sum(known, Decimal(0)) if known else None)


@given(histories)
def test_work_is_counted_once_in_the_state_that_it_is_in(history):
    digest = build_digest(history, WEEK.period, is_closed=True, minimum_outcomes=5)

    of_the_week = [w for w in history.work if IsoWeek.of(w.completed_on) == WEEK]
    for line in digest.outcomes:
        states = [work.state for work in of_the_week if work.kind is line.kind]
        assert line.settled == states.count(OutcomeState.SETTLED)
        assert line.pending == states.count(OutcomeState.DONE)
        assert line.reverted == states.count(OutcomeState.REVERTED)
        assert line.reopened == states.count(OutcomeState.REOPENED)
        assert line.finished + line.reverted + line.reopened > 0
        assert line.with_evidence <= line.finished


@given(histories)
def test_a_usual_week_is_never_made_of_this_period_or_of_few_weeks(history):
    usual = build_digest(history, WEEK.period, is_closed=True, minimum_outcomes=5).usual

    earlier = {IsoWeek.of(u.day) for u in history.use if u.day < MONDAY and u.cost is not None}
    assert (usual is None) == (len(earlier) < 4)
    if usual is not None:
        assert usual.weeks == min(len(earlier), 8)
        assert usual.low <= usual.median <= usual.high


@given(histories, st.integers(5, 10))
def test_a_ratio_is_a_range_of_enough_settled_work(history, minimum):
    digest = build_digest(history, WEEK.period, is_closed=True, minimum_outcomes=minimum)

    for ratio in digest.spend_per_outcome:
        assert ratio.settled >= minimum
        assert 0 < ratio.low < ratio.high


def test_spend_is_told_by_provider_with_what_each_amount_means():
    listed = frozenset({CostBasis.LIST_PRICE})
    digest = digest_of(
        used(cost="1.25"),
        used(MONDAY + timedelta(days=1), "2.5", bases=listed, has_unpriced=True),
        used(provider="openai", cost=None, bases=frozenset()),
        used(MONDAY - timedelta(days=1), "99"),
    )

    assert digest.spend == (
        SpendLine(
            provider="anthropic", cost=Decimal("3.75"), bases=BILLED | listed, has_unpriced=True
        ),
        SpendLine(provider="openai", cost=None, bases=frozenset(), has_unpriced=False),
    )
    assert digest.total == Decimal("3.75")
    assert digest.active_days == 2


def test_a_seat_costs_every_day_and_is_used_on_none():
    seat = [used(MONDAY + timedelta(days=day), "1", is_use=False) for day in range(7)]

    digest = digest_of(*seat, used(MONDAY + timedelta(days=1), "3"))

    assert digest.active_days == 1
    assert digest.total == Decimal(10)


def test_a_week_in_which_only_the_seat_cost_is_no_usual_week():
    weeks = range(1, 9)
    seats = [used(MONDAY - timedelta(weeks=week), "1", is_use=False) for week in weeks]
    worked = [used(MONDAY - timedelta(weeks=week), "9") for week in weeks if week > 4]

    usual = digest_of(*seats, *worked).usual

    assert usual is not None
    assert (usual.weeks, usual.median) == (4, Decimal(10))


def test_an_unknown_price_stays_unknown():
    digest = digest_of(used(cost=None))

    assert digest.total is None
    assert not digest.is_empty


def test_free_use_costs_zero_which_is_known():
    assert digest_of(used(cost="0")).total == 0


def test_without_use_there_is_no_spend_rather_than_none_of_it():
    digest = digest_of()

    assert digest.total is None
    assert digest.spend == ()
    assert digest.is_empty


def test_the_usual_week_is_the_middle_of_the_last_eight_active_ones():
    costs = ["999", "10", "20", "30", "40", "50", "60", "70", "80"]

    usual = digest_of(*weekly(costs, last=WEEK.back(1))).usual

    assert usual == Usual(median=Decimal(45), low=Decimal(17), high=Decimal(73), weeks=8)


def test_weeks_without_use_do_not_lower_what_is_usual():
    use = [used(WEEK.back(weeks).monday, "40") for weeks in (3, 9, 17, 30)]

    usual = digest_of(*use).usual

    assert usual is not None
    assert usual.median == 40


def test_three_weeks_are_not_yet_usual():
    assert digest_of(*weekly(["1", "2", "3"], last=WEEK.back(1))).usual is None


def test_a_month_that_begins_in_a_week_leaves_that_week_out_of_what_is_usual():
    october = month_of(date(2026, 10, 1))
    half_a_week = used(date(2026, 9, 29), "1")
    whole_weeks = weekly(["40", "40", "40", "40"], last=IsoWeek.of(date(2026, 9, 27)))

    usual = digest_of(half_a_week, *whole_weeks, period=october).usual

    assert usual == Usual(median=Decimal(40), low=Decimal(40), high=Decimal(40), weeks=4)


def test_a_tools_help_is_counted_among_what_still_stands():
    work = (
        did(has_evidence=True),
        did(state=OutcomeState.DONE, has_evidence=True),
        did(),
        did(state=OutcomeState.REVERTED, has_evidence=True),
        did(state=OutcomeState.REOPENED, has_evidence=True),
    )

    assert digest_of(work=work).outcomes == (
        OutcomeLine(kind=MERGED, settled=2, pending=1, reverted=1, reopened=1, with_evidence=2),
    )


def test_work_that_is_open_again_is_told_and_not_finished():
    [line] = digest_of(work=(did(state=OutcomeState.REOPENED),)).outcomes

    assert (line.finished, line.reopened) == (0, 1)


def test_links_to_ai_use_are_counted_by_how_sure_they_are():
    levels = (LinkLevel.PERIOD, LinkLevel.SESSION, LinkLevel.TOOL, LinkLevel.TOOL, None)
    work = [replace(did(has_evidence=True), level=level) for level in levels]

    [line] = digest_of(work=(*work, did(state=OutcomeState.REVERTED))).outcomes

    assert line.by_level == (
        (LinkLevel.SESSION, 1),
        (LinkLevel.TOOL, 2),
        (LinkLevel.PERIOD, 1),
    )


def test_shared_work_is_told_as_shared():
    [line] = digest_of(work=(did(), replace(did(), share=Decimal("0.5")))).outcomes

    assert (line.finished, line.shared) == (2, 1)


def test_what_was_logged_in_the_period_stands_beside_the_rest():
    logs = [
        LoggedWork(kind=LoggedKind.DATA_CLEANED, done_on=MONDAY),
        LoggedWork(kind=LoggedKind.DID_NOT_WORK, done_on=MONDAY - timedelta(days=1)),
    ]
    history = PersonalHistory(
        owner=PersonId(1), use=(), work=(), data_through=(), logged=tuple(logs)
    )

    digest = build_digest(history, WEEK.period, is_closed=True, minimum_outcomes=5)

    assert digest.logged == (LoggedKind.DATA_CLEANED,)
    assert not digest.is_empty
    assert digest.outcomes == ()


@pytest.mark.parametrize(
    ("settled", "low", "high"), [(5, "22", "82"), (10, "13", "32"), (30, "5.2", "8.6")]
)
def test_spend_per_outcome_is_a_range_that_narrows(settled, low, high):
    (ratio,) = digest_of(used(cost="200"), work=(did(),) * settled).spend_per_outcome

    assert ratio.settled == settled
    assert ratio.low == pytest.approx(Decimal(low), rel=Decimal("0.025"))
    assert ratio.high == pytest.approx(Decimal(high), rel=Decimal("0.025"))


def test_it_looks_back_eight_weeks_and_no_further():
    first = WEEK.back(7).monday
    kept = digest_of(used(first, "200"), work=(did(first),) * 5)
    gone = digest_of(
        used(first - timedelta(days=1), "200"), work=(did(first - timedelta(days=1)),) * 5
    )

    assert [ratio.weeks for ratio in kept.spend_per_outcome] == [8]
    assert gone.spend_per_outcome == ()


@pytest.mark.parametrize(
    "use", [(), (used(cost=None),), (used(cost="0"),)], ids=["none", "no price", "free"]
)
def test_without_spend_there_is_no_ratio(use):
    assert digest_of(*use, work=(did(),) * 9).spend_per_outcome == ()


def test_four_settled_are_too_few_and_pending_ones_do_not_help():
    work = (*((did(),) * 4), did(state=OutcomeState.DONE))

    assert digest_of(used(), work=work).spend_per_outcome == ()


@pytest.mark.parametrize(
    ("more", "has_unpriced"),
    [(used(cost=None), True), (used(has_unpriced=True), True), (used(), False)],
)
def test_a_ratio_says_when_some_spend_is_missing_from_it(more, has_unpriced):
    (ratio,) = digest_of(used(), more, work=(did(),) * 5).spend_per_outcome

    assert ratio.has_unpriced is has_unpriced


@pytest.mark.parametrize(
    ("through", "is_late"),
    [
        ((), False),
        ((("anthropic", date(2026, 11, 15)),), False),
        ((("anthropic", date(2026, 11, 15)), ("git", date(2026, 11, 14))), True),
        ((("anthropic", None),), True),
    ],
)
def test_a_period_is_late_while_a_source_has_not_told_of_its_last_day(through, is_late):
    digest = digest_of(through=through)

    assert digest.is_late is is_late
    assert digest.data_through == through
