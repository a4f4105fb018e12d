"""People come from Slack; teams from the operator's file and from user groups."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import SetClock
from bot.domain.audit import Action
from bot.domain.health import DIRECTORY
from bot.domain.teams import ChannelProblem, Membership, TeamSource
from bot.errors import (
    ChannelsUnreadableError,
    GroupsUnreadableError,
    SettingsError,
    SourceUnavailableError,
)
from bot.services.directory import DirectorySync
from bot.services.team_news import TeamNews
from bot.services.team_upkeep import TeamUpkeep, read_file
from db.audit import AuditStore
from db.deliveries import DeliveryStore
from db.health import HealthStore
from db.people import PeopleStore
from db.teams import TeamStore
from tests.factories import NOON, make_member, make_message, make_team
from tests.fakes import FakeChannels, FakeDirectory, FakeUserGroups, RealTime

HEADER = "team,channel,time_zone,email,role\n"
TODAY = NOON.date()
A_MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)
MONDAY = TODAY + 5 * A_DAY
MEMBERS = [make_member("ada"), make_member("bob")]


class Night:
    """Everything that the directory's sync is made of; every night is one ``run``."""

    def __init__(self, database) -> None:
        self.teams = TeamStore(database)
        self.people = PeopleStore(database)
        self.deliveries = DeliveryStore(database, lease=A_MINUTE, settle=A_MINUTE)
        self.audit = AuditStore(database)
        self.health = HealthStore(database)
        self.clock = SetClock(NOON)
        self.real = RealTime()
        self.directory = FakeDirectory(MEMBERS)
        self.groups = FakeUserGroups()
        self.channels = FakeChannels()
        self.file = None

    async def run(self, *, later: timedelta = timedelta(0)) -> int:
        self.clock.move_to(self.clock.now() + later)
        news = TeamNews(
            teams=self.teams,
            deliveries=self.deliveries,
            audit=self.audit,
            clock=self.clock,
            render_changed=lambda change: make_message(
                f"{change.team.name} +{change.joining} -{change.leaving} {change.from_day}"
            ),
            render_ended=lambda team: make_message(f"{team.name} ends {team.ended_on}"),
        )
        upkeep = TeamUpkeep(
            teams=self.teams,
            teams_file=self.file,
            groups=self.groups,
            channels=self.channels,
            audit=self.audit,
            news=news,
            clock=self.clock,
        )
        return await DirectorySync(
            directory=self.directory,
            people=self.people,
            upkeep=upkeep,
            health=self.health,
            clock=self.clock,
            real_now=self.real.now,
        ).run()

    async def group(self, name: str = "Data", **changes: object) -> None:
        """A team that an admin made of a user group."""
        team = make_team(name, **{"group": "SDATA", "channel": "CDATA", **changes})
        listed = [Membership(team=name, role="member", slack_user_id="UADA")]
        await self.teams.put(TeamSource.GROUP, [team], listed, today=self.clock.now().date())

    async def told(self) -> list[tuple[str, str]]:
        """What waits for channels."""
        real_now, far = self.real.now(), NOON + timedelta(days=900)
        return [(d.channel, d.message.text) for d in await self.deliveries.claim(99, far, real_now)]

    async def trouble(self) -> str | None:
        return (await self.health.sources())[DIRECTORY].last_error


@pytest.fixture
def night(database):
    return Night(database)


@pytest.fixture
def write(night, tmp_path):
    def write(*rows: str) -> None:
        night.file = tmp_path / "teams.csv"
        night.file.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")

    return write


class TestPeople:
    async def test_are_known_afterwards(self, night):
        assert await night.run() == 2

        assert await night.people.count() == 2

    async def test_stay_known_when_slack_fails(self, night):
        await night.run()
        night.directory = FakeDirectory(failing=SourceUnavailableError())

        with pytest.raises(SourceUnavailableError):
            await night.run()

        assert await night.people.count() == 2
        assert await night.health.resting(night.real.now()) == frozenset({DIRECTORY})

    async def test_let_the_rest_end_when_it_works_again(self, night):
        night.directory = FakeDirectory(failing=SourceUnavailableError())
        with pytest.raises(SourceUnavailableError):
            await night.run()

        night.directory = FakeDirectory([])
        await night.run()

        assert await night.health.resting(night.real.now()) == frozenset()
        assert await night.trouble() is None


