"""A file goes to one person's own conversation, to Slack's own address, or nowhere."""

from __future__ import annotations

from io import BytesIO

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import FileNotSentError
from bot.playground.slack.directory import SlackUser
from bot.playground.slack.faults import Drop, Refusal
from bot.playground.slack.stand_in import BOT_TOKEN, SlackStandIn
from bot.slack.files import SlackFiles, _is_slacks


@pytest.fixture
def slack():
    with (stand_in := SlackStandIn(users=[SlackUser(id="UADA", name="ada")])).serving():
        yield stand_in


@pytest.fixture
async def files(slack):
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url, session=session)
        yield SlackFiles(client, session)


async def send(files, content: bytes = b"everything") -> bool:
    return await files.send("UADA", "all.zip", BytesIO(content), "Here it is.")


async def test_arrives_whole_in_the_conversation_of_that_one_person(files, slack):
    assert await send(files) is True

    [file] = slack.files_of("UADA")
    assert (file.name, file.content) == ("all.zip", b"everything")
    assert slack.dms_to("UADA")[-1].text == "Here it is."


async def test_is_not_sent_where_the_scope_was_not_given(files, slack):
    slack.workspace.scopes -= {"files:write"}

    assert await send(files) is False
    assert slack.dm_count("UADA") == 0


@pytest.mark.parametrize(
    "method",
    ["files.getUploadURLExternal", "conversations.open", "files.completeUploadExternal"],
)
@pytest.mark.parametrize("fault", [Refusal(error="internal_error"), Drop(accepts=False)])
async def test_says_that_it_was_not_sent(files, slack, method, fault):
    slack.faults.next(method, fault)

    with pytest.raises(FileNotSentError):
        await send(files)
    assert slack.files_of("UADA") == ()


class Growing(BytesIO):
    """Longer by the time it is read than when its length was asked for."""

    def seek(self, offset: int, whence: int = 0) -> int:
        return super().seek(offset, whence) // 2


async def test_an_upload_that_slack_does_not_take_is_none(files, slack):
    with pytest.raises(FileNotSentError) as failed:
        await files.send("UADA", "all.zip", Growing(b"everything"), "Here it is.")
    assert slack.base_url not in str(failed.value)
    assert slack.files_of("UADA") == ()


async def test_nothing_is_sent_to_an_address_that_is_not_slacks(files, slack):
    slack.workspace.base_url = "http://127.0.0.1:1"

    with pytest.raises(FileNotSentError, match="not its own"):
        await send(files)


@pytest.mark.parametrize(
    "url",
    [
        "https://files.slack.com/upload/v1/abc",
        "https://slack.com/upload",
        "https://files.slack-gov.com/upload/v1/abc",
        "http://127.0.0.1:5000/upload/abc",
    ],
)
def test_slacks_own_addresses_are_known(url):
    assert _is_slacks(url, "http://127.0.0.1:5000/api/")


@pytest.mark.parametrize(
    "url",
    [
        "http://files.slack.com/upload",
        "https://files.slack.com.evil.example/upload",
        "https://evilslack.com/upload",
        "https://169.254.169.254/upload",
        "http://127.0.0.1:5001/upload/abc",
        "//files.slack.com/upload",
        "",
    ],
)
def test_no_other_address_is(url):
    assert not _is_slacks(url, "http://127.0.0.1:5000/api/")
