"""What must be true of every provider, so that no review has to ask for it."""

from __future__ import annotations

import inspect
import json
import logging
import pkgutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
import structlog

import bot.providers
from bot import errors
from bot.domain.usage import CostBasis
from bot.ports import Capability
from bot.providers import PROVIDERS
from tests.providers.recorded import DAY, FIXTURES, SECRET, Recorded, load_page, read_day, reading

BODY = "the-body-of-an-answer"

# Without these an adapter has to fall back as far as it can.
REFUSED = {
    "usage_by_actor": httpx.Response(403),
    "cost_by_actor": httpx.Response(403),
    "costs_by_user_id": httpx.Response(400),
    "costs_by_api_key_id": httpx.Response(400),
}

every_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda p: p.name)


def test_every_module_is_registered():
    modules = {module.name for module in pkgutil.iter_modules(bot.providers.__path__)}

    assert {name for name in modules if not name.startswith("_")} == {p.name for p in PROVIDERS}


@every_provider
def test_says_what_it_reads(provider):
    doc = inspect.getmodule(provider).__doc__

    for key in ("Docs:", "Grain:", "Account:", "Cost:", "Settles:"):
        assert key in doc


@every_provider
def test_keeps_its_key_out_of_its_configuration_as_text(provider):
    config = inspect.getmodule(provider).Config(admin_key=SECRET)

    assert SECRET not in f"{config} {config!r} {config.model_dump_json()}"


@every_provider
def test_asks_again_for_days_that_have_not_settled(provider):
    assert provider.repull_days >= 3


@every_provider
@pytest.mark.parametrize("refused", [{}, REFUSED], ids=["allowed", "refused"])
class TestRecordedPages:
    @pytest.fixture
    async def day(self, provider, refused):
        return await read_day(reading(provider, Recorded(provider.name, **refused)))

    def test_are_about_the_provider_and_the_day(self, provider, day):
        assert {(r.provider, r.day) for r in day.records} == {(provider.name, DAY)}

    def test_give_one_record_a_key(self, day):
        keys = [record.key for record in day.records]

        assert len(keys) == len(set(keys))

    def test_give_a_basis_to_every_amount_and_to_nothing_else(self, day):
        assert all((r.cost is None) == (r.cost_basis is None) for r in day.records)

    def test_add_up_to_the_bill_with_what_is_unattributed(self, day):
        known = sum((r.cost for r in day.records if r.cost is not None), Decimal(0))

        assert known + day.unattributed == day.billed

    def test_name_addresses_in_lower_case(self, day):
        assert day.emails
        assert all(address == address.lower() for address in day.emails.values())

    def test_give_what_the_provider_says_it_can(self, provider, day):
        given = {
            Capability.PER_PERSON: any(r.account in day.emails for r in day.records),
            Capability.TOKENS: any(r.tokens is not None for r in day.records),
            Capability.REQUESTS: any(r.requests is not None for r in day.records),
            Capability.BILLED_COST: day.billed is not None,
            Capability.LIST_COST: any(r.cost_basis is CostBasis.LIST_PRICE for r in day.records),
        }

        assert {c for c, is_given in given.items() if is_given} <= provider.capabilities

    def test_say_how_far_the_figures_reach_in_utc(self, day):
        start = datetime(2026, 11, 19, tzinfo=UTC)

        assert start < day.data_through <= start + timedelta(days=2)
        assert day.data_through.tzinfo is UTC


def answering(response: httpx.Response):
    return lambda _: response


def pages_of(provider):
    return [path.stem for path in sorted((FIXTURES / provider.name).glob("*.json"))]


def spoilt(page, path):
    """A copy of *page* without its field at *path*."""
    copy = json.loads(json.dumps(page))
    *parents, last = path
    inner = copy
    for step in parents:
        inner = inner[step]
    del inner[last]
    return copy


