"""One call of Slack's Web API, and the three ways in which it can come to nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse


@dataclass
class Refusal(Exception):  # noqa: N818 - an event, like the others
    """Slack said no."""

    code: str
    status: int
    retry_after: str | None


class NotConnected(Exception):  # noqa: N818
    """Nothing was sent."""


class NoAnswer(Exception):  # noqa: N818
    """It may have been done or not: there was no answer, or one that is not Slack's."""


async def ask(
    client: AsyncWebClient, method: str, *needed: str, **arguments: Any
) -> dict[str, Any]:
    """The answer, which has the fields *needed*; raises one of the above."""
    try:
        # The client's own limit does not hold where its session is shared.
        async with asyncio.timeout(client.timeout):
            answer = await getattr(client, method)(**arguments)
    except SlackApiError as error:
        raise _understood(error) from None
    except aiohttp.ClientConnectorError:
        raise NotConnected from None
    except (TimeoutError, aiohttp.ClientError, SlackClientError, OSError) as error:
        raise NoAnswer(type(error).__name__) from None
    except (AttributeError, UnicodeDecodeError):
        # The client takes every answer for an object in JSON.
        raise NoAnswer("not JSON") from None
    data: dict[str, Any] = answer.data
    if not all(field in data for field in needed):
        raise NoAnswer("fields are missing")
    return data


def _understood(error: SlackApiError) -> Refusal | NoAnswer:
    answer = error.response
    if not isinstance(answer, AsyncSlackResponse):
        return NoAnswer("not JSON")
    code = answer.data.get("error") if isinstance(answer.data, dict) else None
    if code is None and answer.status_code != 429:
        return NoAnswer(f"HTTP {answer.status_code}")
    headers = {name.lower(): str(value) for name, value in (answer.headers or {}).items()}
    return Refusal(str(code or ""), answer.status_code, headers.get("retry-after"))