class TestTheTeamsFile:
    async def test_says_who_counts_where_from_next_monday_on(self, night, write):
        write("Compilers,C1,UTC,ada@example.com,member")

        await night.run()

        ada = await night.people.find("UADA")
        now, later = await night.teams.home_of(ada.id, TODAY)
        assert (now.team, later.team.name, later.since) == (None, "Compilers", MONDAY)

    async def test_may_begin_with_a_mark_of_its_encoding(self, tmp_path):
        file = tmp_path / "teams.csv"
        row = "Compilers,C1,UTC,ada@example.com,member\n"
        file.write_text(f"\N{ZERO WIDTH NO-BREAK SPACE}{HEADER}{row}", encoding="utf-8")

        assert [team.name for team in read_file(file).teams] == ["Compilers"]

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (None, "cannot be read"),
            (b"nonsense", "columns"),
            (b"\xff\xfe", "not CSV in UTF-8"),
            (f"{HEADER}Compilers,C1,UTC,ada@example.com,boss\n".encode(), "line 2"),
        ],
    )
    async def test_that_cannot_be_used_is_told_of_when_all_else_is_done(
        self, night, tmp_path, content, said
    ):
        night.file = tmp_path / "teams.csv"
        if content is not None:
            night.file.write_bytes(content)
        night.groups = FakeUserGroups({"SDATA": {"UADA", "UBOB"}})
        await night.people.sync(MEMBERS, today=TODAY)
        await night.group()

        with pytest.raises(SettingsError, match=said):
            await night.run()

        assert said in (await night.trouble() or "")
        [change] = await night.teams.waiting(TODAY)
        assert change.joining == 2

    async def test_that_is_not_set_leaves_teams_as_they_are(self, night, write):
        write("Compilers,C1,UTC,ada@example.com,member")
        await night.run()
        night.file = None

        await night.run(later=A_DAY)

        assert [team.name for team in await night.teams.all()] == ["Compilers"]


class TestUserGroups:
    @pytest.fixture(autouse=True)
    async def people(self, night):
        await night.people.sync(MEMBERS, today=TODAY)

    async def test_are_read_again_each_night(self, night):
        await night.group()
        night.groups = FakeUserGroups({"SDATA": {"UBOB", "UGUEST"}})

        await night.run()

        bob = await night.people.find("UBOB")
        assert (await night.teams.home_of(bob.id, MONDAY))[0].team.name == "Data"

    async def test_that_are_no_teams_are_not_asked_for(self, night):
        night.groups = FakeUserGroups(failing=GroupsUnreadableError("missing_scope"))

        await night.run()

        assert await night.trouble() is None

    @pytest.mark.parametrize(
        "failing", [GroupsUnreadableError("missing_scope"), SourceUnavailableError("no answer")]
    )
    async def test_that_cannot_be_read_keep_their_people_and_hold_nothing_up(
        self, night, write, failing
    ):
        write("Compilers,C1,UTC,bob@example.com,member")
        await night.group()
        night.groups = FakeUserGroups(failing=failing)

        assert await night.run() == 2

        assert await night.trouble() == str(failing)
        waiting = {c.team.name: c.joining for c in await night.teams.waiting(TODAY)}
        assert waiting == {"Compilers": 1, "Data": 1}

    async def test_deleted_in_mid_week_end_the_team_with_the_week_and_are_told_of_once(self, night):
        await night.group()
        night.groups = FakeUserGroups({"SDATA": {"UADA"}})
        await night.run()
        await night.told()
        night.groups = FakeUserGroups({"SDATA": None})

        for _ in range(3):
            await night.run(later=7 * A_DAY if not _ else A_DAY)

        end = MONDAY + 7 * A_DAY
        assert await night.told() == [("CDATA", f"Data ends {end}")]
        [listing] = await night.teams.listings(TODAY + 8 * A_DAY)
        assert listing.team.ended_on == end
        removed = [e for e in await night.audit.latest(9) if e.action is Action.TEAM_REMOVED]
        assert [(entry.actor, entry.detail) for entry in removed] == [(None, {"team": "Data"})]


