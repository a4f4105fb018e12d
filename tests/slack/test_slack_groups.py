"""Who is in user groups, and with whom channels are shared, as Slack tells it."""

from __future__ import annotations

from dataclasses import replace

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.teams import ChannelProblem
from bot.errors import (
    ChannelsUnreadableError,
    GroupsUnreadableError,
    SourceRateLimitedError,
    SourceUnauthorizedError,
    SourceUnavailableError,
)
from bot.playground.slack.channels import SlackChannel
from bot.playground.slack.directory import SlackUser, UserGroup
from bot.playground.slack.faults import RateLimited, Refusal, ServerError
from bot.playground.slack.stand_in import BOT_TOKEN, EVERY_SCOPE, SlackStandIn
from bot.slack.channels import SlackChannels, to_problem
from bot.slack.groups import SlackUserGroups
from bot.slack.patient import PatientClient
from tests.fakes import RealTime

DATA = UserGroup(id="SDATA", handle="data", name="Data", users=("UADA", "UBOB"))
GONE = replace(DATA, id="SGONE", handle="gone", deleted=True)
CHANNEL = SlackChannel(id="C1", name="data", members=("UADA",))


@pytest.fixture
def slack():
    stand_in = SlackStandIn(
        users=[SlackUser(id="UADA", name="ada")],
        user_groups=[DATA, GONE],
        channels=[CHANNEL],
    )
    with stand_in.serving():
        yield stand_in


@pytest.fixture
def patience():
    return RealTime()


@pytest.fixture
async def client(slack, patience):
    async with aiohttp.ClientSession() as session:
        web = AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url, timeout=2, session=session)
        yield PatientClient(web, sleep=patience.sleep)


@pytest.fixture
def groups(client):
    return SlackUserGroups(client)


@pytest.fixture
def channels(client):
    return SlackChannels(client)


class TestGroups:
    async def test_are_read_in_one_go(self, groups, slack):
        slack.workspace.user_groups = (DATA, replace(DATA, id="SNONE", users=()), GONE)

        found = await groups.members(["SDATA", "SNONE", "SGONE", "SNEVER"])

        assert found == {
            "SDATA": frozenset({"UADA", "UBOB"}),
            "SNONE": frozenset(),
            "SGONE": None,
            "SNEVER": None,
        }
        assert slack.call_count("usergroups.list") == 1
        assert slack.call_count("usergroups.users.list") == 0

    async def test_that_are_listed_without_people_are_asked_for_by_themselves(
        self, groups, slack, monkeypatch
    ):
        monkeypatch.setattr(UserGroup, "as_json", _without_people)

        found = await groups.members(["SDATA"])

        assert found == {"SDATA": frozenset({"UADA", "UBOB"})}
        assert slack.call_count("usergroups.users.list") == 1

    async def test_may_go_between_the_two_questions(self, groups, slack, monkeypatch):
        monkeypatch.setattr(UserGroup, "as_json", _without_people)
        slack.faults.next("usergroups.users.list", Refusal(error="no_such_subteam"))

        assert await groups.members(["SDATA"]) == {"SDATA": None}

    async def test_need_a_scope(self, groups, slack):
        slack.workspace.scopes = frozenset(EVERY_SCOPE) - {"usergroups:read"}

        with pytest.raises(GroupsUnreadableError, match="missing_scope") as refused:
            await groups.members(["SDATA"])

        assert "usergroups:read" in refused.value.hint

    async def test_need_a_paid_plan(self, groups, slack):
        slack.workspace.has_paid_plan = False

        with pytest.raises(GroupsUnreadableError, match="plan_upgrade_required"):
            await groups.members(["SDATA"])

    async def test_are_asked_for_again_where_slack_has_trouble(self, groups, slack, patience):
        slack.faults.next("usergroups.list", RateLimited(retry_after="3"), ServerError())

        assert await groups.members(["SGONE"]) == {"SGONE": None}
        assert patience.slept == [3, 1]

    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            (RateLimited(retry_after="3600"), SourceRateLimitedError),
            (ServerError(), SourceUnavailableError),
            (Refusal(error="token_revoked"), SourceUnauthorizedError),
        ],
    )
    async def test_say_what_kind_of_trouble_it_is(self, groups, slack, fault, error):
        slack.faults.next("usergroups.list", *[fault] * 5)

        with pytest.raises(error):
            await groups.members(["SDATA"])

    async def test_are_asked_for_once_where_somebody_waits(self, slack, patience):
        slack.faults.next("usergroups.list", ServerError())
        async with aiohttp.ClientSession() as session:
            web = AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url, session=session)
            impatient = PatientClient(web, tries=1, sleep=patience.sleep)

            with pytest.raises(SourceUnavailableError):
                await SlackUserGroups(impatient).members(["SDATA"])

        assert slack.call_count("usergroups.list") == 1
        assert patience.slept == []


