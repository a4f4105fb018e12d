"""Facts about the weeks ahead: they change nothing of what was, and nobody tells of them."""

from __future__ import annotations

import subprocess
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.company import TOOLS, Company, Repository, make_company, write_repository
from bot.playground.company.delivery import midnight
from bot.playground.company.people import PROVIDERS
from bot.playground.company.teams import FEWEST_PEOPLE

ENDS = date(2026, 11, 18)
TODAY = date(2026, 11, 16)
DAY = timedelta(days=1)


def made(**changes) -> Company:
    return make_company(**{"people": 40, "weeks": 3, "ends": ENDS} | changes)


@pytest.fixture(scope="module")
def company() -> Company:
    """Fourteen weeks are over, and thirteen to come."""
    return made(people=60, weeks=6, weeks_before=8, weeks_ahead=13)


class TestTheCalendar:
    def test_the_bot_comes_after_the_weeks_before_and_the_weeks_ahead_follow_today(self, company):
        weeks = timedelta(weeks=1)

        assert company.closed_until == TODAY
        assert company.installed_on == TODAY - 6 * weeks
        assert company.start == TODAY - 14 * weeks
        assert company.end == TODAY + 13 * weeks

    def test_without_more_weeks_all_begins_with_the_bot_and_ends_today(self):
        company = made()

        assert company.start == company.installed_on
        assert company.end == company.closed_until == TODAY

    @pytest.mark.parametrize("weeks", ["weeks_before", "weeks_ahead"])
    def test_weeks_are_not_counted_backwards(self, weeks):
        with pytest.raises(ValueError, match="from 0 on"):
            made(**{weeks: -1})


class TestWhatWas:
    @settings(max_examples=10, deadline=None)
    @given(
        people=st.integers(FEWEST_PEOPLE, 60),
        seed=st.integers(0, 10**6),
        weeks_before=st.integers(0, 9),
        weeks_ahead=st.integers(1, 30),
    )
    def test_weeks_ahead_change_nothing_of_it(self, people, seed, weeks_before, weeks_ahead):
        known = {"people": people, "seed": seed, "weeks_before": weeks_before}
        short, long = made(**known), made(**known, weeks_ahead=weeks_ahead)

        assert long.employees == short.employees
        assert long.directory == short.directory
        assert use_of(long, short.end) == use_of(short, short.end)
        assert work_of(long, short.end) == work_of(short, short.end)

    def test_weeks_before_bring_in_nobody_else_and_change_no_work(self):
        short, long = made(), made(weeks_before=2)
        merged = {(change.author_email, change.merged_at) for change in long.merged_changes}
        published = {(page.author, page.title, page.published_at) for page in long.pages}

        assert long.employees == short.employees
        assert {(c.author_email, c.merged_at) for c in short.merged_changes} <= merged
        assert {(p.author, p.title, p.published_at) for p in short.pages} <= published


def use_of(company: Company, until: date, first: date | None = None) -> list[object]:
    """All that anybody tells of the days up to *until*."""
    days = [day for day in company.days if (first or company.start) <= day < until]
    settled = midnight(until) + timedelta(days=30)
    return [
        *(company.facts(provider, day, settled) for provider in PROVIDERS for day in days),
        *(company.unattributed(provider, day, settled) for provider in PROVIDERS for day in days),
        *(company.tool_facts(tool, day, settled) for tool in TOOLS for day in days),
    ]


def work_of(company: Company, until: date) -> tuple[object, ...]:
    """All that was done by *until*, as it was known then."""
    now = midnight(until)
    merged = [change for change in company.merged_changes if change.merged_at < now]
    return (
        [(c.number, c.subject, c.merged_at, c.author_email, c.trailers, c.reverts) for c in merged],
        [(task.key, task.number, task.assignee, task.course.until(now)) for task in company.tasks
         if task.course.opened_at < now],
        [(ticket.number, ticket.assignee, ticket.course.until(now)) for ticket in company.tickets
         if ticket.course.opened_at < now],
        [page for page in company.pages if page.published_at < now],
    )  # fmt: skip


class TestWhatIsToCome:
    def test_there_is_use_and_work_of_every_kind_in_the_last_week_of_all(self, company):
        last = company.end - timedelta(days=7)

        assert all(use_of(company, company.end, first=last)[: 2 * 7 : 7])
        assert max(change.merged_at for change in company.merged_changes) > midnight(last)
        assert max(task.course.changed_at for task in company.tasks) > midnight(last)
        assert max(ticket.course.changed_at for ticket in company.tickets) > midnight(last)
        assert max(page.published_at for page in company.pages) > midnight(last)

    @settings(max_examples=50, deadline=None)
    @given(hours=st.integers(0, 27 * 7 * 24))
    def test_nobody_knows_of_a_day_that_is_not_over(self, company, hours):
        now = midnight(company.start) + timedelta(hours=hours)
        running = now.date()

        for provider in PROVIDERS:
            assert company.facts(provider, running, now) == ()
            assert company.unattributed(provider, running, now) == ()
        assert not any(company.tool_facts(tool, running, now) for tool in TOOLS)


class TestTheRepository:
    def test_has_only_what_is_merged_by_then(self, company, tmp_path):
        repository = Repository(company, tmp_path / "work.git")
        moments = [midnight(TODAY) + timedelta(weeks=n, hours=14) for n in (-14, -3, 0, 1)]

        for now in moments:
            repository.grow(now)
            merged = [change for change in company.merged_changes if change.merged_at <= now]
            times = [datetime.fromisoformat(time) for time in times_of_commits(tmp_path)]
            assert len(times) == 1 + len(merged)
            assert max(times) <= now

    def test_is_the_same_however_often_it_grew(self, company, tmp_path):
        write_repository(company, tmp_path / "at-once.git")
        grown = Repository(company, tmp_path / "grown.git")
        for week in range(27):
            grown.grow(midnight(company.start) + timedelta(weeks=week + 1))

        heads = [git(tmp_path / name, "rev-parse", "main") for name in ("at-once.git", "grown.git")]
        assert heads[0] == heads[1]
        assert git(tmp_path / "grown.git", "fsck", "--strict") == ""

    def test_reverts_name_commits_that_were_there_before(self, company, tmp_path):
        repository = Repository(company, tmp_path / "work.git")
        reverts = [change for change in company.merged_changes if change.reverts is not None]
        assert reverts

        for change in reverts:
            repository.grow(change.merged_at - timedelta(seconds=1))
            repository.grow(change.merged_at)
            body = git(tmp_path / "work.git", "log", "-1", "--format=%b", "main")
            undone = body.split("reverts commit ")[1][:40]
            subject = git(tmp_path / "work.git", "log", "-1", "--format=%s", undone)
            assert f"#{change.reverts}" in subject

    def test_where_nothing_is_new_it_is_left_alone(self, company, tmp_path):
        path = tmp_path / "work.git"
        repository = Repository(company, path)
        repository.grow(midnight(TODAY))
        before = [(file, file.stat().st_mtime_ns) for file in sorted(path.rglob("*"))]

        repository.grow(midnight(TODAY))

        assert [(file, file.stat().st_mtime_ns) for file in sorted(path.rglob("*"))] == before


def times_of_commits(folder: Path) -> list[str]:
    log = git(folder / "work.git", "log", "--first-parent", "--format=%cI", "main")
    return log.split()


def git(repository: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
