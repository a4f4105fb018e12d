"""Langfuse: estimates by user and model, and what it takes where v1 does not give them."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.domain.usage import CostBasis, ProviderDay, TokenUsage, UsageRecord
from bot.providers.langfuse import Langfuse, MetricsPage, ObservationsPage, TotalsPage
from tests.providers.recorded import DAY, SECRET, Recorded, load_page, read_day, reading
from tests.providers.small_schemas import assert_agrees_with_its_schema

REFUSED = httpx.Response(400)
ANA = "Ana.Ruiz@example.com"


def make_tokens(input_uncached: int, output: int, read: int = 0, written: int = 0) -> TokenUsage:
    return TokenUsage(
        input_uncached=input_uncached, cache_read=read, cache_write=written, output=output
    )


def make_record(account: str | None, model: str, cost: str | None, **more) -> UsageRecord:
    record = {
        "provider": "langfuse",
        "account": account,
        "day": DAY,
        "model": model,
        "cost_type": "tokens",
        "cost": None if cost is None else Decimal(cost),
        "cost_basis": None if cost is None else CostBasis.PROVIDER_ESTIMATE,
    }
    return UsageRecord(**(record | more))


async def day_of(**instead) -> ProviderDay:
    return await read_day(reading(Langfuse, Recorded("langfuse", **instead)))


async def test_requests_and_pages_are_what_the_schema_says():
    await assert_agrees_with_its_schema("langfuse")


async def test_a_day_is_estimates_by_user_and_model_and_no_bill():
    assert await day_of() == ProviderDay(
        provider="langfuse",
        day=DAY,
        records=(
            # Two that name no user, and three of traces that began on the day before.
            make_record(
                None, "gpt-6-astra", "0.007", requests=2 + 3, tokens=make_tokens(250 + 350, 10 + 15)
            ),
            make_record(ANA, "gpt-6-astra", "0.1062", requests=43, tokens=make_tokens(11500, 1000)),
            make_record(ANA, "house-model-7", None, requests=5, tokens=make_tokens(2000, 300)),
            make_record(
                "user-17", "gpt-6-astra", "0.0125", requests=7, tokens=make_tokens(900, 70)
            ),
        ),
        billed=None,
        data_through=datetime(2026, 11, 20, tzinfo=UTC),
        emails={ANA: "ana.ruiz@example.com"},
    )


class TestRows:
    async def test_hold_counts_as_text_or_as_numbers(self):
        page = load_page("langfuse", "metrics_by_user")
        for row in page["data"]:
            for name in ("count_count", "sum_inputTokens", "sum_outputTokens"):
                row[name] = int(row[name])

        assert await day_of(metrics_by_user=page) == await day_of()

    async def test_of_steps_around_the_models_calls_are_no_requests(self):
        assert {r.model for r in (await day_of()).records} == {"gpt-6-astra", "house-model-7"}

    async def test_put_in_to_fill_the_days_around_are_passed_over(self):
        page = load_page("langfuse", "metrics_by_user")
        filler = {"time_dimension": "2026-11-20", "userId": "", "providedModelName": ""}
        page["data"].append({**page["data"][-1], **filler, "count_count": "0", "sum_totalCost": 0})

        assert await day_of(metrics_by_user=page) == await day_of()

    async def test_without_tokens_have_unknown_and_not_zero_tokens(self):
        page = load_page("langfuse", "metrics_by_user")
        page["data"][2] |= {"sum_inputTokens": "0", "sum_outputTokens": None}

        day = await day_of(metrics_by_user=page)

        assert [r.tokens for r in day.records if r.account == "user-17"] == [None]


class TestWhatUsersLeave:
    async def test_is_nobody_s(self):
        nobody = [r.requests for r in (await day_of()).records if r.account is None]

        assert nobody == [5]

    async def test_is_nothing_where_the_day_moved_between_the_questions(self):
        page = load_page("langfuse", "metrics")
        page["data"][0] |= {"count_count": "40", "sum_totalCost": 0.09}

        nobody = [r for r in (await day_of(metrics=page)).records if r.account is None]

        assert [(r.requests, r.cost) for r in nobody] == [(2, Decimal("0.003"))]


class TestWithoutMetricsV1:
    @pytest.mark.parametrize("status", [400, 404, 410])
    async def test_single_observations_are_added_up(self, status):
        day = await day_of(metrics_by_user=httpx.Response(status))

        assert day.records == (
            make_record(None, "house-model-7", None, requests=1),
            make_record(
                ANA,
                "gpt-6-astra",
                "0.015",
                requests=2,
                # input + input_tokens; cache parts and reasoning as their own keys
                tokens=make_tokens(900 + 500, 60 + 40 + 20, read=100 + 7, written=3),
            ),
        )

    async def test_an_observation_that_comes_twice_counts_once(self):
        page = load_page("langfuse", "observations")
        page["data"] += page["data"]

        assert await day_of(metrics_by_user=REFUSED, observations=page) == await day_of(
            metrics_by_user=REFUSED
        )

    async def test_pages_are_followed_by_their_cursor(self):
        first, second = load_page("langfuse", "observations"), load_page("langfuse", "observations")
        first |= {"data": first["data"][:1], "meta": {"cursor": "second"}}
        second["data"] = second["data"][1:]
        recorded = Recorded("langfuse", metrics_by_user=REFUSED)

        def answer(request: httpx.Request) -> httpx.Response:
            if not request.url.path.endswith("/observations"):
                return recorded(request)
            cursor = request.url.params.get("cursor")
            return httpx.Response(200, json={None: first, "second": second}[cursor])

        whole = await day_of(metrics_by_user=REFUSED)
        assert await read_day(reading(Langfuse, answer)) == whole

    async def test_paging_in_a_circle_is_noticed(self):
        circle = {"data": [], "meta": {"cursor": "again"}}

        with pytest.raises(errors.SourceResponseError, match="paging loops"):
            await day_of(metrics_by_user=REFUSED, observations=circle)

    async def test_an_observation_of_another_day_is_refused(self):
        page = load_page("langfuse", "observations")
        page["data"][0]["startTime"] = "2026-11-20T00:00:00.000Z"

        with pytest.raises(errors.SourceResponseError, match="another day"):
            await day_of(metrics_by_user=REFUSED, observations=page)

    async def test_what_was_said_is_not_asked_for(self):
        recorded = Recorded("langfuse", metrics_by_user=REFUSED)

        await read_day(reading(Langfuse, recorded))

        [asked] = (r for r in recorded.requests if r.url.path.endswith("/observations"))
        assert not set(asked.url.params["fields"].split(",")) & {"io", "metadata", "prompt"}

    @pytest.mark.parametrize("status", [401, 403])
    async def test_a_key_that_is_refused_is_no_reason_to_look_elsewhere(self, status):
        recorded = Recorded("langfuse", metrics_by_user=httpx.Response(status))

        with pytest.raises(errors.SourceError):
            await read_day(reading(Langfuse, recorded))

        assert len(recorded.requests) == 1


class TestAnAnswerThatIsFull:
    @pytest.fixture
    def full(self) -> dict:
        row = load_page("langfuse", "metrics_by_user")["data"][0]
        return {"data": [{**row, "userId": f"user-{number}"} for number in range(1000)]}

    async def test_is_not_taken_for_all_there_is(self, full):
        whole = await day_of(metrics_by_user=REFUSED)

        assert await day_of(metrics_by_user=full) == whole

    async def test_fails_the_day_where_there_is_no_other_way(self, full):
        with pytest.raises(errors.SourceResponseError, match="more than 1,000 users and models"):
            await day_of(metrics_by_user=full, observations=httpx.Response(404))


class TestDataThrough:
    async def test_is_the_start_of_a_day_that_has_nothing(self):
        day = await day_of(metrics_by_user={"data": []}, metrics={"data": []})

        assert (day.records, day.data_through) == ((), datetime(2026, 11, 19, tzinfo=UTC))


class TestRequests:
    async def test_ask_for_the_day_with_its_last_millisecond_included(self):
        recorded = Recorded("langfuse")

        await read_day(reading(Langfuse, recorded))

        queries = [json.loads(r.url.params["query"]) for r in recorded.requests]
        assert {(q["fromTimestamp"], q["toTimestamp"]) for q in queries} == {
            ("2026-11-19T00:00:00.000Z", "2026-11-19T23:59:59.999Z")
        }
        assert [[d["field"] for d in q["dimensions"]] for q in queries] == [
            ["userId", "providedModelName"],
            ["providedModelName"],
        ]

    async def test_carry_both_keys_as_basic_authorization(self):
        recorded = Recorded("langfuse")

        await read_day(reading(Langfuse, recorded))

        scheme, _, pair = recorded.requests[0].headers["authorization"].partition(" ")
        assert (scheme, b64decode(pair).decode()) == ("Basic", f"pk-lf-made-up:{SECRET}")


KINDS = {"metrics_by_user": MetricsPage, "metrics": TotalsPage, "observations": ObservationsPage}


@pytest.mark.parametrize("names", [["metrics_by_user", "metrics"], ["observations"]])
@given(data=st.data())
def test_split_shuffled_and_repeated_pages_give_the_same_day(names, data):
    def decoded(page: dict, name: str) -> object:
        return msgspec.json.decode(json.dumps(page), type=KINDS[name])

    recorded = [(load_page("langfuse", name), name) for name in names]
    single = [({**page, "data": [row]}, name) for page, name in recorded for row in page["data"]]
    again = data.draw(st.lists(st.sampled_from([*single, *recorded]), max_size=4))
    dealt = data.draw(st.permutations([*single, *again]))

    whole = Langfuse.parse(DAY, [decoded(*page) for page in recorded])
    assert Langfuse.parse(DAY, [decoded(*page) for page in dealt]) == whole
