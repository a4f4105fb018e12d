"""Who counts where, from which Monday on, and what of it was taken back before."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.domain.teams import HomeTeam, Membership, TeamSource
from db.people import PeopleStore
from db.teams import TeamStore
from tests.factories import (
    MONDAY,
    NOON,
    enroll,
    make_member,
    make_membership,
    make_team,
)

FILE, IMPORT, GROUP = TeamSource
WEDNESDAY = MONDAY + timedelta(days=2)
THURSDAY = MONDAY + timedelta(days=3)
NEXT_MONDAY = MONDAY + timedelta(days=7)
A_DAY = timedelta(days=1)
A_WEEK = timedelta(weeks=1)


@pytest.fixture
def teams(database):
    return TeamStore(database)


@pytest.fixture
async def people(database):
    return {person.slack_user_id: person.id for person in await enroll(database, *NAMES)}


NAMES = ("ada", "bob", "cyd", "dan")


@pytest.fixture
def sync(teams, people):
    """Makes these the file's teams, each with its people: Compilers=["ada"]."""

    async def sync(today: date = WEDNESDAY, **lists: list[str]):
        members = [make_membership(who, team) for team, listed in lists.items() for who in listed]
        return await teams.sync(FILE, [make_team(name) for name in lists], members, today=today)

    return sync


@pytest.fixture
def home(teams, people):
    """The names of the teams that somebody counts in on a day, and in the week after it."""

    async def home(name: str, today: date = WEDNESDAY) -> tuple[str | None, str | None]:
        now, later = await teams.home_of(people[f"U{name.upper()}"], today)
        return _name(now), _name(now if later is None else later)

    return home


def _name(home: HomeTeam) -> str | None:
    return None if home.team is None else home.team.name


def told(changes) -> dict[str, tuple[int, int]]:
    return {change.team.name: (change.joining, change.leaving) for change in changes}


def by_id(slack_user: str, team: str = "Group", role: str = "member") -> Membership:
    return Membership(team=team, role=role, slack_user_id=slack_user)


class TestAMembership:
    async def test_begins_with_the_next_week_also_the_very_first(self, sync, home):
        changes = await sync(Compilers=["ada", "bob"])

        assert told(changes) == {"Compilers": (2, 0)}
        assert {change.from_day for change in changes} == {NEXT_MONDAY}
        assert await home("ada") == (None, "Compilers")
        assert await home("ada", NEXT_MONDAY) == ("Compilers", "Compilers")

    async def test_of_a_monday_begins_a_week_later(self, sync, home):
        await sync(today=MONDAY, Compilers=["ada"])

        assert await home("ada", MONDAY + 6 * A_DAY) == (None, "Compilers")
        assert await home("ada", NEXT_MONDAY) == ("Compilers", "Compilers")

    async def test_ends_with_the_week(self, sync, home):
        await sync(today=WEDNESDAY - A_WEEK, Compilers=["ada", "bob"])

        changes = await sync(Compilers=["bob"])

        assert told(changes) == {"Compilers": (0, 1)}
        assert await home("ada") == ("Compilers", None)
        assert await home("ada", NEXT_MONDAY) == (None, None)

    async def test_goes_over_into_another_team_without_a_gap(self, sync, home):
        await sync(today=WEDNESDAY - A_WEEK, Compilers=["ada"], Parsers=["bob"])

        changes = await sync(Compilers=[], Parsers=["ada", "bob"])

        assert told(changes) == {"Compilers": (0, 1), "Parsers": (1, 0)}
        assert await home("ada") == ("Compilers", "Parsers")

    async def test_that_is_taken_back_before_its_monday_never_was(self, sync, home, database):
        await sync(Compilers=["ada", "bob"])

        changes = await sync(today=THURSDAY, Compilers=["bob"])

        assert told(changes) == {"Compilers": (1, 0)}
        assert await home("ada", NEXT_MONDAY) == (None, None)
        async with database.for_jobs() as connection:
            kept = await connection.scalars(text("SELECT person_id FROM team_members"))
        assert len(set(kept)) == 1

    async def test_whose_end_is_taken_back_goes_on(self, sync, home, teams, people):
        await sync(today=WEDNESDAY - A_WEEK, Compilers=["ada"])
        await sync(Compilers=[])

        changes = await sync(today=THURSDAY, Compilers=["ada"])

        assert told(changes) == {"Compilers": (0, 0)}
        assert await teams.waiting(THURSDAY) == []
        assert await home("ada", NEXT_MONDAY) == ("Compilers", "Compilers")
        now, _ = await teams.home_of(people["UADA"], NEXT_MONDAY)
        assert now.since == MONDAY

    async def test_to_and_fro_within_a_week_changes_nothing(self, sync, home, teams):
        await sync(today=WEDNESDAY - A_WEEK, Compilers=["ada"], Parsers=["bob"])
        for day in range(2):
            await sync(today=MONDAY + day * A_DAY, Compilers=[], Parsers=["bob", "ada"])
            await sync(today=MONDAY + day * A_DAY, Compilers=["ada"], Parsers=["bob"])

        assert await home("ada") == ("Compilers", "Compilers")
        assert await teams.waiting(WEDNESDAY) == []

    async def test_is_told_of_for_as_long_as_it_waits(self, sync, teams):
        await sync(Compilers=["ada"])

        assert told(await sync(today=THURSDAY, Compilers=["ada"])) == {}
        assert told(await teams.waiting(THURSDAY)) == {"Compilers": (1, 0)}
        assert await teams.waiting(NEXT_MONDAY) == []

    async def test_ends_with_the_week_in_which_somebody_leaves(self, sync, home, database):
        await sync(today=WEDNESDAY - A_WEEK, Compilers=["ada", "bob"])
        await PeopleStore(database).sync([make_member("bob")], today=NOON.date())

        assert told(await sync(Compilers=["ada", "bob"])) == {"Compilers": (0, 1)}
        assert await home("ada", NEXT_MONDAY) == (None, None)

    async def test_is_nobodys_whom_the_directory_does_not_know(self, sync, teams):
        changes = await sync(Compilers=["ada", "nobody"])

        assert told(changes) == {"Compilers": (1, 0)}

    async def test_says_when_it_ended(self, sync, teams, people):
        await sync(today=WEDNESDAY - A_WEEK, Compilers=["ada"])
        await sync(Compilers=[])

        now, later = await teams.home_of(people["UADA"], WEDNESDAY)
        assert (now.since, later) == (MONDAY, HomeTeam(team=None, since=NEXT_MONDAY))
        after, nothing = await teams.home_of(people["UADA"], NEXT_MONDAY + A_WEEK)
        assert (after, nothing) == (HomeTeam(team=None, since=NEXT_MONDAY), None)

    async def test_of_nobody_ever_is_from_ever(self, teams, people):
        assert await teams.home_of(people["UADA"], MONDAY) == (
            HomeTeam(team=None, since=date.min),
            None,
        )


