"""Enterprise organizations, with their own reports."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest

from bot import errors
from bot.domain.usage import ProviderDay
from bot.providers.anthropic import Anthropic
from tests.providers.anthropic.answers import (
    ENTERPRISE,
    NOTHING,
    make_count,
    make_record,
    of_enterprise,
    tokens,
    without_console,
)
from tests.providers.recorded import DAY, load_page, read_day, reading


class TestEnterprise:
    """What is read where neither the analytics nor the Console's reports may be."""

    @pytest.mark.parametrize("status", [400, 403, 404])
    async def test_gives_tokens_and_billed_dollars_of_each_user(self, status):
        day = await read_day(reading(Anthropic, without_console(status)))

        ana = {"account": "user_01Ana", "product": "claude_code"}
        assert day == ProviderDay(
            provider="anthropic",
            day=DAY,
            records=(
                make_record(**ana, cost_type="web_search", cost=Decimal("0.2")),
                make_record(
                    **ana,
                    model="claude-sonnet-5",
                    tokens=tokens(45230, 879000, 2500, 12450),
                    requests=187,
                    cost=Decimal("4.12803"),
                ),
                make_record(
                    account="user_01Ana",
                    product="claude_tag",
                    model="claude-sonnet-5",
                    tokens=tokens(700, output=90),
                    requests=4,
                    cost=Decimal("0.00345"),
                ),
                make_record(
                    account="user_02Ben",
                    product="chat",
                    model="claude-opus-5",
                    tokens=tokens(9000, output=800),
                    cost=Decimal("0.065"),
                ),
            ),
            billed=Decimal("5.000005"),
            data_through=datetime(2026, 11, 20, 2, 55, tzinfo=UTC),
            emails={"user_01Ana": "ana.ruiz@example.com"},
            sessions=(make_count("user_01Ana", 2, 3, 1, 12, 11),),
        )

    async def test_leaves_what_no_user_is_charged_for_unattributed(self):
        assert (await of_enterprise()).unattributed == Decimal("0.603525")

    async def test_has_no_bill_where_that_alone_is_refused(self):
        day = await of_enterprise(analytics_cost_report=httpx.Response(403))

        assert (day.billed, day.unattributed) == (None, None)
        assert day.records == (await of_enterprise()).records

    async def test_reads_the_address_in_either_spelling(self):
        page = load_page("anthropic", "user_usage_report_by_model")
        for row in page["data"]:
            row["actor"]["email"] = row["actor"].pop("email_address")

        day = await of_enterprise(
            user_usage_report_by_model=page, user_cost_report_by_model=NOTHING
        )

        assert day.emails == {"user_01Ana": "ana.ruiz@example.com"}

    async def test_knows_claude_tag_by_the_name_that_the_analytics_give_it(self):
        assert "claude_tag" in {r.product for r in (await of_enterprise()).records}

    async def test_keeps_other_currencies_apart(self):
        page = load_page("anthropic", "user_cost_report_by_model")
        for row in page["data"]:
            row["currency"] = "EUR"
        bill = load_page("anthropic", "analytics_cost_report")
        bill["data"][0]["results"][0]["currency"] = "EUR"

        day = await of_enterprise(user_cost_report_by_model=page, analytics_cost_report=bill)

        assert day.foreign_unattributed == {"EUR": Decimal("0.603525")}
        assert {r.cost for r in day.records} == {None}

    @pytest.mark.parametrize(
        ("name", "field"),
        [
            ("user_usage_report_by_model", "starting_at"),
            ("user_usage_report_by_model", "output_tokens"),
            ("user_usage_report_by_model", "actor"),
            ("user_cost_report_by_model", "amount"),
            ("user_cost_report_by_model", "currency"),
        ],
    )
    async def test_a_missing_required_field_is_named(self, name, field):
        page = load_page("anthropic", name)
        del page["data"][0][field]

        with pytest.raises(errors.SourceResponseError, match=f"`{field}`"):
            await of_enterprise(**{name: page})

    @pytest.mark.parametrize("name", ENTERPRISE)
    async def test_another_day_is_not_taken_for_this_one(self, name):
        page = load_page("anthropic", name)
        page["data"][0]["starting_at"] = "2026-11-18T00:00:00Z"

        with pytest.raises(errors.SourceResponseError, match="another day"):
            await of_enterprise(**{name: page})
