"""Whose account it is, by the addresses that GitHub's identities hold."""

from __future__ import annotations

import itertools
import json
from typing import Any

import httpx
import pytest

from bot import errors
from bot.http import Http, Retry
from bot.providers.copilot import Copilot, identities
from tests.providers.copilot.answers import CHARGED, EMAILS, ORGANIZATION, day_of, page_name
from tests.providers.recorded import Recorded, read_day, reading


class TestAddresses:
    async def test_are_those_of_single_sign_on_in_lower_case(self):
        assert (await day_of()).emails == EMAILS

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(403),
            httpx.Response(404),
            httpx.Response(400),
            httpx.Response(200, json={"data": {"owner": None}, "errors": [{"type": "FORBIDDEN"}]}),
            httpx.Response(200, json={"data": None, "errors": [{"message": "no"}]}),
            httpx.Response(200, json={"errors": [{"type": "INSUFFICIENT_SCOPES"}]}),
            httpx.Response(200, json={"data": {"owner": {"ownerInfo": None}}}),
            httpx.Response(200, json={"data": {"owner": {"samlIdentityProvider": None}}}),
        ],
    )
    async def test_are_unknown_where_they_may_not_be_read(self, answer):
        day = await day_of(graphql=answer)

        assert (day.records, day.emails) == (CHARGED, {})

    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            (httpx.Response(503), errors.SourceUnavailableError),
            (
                httpx.Response(200, json={"data": None, "errors": [{"type": "RATE_LIMITED"}]}),
                errors.SourceRateLimitedError,
            ),
        ],
    )
    async def test_that_cannot_be_read_now_are_asked_for_later(self, answer, expected):
        with pytest.raises(expected):
            await day_of(graphql=answer)

    @pytest.mark.parametrize("config", [{}, ORGANIZATION])
    async def test_are_asked_for_by_name_page_by_page(self, config):
        bodies = []

        def answer(request: httpx.Request) -> httpx.Response:
            if page_name(request) != "graphql":
                return Recorded("copilot")(request)
            bodies.append(json.loads(request.content))
            after = bodies[-1]["variables"]["after"]
            return httpx.Response(
                200, json=identity_page(is_organization=bool(config), after=after)
            )

        day = await read_day(reading(Copilot, answer, **config))

        assert day.emails == {"1": "one@example.com", "2": "two@example.com"}
        name = "octodemo" if config else "octo-corp"
        assert [body["variables"] for body in bodies] == [
            {"name": name, "after": None},
            {"name": name, "after": "next"},
        ]
        field = "organization(login: $name)" if config else "enterprise(slug: $name)"
        assert f"owner: {field}" in bodies[0]["query"]
        assert ("ownerInfo" in bodies[0]["query"]) == (not config)

    async def test_that_page_in_a_circle_are_an_error(self):
        page = identity_page(is_organization=False, after=None)

        with pytest.raises(errors.SourceResponseError, match="/graphql: paging loops"):
            await day_of(graphql=page)

    async def test_are_asked_for_again_after_ten_minutes(self):
        now = itertools.count(0, 400)
        recorded = Recorded("copilot")
        http = Http(
            "https://api.github.com",
            headers={},
            retry=Retry(attempts=1),
            transport=httpx.MockTransport(recorded),
        )
        sign_on = identities.SingleSignOn(
            http, "octo-corp", is_enterprise=True, now=lambda: next(now)
        )

        for _ in range(4):
            assert len(await sign_on.identities()) == 1

        assert len(recorded.requests) == 2


def identity_page(*, is_organization: bool, after: str | None) -> dict[str, Any]:
    number, word = (1, "one") if after is None else (2, "two")
    saml = {
        "samlIdentityProvider": {
            "externalIdentities": {
                "nodes": [
                    {
                        "samlIdentity": {"username": f"{word}@example.com"},
                        "user": {"databaseId": number},
                    }
                ],
                "pageInfo": {"hasNextPage": after is None, "endCursor": "next"},
            }
        }
    }
    return {"data": {"owner": saml if is_organization else {"ownerInfo": saml}}}
