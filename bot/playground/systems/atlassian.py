"""What the stand-ins of Jira and Confluence share: one site, its accounts, and who is asking."""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from random import Random
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request

from bot.playground.company import Employee
from bot.playground.providers.errors import RefusedError
from bot.playground.providers.tool_answers import Answer, tool_app

SITE = "https://acme.atlassian.net"
READER_EMAIL, READER_TOKEN = "upshot@example.com", "atlassian-token-of-the-playground"
READER_ZONE: Final = ZoneInfo("America/Los_Angeles")
"""Of the account that asks: searches take times in it."""

ADDRESSES_HIDDEN = 0.04
AUTOMATION: Final[Mapping[str, Any]] = {
    "accountId": "557058:automation",
    "accountType": "app",
    "displayName": "Automation",
    "active": True,
}
_QUERY_TIME = "%Y-%m-%d %H:%M"
_TOKEN = re.compile(r"[A-Za-z0-9_-]+=*", re.ASCII)


def atlassian_app(
    answers: Mapping[tuple[str, str], Answer], refusal: Callable[[RefusedError], dict[str, Any]]
) -> Starlette:
    """An app for whoever shows the reading account's address and token."""
    credentials = b64encode(f"{READER_EMAIL}:{READER_TOKEN}".encode()).decode()

    def is_known(request: Request) -> bool:
        return request.headers.get("authorization") == f"Basic {credentials}"

    return tool_app(answers, is_known=is_known, refusal=refusal)


def account_id(person: Employee) -> str:
    return f"712020:{uuid5(NAMESPACE_URL, person.email)}"


def hides_address(person: Employee) -> bool:
    """Whether the person's profile keeps the address to itself."""
    return Random(f"profile of {person.email}").random() < ADDRESSES_HIDDEN


def account(person: Employee, address: Mapping[str, str]) -> dict[str, Any]:
    """The person as answers show them; *address* is what stands there of the e-mail."""
    return {
        "accountId": account_id(person),
        "accountType": "atlassian",
        "displayName": person.name,
        "active": True,
        "timeZone": person.time_zone,
        **address,
    }


def time_in_query(text: str) -> datetime:
    """A time as somebody writes it who is in the zone of the account."""
    try:
        written = datetime.strptime(text, _QUERY_TIME).replace(tzinfo=READER_ZONE)
    except ValueError:
        raise RefusedError(400, f"The time {text!r} cannot be read.") from None
    return written.astimezone(UTC)


def token_for(question: str, place: int) -> str:
    """Leads to what follows in the answer to the same question."""
    return urlsafe_b64encode(f"{place} {question}".encode()).decode()


def place_of(token: object, question: str) -> int:
    """Where the page begins; without a token at the start."""
    if token is None:
        return 0
    if isinstance(token, str) and _TOKEN.fullmatch(token):
        place, _, asked = _decoded(token).partition(" ")
        if asked == question and place.isdecimal():
            return int(place)
    raise RefusedError(400, "The token is not one of an answer to this question.")


def _decoded(token: str) -> str:
    try:
        return urlsafe_b64decode(token).decode()
    except ValueError:
        return ""
