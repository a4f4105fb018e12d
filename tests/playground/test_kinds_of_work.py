"""Facts about the made-up company's work: each job has its own kinds, and most of it lasts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.company import Company, make_company
from bot.playground.company.courses import Course
from bot.playground.company.delivery import midnight
from bot.playground.company.tasks import project_of
from bot.playground.company.teams import FEWEST_PEOPLE, TEAM_WORDS

ENDS = date(2026, 11, 18)
WEEKS = 13
KEY = re.compile(r"^([A-Z]{3}[0-9]*-[0-9]+) ")


@pytest.fixture(scope="module")
def company() -> Company:
    return make_company(people=200, weeks=WEEKS, ends=ENDS)


def kinds_of_each_job(company: Company) -> dict[str, set[str]]:
    did = [
        *((change.credited_to, "change") for change in company.merged_changes),
        *((task.assignee, "task") for task in company.tasks if task.course.turns),
        *((ticket.assignee, "ticket") for ticket in company.tickets if ticket.course.turns),
        *((page.author, page.kind) for page in company.pages if not page.is_draft),
    ]
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for who, kind in did:
        if who:
            kinds[company.people[who].job].add(kind)
    return kinds


class TestJobs:
    def test_every_job_has_its_own_kinds_of_work(self, company):
        assert kinds_of_each_job(company) == {
            "engineering": {"change", "task"},
            "operations": {"task"},
            "product": {"task", "page", "blogpost"},
            "analytics": {"page", "blogpost"},
            "sales": {"page", "blogpost"},
            "support": {"ticket", "article"},
        }

    @settings(max_examples=5, deadline=None)
    @given(people=st.integers(FEWEST_PEOPLE, 60), seed=st.integers(0, 10**6))
    def test_however_small_the_company_there_is_work_of_four_kinds(self, people, seed):
        company = make_company(people=people, weeks=6, seed=seed, ends=ENDS)

        assert all((company.merged_changes, company.tasks, company.tickets, company.pages))

    def test_support_solves_about_35_tickets_a_week_each(self, company):
        support = sum(person.job == "support" for person in company.employees)

        assert 31 <= len(company.tickets) / support / WEEKS <= 39

    def test_engineers_have_about_one_task_a_week_most_of_them_finished_by_a_change(self, company):
        engineers = {p.slack_id for p in company.employees if p.job == "engineering"}
        named = named_in(company)
        own = [task for task in company.tasks if task.assignee in engineers]

        assert 0.9 <= len(own) / len(engineers) / WEEKS <= 1.5
        assert 0.45 <= sum(task.key in named for task in own) / len(own) <= 0.7

    def test_the_same_seed_gives_the_same_work_and_another_seed_another(self, company):
        again = make_company(people=200, weeks=WEEKS, ends=ENDS)
        other = make_company(people=200, weeks=WEEKS, seed=1, ends=ENDS)

        assert work_of(again) == work_of(company)
        assert all(mine != its for mine, its in zip(work_of(company), work_of(other), strict=True))


def work_of(company: Company) -> tuple[object, ...]:
    return company.merged_changes, company.tasks, company.tickets, company.pages


def named_in(company: Company) -> dict[str, str]:
    """The task that each change names, and whom the change is credited to."""
    found = ((KEY.match(change.subject), change) for change in company.merged_changes)
    return {match[1]: change.credited_to for match, change in found if match}


class TestTasks:
    def test_a_task_that_a_change_names_exists_and_was_done_by_the_same_person(self, company):
        by_key = {task.key: task for task in company.tasks}
        named = named_in(company)

        assert len(named) > 500
        assert {key: by_key[key].assignee for key in named} == named

    def test_a_task_is_finished_when_its_change_is_merged_and_was_opened_before(self, company):
        by_key = {task.key: task for task in company.tasks}
        for change in company.merged_changes:
            if match := KEY.match(change.subject):
                task = by_key[match[1]]
                assert task.course.opened_at < change.opened_at == task.started_at
                assert timedelta() < task.course.turns[0] - change.merged_at <= timedelta(hours=1)
                assert change.subject == f"{task.key} {task.title}"

    def test_keys_are_numbered_in_each_project_without_a_gap(self, company):
        numbers: defaultdict[str, list[int]] = defaultdict(list)
        for task in company.tasks:
            numbers[task.project].append(int(task.key.partition("-")[2]))

        assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
        assert len({task.key for task in company.tasks}) == len(company.tasks)

    def test_every_teams_project_has_a_key_of_its_own(self):
        teams = [name for words in TEAM_WORDS.values() for name in words.split()]
        teams += [f"{name}-2" for name in teams]

        assert len({project_of(team) for team in teams}) == len(teams)

    def test_some_are_dropped_some_nobodys_and_some_automated(self, company):
        shares, under_way = Counter[str](), midnight(company.end) - timedelta(weeks=4)
        old = [task for task in company.tasks if task.course.opened_at < under_way]
        for task in old:
            shares["dropped"] += task.resolution == "Won't Do"
            shares["automated"] += task.by_automation
            shares["nobody's"] += task.assignee is None and not task.by_automation
            shares["unfinished"] += not task.course.turns

        assert min(shares.values()) > 0
        assert max(shares.values()) / len(old) < 0.06


class TestTickets:
    def test_a_twenty_fifth_is_reopened_and_most_of_that_is_solved_again(self, company):
        turns = Counter(len(ticket.course.turns) for ticket in company.tickets)

        assert 0.03 <= (turns[2] + turns[3]) / turns.total() <= 0.05
        assert 0.55 <= turns[3] / (turns[2] + turns[3]) <= 0.85

    def test_triggers_solve_a_few_and_spam_is_never_solved(self, company):
        by_triggers = [t for t in company.tickets if not t.assignee and not t.is_spam]
        spam = [ticket for ticket in company.tickets if ticket.is_spam]

        assert 0.01 <= len(by_triggers) / len(company.tickets) <= 0.03
        assert spam
        assert not any(ticket.course.turns for ticket in spam)

    def test_weeks_differ_more_than_by_chance(self, company):
        weeks = Counter(
            (ticket.assignee, ticket.course.turns[0].isocalendar().week)
            for ticket in company.tickets
            if ticket.assignee and ticket.course.turns
        )
        mean = weeks.total() / len(weeks)
        variance = sum((count - mean) ** 2 for count in weeks.values()) / len(weeks)

        assert variance > 2 * mean


class TestTheEnd:
    def test_nothing_happens_after_the_last_week(self, company):
        end = midnight(company.end)
        courses = [work.course for work in (*company.tasks, *company.tickets)]

        assert all(at < end for course in courses for at in (course.opened_at, *course.turns))
        assert all(page.published_at < end for page in company.pages)

    def test_some_work_of_each_kind_is_too_young_to_have_settled(self, company):
        young = midnight(company.end) - timedelta(days=6)

        assert any(change.merged_at > young for change in company.merged_changes)
        assert any(task.course.changed_at > young for task in company.tasks)
        assert any(ticket.course.changed_at > young for ticket in company.tickets)
        assert any(page.published_at > young for page in company.pages)


@given(
    opened=st.datetimes(datetime(2026, 1, 1), datetime(2026, 6, 1)),  # noqa: DTZ001
    waits=st.lists(st.integers(1, 10**6), max_size=5),
    looked=st.integers(0, 5 * 10**6),
)
def test_a_course_is_finished_or_was_taken_up_again_but_not_both(opened, waits, looked):
    turns = tuple(opened + timedelta(seconds=sum(waits[: n + 1])) for n in range(len(waits)))
    known = Course(opened_at=opened, turns=turns).until(opened + timedelta(seconds=looked))

    assert known.is_finished == (known.completed_at == known.changed_at)
    assert (known.reopened_at is None) == (known.is_finished or not known.turns)
    assert known.turns == turns[: len(known.turns)]
