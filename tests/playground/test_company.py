"""Facts about the made-up company: typical spend, real-looking work, the same every time."""

from __future__ import annotations

import subprocess
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import mean, median, quantiles

import pytest
from genai_prices import Usage, calc_price
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.company import Company, UsageFact, make_company, write_repository
from bot.playground.company.delivery import delivery_of, midnight
from bot.playground.company.people import PROVIDERS
from bot.playground.company.teams import FEWEST_PEOPLE

ENDS = date(2026, 11, 18)  # a Wednesday
DAY = timedelta(days=1)


def facts_of(company: Company) -> list[UsageFact]:
    return [
        fact
        for day in company.days
        for provider in PROVIDERS
        for fact in company.facts(provider, day, company.settled_at)
    ]


@pytest.fixture(scope="module")
def company() -> Company:
    return make_company(people=200, weeks=13, ends=ENDS)


@pytest.fixture(scope="module")
def facts(company) -> list[UsageFact]:
    return facts_of(company)


@pytest.fixture(scope="module", params=[1, 2026])
def engineer_days(request) -> dict[tuple[str, date], float]:
    company = make_company(people=500, weeks=13, seed=request.param, ends=ENDS)
    days: defaultdict[tuple[str, date], float] = defaultdict(float)
    for fact in facts_of(company):
        if fact.person and company.people[fact.person].job == "engineering":
            days[fact.person, fact.day] += float(fact.cost)
    return days


