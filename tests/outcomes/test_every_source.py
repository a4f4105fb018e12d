"""What must be true of every source of finished work, so that no review has to ask for it."""

from __future__ import annotations

import inspect
import json
import logging
import re
from dataclasses import replace
from datetime import UTC, timedelta

import httpx
import pytest
import structlog
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from bot import errors
from bot.domain.outcomes import OutcomeKind, link_of, title_of
from bot.domain.people import normalized_email
from bot.outcomes import SOURCES
from bot.reading.windowed import WindowedSource
from tests.outcomes.case import cases
from tests.outcomes.recorded_work import (
    FIXTURES,
    SECRET,
    SINCE,
    WINDOW_END,
    RecordedWork,
    collect,
    load_page,
    page_names,
    reading,
)

BODY = "the-body-of-an-answer"
NAME = re.compile(r"commit:[0-9a-f]{7,64}|ticket:[A-Z][A-Z0-9]*-\d+|(?:github|gitlab):[^A-Z]+#\d+")

CASES = cases()
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def told_by(outcome):
    """All that it says, but for its title."""
    return repr(replace(outcome, title=None))


def test_every_source_of_this_kind_is_held_to_all_of_this():
    kind = {source.name for source in SOURCES if issubclass(source, WindowedSource)}

    assert kind <= set(CASES)


@every_case
def test_says_what_it_reads(case):
    doc = inspect.getmodule(case.source).__doc__

    for key in ("Docs:", "Grain:", "Account:", "Reads:"):
        assert len(re.findall(rf"^{key} +\S", doc, re.MULTILINE)) == 1


@every_case
class TestConfig:
    def test_keeps_its_secrets_to_itself(self, case):
        config = case.make_config(**case.config)

        assert SECRET in case.config.values()
        assert SECRET not in f"{config} {config!r} {config.model_dump_json()}"

    def test_describes_every_setting(self, case):
        assert all(field.description for field in case.make_config.model_fields.values())

    def test_needs_to_be_told_something(self, case):
        with pytest.raises(ValidationError):
            case.make_config()

    def test_refuses_a_window_that_is_none(self, case):
        for setting in ("repull_days", "history_days"):
            for nonsense in (0, -1, "soon", None):
                with pytest.raises(ValidationError):
                    case.make_config(**{**case.config, setting: nonsense})

    def test_refuses_what_makes_no_sense_for_it(self, case):
        for nonsense in case.nonsense:
            with pytest.raises(ValidationError):
                case.make_config(**{**case.config, **nonsense})

    def test_does_not_quote_a_secret_that_it_refuses(self, case):
        for key in (key for key, value in case.config.items() if value == SECRET):
            with pytest.raises(ValidationError) as caught:
                case.make_config(**{**case.config, key: [SECRET]})
            assert SECRET not in str(caught.value)


@every_case
class TestRecordedPages:
    def test_agree_with_the_schema(self, case):
        schema = json.loads((FIXTURES / case.name / "schema.json").read_text())

        assert schema["$comment"].startswith("unverified: written from public documentation")
        assert page_names(case.name) == set(case.schemas)
        for name, definition in case.schemas.items():
            whole = {"$defs": schema["$defs"], "$ref": f"#/$defs/{definition}"}
            Draft202012Validator.check_schema(whole)
            Draft202012Validator(whole).validate(load_page(case.name, name))

    async def test_are_asked_for_without_a_secret_in_the_address(self, case):
        recorded = RecordedWork(case)

        await collect(reading(case, recorded))

        assert recorded.requests
        assert SECRET not in str([request.url for request in recorded.requests])

    async def test_give_the_same_when_they_are_read_again(self, case):
        source = reading(case, RecordedWork(case))

        once = await source.collect(WINDOW_END, since=SINCE)

        assert await collect(source) == once
        assert await collect(reading(case, RecordedWork(case))) == once

    async def test_give_the_same_with_what_is_new_in_them_passed_over(self, case):
        def answer(request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, json=_with_news(RecordedWork(case)(request).json(), case))

        assert await collect(reading(case, answer)) == await collect(
            reading(case, RecordedWork(case))
        )


