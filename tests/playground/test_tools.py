"""Facts about the company's other tools: who has which, and what was truly used there."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.company import OFFERS, TOOLS, make_company
from bot.playground.company.delivery import delivery_of, midnight
from bot.playground.company.tools import seats_on
from bot.playground.looks import NIGHT
from bot.providers.copilot import Copilot
from bot.providers.cursor import Cursor
from bot.providers.litellm import LiteLLM

COMPANY = make_company(people=120, weeks=6, ends=date(2026, 11, 16))
IN_A_DEMO = make_company(people=60, weeks=6, ends=date(2026, 11, 16), longest_revision_days=1)
DAYS = list(COMPANY.days)
SETTLED = COMPANY.settled_at
SLOW = tuple(tool for tool in TOOLS if tool != "litellm")
every_tool = pytest.mark.parametrize("tool", TOOLS)


def told_at(tool, day: date, as_of: datetime = SETTLED):
    return COMPANY.tool_facts(tool, day, as_of)


def course_of(tool, day: date):
    return delivery_of(tool, day, COMPANY.seed, COMPANY.longest_revision_days, days_late=1)


class TestWhoHasWhich:
    def test_the_same_seed_gives_the_same_and_another_seed_another(self):
        again = make_company(people=120, weeks=6, ends=date(2026, 11, 16))
        other = make_company(people=120, weeks=6, ends=date(2026, 11, 16), seed=7)

        assert again.tool_users == COMPANY.tool_users
        assert other.tool_users != COMPANY.tool_users
        assert [again.tool_facts("cursor", day, SETTLED) for day in DAYS] == [
            told_at("cursor", day) for day in DAYS
        ]

    @every_tool
    def test_whoever_has_no_account_elsewhere_has_none_here(self, tool):
        people = COMPANY.people
        users = COMPANY.tool_users[tool]

        assert users
        assert all(people[user.person].accounts for user in users)
        assert {user.email for user in users} <= {
            account.email for person in COMPANY.employees for account in person.accounts
        }

    @every_tool
    def test_nobody_is_there_twice(self, tool):
        users = COMPANY.tool_users[tool]

        assert len({user.number for user in users}) == len(users)
        assert len({user.handle for user in users}) == len(users)

    @settings(max_examples=25, deadline=None)
    @given(seed=st.integers(0, 10_000), people=st.integers(30, 60))
    def test_however_small_the_company_every_tool_knows_somebody_as_slack_does(self, seed, people):
        company = make_company(people=people, weeks=1, seed=seed, ends=date(2026, 11, 16))

        for tool in TOOLS:
            known = [company.people[user.person] for user in company.tool_users[tool]]
            assert any(person.email_matches for person in known)


class TestADay:
    @every_tool
    def test_is_of_its_users_with_something_used_and_no_charge_above_its_worth(self, tool):
        facts = [fact for day in DAYS for fact in told_at(tool, day)]

        assert {fact.user for fact in facts} <= set(COMPANY.tool_users[tool])
        assert {fact.model for fact in facts} == set(OFFERS[tool].models)
        assert all(fact.requests > 0 and fact.output > 0 for fact in facts)
        assert {fact.charged for fact in facts} - {fact.worth for fact in facts} <= {Decimal(0)}

    def test_of_no_week_of_the_company_is_empty(self):
        for day in (COMPANY.start - timedelta(days=1), COMPANY.end):
            assert told_at("copilot", day) == ()
            assert COMPANY.tool_invoice("copilot", day, SETTLED) == 0

    @every_tool
    def test_is_not_told_before_it_is_over(self, tool):
        assert not any(told_at(tool, day, midnight(day) + timedelta(hours=23)) for day in DAYS)

    @pytest.mark.parametrize("tool", SLOW)
    def test_only_grows_until_it_is_whole(self, tool):
        for day in DAYS:
            course = course_of(tool, day)
            moments = (course.first_seen_at - NIGHT, course.first_seen_at, course.complete_at)
            seen = [set(told_at(tool, day, moment)) for moment in moments]
            assert all(before <= after for before, after in pairwise(seen))
            assert not COMPANY.tool_tells(tool, day, course.complete_at - timedelta(seconds=1))
            assert COMPANY.tool_tells(tool, day, course.complete_at)

    @pytest.mark.parametrize("tool", SLOW)
    def test_is_corrected_once_at_most_and_then_final(self, tool):
        corrected = 0
        for day in DAYS:
            course = course_of(tool, day)
            whole = told_at(tool, day, course.complete_at)
            nights = [told_at(tool, day, course.complete_at + n * NIGHT) for n in range(60)]
            assert len({whole, *nights, told_at(tool, day)}) == 1 + (nights[-1] != whole)
            corrected += nights[-1] != whole
        assert corrected

    @pytest.mark.parametrize("tool", SLOW)
    def test_keeps_people_models_and_requests_when_it_is_corrected(self, tool):
        def essence(facts):
            blank = {"output": 0, "worth_nanodollars": 0, "charged_nanodollars": 0}
            return [replace(fact, **blank) for fact in facts]

        for day in DAYS:
            course = course_of(tool, day)
            assert essence(told_at(tool, day)) == essence(told_at(tool, day, course.complete_at))

    @pytest.mark.parametrize("provider", [Copilot, Cursor, LiteLLM], ids=lambda p: p.name)
    def test_of_a_demo_is_final_before_the_last_night_that_asks_for_it(self, provider):
        for day in IN_A_DEMO.days:
            last = midnight(day + timedelta(days=provider.freshness.repull)) + NIGHT
            final = IN_A_DEMO.tool_facts(provider.name, day, IN_A_DEMO.settled_at)
            assert IN_A_DEMO.tool_facts(provider.name, day, last) == final


class TestSeats:
    @pytest.mark.parametrize("month", [1, 2, 11])
    @every_tool
    def test_of_a_month_add_up_to_its_price(self, tool, month):
        users = COMPANY.tool_users[tool]
        length = monthrange(2026, month)[1]
        days = [date(2026, month, day) for day in range(1, length + 1)]

        price = OFFERS[tool].seat_dollars_a_month or 0
        paid = sum(seats_on(users, day) for day in days)
        assert paid.quantize(Decimal("1e-12")) == price * len(users)

    def test_of_nobody_cost_nothing(self):
        assert seats_on((), COMPANY.start) == 0

    @every_tool
    def test_are_on_the_invoice_beside_what_is_charged(self, tool):
        for day in DAYS[:7]:
            charged = sum(fact.charged for fact in told_at(tool, day))
            invoice = COMPANY.tool_invoice(tool, day, SETTLED)
            assert invoice == charged + seats_on(COMPANY.tool_users[tool], day)
