"""What posts show of teams' channels, and what is not posted in one that others read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.delivery import DeliveryKind, Posted, Refused
from bot.domain.teams import ChannelProblem
from db.deliveries import DeliveryStore
from db.teams import TeamStore
from tests.factories import MONDAY, NOON, join_teams, make_delivery, make_team

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
async def teams(database):
    """Two teams in one channel, one in another."""
    of = [make_team("A"), make_team("B"), make_team("C", channel="C2")]
    await join_teams(database, of, [])
    return TeamStore(database)


@pytest.fixture
def outbox(database):
    return DeliveryStore(database, lease=A_MINUTE, settle=A_MINUTE)


@pytest.fixture
def post(outbox):
    """Posts something new in a channel, with that result."""

    async def post(channel: str, result: Posted | Refused, topic: str = "") -> None:
        await outbox.plan([announcement(channel, topic)], NOON)
        [delivery] = await outbox.claim(9, NOON, NOON)
        await outbox.record([(delivery, result)], NOON, NOON)

    return post


def announcement(channel: str, topic: str = ""):
    return make_delivery(
        channel, kind=DeliveryKind.ANNOUNCEMENT, period_start=MONDAY, due_at=NOON, topic=topic
    )


async def problems(teams) -> list[str | None]:
    return [team.channel_problem for team in await teams.all()]


async def test_a_refusal_is_known_of_every_team_there(teams, post):
    await post("C1", Refused("not_in_channel"))

    assert await problems(teams) == ["not_in", "not_in", None]


async def test_what_arrives_ends_it(teams, post):
    await post("C1", Refused("is_archived"), "one")
    await post("C1", Posted("C1", "1.0"), "two")

    assert await problems(teams) == [None, None, None]


async def test_what_arrives_says_nothing_of_who_reads_it(teams, outbox):
    await outbox.plan([announcement("C1")], NOON)
    [delivery] = await outbox.claim(9, NOON, NOON)
    await teams.note_channels({"C1": ChannelProblem.SHARED})

    await outbox.record([(delivery, Posted("C1", "1.0"))], NOON, NOON)

    assert await problems(teams) == ["shared", "shared", None]


async def test_other_refusals_are_not_the_channels(teams, post):
    await post("C1", Refused("msg_too_long"))

    assert await problems(teams) == [None, None, None]


class TestAChannelThatOthersRead:
    async def test_is_not_told_what_waits(self, teams, outbox):
        await outbox.plan([announcement("C1"), announcement("C2")], NOON)

        await teams.note_channels({"C1": ChannelProblem.SHARED})

        assert [d.channel for d in await outbox.claim(9, NOON, NOON)] == ["C2"]

    async def test_is_not_told_what_comes_and_never_later(self, teams, outbox):
        await teams.note_channels({"C1": ChannelProblem.SHARED})

        assert await outbox.plan([announcement("C1")], NOON) == 1
        await teams.note_channels({"C1": None})

        assert await outbox.claim(9, NOON, NOON) == []
        assert await outbox.plan([announcement("C1")], NOON) == 0

    async def test_keeps_nobodys_private_messages_back(self, teams, outbox):
        await teams.note_channels({"C1": ChannelProblem.SHARED})
        await outbox.plan([make_delivery("UADA", due_at=NOON)], NOON)

        assert len(await outbox.claim(9, NOON, NOON)) == 1
