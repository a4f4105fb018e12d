"""No cent and no token of Anthropic's answers is lost or counted twice."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.usage import TokenUsage
from bot.providers.anthropic import Anthropic, analytics
from tests.providers.anthropic.answers import NOTHING, of_analytics, of_reports, the_first
from tests.providers.recorded import DAY, load_page


class TestMoney:
    async def test_amounts_are_fractional_cents(self):
        page = the_first("cost_by_actor")
        page["data"][0]["cost"]["amount"] = "412.80300000000001"

        day = await of_analytics(cost_by_actor=page)

        assert [r.cost for r in day.records if r.cost] == [Decimal("4.1280300000000001")]

    async def test_what_is_charged_is_the_amount_after_discounts_not_the_list_price(self):
        page = the_first("cost_by_actor")
        page["data"][0]["cost"] |= {"amount": "80", "list_amount": "100"}

        day = await of_analytics(cost_by_actor=page)

        assert [r.cost for r in day.records if r.cost] == [Decimal("0.8")]

    async def test_corrections_below_zero_are_kept(self):
        page = the_first("cost_by_actor")
        page["data"][0]["cost"]["amount"] = "-12.5"

        day = await of_analytics(cost_by_actor=page)

        assert [r.cost for r in day.records if r.cost] == [Decimal("-0.125")]
        assert day.unattributed == Decimal("4.625")

    async def test_a_currency_in_small_letters_is_the_same_one(self):
        page, bill = the_first("cost_by_actor"), the_first("cost")
        for rows in (page["data"], bill["data"]):
            rows[0]["cost"]["currency"] = "usd"

        day = await of_analytics(cost=bill, cost_by_actor=page)

        assert (day.billed, day.foreign_billed) == (Decimal("4.5"), {})
        assert [r.cost for r in day.records if r.cost] == [Decimal("4.12803")]

    async def test_web_searches_are_charged_apart_from_tokens(self):
        day = await of_analytics()

        assert {r.cost_type for r in day.records if r.account == "user_01Ana"} == {
            "tokens",
            "web_search",
        }

    async def test_the_older_bill_is_in_cents_as_well(self):
        assert (await of_reports()).billed == Decimal("8.0025")

    async def test_the_older_bill_keeps_other_currencies_apart(self):
        page = load_page("anthropic", "cost_report")
        [results] = [bucket["results"] for bucket in page["data"]]
        results.append({**results[0], "currency": "EUR"})

        day = await of_reports(cost_report=page)

        assert (day.billed, day.foreign_billed) == (Decimal("8.0025"), {"EUR": Decimal("8.0025")})

    async def test_an_unknown_or_prioritized_tier_has_the_standard_list_price(self):
        page = load_page("anthropic", "messages_by_account_id")
        row = page["data"][0]["results"][0]
        tiers = ("standard", "priority", "flex_discount", "a-tier-of-2027")

        costs = set()
        for tier in tiers:
            page["data"][0]["results"] = [{**row, "service_tier": tier}]
            day = await of_reports(messages_by_account_id=page, claude_code=NOTHING)
            costs |= {r.cost for r in day.records}

        assert costs == {Decimal("5.46")}


class TestTokens:
    async def test_input_excludes_what_the_cache_gave_and_took(self):
        day = await of_analytics(usage_by_actor=the_first("usage_by_actor"))

        [used] = [r.tokens for r in day.records if r.tokens]
        assert used == TokenUsage(
            input_uncached=45230, cache_read=879000, cache_write=2340 + 160, output=12450
        )

    async def test_thinking_is_part_of_the_output_and_how_much_is_not_known(self):
        day = await of_analytics()

        assert {r.tokens.reasoning for r in day.records if r.tokens} == {None}

    async def test_requests_that_are_not_told_are_unknown(self):
        day = await of_analytics()

        assert {r.requests for r in day.records if r.product == "other"} == {None}

    async def test_the_older_reports_of_the_console_count_no_requests(self):
        day = await of_reports()

        assert {r.requests for r in day.records} == {None}


class TestDuplicates:
    async def test_a_row_that_grew_while_paging_counts_as_it_was_last(self):
        page = the_first("usage_by_actor")
        grown = the_first("usage_by_actor")["data"][0]
        grown["usage"]["output_tokens"] = 13000
        page["data"].append(grown)

        day = await of_analytics(usage_by_actor=page, cost_by_actor=NOTHING)

        assert [r.tokens.output for r in day.records] == [13000]

    async def test_a_bill_that_is_sent_twice_is_one_bill(self):
        page = load_page("anthropic", "cost")
        page["data"] *= 2

        assert (await of_analytics(cost=page)).billed == Decimal("4.5")


@given(
    people=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), max_size=20),
    order=st.randoms(use_true_random=False),
)
def test_each_use_meets_its_cost_in_whatever_order_they_come(people, order):
    used, charged = (the_first(name)["data"][0] for name in ("usage_by_actor", "cost_by_actor"))
    pages = []
    for number, model in people:
        who = {
            "actor": {**used["group"]["actor"], "user_id": f"user_{number}"},
            "model": f"model-{model}",
        }
        for row, into in ((used, analytics.UsagePage), (charged, analytics.CostPage)):
            changed = {**row, "group": {**row["group"], **who}}
            page = {**NOTHING, "data": [changed]}
            pages.append(msgspec.convert(page, into, strict=False))
    order.shuffle(pages)

    day = Anthropic.parse(DAY, pages)

    assert {(r.account, r.model) for r in day.records} == {
        (f"user_{number}", f"model-{model}") for number, model in people
    }
    assert len(day.records) == len(set(people))
    assert all(r.tokens is not None and r.cost == Decimal("4.12803") for r in day.records)
