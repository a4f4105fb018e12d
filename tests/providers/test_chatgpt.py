from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot import errors
from bot.domain.usage import EXACT, CostBasis, ProviderDay, TokenUsage, UsageRecord
from bot.providers.chatgpt import ChatGPT, Config, Terms, UsagePage
from tests.providers.recorded import DAY, SECRET, Recorded, load_page, read_day, reading

CREDITS = "credits:chatgpt"
ESTIMATE = CostBasis.PROVIDER_ESTIMATE
ANA_TOKENS = TokenUsage(input_uncached=110, cache_read=220, cache_write=0, output=55)


def make_record(account: str | None, **changes) -> UsageRecord:
    return UsageRecord(provider="chatgpt", account=account, day=DAY, **changes)


def page_of(*totals: dict) -> dict:
    """Rows of different people with these totals."""
    page = load_page("chatgpt", "usage")
    row = page["data"][0]
    page["data"] = [
        row | {"user_id": f"user-{number}", "actor": None, "totals": each}
        for number, each in enumerate(totals)
    ]
    return page


async def day_of(page: dict | None = None, **config) -> ProviderDay:
    instead = {} if page is None else {"usage": page}
    return await read_day(reading(ChatGPT, Recorded("chatgpt", **instead), **config))


async def record_of(totals: dict, **config) -> UsageRecord:
    [record] = (await day_of(page_of(totals), **config)).records
    return record


async def test_a_day_is_one_record_a_person():
    assert await day_of() == ProviderDay(
        provider="chatgpt",
        day=DAY,
        records=(
            make_record(
                None,
                requests=2,
                foreign_cost=Decimal(5),
                currency=CREDITS,
                cost_basis=ESTIMATE,
            ),
            make_record(
                "user-ana",
                tokens=ANA_TOKENS,
                requests=21,
                foreign_cost=Decimal("41.5"),
                currency=CREDITS,
                cost_basis=ESTIMATE,
            ),
            make_record("user-ben", requests=4, cost=Decimal("2.5"), cost_basis=CostBasis.BILLED),
            make_record("user-cy", requests=3, cost=Decimal("0.2"), cost_basis=ESTIMATE),
            make_record("user-dee"),
        ),
        billed=None,
        data_through=datetime(2026, 11, 20, tzinfo=UTC),
        emails={
            "user-ana": "ana.ruiz@example.com",
            "user-ben": "ben@example.com",
            "user-cy": "cy@example.com",
            "user-dee": "dee@example.com",
        },
    )


class TestMoney:
    async def test_native_dollars_are_billed_and_credits_beside_them_count_for_nothing(self):
        record = await record_of({"cost_usd": 2.5, "credits": 10, "estimated_cost_usd": 0.4})

        assert (record.cost, record.cost_basis) == (Decimal("2.5"), CostBasis.BILLED)
        assert record.foreign_cost is None

    async def test_no_dollars_billed_are_not_dollars_unknown(self):
        record = await record_of({"cost_usd": 0, "estimated_cost_usd": 0.4})

        assert (record.cost, record.cost_basis) == (Decimal(0), CostBasis.BILLED)

    async def test_credits_are_not_dollars(self):
        record = await record_of({"cost_usd": None, "credits": 41.5, "estimated_cost_usd": 1.66})

        assert (record.cost, record.foreign_cost) == (None, Decimal("41.5"))
        assert (record.currency, record.cost_basis) == (CREDITS, ESTIMATE)

    async def test_credits_with_a_price_are_worth_dollars_that_nobody_billed(self):
        record = await record_of({"credits": 41.5}, usd_per_credit="0.04")

        assert (record.cost, record.foreign_cost) == (Decimal("1.660"), None)
        assert (record.currency, record.cost_basis) == ("USD", ESTIMATE)

    async def test_a_price_of_credits_leaves_billed_dollars_alone(self):
        record = await record_of({"credits": 41.5, "cost_usd": 3}, usd_per_credit="0.04")

        assert (record.cost, record.cost_basis) == (Decimal(3), CostBasis.BILLED)

    async def test_the_estimate_counts_only_where_there_is_nothing_else(self):
        record = await record_of({"estimated_cost_usd": 1.66})

        assert (record.cost, record.cost_basis) == (Decimal("1.66"), ESTIMATE)

    async def test_no_amount_at_all_is_none_and_not_zero(self):
        record = await record_of({"turns": 3})

        assert (record.cost, record.foreign_cost, record.cost_basis) == (None, None, None)

    async def test_there_is_no_bill_to_add_up_to(self):
        day = await day_of()

        assert (day.billed, day.unattributed, day.foreign_billed) == (None, None, {})

    @pytest.mark.parametrize("value", ['"12.50"', "12.50", "1250e-2"])
    async def test_amounts_are_read_to_the_last_digit_as_number_or_text(self, value):
        page = json.dumps(page_of({"credits": "?"})).replace('"?"', value)
        answer = httpx.Response(200, content=page)

        day = await read_day(reading(ChatGPT, lambda _: answer))

        assert [record.foreign_cost for record in day.records] == [Decimal("12.50")]


class TestTokens:
    async def test_input_is_told_without_what_was_read_from_the_cache(self):
        [ana] = [r for r in (await day_of()).records if r.account == "user-ana"]

        assert ana.tokens == ANA_TOKENS

    async def test_measures_that_are_absent_are_none_and_not_zero(self):
        assert (await record_of({"credits": 1})).tokens is None
        assert (await record_of({"credits": 1})).requests is None

    @pytest.mark.parametrize(
        "absent",
        ["uncached_text_input_tokens", "cached_text_input_tokens", "text_output_tokens"],
    )
    @pytest.mark.parametrize("how", ["left out", "null"])
    async def test_a_part_that_is_absent_leaves_the_tokens_unknown(self, absent, how):
        totals = load_page("chatgpt", "usage")["data"][0]["totals"]
        without = {k: v for k, v in totals.items() if k != absent}

        record = await record_of(without if how == "left out" else without | {absent: None})

        assert record.tokens is None


