"""Usage and cost by person and by model, as Anthropic's newest reports tell it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot import errors
from bot.domain.usage import CostBasis, ProviderDay
from bot.providers.anthropic import Anthropic
from tests.providers.anthropic.answers import ANALYTICS, NOTHING, make_record, of_analytics, tokens
from tests.providers.recorded import DAY, Recorded, load_page, read_day, reading

LATE = "2026-11-19T22:00:00Z"


class TestAnalytics:
    async def test_gives_tokens_and_billed_dollars_of_each_account(self):
        day = await of_analytics(claude_code=NOTHING)

        opus = {"product": "messages_api", "model": "claude-opus-5"}
        assert day == ProviderDay(
            provider="anthropic",
            day=DAY,
            records=(
                make_record(product="other", cost_type="session_usage", cost=Decimal("0.03")),
                make_record(product="other", tokens=tokens(5, output=1)),
                make_record(
                    account="apikey_02S",
                    product="message_batches_api",
                    model="claude-opus-5",
                    tokens=tokens(80, output=8),
                    requests=2,
                    cost=Decimal("0.0003"),
                ),
                make_record(
                    account="aws:arn:aws:iam::111122223333:role/builds",
                    **opus,
                    tokens=tokens(70, output=7),
                    requests=1,
                    cost=Decimal("0.000525"),
                ),
                make_record(
                    account="svac_01",
                    **opus,
                    tokens=tokens(9000, output=800),
                    requests=12,
                    cost=Decimal("0.065"),
                ),
                make_record(
                    account="user_01Ana",
                    product="claude_code",
                    model="claude-sonnet-5",
                    tokens=tokens(46230, 879000, 2500, 12500),
                    requests=190,
                    cost=Decimal("4.18"),
                ),
                make_record(
                    account="user_01Ana",
                    product="claude_code",
                    model="claude-sonnet-5",
                    cost_type="web_search",
                    cost=Decimal("0.2"),
                ),
            ),
            billed=Decimal("4.5"),
            data_through=datetime(2026, 11, 20, 2, 55, tzinfo=UTC),
            emails={"user_01Ana": "ana.ruiz@example.com"},
        )

    async def test_leaves_of_the_bill_what_no_record_holds(self):
        day = await read_day(reading(Anthropic, Recorded("anthropic")))

        assert day.unattributed == Decimal("0.024175")

    async def test_reads_the_address_in_either_spelling(self):
        page = load_page("anthropic", "usage_by_actor")
        actor = page["data"][0]["group"]["actor"]
        actor["email"] = actor.pop("email_address")

        day = await of_analytics(usage_by_actor=page, claude_code=NOTHING)

        assert day.emails == {"user_01Ana": "ana.ruiz@example.com"}

    async def test_takes_a_kind_of_actor_that_is_new_for_nobody(self):
        page = load_page("anthropic", "usage_by_actor")
        page["data"] = page["data"][:1]
        page["data"][0]["group"]["actor"] = {"type": "robot_actor", "robot_id": "r2"}

        day = await read_day(reading(Anthropic, Recorded("anthropic", usage_by_actor=page)))

        assert [r.account for r in day.records if r.tokens] == [None]

    async def test_keeps_other_currencies_out_of_every_sum(self):
        page, bill = load_page("anthropic", "cost_by_actor"), load_page("anthropic", "cost")
        page["data"] = page["data"][:1]
        for rows in (page["data"], bill["data"]):
            euros = {**rows[0], "cost": {**rows[0]["cost"], "currency": "EUR"}}
            rows.append(euros)

        day = await read_day(
            reading(Anthropic, Recorded("anthropic", cost=bill, cost_by_actor=page))
        )

        [apart] = [r for r in day.records if r.currency == "EUR"]
        assert (day.billed, day.foreign_billed) == (Decimal("4.5"), {"EUR": Decimal("4.5")})
        assert (apart.account, apart.cost, apart.foreign_cost, apart.cost_basis) == (
            "user_01Ana",
            None,
            Decimal("4.12803"),
            CostBasis.BILLED,
        )
        assert day.foreign_unattributed == {"EUR": Decimal("0.37197")}

    async def test_a_day_without_use_costs_nothing(self):
        page = {**NOTHING, "data_refreshed_at": "2026-11-20T05:00:00+02:00"}

        day = await read_day(
            reading(Anthropic, Recorded("anthropic", **dict.fromkeys(ANALYTICS, page)))
        )

        assert (day.records, day.billed) == ((), Decimal(0))
        assert day.data_through == datetime(2026, 11, 20, 3, tzinfo=UTC)

    async def test_nothing_is_known_where_no_page_says_how_fresh_it_is(self):
        page = {**NOTHING, "data_refreshed_at": None}

        day = await read_day(
            reading(Anthropic, Recorded("anthropic", **dict.fromkeys(ANALYTICS, page)))
        )

        assert (day.billed, day.data_through) == (None, datetime(2026, 11, 19, tzinfo=UTC))

    async def test_a_day_that_has_not_come_in_is_not_a_day_without_use(self):
        page = {**NOTHING, "data_refreshed_at": "2026-11-18T22:00:00Z"}

        day = await read_day(
            reading(Anthropic, Recorded("anthropic", **dict.fromkeys(ANALYTICS, page)))
        )

        assert (day.records, day.billed) == ((), None)
        assert day.data_through == datetime(2026, 11, 19, tzinfo=UTC)

    async def test_a_day_is_known_only_as_far_as_the_answer_that_lags_most(self):
        page = {**load_page("anthropic", "cost_by_actor"), "data_refreshed_at": LATE}

        day = await of_analytics(cost_by_actor=page)

        assert day.data_through == datetime(2026, 11, 19, 22, tzinfo=UTC)

    def test_figures_are_revised_for_thirty_days(self):
        assert (Anthropic.freshness.repull, Anthropic.freshness.settles_after) == (4, 30)

    async def test_a_time_beyond_all_calendars_is_an_error(self):
        page = {"data": [], "has_more": False, "data_refreshed_at": "9999-12-31T23:59:59-10:00"}

        with pytest.raises(errors.SourceResponseError, match="anthropic 2026-11-19: a time"):
            await read_day(reading(Anthropic, Recorded("anthropic", cost=page)))
