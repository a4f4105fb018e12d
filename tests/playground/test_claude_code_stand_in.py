"""The stand-in counts what the made-up company made with Claude Code, as the adapter reads it."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from functools import partial

import httpx
import pytest
from jsonschema import Draft202012Validator

from bot.http import Http
from bot.playground.company import make_company
from bot.playground.providers import ANTHROPIC_ADMIN_KEY, anthropic_app
from bot.providers.anthropic import Anthropic, Config
from tests.shared_data import shared

COMPANY = make_company(people=40, weeks=3, ends=date(2026, 11, 16))
PATH = "/v1/organizations/usage_report/claude_code"
HEADERS = {"x-api-key": ANTHROPIC_ADMIN_KEY, "anthropic-version": "2023-06-01"}


def transport(*, unified: bool = True, now=COMPANY.settled_at) -> httpx.ASGITransport:
    return httpx.ASGITransport(app=anthropic_app(COMPANY, now=lambda: now, unified=unified))


async def ask(query: str, **app) -> httpx.Response:
    async with httpx.AsyncClient(transport=transport(**app), base_url="http://api") as client:
        return await client.get(f"{PATH}?{query}", headers=HEADERS)


def made_with_it() -> Counter[str]:
    """Each account's changes that bear its mark, and are one commit in one pull request."""
    marked = [change for change in COMPANY.merged_changes if "claude_code" in change.ai_tools]
    people = (COMPANY.people[change.credited_to] for change in marked if change.credited_to)
    return Counter(account.id for person in people if (account := person.account_at("anthropic")))


@pytest.mark.parametrize("unified", [True, False])
async def test_what_is_read_of_it_is_what_the_company_made_with_it(unified):
    config = Config(admin_key=ANTHROPIC_ADMIN_KEY, base_url="http://api")
    connect = partial(Http, transport=transport(unified=unified))
    adapter = Anthropic.from_config(config, connect=connect)
    commits: Counter[str] = Counter()
    pull_requests: Counter[str] = Counter()

    for day in COMPANY.days:
        pages = [page async for page in adapter.fetch(day)]
        for count in Anthropic.parse(day, pages).sessions:
            commits[count.account] += count.commits
            pull_requests[count.account] += count.pull_requests
    await adapter.close()

    assert made_with_it()
    assert +commits == +pull_requests
    if not unified:
        assert +commits == made_with_it()
    assert commits.total() == made_with_it().total()


async def test_it_fits_the_specification():
    spec = json.loads(shared("specs/anthropic-admin-analytics.openapi.json").read_text())
    answer = await ask(f"starting_at={COMPANY.start}&limit=1000")

    assert answer.json()["data"]
    at = f"#/paths/{PATH.replace('/', '~1')}/get/responses/200/content/application~1json/schema"
    Draft202012Validator({**spec, "$ref": at}).validate(answer.json())


async def test_its_pages_make_up_the_whole():
    whole = (await ask(f"starting_at={COMPANY.start}&limit=1000")).json()["data"]
    first = (await ask(f"starting_at={COMPANY.start}&limit=3")).json()
    second = await ask(f"starting_at={COMPANY.start}&limit=3&page={first['next_page']}")

    assert first["data"] + second.json()["data"] == whole[:6]
    assert first["has_more"]


async def test_what_has_not_happened_yet_is_not_told():
    tomorrow = COMPANY.end - timedelta(days=1)
    early = COMPANY.settled_at - timedelta(days=400)

    assert (await ask(f"starting_at={tomorrow}", now=early)).json()["data"] == []


@pytest.mark.parametrize("query", ["", "starting_at=soon", "starting_at=2026-11-02&limit=1001"])
async def test_a_question_that_is_none_is_refused(query):
    assert (await ask(query)).status_code == 400
