"""What is planted in the made-up people, and what becomes of it when a tip is taken up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.playground.company import make_company
from bot.playground.company.turns import Life, lived

ENDS = date(2026, 11, 16)
DAY = date(2026, 10, 7)


@pytest.fixture(scope="module")
def company():
    return make_company(people=60, weeks=8, ends=ENDS)


@pytest.fixture(scope="module")
def fact(company):
    """A day of an agent with a large model."""
    facts = company.facts("anthropic", DAY, company.settled_at)
    return next(f for f in facts if f.model == "claude-opus-5" and f.product == "claude_code")


def life(**planted) -> Life:
    return Life(**{"cold_from": None, "idle_from": None, "heeds": True} | planted)


def test_cold_caches_cost_the_same_money_for_less_work(fact):
    cold = lived(fact, life(cold_from=DAY))

    assert cold.cache_read / sum(cold.tokens) < 0.7
    assert float(cold.cost) == pytest.approx(float(fact.cost), rel=1e-3)
    assert sum(cold.tokens) < sum(fact.tokens)


def test_before_that_nothing_is_different(fact):
    assert lived(fact, life(cold_from=DAY + timedelta(days=1))) == fact


def test_whoever_heeds_the_tip_has_warm_caches_again(fact):
    person = life(cold_from=DAY - timedelta(days=30))

    assert person.heed("stay_in_session", DAY)
    assert lived(fact, person) == fact


def test_a_smaller_model_does_the_same_work_for_less(fact):
    person = life()
    person.heed("right_size", DAY)

    smaller = lived(fact, person)

    assert (smaller.model, smaller.tokens) == ("claude-sonnet-5", fact.tokens)
    assert smaller.cost < fact.cost


def test_a_model_without_a_smaller_one_stays(fact):
    person = life()
    person.heed("right_size", DAY)
    small = lived(fact, person)

    assert lived(small, person) == small


def test_some_heed_no_tip(fact):
    person = life(heeds=False, idle_from=DAY)

    assert not person.heed("right_size", DAY)
    assert lived(fact, person) == fact
    assert person.is_idle(DAY)


def test_nobody_takes_up_what_is_not_theirs_to_change():
    assert not life().heed("flat_plan", DAY)


def test_a_tip_shows_from_the_day_after_it_on(company):
    who = next(who for who, life in company.lives.items() if life.heeds)

    assert company.heed(who, "unused_seat", DAY)
    assert not company.lives[who].has_heeded("unused_seat", DAY)
    assert company.lives[who].has_heeded("unused_seat", DAY + timedelta(days=1))


def test_a_seat_left_unused_is_used_again_by_whoever_heeds(company):
    idle = {who for who, life in company.lives.items() if life.idle_from is not None}
    used = {f.user.person for f in company.tool_facts("copilot", DAY, company.settled_at)}

    assert idle
    assert not idle & used
