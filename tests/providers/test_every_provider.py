"""What must be true of every provider, so that no review has to ask for it."""

from __future__ import annotations

import inspect
import json
import logging
import pkgutil
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import structlog

import bot.providers
from bot import errors
from bot.domain.usage import total
from bot.providers import PROVIDERS
from tests.providers.case import CASES
from tests.providers.recorded import DAY, SECRET, Recorded, load_page, read_day, reading

BODY = "the-body-of-an-answer"

HTTP_CASES = [case for case in CASES.values() if case.is_http]
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
every_http_case = pytest.mark.parametrize("case", HTTP_CASES, ids=lambda case: case.name)


def recorded_adapter(case, **instead):
    """It with all that is recorded, over HTTP or as objects in a folder."""
    if case.is_http:
        return reading(case.provider, Recorded(case.name, **instead))
    return reading(case.provider, None)


def test_every_module_is_registered():
    modules = {module.name for module in pkgutil.iter_modules(bot.providers.__path__)}

    assert {name for name in modules if not name.startswith("_")} == {p.name for p in PROVIDERS}
    assert set(CASES) == {p.name for p in PROVIDERS}


@every_case
def test_says_what_it_reads(case):
    doc = inspect.getmodule(case.provider).__doc__

    for key in ("Docs:", "Grain:", "Account:", "Cost:", "Settles:"):
        assert key in doc


@every_case
def test_keeps_its_key_out_of_its_configuration_as_text(case):
    config = inspect.getmodule(case.provider).Config(**case.config)

    assert SECRET not in f"{config} {config!r} {config.model_dump_json()}"


@every_case
def test_asks_again_for_days_that_have_not_settled(case):
    assert case.provider.freshness.repull >= 2
    assert case.provider.freshness.settles_after >= 1


@every_case
@pytest.mark.parametrize("refused", [False, True], ids=["allowed", "refused"])
class TestRecordedPages:
    @pytest.fixture
    async def day(self, case, refused):
        return await read_day(recorded_adapter(case, **(case.refused if refused else {})))

    def test_are_about_the_provider_and_the_day(self, case, day):
        assert {(r.provider, r.day) for r in day.records} == {(case.name, DAY)}

    def test_give_one_record_a_key(self, day):
        keys = [record.key for record in day.records]

        assert len(keys) == len(set(keys))

    def test_give_a_basis_to_every_amount_and_to_nothing_else(self, day):
        amounts = [(r.cost, r.foreign_cost) for r in day.records]

        assert [any(a is not None for a in each) for each in amounts] == [
            r.cost_basis is not None for r in day.records
        ]

    def test_put_no_other_currency_among_the_dollars(self, day):
        assert all(r.currency == "USD" or r.cost is None for r in day.records)
        assert all((r.foreign_cost is None) == (r.currency == "USD") for r in day.records)

    def test_add_up_to_the_bill_with_what_is_unattributed(self, case, day):
        known = total(r.cost for r in day.records if r.is_on_the_bill)

        assert (day.billed is not None) == case.has_bill
        assert day.billed is None or known + day.unattributed == day.billed

    def test_come_in_one_order(self, day):
        keys = [tuple(part or "" for part in record.key) for record in day.records]

        assert keys == sorted(keys)

    def test_name_addresses_in_lower_case(self, case, day):
        assert day.emails or not (case.provider.capabilities.per_person and case.names_addresses)
        assert all(address == address.lower() for address in day.emails.values())

    def test_give_what_the_provider_says_it_can(self, case, day):
        can = case.provider.capabilities

        assert can.per_person >= any(r.account in day.emails for r in day.records)
        assert can.tokens >= any(r.tokens is not None for r in day.records)
        assert can.requests >= any(r.requests is not None for r in day.records)
        assert {r.cost_basis for r in day.records if r.cost_basis} <= set(can.cost)

    def test_say_how_far_the_figures_reach_in_utc(self, day):
        start = datetime(2026, 11, 19, tzinfo=UTC)

        assert start < day.data_through <= start + timedelta(days=2)
        assert day.data_through.tzinfo is UTC


def answering(response: httpx.Response):
    return lambda _: response


def spoilt(page, path):
    """A copy of *page* without its field at *path*."""
    copy = json.loads(json.dumps(page))
    inner, last = walked(copy, path)
    del inner[last]
    return copy


def changed(page, path, value):
    copy = json.loads(json.dumps(page))
    inner, last = walked(copy, path)
    inner[last] = value
    return copy


def walked(page, path):
    *parents, last = path
    for step in parents:
        page = page[step]
    return page, last


@pytest.mark.parametrize(
    ("case", "name", "path"),
    [
        pytest.param(case, name, path, id=f"{case.name}-{name}.{'.'.join(map(str, path))}")
        for case in HTTP_CASES
        for name, paths in case.required.items()
        for path in paths
    ],
)
async def test_a_missing_required_field_is_named_and_not_taken_for_zero(case, name, path):
    page = spoilt(load_page(case.name, name), path)

    with pytest.raises(errors.SourceResponseError) as caught:
        await read_day(reading(case.provider, Recorded(case.name, **{name: page})))

    assert str(caught.value).startswith(f"{case.name} 2026-11-19: ")
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


