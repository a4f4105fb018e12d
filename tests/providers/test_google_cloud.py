"""Google Cloud: net cost to the last digit, credits apart, currencies apart, nobody guessed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.domain.usage import ChargeCategory, CostBasis, ProviderDay, UsageRecord
from bot.providers.google_cloud import GoogleCloud, Page
from tests.providers.recorded import DAY, SECRET, Recorded, load_page, read_day, reading
from tests.providers.small_schemas import assert_agrees_with_its_schema

TEXT, TEXT_OUT = "Gemini 2.5 Pro Text Input", "Gemini 2.5 Pro Text Output"
MIDNIGHT = datetime(2026, 11, 19, tzinfo=UTC)
NEXT_MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)


def make_record(account: str | None, sku: str, cost: str | None, **more) -> UsageRecord:
    record = {
        "provider": "google_cloud",
        "account": account,
        "day": DAY,
        "product": "Vertex AI",
        "cost_type": sku,
        "cost": None if cost is None else Decimal(cost),
        "cost_basis": CostBasis.BILLED,
    }
    return UsageRecord(**(record | more))


async def day_of(**instead) -> ProviderDay:
    return await read_day(reading(GoogleCloud, Recorded("google_cloud", **instead)))


def answer_of(*rows: tuple[str | None, ...]) -> dict:
    page = load_page("google_cloud", "queries")
    page["rows"] = [{"f": [{"v": value} for value in row]} for row in rows]
    del page["pageToken"]
    return page


def row_of(**changes: str | None) -> tuple[str | None, ...]:
    row = {
        "until": "1795190400",
        "day": "2026-11-19",
        "label": None,
        "project": "acme-web",
        "service": "Vertex AI",
        "sku": TEXT,
        "kind": "regular",
        "code": "USD",
        "charged": "1",
        "credited": None,
    }
    return tuple((row | changes).values())


async def test_requests_and_pages_are_what_the_schema_says():
    await assert_agrees_with_its_schema("google_cloud")


async def test_a_day_is_every_charge_and_credit_by_label_or_project():
    credit, euros = ChargeCategory.CREDIT, {"currency": "EUR", "cost": None}
    web = {"product": "Gemini API"}

    assert await day_of() == ProviderDay(
        provider="google_cloud",
        day=DAY,
        records=(
            make_record(None, "Tax", "1.1", charge_category=ChargeCategory.TAX),
            make_record("ana-ruiz", TEXT, "-2.5", charge_category=credit),
            make_record("ana-ruiz", TEXT, "12.345678901"),
            make_record("ana-ruiz", TEXT_OUT, "0.3"),
            make_record("ben", TEXT, **euros, foreign_cost=Decimal("-0.2"), charge_category=credit),
            make_record("ben", TEXT, **euros, foreign_cost=Decimal("3.2")),
            make_record(
                "project:acme-web", "Generate content input", "-4", charge_category=credit, **web
            ),
            make_record("project:acme-web", "Generate content input", "4", **web),
            make_record(
                "project:acme-web", TEXT, "-0.75", charge_category=ChargeCategory.ADJUSTMENT
            ),
        ),
        billed=Decimal("10.495678901"),
        foreign_billed={"EUR": Decimal("3.0")},
        data_through=NEXT_MIDNIGHT,
    )


class TestMoney:
    async def test_of_an_account_in_another_currency_is_never_dollars(self):
        day = await day_of(queries=answer_of(row_of(code="EUR", charged="3.2", credited="-0.2")))

        assert {r.cost for r in day.records} == {None}
        assert (day.billed, day.foreign_billed) == (None, {"EUR": Decimal("3.0")})

    async def test_is_added_up_by_bigquery_without_a_float_s_noise(self):
        recorded = Recorded("google_cloud")

        await read_day(reading(GoogleCloud, recorded))

        query = json.loads(recorded.requests[0].content)["query"]
        assert "SUM(CAST(cost AS NUMERIC))" in query
        assert "SUM(CAST(credit.amount AS NUMERIC))" in query

    async def test_without_a_currency_is_refused(self):
        with pytest.raises(errors.SourceResponseError, match="`currency`"):
            await day_of(queries=answer_of(row_of(code=None)))

    @pytest.mark.parametrize(
        ("kind", "category"),
        [
            ("regular", ChargeCategory.USAGE),
            ("tax", ChargeCategory.TAX),
            ("adjustment", ChargeCategory.ADJUSTMENT),
            ("rounding error", ChargeCategory.ADJUSTMENT),
            ("new in 2027", ChargeCategory.USAGE),
        ],
    )
    async def test_has_the_invoice_s_category(self, kind, category):
        [record] = (await day_of(queries=answer_of(row_of(kind=kind)))).records

        assert record.charge_category is category


class TestAccounts:
    async def test_are_the_label_as_it_is_and_no_address_is_guessed(self):
        day = await day_of(queries=answer_of(row_of(label="ana_at_example_com")))

        assert [r.account for r in day.records] == ["ana_at_example_com"]
        assert day.emails == {}

    async def test_that_are_addresses_are_told(self):
        day = await day_of(queries=answer_of(row_of(label="Ana@example.com")))

        assert day.emails == {"Ana@example.com": "ana@example.com"}

    async def test_fall_back_to_the_project_then_to_nobody(self):
        rows = row_of(), row_of(project=None, sku=TEXT_OUT)

        day = await day_of(queries=answer_of(*rows))

        assert [r.account for r in day.records] == [None, "project:acme-web"]


class TestDataThrough:
    @pytest.mark.parametrize(
        ("until", "through"),
        [
            (None, MIDNIGHT),
            ("1795046400", MIDNIGHT),
            ("1795089600", datetime(2026, 11, 19, 12, tzinfo=UTC)),
            ("1795190400", NEXT_MIDNIGHT),
            ("99999999999999", NEXT_MIDNIGHT),
        ],
    )
    async def test_is_how_far_the_export_reached(self, until, through):
        day = await day_of(queries=answer_of(row_of(until=until)))

        assert day.data_through == through

    async def test_that_is_no_time_is_refused(self):
        with pytest.raises(errors.SourceResponseError, match="is no number"):
            await day_of(queries=answer_of(row_of(until="soon")))

    async def test_of_a_day_without_charges_is_told_by_the_other_days(self):
        nothing = (None,) * 9

        day = await day_of(queries=answer_of(("1795190400", *nothing)))

        assert (day.records, day.billed, day.data_through) == ((), Decimal(0), NEXT_MIDNIGHT)

    async def test_of_an_export_that_is_not_there_yet_is_not_zero(self):
        nothing = (None,) * 10

        day = await day_of(queries=answer_of(nothing))

        assert (day.records, day.billed, day.data_through) == ((), None, MIDNIGHT)


class TestTheQuery:
    async def test_asks_for_the_utc_day_by_parameters(self):
        recorded = Recorded("google_cloud")

        await read_day(reading(GoogleCloud, recorded))

        body = json.loads(recorded.requests[0].content)
        given = {p["name"]: p["parameterValue"] for p in body["queryParameters"]}
        assert given["label"] == {"value": "person"}
        assert given["start"] == {"value": "2026-11-19T00:00:00Z"}
        assert given["end"] == {"value": "2026-11-20T00:00:00Z"}
        assert {"value": "Vertex AI"} in given["services"]["arrayValues"]
        assert "FROM `acme-billing.exports.gcp_billing_export_v1_0A1B2C`" in body["query"]
        assert recorded.requests[0].headers["authorization"] == f"Bearer {SECRET}"

    @pytest.mark.parametrize(
        "table",
        [
            "a`; DROP TABLE x; --.b.c",
            "acme-billing.exports",
            "acme-billing.exports.t` AS x",
            "a.b.c",
        ],
    )
    async def test_takes_no_table_that_could_be_more_than_a_table(self, table):
        with pytest.raises(ValueError, match="table"):
            reading(GoogleCloud, lambda _: httpx.Response(200), table=table)

    async def test_that_still_runs_is_waited_for(self):
        running = {"jobReference": {"jobId": "job_1", "location": "EU"}, "jobComplete": False}
        whole = await day_of()
        first, second = (load_page("google_cloud", name) for name in ("queries", "job_1"))
        answers = iter([running, running, first, second])
        asked: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(request)
            return httpx.Response(200, json=next(answers))

        assert await read_day(reading(GoogleCloud, answer)) == whole
        assert [r.url.params.get("location") for r in asked] == [None, "EU", "EU", "EU"]
        assert [r.url.params.get("pageToken") for r in asked] == [None, None, None, "second"]

    async def test_that_never_ends_is_left_to_the_next_night(self):
        running = {"jobReference": {"jobId": "job_1"}, "jobComplete": False}

        with pytest.raises(errors.SourceUnavailableError, match="did not come to an end"):
            await day_of(queries=running, job_1=running)


@given(data=st.data())
def test_split_shuffled_and_repeated_pages_give_the_same_day(data):
    recorded = [load_page("google_cloud", name) for name in ("queries", "job_1")]
    single = [{**page, "rows": [row]} for page in recorded for row in page["rows"]]
    again = data.draw(st.lists(st.sampled_from([*single, *recorded]), max_size=4))
    dealt = data.draw(st.permutations([*single, *again]))

    def parse(pages: list[dict]) -> ProviderDay:
        decoded = [msgspec.json.decode(json.dumps(page), type=Page) for page in pages]
        return GoogleCloud.parse(DAY, decoded)

    assert parse(dealt) == parse(recorded)