@every_case
class TestCollected:
    @pytest.fixture
    async def batch(self, case):
        return await collect(reading(case, RecordedWork(case)))

    @pytest.fixture
    def outcomes(self, batch):
        return batch.outcomes

    def test_is_finished_work_of_the_source_and_each_piece_once(self, case, outcomes):
        ids = [outcome.source_id for outcome in outcomes]

        assert outcomes
        assert {outcome.source for outcome in outcomes} == {case.name}
        assert all(ids)
        assert len(ids) == len(set(ids))
        assert all(isinstance(outcome.kind, OutcomeKind) for outcome in outcomes)
        assert all(outcome.kind is not OutcomeKind.LOGGED for outcome in outcomes)

    def test_happened_in_an_order_that_can_be(self, outcomes):
        for one in outcomes:
            assert one.completed_at <= WINDOW_END
            moments = (one.opened_at, one.completed_at, one.reverted_at, one.reopened_at)
            told = [moment for moment in moments if moment is not None]
            assert all(moment.utcoffset() == timedelta(0) for moment in told)
            assert one.opened_at is None or one.opened_at <= one.completed_at
            assert one.reverted_at is None or one.reverted_at >= one.completed_at
            assert one.reopened_at is None or one.reopened_at >= one.completed_at

    def test_has_titles_and_links_that_may_be_shown(self, outcomes):
        assert all(outcome.title == title_of(outcome.title) for outcome in outcomes)
        assert all(outcome.url == link_of(outcome.url) for outcome in outcomes)

    def test_has_its_titles_nowhere_else(self, case, batch):
        rest = f"{[told_by(outcome) for outcome in batch.outcomes]} {batch.report}"

        assert case.titles
        for title in case.titles:
            assert title in {outcome.title for outcome in batch.outcomes}
            assert title not in rest

    def test_credits_an_account_once_and_never_an_empty_one(self, outcomes):
        for outcome in outcomes:
            accounts = [credit.account for credit in outcome.credits]
            assert all(accounts)
            assert len(accounts) == len(set(accounts))

    def test_has_work_of_somebody_and_of_nobody(self, outcomes):
        assert any(outcome.credits for outcome in outcomes)
        assert any(not outcome.credits for outcome in outcomes)

    def test_is_named_as_it_is_named_elsewhere(self, outcomes):
        for outcome in outcomes:
            assert all(map(NAME.fullmatch, outcome.names | outcome.closes | outcome.closed_by))
            assert not outcome.names & (outcome.closes | outcome.closed_by)

    def test_lies_in_projects_that_could_be_read(self, batch):
        projects = {o.project for o in batch.outcomes if o.project is not None}
        assert batch.readable is None or projects <= batch.readable

    def test_names_addresses_with_a_proof_and_as_they_are_compared(self, batch):
        for account, identity in batch.identities.items():
            assert account
            assert identity.email == normalized_email(identity.email)

    def test_is_reported_in_counts(self, batch):
        assert batch.data_through == WINDOW_END
        assert batch.data_through.tzinfo is UTC
        assert not batch.complete
        assert json.loads(json.dumps(batch.report)) == batch.report
        assert batch.report["outcomes"] == len(batch.outcomes)


@every_case
async def test_where_nothing_was_finished_there_is_nothing_and_that_is_no_error(case):
    batch = await collect(reading(case, RecordedWork(case, **_without_work(case))))

    assert batch.outcomes == ()
    assert batch.data_through == WINDOW_END


@every_case
async def test_at_first_it_reaches_further_back_than_later(case):
    at_first = await collect(reading(case, RecordedWork(case)), since=None)
    later = await collect(reading(case, RecordedWork(case)))

    assert at_first.report["from"] < later.report["from"]
    assert {o.source_id for o in at_first.outcomes} >= {o.source_id for o in later.outcomes}


