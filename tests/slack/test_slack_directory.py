"""Who is in the workspace, as ``users.list`` tells it."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from bot.domain.people import DirectoryMember
from bot.errors import (
    SourceError,
    SourceRateLimitedError,
    SourceUnauthorizedError,
    SourceUnavailableError,
)
from bot.playground.serving import serving
from bot.playground.slack.directory import SlackUser
from bot.playground.slack.faults import Drop, RateLimited, Refusal, ServerError, Truncation
from bot.playground.slack.stand_in import BOT_TOKEN, EVERY_SCOPE, SlackStandIn
from bot.slack.directory import PAGE, SlackDirectory, to_member
from bot.slack.patient import PatientClient
from tests.fakes import RealTime

ADA = SlackUser(
    id="UADA", name="ada", email="Ada@example.com", time_zone="Asia/Tokyo", locale="ja-JP"
)
OTHERS = {
    "UGUEST": SlackUser(id="UGUEST", name="guest", is_restricted=True),
    "UONCE": SlackUser(id="UONCE", name="once", is_ultra_restricted=True),
    "UGONE": SlackUser(id="UGONE", name="gone", deleted=True),
    "UROBOT": SlackUser(id="UROBOT", name="robot", is_bot=True),
    "WOUT": SlackUser(id="WOUT", name="out", team_id="T9OTHER"),
    "WSTRANGE": SlackUser(id="WSTRANGE", name="strange", is_stranger=True),
}


@pytest.fixture
def slack():
    stand_in = SlackStandIn(users=(ADA, *OTHERS.values()))
    with stand_in.serving():
        yield stand_in


@pytest.fixture
def patience():
    """Time that passes only while somebody waits."""
    return RealTime()


@pytest.fixture
async def directory_at(patience):
    async with aiohttp.ClientSession() as session:

        def make(api_url: str) -> SlackDirectory:
            client = AsyncWebClient(token=BOT_TOKEN, base_url=api_url, timeout=2, session=session)
            return SlackDirectory(PatientClient(client, sleep=patience.sleep))

        yield make


@pytest.fixture
def directory(slack, directory_at):
    return directory_at(slack.api_url)


async def test_knows_the_workspace(directory, slack):
    assert await directory.workspace() == slack.workspace.team_id


async def test_reads_a_member_with_address_time_zone_and_locale(directory):
    members = {member.slack_user_id: member for member in await directory.members()}

    assert members["UADA"] == DirectoryMember(
        slack_user_id="UADA", email="Ada@example.com", time_zone="Asia/Tokyo", locale="ja-JP"
    )


async def test_lets_nobody_in_but_full_members(directory):
    eligible = {m.slack_user_id for m in await directory.members() if m.is_eligible}

    assert eligible == {"UADA"}


async def test_reads_all_pages(directory, slack):
    for number in range(2 * PAGE):
        slack.workspace.users[f"U{number}"] = SlackUser(id=f"U{number}", name=f"u{number}")

    members = await directory.members()

    assert len({member.slack_user_id for member in members}) == len(slack.workspace.users)
    assert slack.call_count("users.list") == 3


async def test_has_no_address_where_the_scope_is_missing(directory, slack):
    slack.workspace.scopes = frozenset(EVERY_SCOPE) - {"users:read.email"}

    assert all(member.email is None for member in await directory.members())


@pytest.mark.parametrize("missing", ["profile", "tz", "locale", "team_id", "is_bot", "deleted"])
def test_needs_no_field_but_the_id(missing):
    whole = {
        "id": "UADA",
        "team_id": "T1",
        "profile": {"email": "ada@example.com"},
        "tz": "UTC",
        "locale": "en",
        "is_bot": False,
        "deleted": False,
    }
    without = {name: value for name, value in whole.items() if name != missing}

    assert to_member(without, "T1").is_eligible


class TestTrouble:
    @pytest.mark.parametrize(
        ("faults", "wait"),
        [
            ([RateLimited(retry_after="7")], 7),
            ([ServerError(status=503)], 1),
            ([Drop(), Drop()], 1),
            ([Truncation()], 1),
        ],
    )
    async def test_that_passes_is_waited_for(self, directory, slack, patience, faults, wait):
        """A connection that is cut is tried once more by the HTTP client itself."""
        slack.faults.next("users.list", *faults)

        assert len(await directory.members()) > 1
        assert patience.slept == [wait]

    @pytest.mark.parametrize("retry_after", ["3600", "1000000000"])
    async def test_that_lasts_is_not_waited_for(self, directory, slack, retry_after):
        slack.faults.next("users.list", RateLimited(retry_after=retry_after))

        with pytest.raises(SourceRateLimitedError):
            await directory.members()

    @pytest.mark.parametrize("retry_after", ["soon", ""])
    async def test_with_a_wait_that_cannot_be_read_is_not_waited_for(
        self, directory, slack, retry_after
    ):
        slack.faults.next("users.list", RateLimited(retry_after=retry_after))

        with pytest.raises(SourceRateLimitedError):
            await directory.members()

    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            (ServerError(status=502), SourceUnavailableError),
            (Refusal(error="internal_error"), SourceUnavailableError),
            (Drop(), SourceUnavailableError),
            (Truncation(), SourceUnavailableError),
            (Refusal(error="invalid_auth"), SourceUnauthorizedError),
            (Refusal(error="missing_scope"), SourceUnauthorizedError),
        ],
    )
    async def test_says_what_kind_it_is(self, directory, slack, fault, error):
        slack.faults.next("users.list", *[fault] * 10)

        with pytest.raises(error):
            await directory.members()

    @pytest.mark.parametrize(
        "answer",
        [
            pytest.param(Response("<html>", media_type="text/html"), id="html"),
            pytest.param(Response("Hello", media_type="text/plain"), id="text"),
            pytest.param(Response('{"ok": tr', media_type="application/json"), id="half-json"),
            pytest.param(Response("[]", media_type="application/json"), id="list"),
            pytest.param(Response('{"ok": true}', media_type="application/json"), id="no-members"),
        ],
    )
    async def test_of_somebody_in_between_is_slacks_trouble(self, directory_at, answer):
        async def endpoint(_):
            return answer

        app = Starlette(routes=[Route("/api/{method}", endpoint, methods=["GET", "POST"])])
        with serving(app) as base_url, pytest.raises(SourceError) as trouble:
            await directory_at(f"{base_url}/api/").members()

        assert "html" not in str(trouble.value)
