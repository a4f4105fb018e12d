"""Facts about agents that run on by themselves: there is somebody to ask about them, and why."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from statistics import fmean, median, pstdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.company import Company, make_company
from bot.playground.company.delivery import midnight
from bot.playground.company.people import PROVIDERS

TODAY = date(2026, 11, 16)
WEEK = timedelta(weeks=1)


def demo_on(today: date, seed: int = 2026) -> Company:
    return make_company(people=60, weeks=6, weeks_before=9, weeks_ahead=9, seed=seed, ends=today)


@pytest.fixture(scope="module")
def company() -> Company:
    return demo_on(TODAY)


@pytest.fixture(scope="module")
def loop(company):
    return next(r for r in company.runaways if r.is_loop and r.first_day < company.closed_until)


@pytest.fixture(scope="module")
def spend(company, loop) -> dict[date, float]:
    """What the person of *loop* spent each day."""
    days: defaultdict[date, float] = defaultdict(float)
    for day in company.days:
        for provider in PROVIDERS:
            for fact in company.facts(provider, day, company.settled_at):
                if fact.person == loop.person:
                    days[day] += float(fact.cost)
    return days


class TestWho:
    @settings(max_examples=15, deadline=None)
    @given(days=st.integers(0, 3650), seed=st.integers(0, 10**6))
    def test_on_any_day_two_loops_and_two_costly_days_were_told_of_lately(self, days, seed):
        company = demo_on(TODAY + timedelta(days=days), seed)
        told = company.nudged_by(midnight(company.closed_until) + timedelta(hours=14))

        assert sum(runaway.is_loop for runaway in told) >= 2
        assert sum(not runaway.is_loop for runaway in told) >= 2
        assert len({runaway.person for runaway in company.runaways}) == len(company.runaways)

    def test_some_more_are_told_of_eight_weeks_on(self, company):
        later = company.nudged_by(midnight(company.closed_until + 8 * WEEK) + timedelta(days=3))

        assert len(later) >= 2
        assert {r.person for r in later}.isdisjoint(
            r.person for r in company.nudged_by(midnight(company.closed_until))
        )

    def test_they_are_engineers_whom_slack_and_the_providers_know_by_one_address(self, company):
        people = [company.people[runaway.person] for runaway in company.runaways]

        assert all(person.job == "engineering" and person.email_matches for person in people)

    def test_of_a_larger_company_three_to_five_percent_loop(self):
        company = make_company(people=300, weeks=6, weeks_before=9, ends=TODAY)
        accounts = sum(bool(person.accounts) for person in company.employees)

        loops = sum(runaway.is_loop for runaway in company.runaways)
        assert 0.03 <= loops / accounts / 2 <= 0.05  # as many again lie ahead

    @pytest.mark.parametrize(("weeks", "weeks_before"), [(1, 0), (6, 0), (6, 2)])
    def test_nobody_where_too_little_was_known_for_a_word(self, weeks, weeks_before):
        company = make_company(people=60, weeks=weeks, weeks_before=weeks_before, ends=TODAY)

        assert not company.nudged_by(midnight(company.closed_until) + timedelta(hours=14))


class TestWhatItLooksLike:
    def test_two_weeks_at_many_times_the_usual_every_day_alike(self, company, loop, spend):
        running = [spend[day] for day in company.days if loop.is_on(day)]
        before = [
            sum(spend[loop.first_day - n * WEEK + timedelta(days=day)] for day in range(7))
            for n in range(1, 9)
        ]

        assert len(running) == 14
        assert pstdev(running) < 0.1 * fmean(running)
        assert sum(running) / 2 > 5 * median(before)

    def test_no_day_of_a_loop_is_dear_enough_for_a_word_of_its_own(self, company):
        assert all(r.dollars < 45 for r in company.runaways if r.is_loop)
        assert all(r.dollars > 60 for r in company.runaways if not r.is_loop)

    def test_hardly_anything_is_written_for_all_that_is_read(self, company, loop):
        def read_for_each_written(day: date) -> list[float]:
            facts = [f for p in PROVIDERS for f in company.facts(p, day, company.settled_at)]
            own = [f for f in facts if f.person == loop.person and f.product != "chat"]
            return [(sum(f.tokens) - f.output) / f.output for f in own]

        during = [r for d in company.days if loop.is_on(d) for r in read_for_each_written(d)]
        before = [r for d in company.days if d < loop.first_day for r in read_for_each_written(d)]
        assert median(during) > 3 * median(before)

    def test_afterwards_all_is_as_it_was(self, company, loop, spend):
        after = [spend[day] for day in company.days if loop.last_day < day and spend[day]]

        assert after
        assert median(after) < loop.dollars / 3