@every_case
async def test_what_was_finished_later_than_asked_is_left_for_the_next_time(case):
    whole = await collect(reading(case, RecordedWork(case)))
    earlier = min(outcome.completed_at for outcome in whole.outcomes)

    batch = await collect(reading(case, RecordedWork(case)), until=earlier)

    assert all(outcome.completed_at <= earlier for outcome in batch.outcomes)
    assert len(batch.outcomes) < len(whole.outcomes)


@pytest.mark.parametrize(
    ("case", "name", "path"),
    [
        pytest.param(case, name, path, id=f"{case.name}-{name}.{'.'.join(map(str, path))}")
        for case in CASES.values()
        for name, paths in case.required.items()
        for path in paths
    ],
)
async def test_a_missing_required_field_is_named_and_quotes_no_title(case, name, path):
    page = _spoilt(load_page(case.name, name), path)

    with pytest.raises(errors.SourceResponseError) as caught:
        await collect(reading(case, RecordedWork(case, **{name: page})))

    assert f"`{path[-1]}`" in str(caught.value)
    assert not any(title in str(caught.value) for title in case.titles)


WRONG = [
    pytest.param(httpx.Response(401, text=BODY), errors.SourceUnauthorizedError, id="401"),
    pytest.param(httpx.Response(403, text=BODY), errors.SourceForbiddenError, id="403"),
    pytest.param(
        httpx.Response(404, text=BODY),
        (errors.SourceNotFoundError, errors.SourceForbiddenError),
        id="404",
    ),
    pytest.param(httpx.Response(400, text=BODY), errors.SourceRefusedError, id="400"),
    *(
        pytest.param(
            httpx.Response(429, text=BODY, headers={"retry-after": value} if value else {}),
            errors.SourceRateLimitedError,
            id=f"429-{value}",
        )
        for value in ("", "0", "1000000000", "Thu, 19 Nov 2026 00:00:00 GMT", "soon")
    ),
    pytest.param(httpx.Response(500, text=BODY), errors.SourceUnavailableError, id="500"),
    pytest.param(httpx.Response(503, text=BODY), errors.SourceUnavailableError, id="503"),
    pytest.param(
        httpx.Response(302, headers={"location": "https://example.com"}),
        errors.SourceRefusedError,
        id="redirect",
    ),
    *(
        pytest.param(httpx.Response(200, content=content), errors.SourceResponseError, id=name)
        for name, content in {
            "html": f"<html>{BODY}</html>".encode(),
            "truncated": f'{{"data": [{{"x": "{BODY}'.encode(),
            "not-utf-8": f'{{"data": ["{BODY} é"]}}'.encode("latin-1"),
            "garbage": BODY.encode() + bytes(range(256)),
            "nothing": b"",
            "number": b"17",
            "null": b"null",
            "another-shape": f'["{BODY}"]'.encode(),
        }.items()
    ),
]


@every_case
@pytest.mark.parametrize(("response", "expected"), WRONG)
async def test_an_error_says_what_to_do_and_quotes_neither_key_nor_body(
    case, response, expected, caplog
):
    caplog.set_level(logging.DEBUG)
    source = reading(case, lambda _: response, attempts=3)

    with structlog.testing.capture_logs() as logs, pytest.raises(expected) as caught:
        await collect(source)

    assert str(caught.value)
    assert caught.value.hint
    told = f"{caught.getrepr(style='value')} {caplog.text} {logs}"
    assert SECRET not in told
    assert BODY not in told


@every_case
async def test_a_reading_logs_neither_keys_nor_titles(case, caplog):
    caplog.set_level(logging.DEBUG)

    with structlog.testing.capture_logs() as logs:
        await collect(reading(case, RecordedWork(case)))

    assert SECRET not in f"{caplog.text} {logs}"
    assert not any(title in f"{caplog.text} {logs}" for title in case.titles)