class TestChannels:
    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            pytest.param({}, None, id="our-own"),
            pytest.param({"is_private": True}, None, id="private"),
            pytest.param({"is_shared": True}, ChannelProblem.SHARED, id="shared"),
            pytest.param({"is_ext_shared": True}, ChannelProblem.SHARED, id="external"),
            pytest.param({"is_org_shared": True}, ChannelProblem.SHARED, id="of-the-grid"),
            pytest.param({"is_pending_ext_shared": True}, ChannelProblem.SHARED, id="about-to-be"),
            pytest.param(
                {"is_ext_shared": True, "has_bot": False, "is_archived": True},
                ChannelProblem.SHARED,
                id="the-gravest-first",
            ),
            pytest.param({"has_bot": False}, ChannelProblem.NOT_IN, id="not-invited"),
            pytest.param({"is_archived": True}, ChannelProblem.GONE, id="archived"),
            pytest.param({"is_private": True, "has_bot": False}, ChannelProblem.GONE, id="unseen"),
        ],
    )
    async def test_tell_what_stands_against_them(self, channels, slack, changes, problem):
        slack.workspace.channels.replace(replace(CHANNEL, **changes))

        assert await channels.problem_of("C1") is problem

    async def test_may_not_be_there(self, channels):
        assert await channels.problem_of("CNONE") is ChannelProblem.GONE

    @pytest.mark.parametrize(
        ("scope", "is_private"), [("channels:read", False), ("groups:read", True)]
    )
    async def test_need_the_scope_of_their_kind(self, channels, slack, scope, is_private):
        slack.workspace.scopes = frozenset(EVERY_SCOPE) - {scope}
        slack.workspace.channels.replace(replace(CHANNEL, is_private=is_private))

        with pytest.raises(ChannelsUnreadableError) as refused:
            await channels.problem_of("C1")

        assert scope in refused.value.hint

    @pytest.mark.parametrize(
        "channel", [{"pending_shared": ["T2"]}, {"pending_connected_team_ids": ["T2"]}]
    )
    def test_are_shared_as_soon_as_somebody_was_invited(self, channel):
        assert to_problem({"is_member": True, **channel}) is ChannelProblem.SHARED

    def test_need_no_field_at_all(self):
        assert to_problem({}) is None


def _without_people(group: UserGroup, **_: object) -> dict[str, object]:
    return {"id": group.id, "date_delete": 0}


class TestTheStandIn:
    @pytest.fixture
    def users_of(self, client):
        async def users_of(group: str, **arguments: object) -> list[str]:
            told = await client.ask("usergroups_users_list", "users", usergroup=group, **arguments)
            return list(told["users"])

        return users_of

    async def test_gives_the_users_of_a_group_and_of_a_disabled_one_where_asked(self, users_of):
        assert await users_of("SDATA") == ["UADA", "UBOB"]
        assert await users_of("SGONE", include_disabled=True) == ["UADA", "UBOB"]

    @pytest.mark.parametrize("group", ["SGONE", "SNEVER"])
    async def test_knows_no_other(self, users_of, group):
        with pytest.raises(SourceUnauthorizedError, match="no_such_subteam"):
            await users_of(group)