class TestOneHome:
    async def test_is_the_first_of_five(self, sync, home):
        await sync(**{name: ["ada", "bob"] for name in "EDCBA"})

        assert await home("ada") == (None, "E")

    async def test_follows_the_order_of_the_file(self, sync, home):
        await sync(today=WEDNESDAY - A_WEEK, A=["ada"], B=["ada"])

        changes = await sync(B=["ada"], A=["ada"])

        assert told(changes) == {"A": (0, 1), "B": (1, 0)}
        assert await home("ada") == ("A", "B")

    async def test_is_decided_over_all_sources_together(self, sync, home, teams):
        await teams.put(GROUP, [make_team("Group")], [by_id("UADA"), by_id("UBOB")], today=MONDAY)
        await teams.put(
            IMPORT, [make_team("Pasted")], [make_membership("bob", "Pasted")], today=MONDAY
        )

        await sync(today=MONDAY, Compilers=["ada"])

        homes = [await home(name, NEXT_MONDAY) for name in ("ada", "bob")]
        assert homes == [("Compilers", "Compilers"), ("Pasted", "Pasted")]

    async def test_falls_back_to_the_next_source(self, sync, home, teams):
        await teams.put(GROUP, [make_team("Group")], [by_id("UADA")], today=MONDAY)
        await sync(today=MONDAY, Compilers=["ada"])

        await sync(today=NEXT_MONDAY)

        assert await home("ada", NEXT_MONDAY) == ("Compilers", "Group")

    async def test_changes_with_the_order_of_teams(self, home, teams, people):
        both = [by_id("UADA", name) for name in ("A", "B")]
        await teams.put(GROUP, [make_team("A"), make_team("B")], both, today=MONDAY)
        first, second = await teams.all()

        changes = await teams.reorder([second.id, first.id], today=NEXT_MONDAY)

        assert [team.name for team in await teams.all()] == ["B", "A"]
        assert told(changes) == {"A": (0, 1), "B": (1, 0)}
        assert await home("ada", NEXT_MONDAY) == ("A", "B")

    async def test_of_a_manager_is_not_the_team_that_is_led(self, teams, people, home):
        lead = make_membership("ada", role="manager")
        await teams.sync(FILE, [make_team()], [lead], today=MONDAY)

        assert await home("ada", NEXT_MONDAY) == (None, None)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
    @given(data=st.data())
    async def test_never_is_two_whatever_happens_when(self, database, people, data):
        teams, today = TeamStore(database), data.draw(st.dates(MONDAY, MONDAY + 900 * A_DAY))
        async with database.for_jobs() as connection:
            await connection.execute(text("DELETE FROM team_members"))
        some = st.lists(st.sampled_from(NAMES), unique=True)
        for _ in range(data.draw(st.integers(1, 6))):
            today += data.draw(st.integers(0, 9)) * A_DAY
            source, names = (
                data.draw(st.sampled_from([FILE, GROUP])),
                data.draw(st.lists(st.sampled_from("ABC"), unique=True)),
            )
            prefix = source.value
            listed = [
                make_membership(who, f"{prefix} {name}")
                for name in names
                for who in data.draw(some)
            ]
            wished = [make_team(f"{prefix} {name}") for name in names]
            await teams.sync(source, wished, listed, today=today)
        async with database.for_jobs() as connection:
            rows = (await connection.execute(text(
                "SELECT person_id, valid_from, valid_to FROM team_members"
                " WHERE role = 'member' ORDER BY person_id, valid_from"
            ))).all()  # fmt: skip
        for before, after in itertools.pairwise(rows):
            assert before.person_id != after.person_id or before.valid_to <= after.valid_from
        for row in rows:
            assert row.valid_from < row.valid_to
            assert {day.weekday() for day in row[1:] if day != date.max} <= {0}
