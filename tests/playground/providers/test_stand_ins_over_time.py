"""The stand-ins know what was known at each moment, and fail in the ways that providers do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.playground.company.delivery import delivery_of, midnight
from bot.playground.providers import Faults
from bot.playground.providers.faults import (
    MEGABYTE,
    broken_off,
    cut_json,
    html,
    huge_page,
    not_utf8,
    page_twice,
    refused,
    token_loop,
    without,
)
from bot.playground.serving import serving
from tests.playground.providers.asking import (
    COMPANY,
    COMPLETIONS,
    COSTS,
    DAY,
    OPENAI_HEADERS,
    USAGE,
    Api,
    Params,
    anthropic,
    dollars,
    openai,
    openai_query,
    results,
    unified_query,
)


class TestProductTime:
    async def test_a_late_day_is_absent_and_then_there(self):
        days = [
            (day, delivery)
            for day in COMPANY.days
            if (
                delivery := delivery_of("openai", day, COMPANY.seed, COMPANY.longest_revision_days)
            ).first_seen_at
            > midnight(day + DAY) + timedelta(hours=4)
        ]
        for day, delivery in days:
            query: Params = [
                ("start_time", int(midnight(day).timestamp())),
                ("end_time", int(midnight(day + DAY).timestamp())),
            ]
            before = await openai(now=delivery.complete_at - timedelta(hours=1)).rows(COSTS, query)
            after = await openai(now=delivery.complete_at).rows(COSTS, query)

            assert results(before) == []
            assert dollars(after) == COMPANY.invoice("openai", day, delivery.complete_at)
        assert days


class TestFaults:
    QUERY = openai_query("user_id", limit=3)

    @pytest.mark.parametrize("status", [401, 403, 429, 500, 503, 529])
    async def test_a_refusal_is_answered_once_in_the_provider_s_shape(self, status):
        for api, path in ((openai(), COSTS), (anthropic(), USAGE)):
            faults = Faults(api.app)
            faults.script(path, refused(status, retry_after="soon"))
            spoiled = Api(faults, api.headers)
            query = self.QUERY if path == COSTS else unified_query("actor")

            answer = await spoiled.get(path, query)
            assert (answer.status_code, answer.headers["retry-after"]) == (status, "soon")
            assert answer.json()["error"]["type"]
            assert (await spoiled.get(path, query)).status_code == 200

    async def test_calls_are_recorded_without_headers(self):
        api = openai()
        faults = Faults(api.app)
        await Api(faults, api.headers).get(COSTS, self.QUERY)

        [call] = faults.calls_of(COSTS)
        assert call.query == tuple((name, str(value)) for name, value in self.QUERY)

    async def test_other_paths_are_left_alone(self):
        api = openai()
        faults = Faults(api.app)
        faults.script(COMPLETIONS, html())

        assert (await Api(faults, api.headers).get(COSTS, self.QUERY)).json()["object"] == "page"

    async def test_html_comes_with_status_200(self):
        answer = await spoiled(html())

        assert (answer.status_code, answer.text[:15]) == (200, "<!doctype html>")

    async def test_cut_json_does_not_parse(self):
        with pytest.raises(json.JSONDecodeError):
            (await spoiled(cut_json())).json()

    async def test_bytes_can_be_no_utf8(self):
        with pytest.raises(UnicodeDecodeError):
            (await spoiled(not_utf8())).content.decode()

    async def test_a_page_can_lack_a_required_field(self):
        page = (await spoiled(without("amount", "has_more"))).json()

        assert "has_more" not in page
        assert all("amount" not in row for row in results(page["data"]))

    async def test_a_page_can_come_twice(self):
        page, plain = (
            (await spoiled(page_twice())).json(),
            (await openai().get(COSTS, self.QUERY)).json(),
        )

        assert page["data"] == plain["data"] * 2

    async def test_the_next_page_can_be_the_same_for_ever(self):
        api = openai()
        faults = Faults(api.app)
        faults.always(COSTS, token_loop())
        looping = Api(faults, api.headers)

        first = (await looping.get(COSTS, self.QUERY)).json()
        second = (await looping.get(COSTS, [*self.QUERY, ("page", first["next_page"])])).json()
        assert first["has_more"]
        assert second == first
        faults.always(COSTS, None)
        assert len(await looping.rows(COSTS, self.QUERY)) == 7

    def test_a_connection_can_break_half_way(self):
        with served(broken_off()) as get, pytest.raises(httpx.RemoteProtocolError):
            get()

    def test_a_page_can_have_64_megabytes(self):
        with served(huge_page()) as get:
            answer = get()

        assert len(answer.content) > 64 * MEGABYTE
        assert answer.content.endswith(b"}")


async def spoiled(fault: Any) -> httpx.Response:
    api = openai()
    faults = Faults(api.app)
    faults.script(COSTS, fault)
    return await Api(faults, api.headers).get(COSTS, TestFaults.QUERY)


@contextmanager
def served(fault: Any) -> Iterator[Any]:
    faults = Faults(openai().app)
    faults.script(COSTS, fault)
    with serving(faults) as url:
        yield lambda: httpx.get(
            url + COSTS, params=TestFaults.QUERY, headers=OPENAI_HEADERS, timeout=20
        )