@pytest.mark.parametrize(
    ("case", "name"),
    [
        pytest.param(case, name, id=f"{case.name}-{name}")
        for case in CASES.values()
        for name in case.forbidden
    ],
)
async def test_without_a_page_that_is_needed_it_says_that_it_may_not_read(case, name):
    refused = RecordedWork(case, **{name: httpx.Response(403, text=BODY)})

    with pytest.raises(errors.SourceForbiddenError) as caught:
        await collect(reading(case, refused))

    assert BODY not in str(caught.value)


@pytest.mark.parametrize(
    ("case", "name"),
    [
        pytest.param(case, name, id=f"{case.name}-{name}")
        for case in CASES.values()
        for name in case.partly_forbidden
    ],
)
async def test_a_project_that_may_not_be_read_leaves_the_others_as_they_are(case, name):
    whole = await collect(reading(case, RecordedWork(case)))
    refused = RecordedWork(case, **{name: httpx.Response(403, text=BODY)})

    batch = await collect(reading(case, refused))

    assert batch.readable < whole.readable
    assert batch.outcomes
    assert set(batch.outcomes) == {o for o in whole.outcomes if o.project in batch.readable}


@pytest.mark.parametrize("case", [c for c in CASES.values() if c.circle], ids=lambda c: c.name)
async def test_paging_in_a_circle_is_noticed(case):
    recorded = RecordedWork(case, **case.circle)

    with pytest.raises(errors.SourceResponseError):
        await collect(reading(case, recorded))

    assert len(recorded.requests) < 100


@every_case
async def test_a_storm_of_refusals_passes_and_nothing_is_missing(case):
    recorded = RecordedWork(case)
    waits = iter(["0", "", "soon", "Thu, 19 Nov 2026 00:00:00 GMT"] * 50)
    seen: set[str] = set()

    def stormy(request: httpx.Request) -> httpx.Response:
        if _asked(request) in seen:
            return recorded(request)
        seen.add(_asked(request))
        return httpx.Response(429, headers={"retry-after": next(waits)})

    assert await collect(reading(case, stormy, attempts=3)) == await collect(
        reading(case, RecordedWork(case))
    )


@every_case
async def test_an_answer_cut_short_is_asked_for_again(case):
    recorded = RecordedWork(case)
    seen: set[str] = set()

    def flaky(request: httpx.Request) -> httpx.Response:
        whole = recorded(request)
        if _asked(request) in seen:
            return whole
        seen.add(_asked(request))
        return httpx.Response(200, content=whole.content[:-1])

    assert await collect(reading(case, flaky, attempts=2)) == await collect(
        reading(case, RecordedWork(case))
    )


def _asked(request):
    return f"{request.method} {request.url} {request.content!r}"


def _spoilt(page, path):
    """A copy of *page* without its field at *path*."""
    copy = json.loads(json.dumps(page))
    *parents, last = path
    inner = copy
    for step in parents:
        inner = inner[step]
    del inner[last]
    return copy


def _without_work(case):
    if case.empty is not None:
        return case.empty
    pages = {name: load_page(case.name, name) for name in page_names(case.name)}
    return {
        name: _with_empty_lists(page)
        for name, page in pages.items()
        if any(title in json.dumps(page, ensure_ascii=False) for title in case.titles)
    }


def _with_empty_lists(value):
    match value:
        case dict():
            return {key: _with_empty_lists(inner) for key, inner in value.items()}
        case list():
            return []
        case _:
            return value


def _with_news(value, case, *, is_map=False):
    """With a field in every object that nobody has heard of."""
    match value:
        case dict():
            known = {k: _with_news(v, case, is_map=k in case.maps) for k, v in value.items()}
            return known if is_map else {"new": {"in": ["2027"]}, **known}
        case list():
            return [_with_news(item, case) for item in value]
        case _:
            return value
