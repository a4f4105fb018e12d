"""Which teams there are, who leads them, and where they are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.home_teams import next_monday
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek
from bot.domain.teams import ChannelProblem, HomeTeam, Membership, TeamSource
from db.people import PeopleStore
from db.teams import TeamStore
from tests.factories import (
    MONDAY,
    NOON,
    enroll,
    join_teams,
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


class TestManagers:
    async def test_lead_at_once_and_no_longer_at_once(self, teams, people):
        lead = make_membership("ada", role="manager")
        await teams.sync(FILE, [make_team()], [lead], today=WEDNESDAY)
        assert await _names(teams, people["UADA"]) == ["Compilers"]

        await teams.sync(FILE, [make_team()], [], today=WEDNESDAY)
        assert await _names(teams, people["UADA"]) == []

    async def test_are_named_to_admins_but_for_those_who_left(self, teams, people, database):
        leads = [make_membership(name, role="manager") for name in ("bob", "ada")]
        await teams.sync(FILE, [make_team()], leads, today=WEDNESDAY)
        await PeopleStore(database).sync([make_member("bob")], today=NOON.date())

        [listing] = await teams.listings(WEDNESDAY)
        assert listing.managers == ("UBOB",)

    async def test_who_are_the_only_members_can_be_set_up(self, teams, people):
        both = [make_membership("ada", role=role) for role in ("member", "manager")]
        await teams.sync(FILE, [make_team()], both, today=WEDNESDAY - A_WEEK)

        [listing] = await teams.listings(WEDNESDAY)
        assert listing.managers == ("UADA",)
        assert await _names(teams, people["UADA"]) == ["Compilers"]


class TestATeam:
    async def test_ends_with_the_week_in_which_its_source_has_it_no_more(self, sync, teams, people):
        await sync(today=WEDNESDAY - A_WEEK, Compilers=["ada"], Parsers=["bob"])

        await sync(Parsers=["bob"])

        assert [team.name for team in await teams.all()] == ["Parsers"]
        assert [team.name for team in await teams.ending(WEDNESDAY)] == ["Compilers"]
        assert await _names(teams, people["UADA"], WEDNESDAY) == ["Compilers"]
        weeks = [IsoWeek.of(MONDAY), IsoWeek.of(NEXT_MONDAY)]
        assert [len(await teams.of_week(week)) for week in weeks] == [2, 1]

    async def test_that_ended_can_be_read_by_those_who_were_in_it(self, teams, people):
        lead = make_membership("bob", role="manager")
        [gone, _] = await join_teams(
            teams._database, [make_team(), make_team("A")], [make_membership("ada"), lead]
        )
        await teams.sync(FILE, [make_team("A")], [make_membership("ada", "A")], today=WEDNESDAY)

        assert await _names(teams, people["UADA"], NEXT_MONDAY) == ["A", "Compilers"]
        assert await _names(teams, people["UBOB"], NEXT_MONDAY) == ["Compilers"]
        assert await _names(teams, people["UCYD"], NEXT_MONDAY) == []
        assert gone.ended_on is None

    async def test_that_one_left_before_is_none_of_ones_own(self, sync, teams, people):
        await sync(today=WEDNESDAY - 3 * A_WEEK, Compilers=["ada"])
        await sync(today=WEDNESDAY - 2 * A_WEEK, Compilers=[])
        await sync()

        assert await _names(teams, people["UADA"], NEXT_MONDAY) == []

    async def test_that_comes_back_is_the_same_one(self, sync, teams, home):
        await sync(today=WEDNESDAY - A_WEEK, Compilers=["ada"])
        [before] = await teams.all()
        await sync()

        changes = await sync(today=THURSDAY, Compilers=["ada"])

        assert [team.id for team in await teams.all()] == [before.id]
        assert told(changes) == {"Compilers": (0, 0)}
        assert await home("ada", NEXT_MONDAY) == ("Compilers", "Compilers")

    async def test_that_comes_back_has_its_managers_again(self, teams, people):
        lead = make_membership("ada", role="manager")
        for members in ([lead], [], [lead]):
            listed = [make_team()] if members else []
            await teams.sync(FILE, listed, members, today=WEDNESDAY)

        assert [listing.managers for listing in await teams.listings(WEDNESDAY)] == [("UADA",)]

    async def test_is_changed_by_its_name(self, teams, people):
        await teams.sync(FILE, [make_team()], [], today=WEDNESDAY)
        [before] = await teams.all()

        await teams.sync(
            FILE, [make_team(channel="C9", time_zone="Asia/Tokyo")], [], today=THURSDAY
        )

        [after] = await teams.all()
        assert after == replace(before, channel="C9", time_zone="Asia/Tokyo")

    async def test_of_the_file_is_not_changed_by_another_source(self, teams, people):
        await teams.sync(FILE, [make_team()], [make_membership("ada")], today=MONDAY)
        [before] = await teams.all()

        mine = make_team(channel="C666", group="S1")
        changes = await teams.put(GROUP, [mine], [by_id("UBOB", "Compilers")], today=MONDAY)

        assert await teams.all() == [before]
        assert told(changes) == {}

    async def test_is_the_files_once_the_file_names_it(self, teams, people, home):
        mine = make_team(group="S1")
        await teams.put(GROUP, [mine], [by_id("UBOB", "Compilers")], today=MONDAY)

        await teams.sync(FILE, [make_team()], [make_membership("ada")], today=MONDAY)

        [team] = await teams.all()
        assert (team.source, team.group) == (FILE, None)
        assert await home("bob", NEXT_MONDAY) == (None, None)

    async def test_may_be_empty(self, sync, teams):
        assert await sync(Compilers=[]) == []
        assert [team.name for team in await teams.all()] == ["Compilers"]

    @pytest.mark.parametrize("name", ["🎉", 'the "A" team', "x" * 5_000, "a'; DROP TABLE teams;--"])
    async def test_may_be_called_anything(self, teams, people, name):
        await teams.sync(FILE, [make_team(name)], [make_membership("ada", name)], today=MONDAY)

        assert [team.name for team in await teams.all()] == [name]

    async def test_that_is_named_twice_is_one(self, teams, people):
        await teams.sync(FILE, [make_team(), make_team()], [], today=MONDAY)

        assert len(await teams.all()) == 1


class TestPuttingOneMore:
    async def test_leaves_the_others_of_its_source_as_they_are(self, teams, people, home):
        for name, who in (("A", "UADA"), ("B", "UBOB"), ("A", "UADA")):
            await teams.put(GROUP, [make_team(name)], [by_id(who, name)], today=MONDAY)

        assert [(t.name, t.position) for t in await teams.all()] == [("A", 0), ("B", 1)]
        assert await home("ada", NEXT_MONDAY) == ("A", "A")

    async def test_replaces_who_is_in_it(self, teams, people, home):
        for who in ("UADA", "UBOB"):
            await teams.put(GROUP, [make_team("A")], [by_id(who, "A")], today=MONDAY)

        homes = [await home(name, NEXT_MONDAY) for name in ("ada", "bob")]
        assert homes == [(None, None), ("A", "A")]


class TestGroupsReadAgain:
    @pytest.fixture
    async def group(self, teams, people):
        lead = by_id("UDAN", role="manager")
        await teams.put(
            GROUP, [make_team("Group", group="S1")], [by_id("UADA"), lead], today=MONDAY
        )
        [group] = await teams.all()
        return group

    async def test_change_the_members_and_not_who_leads_them(self, teams, group, home):
        changes = await teams.relist({group.id: {"UBOB", "UGUEST"}}, today=NEXT_MONDAY)

        assert told(changes) == {"Group": (1, 1)}
        assert await home("bob", NEXT_MONDAY) == (None, "Group")
        [listing] = await teams.listings(NEXT_MONDAY)
        assert (listing.managers, listing.joining, listing.leaving) == (("UDAN",), 1, 1)

    async def test_end_a_team_with_the_week(self, teams, group, home):
        changes = await teams.relist({}, ended=[group.id], today=NEXT_MONDAY + 2 * A_DAY)

        assert told(changes) == {"Group": (0, 1)}
        assert await home("ada", NEXT_MONDAY) == ("Group", None)
        [listing] = await teams.listings(NEXT_MONDAY)
        assert listing.team.ended_on == NEXT_MONDAY + A_WEEK
        assert await teams.listings(NEXT_MONDAY + A_WEEK) == []


class TestChannels:
    @pytest.fixture
    async def two(self, teams, people):
        await teams.sync(
            FILE, [make_team("A", channel="C1"), make_team("B", channel="C2")], [], today=MONDAY
        )

    async def problems(self, teams) -> list[str | None]:
        return [team.channel_problem for team in await teams.all()]

    async def test_keep_what_is_against_posting_in_them(self, teams, two):
        await teams.note_channels({"C2": ChannelProblem.SHARED, "C9": ChannelProblem.GONE})
        assert await self.problems(teams) == [None, "shared"]

        await teams.note_channels({"C2": None})
        assert await self.problems(teams) == [None, None]

    async def test_keep_it_only_for_as_long_as_they_are_the_same(self, teams, two):
        await teams.note_channels(dict.fromkeys(("C1", "C2"), ChannelProblem.NOT_IN))

        moved = [make_team("A", channel="C1"), make_team("B", channel="C7")]
        await teams.sync(FILE, moved, [], today=MONDAY)

        assert await self.problems(teams) == ["not_in", None]


async def _names(teams: TeamStore, person: PersonId, today: date = WEDNESDAY) -> list[str]:
    return [team.name for team in await teams.of_person(person, today)]


async def test_two_thousand_teams_come_and_go(teams, database):
    names = [f"p{number}" for number in range(2_000)]
    await PeopleStore(database).sync([make_member(name) for name in names], today=NOON.date())
    wished = [make_team(f"Team {number}", channel=f"C{number}") for number in range(2_000)]
    members = [make_membership(name, f"Team {n}") for n, name in enumerate(names)]

    assert len(await teams.sync(FILE, wished, members, today=MONDAY)) == 2_000
    assert await teams.sync(FILE, wished, members, today=NEXT_MONDAY) == []
    assert len(await teams.sync(FILE, [], [], today=NEXT_MONDAY)) == 2_000
    assert next_monday(NEXT_MONDAY) == NEXT_MONDAY + A_WEEK