class TestCalibration:
    def test_an_active_engineer_day_costs_13_dollars_and_one_in_ten_almost_30(self, engineer_days):
        spend = list(engineer_days.values())

        assert 12 <= mean(spend) <= 14
        assert 27 <= quantiles(spend, n=10)[-1] <= 31

    def test_an_engineer_month_costs_150_to_250_dollars(self, engineer_days):
        months = 13 * 7 / (365.25 / 12)
        users = {person for person, _ in engineer_days}

        assert 150 <= sum(engineer_days.values()) / months / len(users) <= 250
        assert 150 <= sum(engineer_days.values()) / months / 300 <= 250

    def test_the_weekly_top_tenth_spends_about_ten_times_the_median(self, engineer_days):
        weeks: defaultdict[tuple[str, int], float] = defaultdict(float)
        for (person, day), spent in engineer_days.items():
            weeks[person, day.isocalendar().week] += spent
        spend = sorted(weeks.values())

        assert 7 <= mean(spend[-len(spend) // 10 :]) / median(spend) <= 13


class TestPeople:
    def test_the_same_seed_gives_the_same_company_and_another_seed_another(self, company, facts):
        again = make_company(people=200, weeks=13, ends=ENDS)
        other = make_company(people=200, weeks=13, seed=1, ends=ENDS)

        assert again == company
        assert facts_of(again) == facts
        assert again.merged_changes == company.merged_changes
        assert other.employees != company.employees

    def test_days_do_not_depend_on_the_order_they_are_asked_for(self, company):
        days = list(company.days)
        fresh = make_company(people=200, weeks=13, ends=ENDS)
        backwards = {day: fresh.facts("openai", day, fresh.settled_at) for day in reversed(days)}

        assert all(
            backwards[day] == company.facts("openai", day, company.settled_at) for day in days
        )

    def test_weeks_are_closed_iso_weeks(self, company):
        days = list(company.days)

        assert (days[0].weekday(), days[-1].weekday(), len(days)) == (0, 6, 91)
        assert days[-1] == date(2026, 11, 15)

    @settings(max_examples=25, deadline=None)
    @given(people=st.integers(FEWEST_PEOPLE, 400), seed=st.integers(0, 10**6))
    def test_everybody_has_one_team_of_four_to_twelve(self, people, seed):
        company = make_company(people=people, weeks=1, seed=seed, ends=ENDS)
        sizes = [len(team.members) for team in company.teams]

        assert sorted(id_ for team in company.teams for id_ in team.members) == sorted(
            company.people
        )
        assert min(sizes) == 4
        assert max(sizes) <= 12
        assert all(team.manager in team.members for team in company.teams)
        assert len({e.email for e in company.directory if e.email}) == sum(
            e.email is not None for e in company.directory
        )
        assert len({e.slack_id for e in company.directory}) == len(company.directory)

    def test_some_teams_are_large_enough_to_be_shown(self, company):
        sizes = [len(team.members) for team in company.teams]

        assert sum(size > 8 for size in sizes) >= 3
        assert 6 <= median(sizes) <= 8

    def test_a_few_people_are_known_to_the_providers_by_another_address(self, company):
        odd = sum(not person.email_matches for person in company.employees)

        assert 0.02 <= odd / 200 <= 0.10

    def test_slack_also_lists_guests_bots_leavers_and_outsiders(self, company):
        kinds = Counter(entry.kind for entry in company.directory)

        assert kinds["member"] == 200
        assert all(kinds[kind] > 0 for kind in ("guest", "bot", "deactivated", "external"))

    def test_too_small_a_company_is_refused(self):
        with pytest.raises(ValueError, match="at least 23 people"):
            make_company(people=22, ends=ENDS)


class TestUsage:
    def test_services_have_15_to_25_percent_of_all_spend(self, facts):
        services = sum(fact.nanodollars for fact in facts if fact.person is None)

        assert 0.15 <= services / sum(fact.nanodollars for fact in facts) <= 0.25

    def test_a_person_day_has_one_row_for_each_product_and_model(self, facts):
        keys = Counter((f.provider, f.day, f.account, f.api_key, f.product, f.model) for f in facts)

        assert set(keys.values()) == {1}

    def test_the_cost_is_the_list_price_of_the_tokens(self, facts):
        for fact in facts[::400]:
            uncached, read, short, long, output = fact.tokens
            rate = {
                name: calc_price(
                    Usage(**usage), fact.model, provider_id=fact.provider,
                    genai_request_timestamp=midnight(fact.day),
                ).total_price / 1000
                for name, usage in {
                    "input": {"input_tokens": 1000},
                    "read": {"input_tokens": 1000, "cache_read_tokens": 1000},
                    "short": {"input_tokens": 1000, "cache_write_tokens": 1000},
                    "long": {"input_tokens": 1000, "cache_write_tokens": 1000,
                             "cache_write_1h_tokens": 1000},
                    "output": {"input_tokens": 0, "output_tokens": 1000},
                }.items()
            }  # fmt: skip

            assert fact.cost == (
                uncached * rate["input"] + read * rate["read"] + short * rate["short"]
                + long * rate["long"] + output * rate["output"]
            )  # fmt: skip

    def test_coding_agents_mostly_read_their_cache_and_chats_have_none(self, company, facts):
        for fact in facts:
            if fact.person is not None and company.lives[fact.person].is_cold(fact.day):
                continue
            if fact.product == "chat":
                assert fact.cache_read == fact.cache_write_short == fact.cache_write_long == 0
            elif sum(fact.tokens) > 10_000:
                assert 0.89 <= fact.cache_read / sum(fact.tokens) <= 0.98

    def test_outside_its_weeks_the_company_uses_nothing(self, company):
        assert company.facts("openai", company.end, company.settled_at) == ()
        assert company.invoice("openai", company.start - DAY, company.settled_at) == 0


class TestDelivery:
    def test_the_invoice_is_the_facts_and_what_names_nobody(self, company):
        unattributed = Decimal(0)
        for provider in PROVIDERS:
            for day in company.days:
                rows = company.facts(provider, day, company.settled_at)
                extra = company.unattributed(provider, day, company.settled_at)
                total = sum((row.cost for row in (*rows, *extra)), Decimal(0))
                unattributed += sum((charge.cost for charge in extra), Decimal(0))
                assert company.invoice(provider, day, company.settled_at) == total
        assert unattributed > 0

    def test_nothing_is_known_before_a_day_is_over(self, company):
        for day in company.days:
            assert company.facts("anthropic", day, midnight(day + DAY)) == ()

    def test_a_tenth_of_the_days_comes_late_some_of_them_in_part_first(self, company):
        shares = Counter[str]()
        for provider in PROVIDERS:
            for day in company.days:
                known = company.facts(provider, day, midnight(day + DAY) + timedelta(hours=5))
                full = company.facts(provider, day, midnight(day + 3 * DAY) + timedelta(hours=5))
                late = "on time" if len(known) == len(full) else "part" if known else "absent"
                shares[late] += 1

        assert 0.04 <= (shares["part"] + shares["absent"]) / shares.total() <= 0.17
        assert min(shares["part"], shares["absent"]) > 0

    def test_some_days_are_corrected_later_by_at_most_five_percent(self, company):
        changes = []
        for provider in PROVIDERS:
            for day in company.days:
                delivery = delivery_of(provider, day, company.seed, company.longest_revision_days)
                first = company.invoice(provider, day, delivery.complete_at)
                last = company.invoice(provider, day, company.settled_at)
                changes.append(float(last / first) - 1)

        revised = [change for change in changes if change]
        assert 0.03 <= len(revised) / len(changes) <= 0.14
        assert all(abs(change) <= 0.0501 for change in revised)
        assert min(revised) < 0 < max(revised)

    @settings(max_examples=50, deadline=None)
    @given(hours=st.integers(0, 13 * 7 * 24), provider=st.sampled_from(PROVIDERS))
    def test_every_day_before_the_refresh_is_complete(self, company, hours, provider):
        as_of = midnight(company.start) + timedelta(hours=hours)
        refreshed = company.refreshed_at(provider, as_of)

        assert refreshed <= as_of
        for day in (refreshed.date() + n * DAY for n in range(-3, 1)):
            settled = company.facts(provider, day, company.settled_at)
            if midnight(day + DAY) <= refreshed:
                assert len(company.facts(provider, day, as_of)) == len(settled)
            elif settled:
                assert len(company.facts(provider, day, as_of)) < len(settled)


class TestWork:
    def test_engineers_merge_about_two_changes_a_week(self, company):
        engineers = sum(person.job == "engineering" for person in company.employees)

        assert 1.6 <= len(company.merged_changes) / engineers / 13 <= 2.6

    def test_changes_bear_the_marks_of_ai_in_known_shares(self, company):
        changes = [c for c in company.merged_changes if c.reverts is None]
        agents = [change for change in changes if change.agent_authored]
        marked = [c for c in changes if c.ai_tools and not c.agent_authored]
        alone = [change for change in agents if change.credited_to is None]

        assert 0.30 <= len(marked) / len(changes) <= 0.40
        assert 0.03 <= len(alone) / len(changes) <= 0.07
        assert 0.06 <= (len(agents) - len(alone)) / len(changes) <= 0.10

    def test_more_spend_goes_with_little_more_work(self, company):
        usual = {habit.slack_id: habit.usual_dollars for habit in company.habits}
        work = Counter(change.credited_to for change in company.merged_changes)
        engineers = sorted(
            (
                p.slack_id
                for p in company.employees
                if p.job == "engineering"
                if p.slack_id in usual
            ),
            key=usual.__getitem__,
        )
        third = len(engineers) // 3
        low, high = engineers[:third], engineers[-third:]

        ratio = sum(work[p] for p in high) / sum(work[p] for p in low)
        assert 1.1 <= ratio <= 2.5
        assert sum(usual[p] for p in high) / sum(usual[p] for p in low) > 5

    def test_reverts_name_an_earlier_change_and_lands_again_undo_them(self, company):
        by_number = {change.number: change for change in company.merged_changes}
        reverts = [change for change in company.merged_changes if change.reverts is not None]

        assert 0.004 <= len(reverts) / len(by_number) <= 0.02
        for revert in reverts:
            target = by_number[revert.reverts]
            assert target.merged_at < revert.merged_at
            assert target.reverted is not revert.reverted


@pytest.fixture(scope="module")
def small() -> Company:
    return make_company(people=60, weeks=6, ends=ENDS)


@pytest.fixture(scope="module")
def repository(small, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("work") / "work.git"
    write_repository(small, path)
    return path


class TestRepository:
    def test_is_the_same_every_time(self, small, repository, tmp_path):
        write_repository(small, tmp_path / "again.git")

        assert git(repository, "rev-parse", "main") == git(
            tmp_path / "again.git", "rev-parse", "main"
        )

    def test_has_one_commit_of_the_default_branch_for_each_change(self, small, repository):
        log = git(repository, "log", "--first-parent", "--reverse", "--format=%s", "HEAD")
        first, *subjects = log.splitlines()

        assert first == "Begin"
        assert subjects == [
            f"{change.subject} (#{change.number})"
            if change.style == "squash"
            else f"Merge pull request #{change.number} from example/change-{change.number}"
            for change in small.merged_changes
        ]

    def test_keeps_authors_times_and_trailers(self, small, repository):
        log = git(repository, "log", "--no-merges", "--reverse", "--format=%ae|%cI|%B%x00", "HEAD")
        commits = [commit.strip() for commit in log.split("\0")][1:-1]

        assert len(commits) == len(small.merged_changes)
        for commit, change in zip(commits, small.merged_changes, strict=True):
            email, committed_at, message = commit.split("|", 2)
            assert email == change.author_email
            assert committed_at == change.merged_at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
            assert message.endswith("\n".join(change.trailers))

    def test_reverts_name_the_commit_they_undo(self, small, repository):
        log = git(repository, "log", "--first-parent", "--format=%H|%s", "HEAD")
        numbers = {
            line.split("|")[0]: change.number
            for line, change in zip(log.splitlines(), reversed(small.merged_changes), strict=False)
        }
        bodies = git(repository, "log", "--grep=This reverts commit", "--format=%B%x00", "HEAD")
        undone = sorted(
            numbers[body.split("This reverts commit ")[1][:40]]
            for body in bodies.split("\0")
            if body.strip()
        )

        assert undone == sorted(c.reverts for c in small.merged_changes if c.reverts is not None)
        assert undone

    def test_is_sound(self, repository):
        assert git(repository, "fsck", "--strict") == ""


def git(repository: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
