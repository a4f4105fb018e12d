"""Seats cost what they are said to, where no bill tells."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import httpx
import pytest

from bot import errors
from bot.domain.usage import ChargeCategory, CostBasis
from bot.providers.copilot import Copilot, pages
from tests.providers.copilot.answers import (
    CHARGED,
    cost_of,
    day_of,
    decoded,
    lines_of,
    make_seat,
    page_name,
    text_of,
)
from tests.providers.recorded import Recorded, load_page, read_day, reading

UNBILLED = {"billing": "none", "seat_price_usd_month": None}


class TestEstimates:
    async def test_are_a_cent_a_credit_where_no_billing_is_read(self):
        day = await day_of(config=UNBILLED)

        ana = next(r for r in day.records if r.account == "4001" and r.requests is not None)
        assert (ana.cost, ana.cost_basis) == (Decimal("3.5113"), CostBasis.PROVIDER_ESTIMATE)
        assert day.billed is None

    async def test_are_unknown_and_not_zero_for_days_without_credits(self):
        day = await day_of(config=UNBILLED)

        ben = next(r for r in day.records if r.account == "4002" and r.requests is not None)
        assert (ben.cost, ben.cost_basis) == (None, None)

    async def test_of_nothing_are_zero(self):
        day = await day_of(config=UNBILLED, **{"part-1": lines_of({"ai_credits_used": 0})})

        assert Decimal(0) in cost_of(day, "4001")

    async def test_are_not_on_the_bill_that_seats_are_on(self):
        day = await day_of(config={"billing": "none"})

        assert (day.billed, day.unattributed) == (Decimal("2.1"), Decimal(0))

    @pytest.mark.parametrize("credits_used", ["1e30", '"Infinity"'])
    async def test_that_cannot_be_are_refused(self, credits_used):
        text = text_of("part-1.ndjson").decode().replace("351.13", credits_used)

        with pytest.raises(errors.SourceResponseError, match="line 1"):
            await day_of(**{"part-1": httpx.Response(200, text=text)})


class TestSeats:
    async def test_cost_the_day_s_share_of_the_month_and_are_no_use(self):
        day = await day_of()

        seats = [r for r in day.records if r.charge_category is ChargeCategory.PURCHASE]
        assert seats == [make_seat("4001"), make_seat("4002"), make_seat("4003")]

    async def test_of_one_user_in_several_organizations_count_once(self):
        assert cost_of(await day_of(), "4001").count(Decimal("0.7")) == 1

    async def test_count_from_the_utc_day_they_were_given_until_the_one_they_end(self):
        days = {d: (await self.seats_on(d)) for d in (18, 19, 20)}

        assert days == {
            18: ["4001", "4003", "4005"],
            19: ["4001", "4002", "4003"],
            20: ["4001", "4002", "4003", "4004"],
        }

    async def seats_on(self, number: int) -> list[str | None]:
        day = date(2026, 11, number)
        terms = pages.Terms("none", Decimal(21))
        seats = decoded("seats", pages.SeatsPage)
        told = Copilot.parse(day, [terms, seats, pages.Reported(day)])
        return [record.account for record in told.records]

    async def test_without_a_price_are_unpriced_and_not_free(self):
        day = await day_of(config={"seat_price_usd_month": None})

        seats = [r for r in day.records if r.cost_type == "seat"]
        assert seats == [make_seat(account, None) for account in ("4001", "4002", "4003")]
        assert day.billed == Decimal("1.994")

    async def test_of_nobody_are_unattributed_and_each_count(self):
        page = load_page("copilot", "seats")
        for seat in page["seats"][:3]:
            seat["assignee"] = None

        day = await day_of(seats=page)

        assert Decimal("2.1") in cost_of(day, None)

    async def test_add_up_to_the_price_over_the_month(self):
        terms, seats = (
            pages.Terms("none", Decimal("19.99")),
            decoded("seats", pages.SeatsPage),
        )
        november = [date(2026, 11, 1) + timedelta(days=n) for n in range(30)]

        ana = [
            record.cost
            for day in november
            for record in Copilot.parse(day, [terms, seats, pages.Reported(day)]).records
            if record.account == "4001"
        ]

        assert sum(ana) == Decimal("19.99")

    async def test_are_read_page_by_page_although_users_are_counted_once(self):
        """Five users have six seats: five rows are not all."""
        whole = load_page("copilot", "seats")["seats"]
        asked = []

        def answer(request: httpx.Request) -> httpx.Response:
            if page_name(request) != "seats":
                return Recorded("copilot")(request)
            number = int(request.url.params["page"])
            asked.append((number, request.url.params["per_page"]))
            rows = whole[(number - 1) * 2 : number * 2]
            return httpx.Response(200, json={"total_seats": 5, "seats": rows})

        assert (await read_day(reading(Copilot, answer))).records == CHARGED
        assert asked == [(1, "100"), (2, "100"), (3, "100")]

    async def test_that_became_fewer_while_reading_end_at_the_empty_page(self):
        def answer(request: httpx.Request) -> httpx.Response:
            if page_name(request) != "seats":
                return Recorded("copilot")(request)
            seats = (
                load_page("copilot", "seats")["seats"] if request.url.params["page"] == "1" else []
            )
            return httpx.Response(200, json={"total_seats": 9, "seats": seats})

        assert (await read_day(reading(Copilot, answer))).records == CHARGED