class TestBreakdowns:
    async def test_that_do_not_add_up_leave_the_totals_as_they_are(self):
        with_breakdowns = await day_of()
        page = load_page("chatgpt", "usage")
        for row in page["data"]:
            row |= {"clients": [], "models": None}

        assert await day_of(page) == with_breakdowns

    async def test_name_no_model_and_count_nobody_twice(self):
        day = await day_of()

        assert {record.model for record in day.records} == {None}
        assert len(day.records) == len({record.account for record in day.records})


class TestPeople:
    async def test_without_an_id_are_known_by_their_address(self):
        page = page_of({"turns": 1})
        page["data"][0] |= {"user_id": None, "actor": {"email": "Eve@Example.com"}}

        day = await day_of(page)

        assert [record.account for record in day.records] == ["eve@example.com"]
        assert day.emails == {"eve@example.com": "eve@example.com"}

    async def test_who_are_actors_of_two_kinds_have_one_record(self):
        page = page_of({"turns": 1}, {"turns": 4})
        for row, kind in zip(page["data"], ("ACCOUNT_USER", "NEW_KIND"), strict=True):
            row |= {"user_id": "user-eve", "actor": {"type": kind}}

        [record] = (await day_of(page)).records

        assert record.requests == 5

    async def test_a_row_that_grew_between_two_pages_counts_once_as_told_last(self):
        page = page_of({"credits": 1}, {"credits": 3})
        page["data"][1]["user_id"] = page["data"][0]["user_id"]

        assert [r.foreign_cost for r in (await day_of(page)).records] == [Decimal(3)]


class TestDataThrough:
    async def test_a_day_without_a_row_is_not_a_day_without_use(self):
        day = await day_of(page_of())

        assert (day.records, day.data_through) == ((), datetime(2026, 11, 19, tzinfo=UTC))

    async def test_ends_with_the_day_whatever_the_rows_say(self):
        page = load_page("chatgpt", "usage")
        page["data"][0]["end_time"] += 86_400

        assert (await day_of(page)).data_through == datetime(2026, 11, 20, tzinfo=UTC)


class TestCodex:
    async def test_is_its_own_product(self):
        page = load_page("chatgpt", "usage")
        page["data"][0]["code_attribution"] = {"lines_added": 3, "lines_removed": 1}

        day = await day_of(page, report="codex")

        assert {record.product for record in day.records} == {"codex"}
        assert "user-ana" in day.emails

    async def test_is_asked_for_at_its_own_address(self):
        recorded = Recorded("chatgpt")

        await read_day(reading(ChatGPT, recorded, report="codex"))

        assert {r.url.path for r in recorded.requests} == {
            "/v1/analytics/codex/workspaces/ws-example/usage"
        }

    async def test_a_window_that_is_refused_is_an_error(self):
        detail = {"detail": [{"loc": ["query"], "msg": "bad window", "type": "value_error"}]}
        answer = httpx.Response(422, json=detail)

        with pytest.raises(errors.SourceRefusedError, match="chatgpt 2026-11-19: HTTP 422"):
            await read_day(reading(ChatGPT, lambda _: answer, report="codex"))


class TestRequests:
    async def test_ask_for_the_day_in_unix_seconds_with_a_bearer_key(self):
        recorded = Recorded("chatgpt")

        await read_day(reading(ChatGPT, recorded))

        [request] = recorded.requests
        assert str(request.url) == (
            "https://api.chatgpt.com/v1/analytics/workspaces/ws-example/usage"
            "?start_time=1795046400&end_time=1795132800&limit=1000"
        )
        assert request.headers["authorization"] == f"Bearer {SECRET}"

    async def test_follow_the_pages_to_the_last(self):
        whole = load_page("chatgpt", "usage")
        pages = {
            None: whole | {"data": whole["data"][:2], "has_more": True, "next_page": "p2"},
            "p2": whole | {"data": whole["data"][2:]},
        }

        def answer(request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, json=pages[request.url.params.get("page")])

        assert await read_day(reading(ChatGPT, answer)) == await day_of()


@pytest.mark.parametrize("workspace", ["", "../codex", "a/b", "a?b"])
def test_a_workspace_that_is_no_id_is_refused(workspace):
    with pytest.raises(ValidationError):
        Config(admin_key=SECRET, workspace_id=workspace)


@given(data=st.data())
def test_split_shuffled_and_repeated_pages_give_the_same_day(data):
    whole = load_page("chatgpt", "usage")
    single = [whole | {"data": [row]} for row in whole["data"]]
    again = data.draw(st.lists(st.sampled_from([*single, whole]), max_size=5))
    dealt = data.draw(st.permutations([*single, *again]))
    terms = Terms(report="usage")

    def parsed(pages: list[dict]) -> ProviderDay:
        read = [msgspec.json.decode(json.dumps(page), type=UsagePage) for page in pages]
        return ChatGPT.parse(DAY, [terms, *read])

    assert parsed(dealt) == parsed([whole])


amounts = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=9)


@given(amounts, amounts)
def test_no_digit_of_an_amount_is_lost(credits_used, price):
    page = msgspec.json.decode(json.dumps(page_of({"credits": str(credits_used)})), type=UsagePage)

    day = ChatGPT.parse(DAY, [Terms(report="usage", usd_per_credit=price), page])

    assert [record.cost for record in day.records] == [EXACT.multiply(credits_used, price)]