@every_http_case
@pytest.mark.parametrize(("response", "expected"), WRONG)
async def test_an_error_says_what_to_do_and_quotes_neither_key_nor_body(
    case, response, expected, caplog
):
    caplog.set_level(logging.DEBUG)
    adapter = reading(case.provider, answering(response), attempts=3)

    with structlog.testing.capture_logs() as logs, pytest.raises(expected) as caught:
        await read_day(adapter)

    assert str(caught.value).startswith(f"{case.name} 2026-11-19: ")
    assert caught.value.hint
    told = f"{caught.getrepr(style='value')} {caplog.text} {logs}"
    assert SECRET not in told
    assert BODY not in told


@every_http_case
async def test_a_storm_of_refusals_passes_and_the_day_is_whole(case):
    recorded = Recorded(case.name)
    waits = iter(["0", "", "soon", "Thu, 19 Nov 2026 00:00:00 GMT"] * 50)
    seen: set[str] = set()

    def stormy(request: httpx.Request) -> httpx.Response:
        if str(request.url) in seen:
            return recorded(request)
        seen.add(str(request.url))
        return httpx.Response(429, headers={"retry-after": next(waits)})

    assert await read_day(reading(case.provider, stormy, attempts=3)) == await read_day(
        reading(case.provider, Recorded(case.name))
    )


@every_http_case
async def test_a_wait_of_years_is_left_to_the_next_night(case):
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(429, headers={"retry-after": "1000000000"})

    with pytest.raises(errors.SourceRateLimitedError):
        await read_day(reading(case.provider, answer, attempts=3))

    assert len(asked) == 1


@every_http_case
async def test_an_answer_cut_short_is_asked_for_again(case):
    recorded = Recorded(case.name)
    seen: set[str] = set()

    def flaky(request: httpx.Request) -> httpx.Response:
        whole = recorded(request)
        if str(request.url) in seen:
            return whole
        seen.add(str(request.url))
        return httpx.Response(200, content=whole.content[:-20])

    assert (await read_day(reading(case.provider, flaky, attempts=2))).records


@pytest.mark.parametrize("case", [c for c in HTTP_CASES if c.circle], ids=lambda case: case.name)
async def test_paging_in_a_circle_is_noticed(case):
    with pytest.raises(errors.SourceResponseError, match=r"2026-11-19: .*paging loops"):
        await read_day(reading(case.provider, answering(httpx.Response(200, json=case.circle))))


@pytest.mark.parametrize("case", [c for c in HTTP_CASES if c.nowhere], ids=lambda case: case.name)
async def test_more_pages_without_a_way_to_them_are_an_error(case):
    with pytest.raises(errors.SourceResponseError, match=r"2026-11-19: .*not where"):
        await read_day(reading(case.provider, answering(httpx.Response(200, json=case.nowhere))))


@every_http_case
async def test_a_page_of_64_mb_is_put_down_half_way(case):
    sent = 0

    async def megabytes():
        nonlocal sent
        for _ in range(64):
            sent += 1
            yield b" " * 1024 * 1024

    with pytest.raises(errors.SourceResponseError, match=r"2026-11-19: .*over 32 MB"):
        await read_day(reading(case.provider, lambda _: httpx.Response(200, content=megabytes())))

    assert sent < 40


@pytest.mark.parametrize("case", [c for c in HTTP_CASES if c.amount], ids=lambda case: case.name)
@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e30", "1e400"])
async def test_an_amount_that_cannot_be_one_is_refused(case, amount):
    name, path = case.amount
    page = changed(load_page(case.name, name), path, amount)

    with pytest.raises(errors.SourceResponseError):
        await read_day(reading(case.provider, Recorded(case.name, **{name: page})))


@every_http_case
async def test_what_is_new_in_an_answer_is_passed_over(case):
    def answer(request: httpx.Request) -> httpx.Response:
        answer = Recorded(case.name)(request)
        if answer.headers["content-type"] != "application/json":
            return answer
        return httpx.Response(200, json=_with_news(answer.json(), case.maps))

    assert await read_day(reading(case.provider, answer)) == await read_day(
        reading(case.provider, Recorded(case.name))
    )


def _with_news(value, maps, *, is_map=False):
    match value:
        case dict():
            known = {k: _with_news(v, maps, is_map=k in maps) for k, v in value.items()}
            return known if is_map else {"new": {"in": ["2027"]}, **known}
        case list():
            return [_with_news(item, maps) for item in value]
        case _:
            return value


@pytest.mark.parametrize("case", [c for c in HTTP_CASES if c.is_by_day], ids=lambda c: c.name)
async def test_figures_of_another_day_are_not_taken_for_this_one(case):
    with pytest.raises(errors.SourceResponseError, match=r"2026-11-12: .*another day"):
        await read_day(reading(case.provider, Recorded(case.name)), DAY - timedelta(days=7))
