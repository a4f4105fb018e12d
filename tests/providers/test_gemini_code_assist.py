"""Gemini Code Assist: what counts as a request, and what is never looked at."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.domain.usage import ProviderDay, UsageRecord
from bot.providers.gemini_code_assist import GeminiCodeAssist, Page
from tests.providers.recorded import DAY, SECRET, Recorded, load_page, read_day, reading
from tests.providers.small_schemas import assert_agrees_with_its_schema

ANA, BEN = "ana.ruiz@example.com", "ben@example.com"
PROMPT = "the secret plan of the reorganization"


def make_record(account: str | None, requests: int) -> UsageRecord:
    return UsageRecord(provider="gemini_code_assist", account=account, day=DAY, requests=requests)


async def day_of(**instead) -> ProviderDay:
    return await read_day(reading(GeminiCodeAssist, Recorded("gemini_code_assist", **instead)))


def log_of(*events: dict, **changes) -> dict:
    entry = load_page("gemini_code_assist", "entries_list")["entries"][0] | changes
    return {
        "entries": [
            {**entry, "insertId": f"e{number}", "jsonPayload": event}
            for number, event in enumerate(events)
        ]
    }


async def test_requests_and_pages_are_what_the_schema_says():
    await assert_agrees_with_its_schema("gemini_code_assist")


async def test_a_day_is_requests_by_person_without_tokens_or_money():
    assert await day_of() == ProviderDay(
        provider="gemini_code_assist",
        day=DAY,
        records=(make_record(None, 1), make_record(ANA, 2), make_record(BEN, 2)),
        billed=None,
        data_through=datetime(2026, 11, 20, tzinfo=UTC),
        emails={ANA: ANA, BEN: BEN},
    )


class TestARequest:
    @pytest.mark.parametrize(
        "event",
        [
            {"apiRequest": {}, "requestId": "r1"},
            {"codeExposure": {"originalRequestId": "r1"}, "requestId": "x"},
            {"chatExposure": {"originalRequestId": "r1"}, "requestId": "x"},
        ],
    )
    async def test_is_one_that_was_sent_or_whose_answer_was_shown(self, event):
        assert (await day_of(entries_list=log_of(event))).records == (make_record(ANA, 1),)

    async def test_that_was_sent_and_shown_counts_once(self):
        log = log_of(
            {"apiRequest": {}, "requestId": "r1"},
            {"codeExposure": {"originalRequestId": "r1"}, "requestId": "x"},
            {"codeExposure": {"originalRequestId": "r1"}, "requestId": "y"},
        )

        assert (await day_of(entries_list=log)).records == (make_record(ANA, 1),)

    @pytest.mark.parametrize("kind", ["codeAcceptance", "chatAcceptance", "somethingNew"])
    async def test_is_not_to_accept_one(self, kind):
        log = log_of({kind: {"originalRequestId": "r1", "linesCount": "3"}, "requestId": "x"})

        assert (await day_of(entries_list=log)).records == ()

    async def test_without_an_id_is_known_by_its_entry(self):
        log = log_of({"apiRequest": {}}, {"apiRequest": {}})

        assert (await day_of(entries_list=log)).records == (make_record(ANA, 2),)


class TestPrivacy:
    async def test_only_the_metadata_log_is_ever_asked_for(self):
        recorded = Recorded("gemini_code_assist")

        await read_day(reading(GeminiCodeAssist, recorded))

        log = "projects/acme-editors/logs/cloudaicompanion.googleapis.com%2Fmetadata"
        day = 'timestamp>="2026-11-19T00:00:00Z" AND timestamp<"2026-11-20T00:00:00Z"'
        filters = {json.loads(r.content)["filter"] for r in recorded.requests}
        assert filters == {f'logName="{log}" AND labels.product="code_assist" AND {day}'}

    async def test_a_prompt_that_comes_along_is_not_even_decoded(self):
        said = {"input": {"messages": [{"author": "USER", "content": PROMPT}]}}
        log = log_of(
            {"apiRequest": {"prompt": PROMPT}, "taskCompletionRequest": said, "requestId": "r1"}
        )
        adapter = reading(GeminiCodeAssist, Recorded("gemini_code_assist", entries_list=log))

        pages = [page async for page in adapter.fetch(DAY)]

        assert PROMPT not in repr((pages, adapter.parse(DAY, pages)))


class TestPages:
    async def test_are_asked_for_with_the_token_of_the_one_before(self):
        recorded = Recorded("gemini_code_assist")

        await read_day(reading(GeminiCodeAssist, recorded))

        asked = [json.loads(r.content).get("pageToken") for r in recorded.requests]
        assert asked == [None, "second"]
        assert {r.headers["authorization"] for r in recorded.requests} == {f"Bearer {SECRET}"}

    async def test_may_be_empty_before_the_last(self):
        assert (await day_of(entries_list={"nextPageToken": "second"})).records


class TestTimes:
    async def test_with_nanoseconds_do_not_round_into_the_next_day(self):
        log = log_of({"apiRequest": {}}, timestamp="2026-11-19T23:59:59.999999999Z")

        assert (await day_of(entries_list=log)).records == (make_record(ANA, 1),)

    async def test_of_the_next_day_are_refused(self):
        log = log_of({"apiRequest": {}}, timestamp="2026-11-20T00:00:00Z")

        with pytest.raises(errors.SourceResponseError, match="another day"):
            await day_of(entries_list=log)


async def test_an_empty_log_is_not_a_day_without_use():
    day = await day_of(entries_list={})

    assert (day.records, day.data_through) == ((), datetime(2026, 11, 19, tzinfo=UTC))


async def test_a_user_who_is_no_address_has_none():
    log = log_of({"apiRequest": {}}, labels={"user_id": "principal://pool/subject/Ben"})

    day = await day_of(entries_list=log)

    assert [r.account for r in day.records] == ["principal://pool/subject/ben"]
    assert day.emails == {}


async def test_a_project_that_could_change_the_filter_is_a_mistake_in_the_settings():
    with pytest.raises(ValueError, match="project"):
        reading(GeminiCodeAssist, lambda _: httpx.Response(200), project='x" OR timestamp>"2020')


@given(data=st.data())
def test_split_shuffled_and_repeated_pages_give_the_same_day(data):
    names = ("entries_list", "entries_list_second")
    recorded = [load_page("gemini_code_assist", name) for name in names]
    single = [{"entries": [entry]} for page in recorded for entry in page["entries"]]
    again = data.draw(st.lists(st.sampled_from([*single, *recorded]), max_size=4))
    dealt = data.draw(st.permutations([*single, *again]))

    def parse(pages: list[dict]) -> ProviderDay:
        decoded = [msgspec.json.decode(json.dumps(page), type=Page) for page in pages]
        return GeminiCodeAssist.parse(DAY, decoded)

    assert parse(dealt) == parse(recorded)
