"""Subscriptions of Claude Code, at Anthropic's own estimate."""

from __future__ import annotations

from decimal import Decimal

import httpx
import pytest

from bot import errors
from bot.domain.usage import CostBasis, ProviderDay, UsageRecord
from bot.providers.anthropic import Anthropic
from tests.providers.anthropic.answers import (
    ENTERPRISE,
    NOTHING,
    of_reports,
    refusing,
    the_first,
    tokens,
    without_analytics,
)
from tests.providers.recorded import load_page, read_day, reading


def of_subscriptions(day: ProviderDay) -> list[UsageRecord]:
    return [r for r in day.records if r.product == "claude_code_subscription"]


class TestClaudeCode:
    async def test_estimates_are_numbers_of_cents(self):
        day = await of_reports(claude_code=the_first("claude_code"))

        assert [r.cost for r in of_subscriptions(day)] == [Decimal("0.0025"), Decimal("1.41")]

    async def test_what_a_seat_covers_is_estimated_and_not_on_the_bill(self):
        with_seats, without = await of_reports(), await of_reports(claude_code=NOTHING)

        seats = of_subscriptions(with_seats)
        assert {r.cost_basis for r in seats} == {CostBasis.PROVIDER_ESTIMATE}
        assert with_seats.unattributed == without.unattributed

    async def test_input_excludes_the_cache(self):
        day = await of_reports(claude_code=the_first("claude_code"))

        assert of_subscriptions(day)[1].tokens == tokens(100_000, 10_000, 5_000, 35_000)

    async def test_several_rows_of_a_person_and_day_are_added_up(self):
        day = await of_reports(claude_code=the_first("claude_code", 2))

        assert [r.cost for r in of_subscriptions(day)] == [Decimal("0.0025"), Decimal("1.4275")]

    async def test_a_row_that_is_sent_twice_counts_once(self):
        page = load_page("anthropic", "claude_code")
        page["data"] *= 2

        assert await of_reports(claude_code=page) == await of_reports()

    @pytest.mark.parametrize("customer", ["api", "a-kind-of-2027"])
    async def test_what_is_used_by_key_is_not_counted_twice(self, customer):
        page = load_page("anthropic", "claude_code")
        for row in page["data"]:
            row["customer_type"] = customer

        with_rows = await of_reports(claude_code=page)
        assert with_rows.records == (await of_reports(claude_code=NOTHING)).records

    @pytest.mark.parametrize("status", [400, 403, 404])
    async def test_may_be_refused(self, status):
        refused = await of_reports(claude_code=httpx.Response(status))

        assert refused == await of_reports(claude_code=NOTHING)

    @pytest.mark.parametrize("status", [401, 500])
    async def test_may_not_fail_unnoticed(self, status):
        with pytest.raises(errors.SourceError):
            await read_day(
                reading(
                    Anthropic,
                    without_analytics(
                        404,
                        claude_code=httpx.Response(status),
                        **refusing(404, *ENTERPRISE),
                    ),
                )
            )

    async def test_refused_half_way_is_not_half_an_answer(self):
        page = {**load_page("anthropic", "claude_code"), "has_more": True, "next_page": "2"}
        recorded = without_analytics(404, claude_code=page, **refusing(404, *ENTERPRISE))

        def half(request: httpx.Request) -> httpx.Response:
            return httpx.Response(403) if "page" in request.url.params else recorded(request)

        with pytest.raises(errors.SourceNotFoundError):
            await read_day(reading(Anthropic, half))

    async def test_of_another_day_is_not_taken_for_this_one(self):
        page = the_first("claude_code")
        page["data"][0]["date"] = "2026-11-18T00:00:00Z"

        with pytest.raises(errors.SourceResponseError, match="another day"):
            await of_reports(claude_code=page)

    async def test_reads_the_address_in_either_spelling(self):
        page = load_page("anthropic", "claude_code")
        actor = page["data"][0]["actor"]
        actor["email"] = actor.pop("email_address")

        assert await of_reports(claude_code=page) == await of_reports()

    async def test_a_person_without_an_address_is_an_error(self):
        page = load_page("anthropic", "claude_code")
        del page["data"][0]["actor"]["email_address"]

        with pytest.raises(errors.SourceResponseError, match="email_address"):
            await of_reports(claude_code=page)
