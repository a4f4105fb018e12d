"""Devin: billing days from 08:00 UTC, ACUs or dollars, and users with a bar in their ids."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.domain.usage import CostBasis, ProviderDay, UsageRecord
from bot.providers.devin import Consumption, Devin, Member, MembersPage, OfUser, Total
from tests.providers.recorded import DAY, SECRET, Recorded, load_page, read_day, reading
from tests.providers.small_schemas import assert_agrees_with_its_schema

PRICE = Decimal("2.25")


def make_record(account: str, product: str | None, acus: str) -> UsageRecord:
    return UsageRecord(
        provider="devin",
        account=account,
        day=DAY,
        product=product,
        cost_type="acus",
        cost=Decimal(acus) * PRICE,
        cost_basis=CostBasis.BILLED,
    )


async def day_of(config: dict | None = None, **instead) -> ProviderDay:
    return await read_day(reading(Devin, Recorded("devin", **instead), **(config or {})))


def consumed(moment: datetime, **changes) -> dict:
    return {"consumption_by_date": [{"date": int(moment.timestamp()), "acus": 1.5} | changes]}


async def test_requests_and_pages_are_what_the_schema_says():
    await assert_agrees_with_its_schema("devin")


async def test_a_day_is_what_its_members_consumed_and_the_rest_of_the_bill():
    day = await day_of()

    assert day == ProviderDay(
        provider="devin",
        day=DAY,
        records=(
            make_record("okta|ana", "cascade", "2.25"),
            make_record("okta|ana", "devin", "4.25"),
            make_record("user-ben", None, "0.75"),
            make_record("user-ben", "devin", "2.25"),
        ),
        billed=Decimal("10.75") * PRICE,
        data_through=datetime(2026, 11, 20, tzinfo=UTC),
        emails={"okta|ana": "ana.ruiz@example.com", "user-ben": "ben@example.com"},
    )
    assert day.unattributed == Decimal("1.25") * PRICE


class TestBillingDay:
    async def test_begins_at_midnight_pst_which_is_8_utc(self):
        recorded = Recorded("devin")

        await read_day(reading(Devin, recorded))

        asked = [r.url.params for r in recorded.requests if "consumption" in r.url.path]
        start, end = (datetime(2026, 11, day, 8, tzinfo=UTC).timestamp() for day in (19, 20))
        assert {(p["time_after"], p["time_before"]) for p in asked} == {
            (str(int(start)), str(int(end)))
        }

    async def test_begins_at_8_utc_in_summer_too(self):
        recorded = Recorded("devin", daily={"consumption_by_date": []})

        await read_day(reading(Devin, recorded), date(2026, 7, 1))

        start = datetime(2026, 7, 1, 8, tzinfo=UTC).timestamp()
        assert recorded.requests[0].url.params["time_after"] == str(int(start))

    @pytest.mark.parametrize("hour", [0, 8])
    async def test_is_the_utc_day_on_which_it_begins(self, hour):
        moment = datetime(2026, 11, 19, hour, tzinfo=UTC)

        day = await day_of(daily=consumed(moment), okta_ana=consumed(moment))

        assert make_record("okta|ana", None, "1.5") in day.records

    async def test_is_not_that_of_a_neighbour(self):
        neighbour = consumed(datetime(2026, 11, 20, 8, tzinfo=UTC))

        with pytest.raises(errors.SourceResponseError, match="another day"):
            await day_of(okta_ana=neighbour)

    async def test_in_milliseconds_is_another_day(self):
        page = {"consumption_by_date": [{"date": 1795075200000, "acus": 1.5}]}

        with pytest.raises(errors.SourceResponseError, match="another day"):
            await day_of(okta_ana=page)

    async def test_may_come_with_a_neighbour_that_has_no_consumption(self):
        daily = load_page("devin", "daily")
        daily["consumption_by_date"].append({"date": 1795161600, "acus": 0.0})

        assert await day_of(daily=daily) == await day_of()

    async def test_that_is_not_there_yet_is_not_zero(self):
        day = await day_of(daily={"consumption_by_date": []})

        assert (day.records, day.billed) == ((), None)
        assert day.data_through == datetime(2026, 11, 19, tzinfo=UTC)


class TestAcus:
    async def test_are_dollars_at_the_contract_s_price(self):
        assert (await day_of({"usd_per_acu": "2"})).billed == Decimal("21.5")

    async def test_are_a_currency_of_their_own_without_a_price(self):
        day = await day_of({"usd_per_acu": None})

        assert {(r.currency, r.cost, r.cost_basis) for r in day.records} == {
            ("credits:devin", None, CostBasis.BILLED)
        }
        assert day.billed is None
        assert day.foreign_billed == {"credits:devin": Decimal("10.75")}
        assert day.foreign_unattributed == {"credits:devin": Decimal("1.25")}

    async def test_of_a_product_that_is_new_stay_without_a_product(self):
        page = load_page("devin", "okta_ana")
        page["consumption_by_date"][0]["acus_by_product"] = {"review": 6.5}

        day = await day_of(okta_ana=page)

        assert make_record("okta|ana", None, "6.5") in day.records

    async def test_that_differ_by_a_float_s_rounding_make_no_record_of_their_own(self):
        page = load_page("devin", "okta_ana")
        page["consumption_by_date"][0] |= {
            "acus": 0.3,
            "acus_by_product": {"devin": 0.30000000000000004, "cascade": 0.0, "terminal": 0.0},
        }

        day = await day_of(okta_ana=page)

        assert [r for r in day.records if r.account == "okta|ana"] == [
            make_record("okta|ana", "devin", "0.3")
        ]


class TestUsers:
    async def test_are_asked_for_with_their_ids_encoded(self):
        recorded = Recorded("devin")

        await read_day(reading(Devin, recorded))

        paths = [r.url.raw_path.decode().split("?")[0] for r in recorded.requests]
        assert "/v3/enterprise/consumption/daily/users/okta%7Cana" in paths
        assert {r.headers["authorization"] for r in recorded.requests} == {f"Bearer {SECRET}"}

    async def test_are_followed_to_the_last_page(self):
        recorded = Recorded("devin")

        await read_day(reading(Devin, recorded))

        members = [r for r in recorded.requests if "members" in r.url.path]
        assert [r.url.params.get("after") for r in members] == [None, "second"]

    async def test_are_not_asked_one_by_one_when_nothing_was_consumed(self):
        idle = consumed(datetime(2026, 11, 19, 8, tzinfo=UTC), acus=0)
        recorded = Recorded("devin", daily=idle)

        day = await read_day(reading(Devin, recorded))

        assert not [r for r in recorded.requests if "/daily/users" in r.url.path]
        assert (day.records, day.billed) == ((), 0)

    async def test_that_left_meanwhile_leave_their_part_unattributed(self):
        day = await day_of(okta_ana=httpx.Response(404))

        assert {r.account for r in day.records} == {"user-ben"}
        assert day.unattributed == Decimal("7.75") * PRICE


@given(data=st.data())
def test_shuffled_and_repeated_pages_give_the_same_day(data):
    def read(name: str) -> Consumption:
        return msgspec.json.decode(json.dumps(load_page("devin", name)), type=Consumption)

    pages = [
        Total(read("daily"), PRICE),
        OfUser("okta|ana", read("okta_ana")),
        OfUser("user-ben", read("user-ben")),
        MembersPage([Member("okta|ana", "ana.ruiz@example.com")], has_next_page=False),
    ]
    again = data.draw(st.lists(st.sampled_from(pages), max_size=4))

    assert Devin.parse(DAY, data.draw(st.permutations([*pages, *again]))) == Devin.parse(DAY, pages)