class TestChannels:
    @pytest.fixture(autouse=True)
    async def team(self, night, write):
        write("Compilers,C1,UTC,ada@example.com,member")

    async def problem(self, night) -> str | None:
        [team] = await night.teams.all()
        return team.channel_problem

    async def test_are_looked_at_each_night(self, night):
        night.channels = FakeChannels({"C1": ChannelProblem.NOT_IN})
        await night.run()
        assert await self.problem(night) == "not_in"

        night.channels = FakeChannels()
        await night.run(later=A_DAY)
        assert await self.problem(night) is None

    async def test_that_became_shared_hear_nothing_any_more(self, night, write):
        await night.run()
        night.channels = FakeChannels({"C1": ChannelProblem.SHARED})
        write("Compilers,C1,UTC,bob@example.com,member")

        await night.run(later=A_DAY)

        assert await night.told() == []

    async def test_that_may_not_be_seen_are_left_as_they_are(self, night):
        await night.run()
        await night.teams.note_channels({"C1": ChannelProblem.NOT_IN})
        night.channels = FakeChannels(failing=ChannelsUnreadableError())

        await night.run(later=A_DAY)

        assert await self.problem(night) == "not_in"
        assert await night.trouble() is None

    async def test_that_may_not_be_seen_are_tried_anew_each_monday(self, night):
        await night.run()
        await night.teams.note_channels({"C1": ChannelProblem.NOT_IN})
        night.channels = FakeChannels(failing=ChannelsUnreadableError())

        await night.run(later=5 * A_DAY)

        assert await self.problem(night) is None

    async def test_that_are_shared_are_not_tried_for_it(self, night):
        await night.run()
        await night.teams.note_channels({"C1": ChannelProblem.SHARED})
        night.channels = FakeChannels(failing=ChannelsUnreadableError())

        await night.run(later=5 * A_DAY)

        assert await self.problem(night) == "shared"

    async def test_are_not_all_asked_for_without_the_scope(self, night, write):
        write(*(f"T{n},C{n},UTC,ada@example.com,member" for n in range(50)))
        night.channels = FakeChannels(failing=ChannelsUnreadableError())

        await night.run()

        assert len(night.channels.asked) == 5

    async def test_that_cannot_be_looked_at_now_are_told_of(self, night):
        night.channels = FakeChannels(failing=SourceUnavailableError("no answer"))

        await night.run()

        assert await night.trouble() == "no answer"


class TestNews:
    async def test_is_told_in_the_channel_once_a_change(self, night, write):
        write("Compilers,C1,UTC,ada@example.com,member")
        for _ in range(3):
            await night.run()

        assert await night.told() == [("C1", f"Compilers +1 -0 {MONDAY}")]

        write(*(f"Compilers,C1,UTC,{who}@example.com,member" for who in ("ada", "bob")))
        for _ in range(3):
            await night.run(later=timedelta(hours=1))

        assert await night.told() == [("C1", f"Compilers +2 -0 {MONDAY}")]

    async def test_is_told_too_where_a_change_was_taken_back(self, night, write):
        write("Compilers,C1,UTC,ada@example.com,member")
        await night.run()
        await night.told()
        write("Compilers,C1,UTC,stranger@example.com,member")

        await night.run()

        assert await night.told() == [("C1", f"Compilers +0 -0 {MONDAY}")]

    async def test_that_was_cut_short_is_told_the_next_night(self, night, write):
        write("Compilers,C1,UTC,ada@example.com,member")
        await night.people.sync(MEMBERS, today=TODAY)
        table = read_file(night.file)
        await night.teams.sync(TeamSource.FILE, table.teams, table.members, today=TODAY)

        await night.run()

        assert await night.told() == [("C1", f"Compilers +1 -0 {MONDAY}")]

    async def test_of_two_teams_in_one_channel_is_told_of_each(self, night, write):
        write(*(f"{name},C1,UTC,{who}@example.com,member"
                for name, who in (("A", "ada"), ("B", "bob"))))  # fmt: skip

        await night.run()

        assert sorted(text for _, text in await night.told()) == [
            f"A +1 -0 {MONDAY}",
            f"B +1 -0 {MONDAY}",
        ]

    async def test_of_a_team_without_a_channel_is_in_the_log_alone(self, night, write):
        write("Compilers,,UTC,ada@example.com,member")

        await night.run()
        await night.run()

        assert await night.told() == []
        [entry] = await night.audit.latest(9)
        assert (entry.actor, entry.action) == (None, Action.MEMBERS_CHANGED)
        assert entry.detail == {
            "team": "Compilers",
            "from": MONDAY.isoformat(),
            "joining": 1,
            "leaving": 0,
        }
