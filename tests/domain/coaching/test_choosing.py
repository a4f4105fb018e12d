"""One tip a digest: which, how seldom, and the same one when it is planned twice."""

from __future__ import annotations

import pkgutil
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.domain.coaching.tips as tips_package
from bot.domain.coaching.choosing import all_fitting, choose
from bot.domain.coaching.facts import Facts
from bot.domain.coaching.rules import QUIET_WEEKS, ShownTip
from bot.domain.coaching.tips import RULES
from bot.domain.history import FinishedWork
from bot.domain.links import LinkLevel
from tests.domain.coaching.making import (
    UNTIL,
    facts,
    finished,
    model_weeks,
    seat,
    session_week,
    used,
    week,
)

LAST = UNTIL.period.last_day
TOLD = (("copilot", LAST), ("kiro", LAST))


def somebody(seat_price: str = "18", *work: FinishedWork) -> Facts:
    """Three tips fit: an unused seat, a flat plan (saving 45), and suggestions hardly taken."""
    plan = model_weeks(range(8), cost="40")
    seats = [used(back, "4", provider="copilot", is_use=False) for back in range(4)]
    few = [session_week(back, accepted=6 if back < 4 else 45) for back in range(16)]
    known = facts(
        *plan,
        use=[*[used(back, "40") for back in range(8)], *seats],
        seats=[seat(cost=seat_price)],
        sessions=few,
        work=[finished(9), *work],
        data_through=TOLD,
    )
    # no list price, so that nothing else fits
    return replace(known, rates_of=lambda _: None)


def shown(rule: str, back: int) -> ShownTip:
    return ShownTip(week=week(back), rule=rule)


def chosen(*before: ShownTip, muted=(), minimum_saving=5, known: Facts | None = None) -> str | None:
    found = choose(known or somebody(), before, muted, week=UNTIL, minimum_saving=minimum_saving)
    return found and found.rule


def test_the_one_that_may_save_most_comes_first():
    assert chosen() == "flat_plan"


def test_what_was_never_shown_comes_before_what_was():
    assert chosen(shown("flat_plan", 12)) == "unused_seat"
    assert chosen(shown("flat_plan", 12), shown("unused_seat", 13)) == "smaller_tasks"


def test_of_those_that_were_all_shown_the_one_longest_ago_comes_first():
    before = [shown("flat_plan", 9), shown("unused_seat", 12), shown("smaller_tasks", 8)]

    assert chosen(*before) == "unused_seat"
    assert chosen(*before, shown("unused_seat", 7)) == "flat_plan"


def test_the_same_tip_stays_away_for_six_whole_weeks():
    others = {"unused_seat", "smaller_tasks"}

    assert chosen(shown("flat_plan", QUIET_WEEKS), muted=others) is None
    assert chosen(shown("flat_plan", QUIET_WEEKS + 1), muted=others) == "flat_plan"


def test_what_a_reader_found_not_useful_never_comes_again():
    assert chosen(muted={"flat_plan"}) == "unused_seat"
    assert chosen(muted=set(RULES)) is None


def test_planning_a_digest_twice_finds_the_same_tip_again():
    assert chosen(shown("smaller_tasks", 0)) == "smaller_tasks"


@pytest.mark.parametrize("rule", ["right_size", "no_such_rule"])
def test_a_tip_that_does_not_fit_any_more_is_not_replaced_by_another(rule: str):
    assert chosen(shown(rule, 0)) is None


def test_a_tip_that_was_muted_since_is_not_planned_again():
    assert chosen(shown("flat_plan", 0), muted={"flat_plan"}) is None


def test_a_first_comes_before_what_may_wait():
    known = somebody("18", finished(level=LinkLevel.TOOL))

    assert chosen(shown("celebrate", 10), known=known) == "celebrate"


@pytest.mark.parametrize(
    ("price", "minimum", "fits"),
    [
        pytest.param("17", 17, False, id="under a tenth of what was spent"),
        pytest.param("17.70", 17, True, id="a little over a tenth of 176 dollars"),
        pytest.param("17.70", 18, False, id="under what an admin set"),
    ],
)
def test_small_savings_are_not_worth_a_word(price: str, minimum: int, *, fits: bool):
    names = [f.rule for f in all_fitting(somebody(price), (), minimum_saving=minimum)]

    assert ("unused_seat" in names) is fits
    assert "smaller_tasks" in names  # not about money


def test_all_that_fits_is_told_to_who_asks_the_larger_saving_first():
    names = [f.rule for f in all_fitting(somebody(), (), minimum_saving=5)]

    assert names == ["flat_plan", "unused_seat", "smaller_tasks"]


def test_somebody_of_whom_nothing_is_known_gets_no_tip():
    assert chosen(known=facts()) is None


def test_every_module_of_tips_is_registered():
    assert set(RULES) == {module.name for module in pkgutil.iter_modules(tips_package.__path__)}


def test_every_rule_is_registered_under_its_name_and_says_what_it_needs():
    assert all(name == rule.name and rule.needs and rule.source for name, rule in RULES.items())


tips = st.builds(
    ShownTip,
    week=st.integers(0, 30).map(week),
    rule=st.sampled_from([*RULES, "gone"]),
    saving=st.just(Decimal(3)),
)


@given(st.lists(tips, max_size=12), st.sets(st.sampled_from([*RULES])))
def test_whatever_was_shown_the_tip_is_never_muted_nor_too_soon(before, muted):
    found = choose(somebody(), before, muted, week=UNTIL, minimum_saving=5)

    is_planned_again = any(tip.week == UNTIL for tip in before)
    recent = {tip.rule for tip in before if tip.week >= UNTIL.back(QUIET_WEEKS)}
    assert found is None or found.rule not in muted
    assert found is None or is_planned_again or found.rule not in recent


@given(st.lists(tips, max_size=12), st.sets(st.sampled_from([*RULES])))
def test_what_was_chosen_is_chosen_again_once_it_is_kept(before, muted):
    earlier = [tip for tip in before if tip.week != UNTIL]
    first = choose(somebody(), earlier, muted, week=UNTIL, minimum_saving=5)

    if first:
        kept = [*earlier, ShownTip(week=UNTIL, rule=first.rule)]
        assert choose(somebody(), kept, muted, week=UNTIL, minimum_saving=5) == first
