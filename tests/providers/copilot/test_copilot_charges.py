"""What GitHub bills, by its exports and by person."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.domain.usage import CostBasis, ProviderDay
from bot.http import Retry
from bot.providers.copilot import Copilot, files, pages
from bot.providers.copilot import _waits as waits
from tests.providers.copilot.answers import (
    CHARGED,
    EMAILS,
    ORGANIZATION,
    SUGGESTIONS,
    cost_of,
    day_of,
    lines_of,
    make_charge,
    page_name,
    requests_of,
    text_of,
)
from tests.providers.recorded import DAY, Recorded, load_page, read_day, reading


def csv_of(*rows: dict[str, str]) -> httpx.Response:
    first = {"date": "2026-11-19", "username": "ana-ruiz", "net_amount": "1"}
    names = list(first | (rows[0] if rows else {}))
    lines = [names, *([(first | row)[name] for name in names] for row in rows)]
    return httpx.Response(200, text="\n".join(",".join(line) for line in lines))


class TestExportedCharges:
    async def test_are_the_recorded_day_s_records(self):
        assert await day_of() == ProviderDay(
            provider="copilot",
            day=DAY,
            records=CHARGED,
            billed=Decimal("4.094"),
            data_through=datetime(2026, 11, 20, tzinfo=UTC),
            emails=EMAILS,
            sessions=SUGGESTIONS,
        )

    async def test_are_dollars_and_not_credits_or_cents(self):
        day = await day_of(ai_credit=csv_of({"net_amount": "1.229", "quantity": "351.13"}))

        assert Decimal("1.229") in cost_of(day, "4001")

    async def test_are_what_is_left_after_the_discount_of_the_plan(self):
        day = await day_of()

        assert Decimal("1.329") in cost_of(day, "4001")  # of 3.6113 gross
        assert Decimal(0) in cost_of(day, "4002")  # of 2 gross

    async def test_add_up_with_seats_to_the_bill_to_the_cent(self):
        day = await day_of()

        assert (day.billed, day.unattributed) == (Decimal("4.094"), Decimal(0))

    async def test_of_a_renamed_user_are_found_by_the_login_of_that_day(self):
        assert Decimal("0.125") in cost_of(await day_of(), "4003")

    async def test_of_a_login_that_nobody_knows_keep_the_login(self):
        assert cost_of(await day_of(), "login:dana-left") == [Decimal("0.01")]

    async def test_of_nobody_are_unattributed(self):
        assert cost_of(await day_of(), None) == [Decimal("0.03")]

    async def test_are_the_money_whatever_credits_the_report_tells(self):
        day = await day_of()

        assert {r.cost_basis for r in day.records} == {CostBasis.BILLED, None}

    async def test_keep_negative_amounts(self):
        day = await day_of(ai_credit=csv_of({"net_amount": "-0.25"}))

        assert Decimal("-0.25") in cost_of(day, "4001")
        assert day.oddities == ("negative amounts of use: 1",)

    async def test_may_be_none(self):
        day = await day_of(ai_credit=csv_of())

        assert day.billed == Decimal("2.1")

    async def test_come_with_a_byte_order_mark_quotes_and_any_order_of_columns(self):
        text = '\ufeffNET AMOUNT,"Username",more,Date\r\n"0.5","ben-ito","a,b",2026-11-19\r\n'

        day = await day_of(ai_credit=httpx.Response(200, text=text))

        charge = next(r for r in day.records if r.cost_type == "ai_credit")
        assert (charge.account, charge.cost) == ("4002", Decimal("0.5"))

    async def test_of_two_rows_that_look_alike_count_twice(self):
        """A file is whole as it is: the same charge may well be told twice."""
        day = await day_of(ai_credit=csv_of({}, {}))

        assert Decimal(2) in cost_of(day, "4001")

    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            ({"net_amount": "=1+1"}, "line 2: column net_amount is a formula"),
            ({"net_amount": "@SUM(A1)"}, "line 2: column net_amount is not a number"),
            ({"net_amount": ""}, "line 2: column net_amount is empty"),
            ({"net_amount": "1e30"}, "line 2: column net_amount is an amount that cannot be one"),
            ({"net_amount": "NaN"}, "line 2: column net_amount is not a number"),
            ({"date": ""}, "line 2: column date is empty"),
            ({"date": "11/19/2026"}, "line 2: column date is not a day"),
            ({"date": "2026-11-18"}, "the answer is about another day"),
            ({"username": '"ana'}, "line 2: quotes"),
            ({"username": "=cmd"}, "line 2: column username is a formula"),
        ],
    )
    async def test_that_cannot_be_are_refused_with_their_line(self, row, problem):
        with pytest.raises(errors.SourceResponseError, match="copilot 2026-11-19: .*" + problem):
            await day_of(ai_credit=csv_of(row))

    async def test_without_a_column_that_counts_are_refused(self):
        with pytest.raises(errors.SourceResponseError, match=r"ai_credit\.csv: .*net_amount"):
            await day_of(ai_credit=httpx.Response(200, text="date,username\n2026-11-19,ana\n"))

    async def test_wait_until_the_export_is_done(self):
        statuses = iter(["processing", "queued", "completed"])
        recorded = Recorded("copilot")

        def answer(request: httpx.Request) -> httpx.Response:
            if page_name(request) != "report":
                return recorded(request)
            page = load_page("copilot", "report")
            return httpx.Response(200, json=page | {"status": next(statuses)})

        assert (await read_day(reading(Copilot, answer))).billed == Decimal("4.094")
        assert next(statuses, "asked no more") == "asked no more"

    @pytest.mark.parametrize(
        ("status", "problem"), [("processing", "is not ready yet"), ("failed", "has failed")]
    )
    async def test_that_do_not_come_are_left_to_the_next_try(self, status, problem):
        page = load_page("copilot", "report") | {"status": status}

        with pytest.raises(errors.SourceUnavailableError, match=f"the export {problem}"):
            await day_of(report=page)

    def test_are_waited_for_as_long_as_a_request_is_tried(self):
        asked = list(waits(Retry()))

        assert asked[:4] == [1, 2, 4, 8]
        assert 900 <= sum(asked) < 1000
        assert len(list(waits(Retry(first_wait=0)))) == 30

    async def test_come_in_one_file_or_several(self):
        text = text_of("ai_credit.csv").decode()
        head, *rows = text.splitlines(keepends=True)
        urls = [f"https://api.github.com/exports/{name}.csv" for name in ("one", "two")]
        report = load_page("copilot", "report") | {"download_urls": urls}

        day = await day_of(
            report=report,
            one=httpx.Response(200, text=head + "".join(rows[:3])),
            two=httpx.Response(200, text=head + "".join(rows[3:])),
        )

        assert day.records == CHARGED


class TestChargesPerUser:
    async def test_are_asked_for_user_by_user_and_the_total_is_the_bill(self):
        day = await day_of(config=ORGANIZATION, graphql={"data": {"owner": None}})

        assert [r for r in day.records if r.cost_type == "copilot_ai_credit"] == [
            make_charge("4001", "Claude Sonnet 5", "1.229"),
            make_charge("4003", "Claude Sonnet 5", "0.125"),
        ]
        assert (day.billed, day.unattributed) == (Decimal("3.8177"), Decimal("0.3637"))
        assert "provider_estimate" not in {r.cost_basis for r in day.records}

    async def test_ask_for_nobody_where_there_is_nothing_to_pay(self):
        recorded = Recorded("copilot", usage=load_page("copilot", "usage") | {"usageItems": []})

        day = await read_day(reading(Copilot, recorded, **ORGANIZATION))

        assert [r.url.params["user"] for r in recorded.requests if "user" in r.url.params] == []
        assert (day.billed, cost_of(day, "4001")) == (Decimal("2.1"), [None, Decimal("0.7")])

    async def test_ask_once_for_whoever_is_in_the_report_or_was_active_since(self):
        asked = [r.url.params.get("user") for r in await requests_of(**ORGANIZATION)]

        assert [user for user in asked if user] == ["ana-ruiz", "ben-ito", "cy-old"]

    async def test_ask_for_a_bounded_number_of_users(self):
        many = [{"user_id": n, "user_login": f"user-{n}"} for n in range(1100)]
        empty = load_page("copilot", "usage_of_ben-ito")
        asked = []

        def answer(request: httpx.Request) -> httpx.Response:
            match page_name(request):
                case "part-1":
                    return lines_of(*many)
                case name if name.startswith("usage_of"):
                    asked.append(name)
                    return httpx.Response(200, json=empty)
            return Recorded("copilot")(request)

        day = await read_day(reading(Copilot, answer, **ORGANIZATION))

        assert len(asked) == 1000
        # What others used is estimated, and what they are charged is nobody's on the bill.
        estimates = [r for r in day.records if r.cost_basis == "provider_estimate"]
        assert len(estimates) == 101  # and cy-old

    async def test_of_a_user_who_has_left_stay_unattributed(self):
        day = await day_of(config=ORGANIZATION, **{"usage_of_cy-old": httpx.Response(404)})

        assert day.unattributed == Decimal("0.4887")

    async def test_work_for_an_enterprise_too(self):
        config = {"billing": "per_user"}

        assert (await day_of(config=config)).billed == Decimal("3.8177")

    @pytest.mark.parametrize("amount", ["1e30", '"NaN"', "1e400"])
    async def test_that_cannot_be_amounts_are_refused(self, amount):
        text = json.dumps(load_page("copilot", "usage")).replace("1.7177", amount)

        with pytest.raises(errors.SourceResponseError):
            await day_of(config=ORGANIZATION, usage=httpx.Response(200, text=text))

    async def test_are_read_to_the_last_digit(self):
        text = json.dumps(load_page("copilot", "usage")).replace("1.7177", "0.10000000000000000001")

        day = await day_of(config=ORGANIZATION, usage=httpx.Response(200, text=text))

        assert day.billed == Decimal("2.20000000000000000001")

    @pytest.mark.parametrize("period", [{"day": 18}, {"day": None}, {"year": 2025}])
    async def test_of_another_day_or_a_whole_month_are_refused(self, period):
        page = load_page("copilot", "usage")
        page["timePeriod"] |= period

        with pytest.raises(errors.SourceResponseError, match="another day"):
            await day_of(config=ORGANIZATION, usage=page)

    async def test_that_may_not_be_read_are_an_error_and_no_estimate(self):
        with pytest.raises(errors.SourceForbiddenError):
            await day_of(config=ORGANIZATION, usage=httpx.Response(403))


amounts = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=9)


@given(st.lists(amounts, max_size=30))
def test_no_digit_of_an_amount_in_dollars_is_lost(dollars):
    file = csv_of({}, *({"net_amount": str(amount)} for amount in dollars))

    day = Copilot.parse(
        DAY, [pages.Terms("export", None), pages.Reported(DAY), files.read_export(file.content)]
    )

    assert day.billed == sum(dollars, Decimal(1))