REQUIRED = {
    ("anthropic", "usage_by_actor"): [
        ("data",),
        ("has_more",),
        ("data", 0, "group"),
        ("data", 0, "starting_at"),
        ("data", 0, "usage", "output_tokens"),
        ("data", 0, "usage", "cache_creation"),
        ("data", 0, "group", "actor", "user_id"),
        ("data", 0, "group", "actor", "type"),
    ],
    ("anthropic", "cost_by_actor"): [("data", 0, "cost"), ("data", 0, "cost", "amount")],
    ("anthropic", "cost"): [("data", 0, "cost", "currency")],
    ("openai", "completions_by_user_id"): [
        ("data", 0, "results"),
        ("data", 0, "start_time"),
        ("data", 0, "results", 0, "input_tokens"),
        ("data", 0, "results", 0, "num_model_requests"),
    ],
    ("openai", "costs_by_user_id"): [
        ("data", 0, "results", 0, "amount"),
        ("data", 0, "results", 0, "amount", "currency"),
    ],
    ("openai", "users"): [("data", 0, "id"), ("has_more",)],
}


@pytest.mark.parametrize(
    ("provider", "name", "path"),
    [
        pytest.param(provider, name, path, id=f"{name}.{'.'.join(map(str, path))}")
        for provider in PROVIDERS
        for (owner, name), paths in REQUIRED.items()
        if owner == provider.name
        for path in paths
    ],
)
async def test_a_missing_required_field_is_named_and_not_taken_for_zero(provider, name, path):
    page = spoilt(load_page(provider.name, name), path)

    with pytest.raises(errors.SourceResponseError) as caught:
        await read_day(reading(provider, Recorded(provider.name, **{name: page})))

    assert str(caught.value).startswith(f"{provider.name} 2026-11-19: ")
    if path[-1] != "user_id":
        assert f"`{path[-1]}`" in str(caught.value)


WRONG = [
    pytest.param(httpx.Response(401, text=BODY), errors.SourceUnauthorizedError, id="401"),
    pytest.param(httpx.Response(403, text=BODY), errors.SourceForbiddenError, id="403"),
    pytest.param(httpx.Response(404, text=BODY), errors.SourceNotFoundError, id="404"),
    pytest.param(httpx.Response(400, text=BODY), errors.SourceRefusedError, id="400"),
    pytest.param(httpx.Response(429, text=BODY), errors.SourceRateLimitedError, id="429"),
    *(
        pytest.param(
            httpx.Response(429, text=BODY, headers={"retry-after": value}),
            errors.SourceRateLimitedError,
            id=f"429-{value}",
        )
        for value in ("0", "1000000000", "Thu, 19 Nov 2026 00:00:00 GMT", "soon", "-1", "1.5")
    ),
    pytest.param(httpx.Response(500, text=BODY), errors.SourceUnavailableError, id="500"),
    pytest.param(httpx.Response(529, text=BODY), errors.SourceUnavailableError, id="529"),
    pytest.param(
        httpx.Response(200, html=f"<html>{BODY}</html>"), errors.SourceResponseError, id="html"
    ),
    pytest.param(
        httpx.Response(200, text=f'{{"data": [{{"x": "{BODY}'),
        errors.SourceResponseError,
        id="truncated",
    ),
    pytest.param(
        httpx.Response(200, content=f'{{"data": ["{BODY} é"]}}'.encode("latin-1")),
        errors.SourceResponseError,
        id="not-utf-8",
    ),
    pytest.param(
        httpx.Response(200, text=f'["{BODY}"]'), errors.SourceResponseError, id="another-shape"
    ),
    pytest.param(
        httpx.Response(302, headers={"location": "https://example.com"}),
        errors.SourceRefusedError,
        id="redirect",
    ),
]


@every_provider
@pytest.mark.parametrize(("response", "expected"), WRONG)
async def test_an_error_says_what_to_do_and_quotes_neither_key_nor_body(
    provider, response, expected, caplog
):
    caplog.set_level(logging.DEBUG)
    adapter = reading(provider, answering(response), attempts=3)

    with structlog.testing.capture_logs() as logs, pytest.raises(expected) as caught:
        await read_day(adapter)

    assert str(caught.value).startswith(f"{provider.name} 2026-11-19: ")
    assert caught.value.hint
    told = f"{caught.getrepr(style='value')} {caplog.text} {logs}"
    assert SECRET not in told
    assert BODY not in told


