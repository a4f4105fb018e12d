"""``/usageadmin teams``, as admins type it and send its form, beside a local Slack."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.blocks.team_import import CONFIRMED, LINES, YES
from bot.domain.commands import CommandNames
from bot.manifest import manifest
from bot.playground.slack.channels import SlackChannel
from bot.playground.slack.directory import UserGroup
from bot.playground.slack.faults import ServerError
from bot.playground.slack.stand_in import EVERY_SCOPE
from tests.factories import NOON

TODAY = NOON.date()
DATA = UserGroup(id="S1", handle="data", name="Data", users=("UADA", "UBOB", "UGUEST"))
ADD = "/usageadmin teams add"
ALL = f"{ADD} Data Platform <!subteam^S1|@data> <#C1|data> <@UCYD> Asia/Tokyo"


@pytest.fixture(autouse=True)
def company(slack):
    slack.workspace.user_groups = (DATA, replace(DATA, id="SGONE", deleted=True))
    for channel in (
        SlackChannel(id="C1", name="data"),
        SlackChannel(id="CEXT", name="partners", is_ext_shared=True),
        SlackChannel(id="COUT", name="out", has_bot=False),
    ):
        slack.workspace.channels.replace(channel)


@pytest.fixture
def boss(types):
    async def boss(words: str) -> str:
        answer = await types(words, "UBOSS")
        assert answer.is_private_and_whole
        return answer.text

    return boss


@pytest.fixture
def listed(upshot):
    async def listed():
        return await upshot.stores.teams.listings(TODAY)

    return listed


@pytest.fixture
def deliver(upshot):
    """Posts what is due a day later, when it has been day everywhere."""

    async def deliver() -> None:
        upshot.clock.move_to(upshot.clock.now() + timedelta(days=1))
        await upshot.slack.sender.send_due()

    return deliver


class TestAdding:
    async def test_takes_a_group_a_channel_managers_and_a_time_zone(self, boss, listed):
        answer = await boss(ALL)

        [listing] = await listed()
        team = listing.team
        assert (team.name, team.group, team.channel) == ("Data Platform", "S1", "C1")
        assert (team.time_zone, listing.managers, listing.joining) == ("Asia/Tokyo", ("UCYD",), 2)
        assert "Data Platform is a team." in answer

    async def test_has_the_admins_own_time_zone_else(self, boss, listed):
        await boss(f"{ADD} Data <!subteam^S1>")

        [listing] = await listed()
        assert (listing.team.time_zone, listing.team.channel) == ("Europe/London", None)

    @pytest.mark.parametrize(
        ("typed", "name"),
        [
            ('"Data Platform"', "Data Platform"),
            ("\N{LEFT DOUBLE QUOTATION MARK}Data Platform\N{RIGHT DOUBLE QUOTATION MARK}",
             "Data Platform"),
            ("Data   Platform", "Data Platform"),
            ("Research &amp; Development", "Research & Development"),
            ("\N{ROCKET} Launch", "\N{ROCKET} Launch"),
            ("O'Neill's", "O'Neill's"),
        ],
    )  # fmt: skip
    async def test_takes_a_name_as_it_was_meant(self, boss, listed, typed, name):
        await boss(f"{ADD} {typed} <!subteam^S1|@data>")

        assert [listing.team.name for listing in await listed()] == [name]

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ("", "needs a name"),
            ("<!subteam^S1|@data>", "needs a name"),
            (f"{'x' * 90} <!subteam^S1>", "at most 80 characters"),
            ("Data @data #data", "Name the user group"),
            ("Data <#C1|data>", "Name the user group"),
            ("Data <!subteam^SGONE|@gone>", "no such user group"),
            ("Data <!subteam^S1> @ada", "do not understand @ada"),
            ("Data <!subteam^S1> Europe/Nowhere", "do not understand Europe/Nowhere"),
            ("Data <!subteam^S1> <@UGUEST>", "no full member"),
            ("Data <!subteam^S1> <#CEXT|partners>", "shared with another organization"),
            ("Data <!subteam^S1> <#CNONE|none>", "Upshot cannot see"),
        ],
    )
    async def test_is_refused_with_what_to_do(self, boss, listed, words, said):
        assert said in await boss(f"{ADD} {words}")
        assert await listed() == []

    async def test_says_that_the_bot_has_to_be_invited(self, boss):
        answer = await boss(f"{ADD} Data <!subteam^S1> <#COUT|out>")

        assert "Upshot is not in <#COUT>" in answer

    async def test_without_the_scope_for_groups_says_so(self, boss, slack, listed):
        slack.workspace.scopes = frozenset(EVERY_SCOPE) - {"usergroups:read"}

        assert "usergroups:read" in await boss(ALL)
        assert await listed() == []

    async def test_without_the_scope_for_channels_needs_the_admins_word(self, boss, slack, listed):
        slack.workspace.scopes = frozenset(EVERY_SCOPE) - {"channels:read"}

        assert "with the word confirmed" in await boss(ALL)
        assert "is a team" in await boss(f"{ALL} confirmed")
        assert len(await listed()) == 1

    async def test_does_not_wait_for_a_slack_in_trouble(self, boss, slack):
        slack.faults.next("usergroups.list", ServerError())

        assert "Please try again" in await boss(ALL)
        assert slack.call_count("usergroups.list") == 1

    async def test_is_announced_in_the_channel_without_names(self, boss, deliver, slack):
        await boss(ALL)
        await deliver()

        texts = [message.text for message in slack.messages_in("C1")]
        [told] = [text for text in texts if "Data Platform" in text]
        assert "2 people count here from then on" in told
        assert "UADA" not in told


class TestTheOthers:
    @pytest.fixture(autouse=True)
    async def two(self, boss):
        for name in ("Alpha", "Beta"):
            await boss(f"{ADD} {name} <!subteam^S1|@data> <#C1|data>")

    async def test_list_teams_in_their_order(self, boss):
        for words in ("teams", "teams list", "TEAMS LIST"):
            answer = await boss(f"/usageadmin {words}")
            assert answer.index("1. Alpha") < answer.index("2. Beta")

    async def test_list_those_with_a_word_in_their_name(self, boss):
        answer = await boss("/usageadmin teams list BETA")

        assert "2. Beta" in answer
        assert "Alpha" not in answer

    async def test_move_one(self, boss):
        await boss("/usageadmin teams move Beta 1")

        answer = await boss("/usageadmin teams")
        assert answer.index("1. Beta") < answer.index("2. Alpha")

    async def test_remove_one_with_the_end_of_the_week(self, boss, listed):
        assert "ends on March 30" in await boss('/usageadmin teams remove "beta"')

        assert "It ends on March 30." in await boss("/usageadmin teams")

    @pytest.mark.parametrize(
        "words", ["remove", "move", "move Beta", "move Beta x", "import this", "nonsense", "help"]
    )
    async def test_show_how_where_it_is_not_understood(self, boss, words):
        assert "make a user group a team" in await boss(f"/usageadmin teams {words}")

    async def test_say_it_where_there_is_no_such_team(self, boss):
        assert "no team called Gamma" in await boss("/usageadmin teams remove Gamma")
        assert "no team called Gamma" in await boss("/usageadmin teams move Gamma 1")

    @pytest.mark.parametrize("words", ["list", "remove Beta", "move Beta 1", "import"])
    async def test_are_for_admins_alone(self, types, listed, words):
        answer = await types(f"/usageadmin teams {words}", "UADA")

        assert "for the admins of Upshot" in answer.text
        assert [listing.team.ended_on for listing in await listed()] == [None, None]


class TestTheForm:
    @pytest.fixture
    def paste(self, person, slack):
        """Opens the form, fills it in and sends it; what came back."""

        async def paste(lines: str, *, confirmed: bool = False, user: str = "UBOSS"):
            await person.command("/usageadmin", "teams import", user_id=user)
            given = {LINES: lines, **({CONFIRMED: YES} if confirmed else {})}
            return await person.fill(slack.modals_of(user)[-1], given, user_id=user)

        return paste

    async def test_takes_lines_of_csv(self, paste, listed):
        ack = await paste(
            "Pasted,C1,Europe/Paris,ada@example.com,member\nPasted,C1,,bob@example.com,manager\n"
            "Pasted,C1,,nobody@example.com,member"
        )

        [listing] = await listed()
        assert (listing.team.name, listing.managers, listing.joining) == ("Pasted", ("UBOB",), 1)
        assert ack.violations == ()
        assert "nobody@example.com" in str(ack.body)

    async def test_shows_at_the_field_what_is_wrong_with_which_line(self, paste, listed):
        ack = await paste("A,,,ada@example.com,member\nB,,,bob@example.com,boss")

        assert ack.body["response_action"] == "errors"
        assert ack.body["errors"] == {LINES: "Line 2: the role is member or manager."}
        assert await listed() == []

    async def test_refuses_a_channel_that_others_read(self, paste, listed):
        ack = await paste("A,CEXT,,ada@example.com,member", confirmed=True)

        assert "another organization" in ack.body["errors"][LINES]
        assert await listed() == []

    async def test_needs_the_admins_word_without_the_scope(self, paste, slack, listed):
        slack.workspace.scopes = frozenset(EVERY_SCOPE) - {"channels:read"}

        ack = await paste("A,C1,,ada@example.com,member")
        assert list(ack.body["errors"]) == [CONFIRMED]

        await paste("A,C1,,ada@example.com,member", confirmed=True)
        assert len(await listed()) == 1

    async def test_is_refused_to_somebody_who_is_no_admin_any_more(
        self, person, slack, types, listed
    ):
        await types("/usageadmin admins add <@UADA>", "UBOSS")
        await types("/usageadmin teams import", "UADA")
        await types("/usageadmin admins remove <@UADA>", "UBOSS")

        [form] = slack.modals_of("UADA")
        ack = await person.fill(form, {LINES: "A,,,ada@example.com,member"}, user_id="UADA")

        assert ack.body["response_action"] == "errors"
        assert await listed() == []


async def test_a_refused_post_shows_in_the_list_until_one_arrives(boss, deliver, slack):
    await boss(ALL)
    slack.workspace.channels.replace(SlackChannel(id="C1", name="data", has_bot=False))
    await deliver()
    assert "Upshot is not in <#C1>" in await boss("/usageadmin teams")
    assert "Data Platform" in await boss("/usageadmin status")

    slack.workspace.channels.replace(SlackChannel(id="C1", name="data"))
    await boss(f"{ADD} Beta <!subteam^S1> <#C1|data>")
    await boss("/usageadmin teams remove Data Platform")
    await deliver()
    assert "Upshot is not in" not in await boss("/usageadmin teams")


async def test_what_is_typed_comes_with_ids_in_it():
    commands = manifest(CommandNames(), url=None)["features"]["slash_commands"]

    assert all(command["should_escape"] for command in commands)
