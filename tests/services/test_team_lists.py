"""What admins may do with teams, and what is refused with nothing changed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import SetClock
from bot.domain.audit import Action
from bot.domain.team_lists import NewTeam, TeamRefusal, TeamRefused
from bot.domain.team_table import LONGEST_NAME, Fault, WrongLine
from bot.domain.teams import ChannelProblem, TeamSource
from bot.errors import ChannelsUnreadableError, GroupsUnreadableError, SourceUnavailableError
from bot.services.team_lists import TeamLists
from bot.services.team_news import TeamNews
from db.audit import AuditStore
from db.deliveries import DeliveryStore
from db.people import PeopleStore
from db.teams import TeamStore
from tests.factories import NOON, enroll, make_membership, make_message, make_team
from tests.fakes import FakeChannels, FakeUserGroups

BOSS = "UBOSS"
TODAY = NOON.date()
MONDAY = TODAY + timedelta(days=5)
A_MINUTE = timedelta(minutes=1)
NAMES = ("ada", "bob", "cyd", "boss")


@pytest.fixture
def groups():
    return FakeUserGroups({"S1": {"UADA", "UBOB", "UGUEST"}, "SGONE": None, "SEMPTY": set()})


@pytest.fixture
def channels():
    return FakeChannels({"COUT": ChannelProblem.NOT_IN})


@pytest.fixture
async def lists(database, groups, channels):
    await enroll(database, *NAMES)
    teams, audit, clock = TeamStore(database), AuditStore(database), SetClock(NOON)
    news = TeamNews(
        teams=teams,
        deliveries=DeliveryStore(database, lease=A_MINUTE, settle=A_MINUTE),
        audit=audit,
        clock=clock,
        render_changed=lambda change: make_message(f"{change.team.name} +{change.joining}"),
        render_ended=lambda team: make_message(f"{team.name} ends"),
    )
    return TeamLists(
        teams=teams,
        people=PeopleStore(database),
        groups=groups,
        channels=channels,
        audit=audit,
        news=news,
        clock=clock,
    )


@pytest.fixture
def told(lists):
    """What waits for channels."""

    async def told() -> list[str]:
        real_now, far = NOON, NOON + timedelta(days=9)
        return [d.message.text for d in await lists.news.deliveries.claim(99, far, real_now)]

    return told


def wish(name: str = "Data", **changes) -> NewTeam:
    usual = {"group": "S1", "channel": "C1", "managers": ("UCYD",), "time_zone": "Asia/Tokyo"}
    return NewTeam(name=name, **{**usual, **changes})


async def names(lists) -> list[str]:
    return [listing.team.name for listing in await lists.listings()]


async def home(lists, who: str) -> str | None:
    person = await lists.people.find(who)
    now, _ = await lists.teams.home_of(person.id, MONDAY)
    return now.team and now.team.name


async def refusal(asked) -> TeamRefused:
    with pytest.raises(TeamRefused) as refused:
        await asked
    return refused.value


class TestAdding:
    async def test_makes_a_user_group_a_team_from_next_monday_on(self, lists, told):
        team = await lists.add(wish(), by=BOSS)

        assert (team.name, team.source, team.group) == ("Data", TeamSource.GROUP, "S1")
        assert (team.channel, team.time_zone) == ("C1", "Asia/Tokyo")
        [listing] = await lists.listings()
        assert (listing.managers, listing.joining) == (("UCYD",), 2)
        assert await home(lists, "UADA") == "Data"
        assert await told() == ["Data +2"]

    async def test_is_logged_with_who_did_it(self, lists):
        await lists.add(wish(), by=BOSS)

        entries = await lists.audit.latest(9)
        assert [(entry.actor, entry.action) for entry in entries] == [
            (BOSS, Action.MEMBERS_CHANGED),
            (BOSS, Action.TEAM_ADDED),
        ]
        assert {str(entry.detail["team"]) for entry in entries} == {"Data"}

    async def test_puts_it_after_the_others(self, lists):
        for name in ("Zebra", "Data"):
            await lists.add(wish(name), by=BOSS)

        assert await names(lists) == ["Zebra", "Data"]
        assert await home(lists, "UADA") == "Zebra"

    async def test_again_changes_group_channel_and_managers(self, lists, groups):
        groups.groups["S2"] = {"UCYD"}
        await lists.add(wish(), by=BOSS)

        await lists.add(wish("data", group="S2", channel="C2", managers=()), by=BOSS)

        [listing] = await lists.listings()
        assert (listing.team.name, listing.team.group, listing.team.channel) == ("Data", "S2", "C2")
        assert (listing.managers, listing.joining) == ((), 1)

    @pytest.mark.parametrize("name", ['The "A" team', "🎉", "<!channel>", "x" * LONGEST_NAME])
    async def test_takes_any_name(self, lists, name):
        assert (await lists.add(wish(name), by=BOSS)).name == name

    async def test_takes_a_group_of_nobody_and_a_manager_alone(self, lists, groups):
        groups.groups["SALONE"] = {"UCYD"}
        await lists.add(wish("Nobody", group="SEMPTY"), by=BOSS)
        await lists.add(wish("One", group="SALONE"), by=BOSS)

        assert [listing.joining for listing in await lists.listings()] == [0, 1]

    async def test_does_without_a_channel(self, lists, channels, told):
        await lists.add(wish(channel=None), by=BOSS)

        assert channels.asked == []
        assert await told() == []

    async def test_keeps_in_mind_that_the_bot_is_not_there_yet(self, lists):
        team = await lists.add(wish(channel="COUT"), by=BOSS)

        assert team.channel_problem == ChannelProblem.NOT_IN

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"name": " "}, TeamRefusal.NAME_MISSING),
            ({"name": "x" * 81}, TeamRefusal.NAME_TOO_LONG),
            ({"name": "compilers"}, TeamRefusal.NAME_TAKEN),
            ({"group": None}, TeamRefusal.GROUP_MISSING),
            ({"group": "SGONE"}, TeamRefusal.GROUP_GONE),
            ({"group": "SNEVER"}, TeamRefusal.GROUP_GONE),
            ({"managers": ("UGUEST",)}, TeamRefusal.MANAGER_UNKNOWN),
            ({"channel": "CSHARED"}, TeamRefusal.CHANNEL_SHARED),
            ({"channel": "CGONE"}, TeamRefusal.CHANNEL_GONE),
        ],
    )
    async def test_is_refused_with_nothing_changed(self, lists, channels, changes, reason):
        channels.problems |= {"CSHARED": ChannelProblem.SHARED, "CGONE": ChannelProblem.GONE}
        await lists.teams.sync(TeamSource.FILE, [make_team()], [], today=TODAY)

        refused = await refusal(lists.add(wish(**changes), by=BOSS))

        assert refused.reason is reason
        assert await names(lists) == ["Compilers"]
        assert await lists.audit.latest(9) == []

    @pytest.mark.parametrize(
        ("failing", "reason"),
        [
            (GroupsUnreadableError(), TeamRefusal.GROUPS_UNREADABLE),
            (SourceUnavailableError(), TeamRefusal.SLACK_SILENT),
        ],
    )
    async def test_is_refused_where_the_group_cannot_be_read(self, lists, groups, failing, reason):
        groups.failing = failing

        assert (await refusal(lists.add(wish(), by=BOSS))).reason is reason

    async def test_needs_the_admins_word_where_the_channel_may_not_be_seen(self, lists, channels):
        channels.failing = ChannelsUnreadableError()

        refused = await refusal(lists.add(wish(), by=BOSS))
        team = await lists.add(wish(confirmed=True), by=BOSS)

        assert (refused.reason, refused.about) == (TeamRefusal.CHANNEL_UNSEEN, "C1")
        assert team.channel == "C1"

    async def test_takes_no_word_for_a_channel_that_is_seen_to_be_shared(self, lists, channels):
        channels.problems["C1"] = ChannelProblem.SHARED

        refused = await refusal(lists.add(wish(confirmed=True), by=BOSS))

        assert refused.reason is TeamRefusal.CHANNEL_SHARED

    async def test_waits_for_no_silent_slack(self, lists, channels):
        channels.failing = SourceUnavailableError()

        refused = await refusal(lists.add(wish(confirmed=True), by=BOSS))

        assert refused.reason is TeamRefusal.SLACK_SILENT


class TestRemoving:
    async def test_ends_it_with_the_week_and_tells_the_channel_once(self, lists, told):
        await lists.add(wish(), by=BOSS)
        await told()

        team = await lists.remove(" data ", by=BOSS)

        assert team.ended_on == MONDAY
        assert await told() == ["Data ends"]
        assert (await lists.audit.latest(1))[0].actor == BOSS
        actions = [entry.action for entry in await lists.audit.latest(9)]
        assert Action.TEAM_REMOVED in actions

    async def test_is_taken_back_by_adding_it_again(self, lists):
        before = await lists.add(wish(), by=BOSS)
        await lists.remove("Data", by=BOSS)

        assert await lists.add(wish(), by=BOSS) == before

    async def test_is_refused_for_what_the_file_names_and_for_what_is_not_there(self, lists):
        await lists.teams.sync(TeamSource.FILE, [make_team()], [], today=TODAY)

        reasons = [(await refusal(lists.remove(n, by=BOSS))).reason for n in ("compilers", "no")]

        assert reasons == [TeamRefusal.OF_THE_FILE, TeamRefusal.NOT_FOUND]


class TestMoving:
    @pytest.fixture(autouse=True)
    async def three(self, lists):
        await lists.teams.sync(TeamSource.FILE, [make_team()], [], today=TODAY)
        for name in ("A", "B"):
            await lists.add(wish(name), by=BOSS)

    async def test_decides_where_people_count_from_next_monday_on(self, lists):
        assert await home(lists, "UADA") == "A"

        await lists.move("b", 2, by=BOSS)

        assert await names(lists) == ["Compilers", "B", "A"]
        assert await home(lists, "UADA") == "B"

    async def test_to_the_end_and_back(self, lists):
        await lists.move("A", 3, by=BOSS)
        assert await names(lists) == ["Compilers", "B", "A"]

        await lists.move("A", 2, by=BOSS)
        assert await names(lists) == ["Compilers", "A", "B"]

    @pytest.mark.parametrize(
        ("name", "place", "reason"),
        [
            ("Compilers", 2, TeamRefusal.OF_THE_FILE),
            ("A", 1, TeamRefusal.NO_SUCH_PLACE),
            ("A", 0, TeamRefusal.NO_SUCH_PLACE),
            ("A", 4, TeamRefusal.NO_SUCH_PLACE),
            ("C", 2, TeamRefusal.NOT_FOUND),
        ],
    )
    async def test_stays_among_its_own_kind(self, lists, name, place, reason):
        assert (await refusal(lists.move(name, place, by=BOSS))).reason is reason
        assert await names(lists) == ["Compilers", "A", "B"]


class TestImporting:
    async def test_takes_lines_with_or_without_titles(self, lists):
        imported = await lists.import_lines(
            "Pasted,C1,UTC,ada@example.com,member\nPasted,C1,UTC,cyd@example.com,manager\n"
            "Other,,,nobody@example.com,member\n",
            confirmed=False,
            by=BOSS,
        )

        assert [team.name for team in imported.teams] == ["Pasted", "Other"]
        assert (imported.people, imported.unknown) == (2, ("nobody@example.com",))
        assert await home(lists, "UADA") == "Pasted"
        assert [listing.managers for listing in await lists.listings()] == [("UCYD",), ()]

    async def test_replaces_those_it_names_and_leaves_the_others(self, lists):
        paste = "A,,,ada@example.com,member\nB,,,bob@example.com,member"
        await lists.import_lines(paste, confirmed=False, by=BOSS)

        await lists.import_lines("a,,,cyd@example.com,member", confirmed=False, by=BOSS)

        assert await names(lists) == ["A", "B"]
        homes = [await home(lists, who) for who in ("UADA", "UBOB", "UCYD")]
        assert homes == [None, "B", "A"]

    async def test_counts_more_than_a_group(self, lists):
        await lists.add(wish(), by=BOSS)

        await lists.import_lines("Pasted,,,ada@example.com,member", confirmed=False, by=BOSS)

        assert await home(lists, "UADA") == "Pasted"

    async def test_is_removed_and_moved_like_the_others(self, lists):
        paste = "A,,,ada@example.com,member\nB,,,ada@example.com,member"
        await lists.import_lines(paste, confirmed=False, by=BOSS)

        await lists.move("B", 1, by=BOSS)
        assert await home(lists, "UADA") == "B"

        await lists.remove("B", by=BOSS)
        assert await home(lists, "UADA") == "A"

    async def test_names_the_line_that_is_wrong(self, lists):
        with pytest.raises(WrongLine) as wrong:
            await lists.import_lines("A,,,ada@example.com,boss", confirmed=True, by=BOSS)

        assert (wrong.value.line, wrong.value.fault) == (1, Fault.NO_ROLE)
        assert await names(lists) == []

    @pytest.mark.parametrize(
        ("paste", "reason"),
        [
            ("", TeamRefusal.NAME_MISSING),
            ("team,channel,time_zone,email,role", TeamRefusal.NAME_MISSING),
            ("DATA,,,ada@example.com,member", TeamRefusal.NAME_TAKEN),
            ("Compilers,,,ada@example.com,member", TeamRefusal.NAME_TAKEN),
            ("A,CSHARED,,ada@example.com,member", TeamRefusal.CHANNEL_SHARED),
        ],
    )
    async def test_is_refused_whole(self, lists, channels, paste, reason):
        channels.problems["CSHARED"] = ChannelProblem.SHARED
        await lists.teams.sync(
            TeamSource.FILE, [make_team()], [make_membership("ada")], today=TODAY
        )
        await lists.add(wish(), by=BOSS)
        both = f"Z,,,ada@example.com,member\n{paste}" if paste[:1] in ("D", "C", "A") else paste

        refused = await refusal(lists.import_lines(both, confirmed=True, by=BOSS))

        assert refused.reason is reason
        assert await names(lists) == ["Compilers", "Data"]

    async def test_needs_the_admins_word_where_channels_may_not_be_seen(self, lists, channels):
        channels.failing = ChannelsUnreadableError()
        paste = "A,C1,,ada@example.com,member"

        refused = await refusal(lists.import_lines(paste, confirmed=False, by=BOSS))
        await lists.import_lines(paste, confirmed=True, by=BOSS)

        assert refused.reason is TeamRefusal.CHANNEL_UNSEEN
        assert await names(lists) == ["A"]