@every_provider
async def test_a_storm_of_refusals_passes_and_the_day_is_whole(provider):
    recorded = Recorded(provider.name)
    waits = iter(["0", "", "soon", "Thu, 19 Nov 2026 00:00:00 GMT"] * 50)
    seen: set[str] = set()

    def stormy(request: httpx.Request) -> httpx.Response:
        if str(request.url) in seen:
            return recorded(request)
        seen.add(str(request.url))
        return httpx.Response(429, headers={"retry-after": next(waits)})

    assert await read_day(reading(provider, stormy, attempts=3)) == await read_day(
        reading(provider, Recorded(provider.name))
    )


@every_provider
async def test_a_wait_of_years_is_left_to_the_next_night(provider):
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(429, headers={"retry-after": "1000000000"})

    with pytest.raises(errors.SourceRateLimitedError):
        await read_day(reading(provider, answer, attempts=3))

    assert len(asked) == 1


@every_provider
async def test_an_answer_cut_short_is_asked_for_again(provider):
    recorded = Recorded(provider.name)
    seen: set[str] = set()

    def flaky(request: httpx.Request) -> httpx.Response:
        whole = recorded(request)
        if str(request.url) in seen:
            return whole
        seen.add(str(request.url))
        return httpx.Response(200, content=whole.content[:-20])

    assert (await read_day(reading(provider, flaky, attempts=2))).records


@every_provider
async def test_paging_in_a_circle_is_noticed(provider):
    page = {"data": [], "has_more": True, "next_page": "again"}

    with pytest.raises(errors.SourceResponseError, match=r"2026-11-19: .*paging loops"):
        await read_day(reading(provider, answering(httpx.Response(200, json=page))))


@every_provider
async def test_more_pages_without_a_way_to_them_are_an_error(provider):
    page = {"data": [], "has_more": True, "next_page": None}

    with pytest.raises(errors.SourceResponseError, match=r"2026-11-19: .*not where"):
        await read_day(reading(provider, answering(httpx.Response(200, json=page))))


@every_provider
async def test_a_page_of_64_mb_is_put_down_half_way(provider):
    sent = 0

    async def megabytes():
        nonlocal sent
        for _ in range(64):
            sent += 1
            yield b" " * 1024 * 1024

    with pytest.raises(errors.SourceResponseError, match=r"2026-11-19: .*over 32 MB"):
        await read_day(reading(provider, lambda _: httpx.Response(200, content=megabytes())))

    assert sent < 40


@every_provider
@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e30", "1e400"])
async def test_an_amount_that_cannot_be_one_is_refused(provider, amount):
    name = "cost_by_actor" if provider.name == "anthropic" else "costs_by_user_id"
    page = load_page(provider.name, name)
    row = page["data"][0] if provider.name == "anthropic" else page["data"][0]["results"][0]
    (row["cost"] if "cost" in row else row["amount"]).update(amount=amount, value=amount)

    with pytest.raises(errors.SourceResponseError, match="an amount that cannot be one"):
        await read_day(reading(provider, Recorded(provider.name, **{name: page})))


@every_provider
async def test_what_is_new_in_an_answer_is_passed_over(provider):
    def answer(request: httpx.Request) -> httpx.Response:
        page = Recorded(provider.name)(request).json()
        return httpx.Response(200, json=_with_news(page))

    assert await read_day(reading(provider, answer)) == await read_day(
        reading(provider, Recorded(provider.name))
    )


def _with_news(value):
    match value:
        case dict():
            return {"new": {"in": ["2027"]}, **{k: _with_news(v) for k, v in value.items()}}
        case list():
            return [_with_news(item) for item in value]
        case _:
            return value


@every_provider
async def test_figures_of_another_day_are_not_taken_for_this_one(provider):
    with pytest.raises(errors.SourceResponseError, match=r"2026-11-12: .*another day"):
        await read_day(reading(provider, Recorded(provider.name)), DAY - timedelta(days=7))
