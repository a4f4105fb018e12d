from __future__ import annotations

import csv
import gzip
import io
import os
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import errors
from bot.domain.usage import ChargeCategory, CostBasis, ProviderDay, TokenUsage, UsageRecord, total
from bot.providers.focus import Config, Focus, parse_file
from tests.providers.recorded import DAY, read_day, reading

ANA, BEN = "ana.ruiz@example.com", "ben@example.com"
LINE = {
    "BilledCost": "1.25",
    "BillingCurrency": "USD",
    "ChargeCategory": "Usage",
    "ChargeClass": "",
    "ChargePeriodStart": "2026-11-19T00:00:00Z",
    "ChargePeriodEnd": "2026-11-20T00:00:00Z",
    "ConsumedQuantity": "1500",
    "ConsumedUnit": "Tokens",
    "ServiceCategory": "AI and Machine Learning",
    "ServiceName": "Acme Models",
    "SkuMeter": "gpt-6-astra input tokens",
    "Tags": '{"user.email": "ana.ruiz@example.com"}',
}
LATER = LINE | {
    "ChargePeriodStart": "2026-11-20T00:00:00Z",
    "ChargePeriodEnd": "2026-11-21T00:00:00Z",
}
MONTH = {"ChargePeriodStart": "2026-11-01T00:00:00Z", "ChargePeriodEnd": "2026-12-01T00:00:00Z"}
WRITTEN = datetime(2026, 11, 20, 6, tzinfo=UTC).timestamp()


def make_record(**changes) -> UsageRecord:
    record = {
        "provider": "focus",
        "account": ANA,
        "day": DAY,
        "product": "Acme Models",
        "cost_basis": CostBasis.BILLED,
    }
    return UsageRecord(**(record | changes))


def make_tokens(**parts) -> TokenUsage:
    none = {"input_uncached": 0, "cache_read": 0, "cache_write": 0, "output": 0}
    return TokenUsage(**(none | parts))


def csv_of(*lines: dict[str, str]) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(lines[0]))
    writer.writeheader()
    writer.writerows(lines)
    return file.getvalue().encode()


class Files:
    """A folder of exports that a test writes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, *lines: dict[str, str], name: str = "charges.csv") -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = csv_of(*(lines or (LINE, LATER)))
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        os.utime(path, (WRITTEN, WRITTEN))

    async def day(self, day: date = DAY, **config) -> ProviderDay:
        adapter = Focus.from_config(Config(location=str(self.root), **config))
        try:
            return adapter.parse(day, [page async for page in adapter.fetch(day)])
        finally:
            await adapter.close()

    async def record_of(self, **changes: str) -> UsageRecord:
        self.write(LINE | changes, LATER)
        [record] = (await self.day()).records
        return record


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def days_of(*lines: dict[str, str], **options) -> list[ProviderDay]:
    return list(parse_file([csv_of(*lines)], "charges.csv", **options))


async def test_the_recorded_day():
    assert await read_day(reading(Focus, None)) == ProviderDay(
        provider="focus",
        day=DAY,
        records=(
            make_record(account=None, charge_category=ChargeCategory.TAX, cost=Decimal("0.11")),
            make_record(
                model="gpt-6-astra",
                cost_type="tokens",
                charge_category=ChargeCategory.ADJUSTMENT,
                cost=Decimal("-0.25"),
            ),
            make_record(
                model="gpt-6-astra",
                cost_type="tokens",
                tokens=make_tokens(input_uncached=125_000, output=15_000),
                cost=Decimal(2),
            ),
            make_record(
                account=BEN,
                product="Acme Assistant",
                charge_category=ChargeCategory.PURCHASE,
                cost=Decimal(1),
            ),
            make_record(
                account=BEN,
                product="Acme Search",
                cost_type="searches",
                currency="EUR",
                foreign_cost=Decimal("0.5"),
            ),
        ),
        billed=Decimal("2.86"),
        data_through=datetime(2026, 11, 20, tzinfo=UTC),
        emails={ANA: ANA, BEN: BEN},
        foreign_billed={"EUR": Decimal("0.5")},
    )


class TestCharges:
    async def test_of_other_services_are_left_out(self, files):
        files.write(LINE | {"ServiceCategory": "Compute"}, LATER)

        assert (await files.day()).records == ()

    async def test_of_other_services_are_kept_where_all_are_wanted(self, files):
        files.write(LINE | {"ServiceCategory": "Compute"}, LATER)

        assert len((await files.day(every_category=True)).records) == 1

    @pytest.mark.parametrize(
        ("told", "category"),
        [
            ("Usage", "usage"),
            ("Purchase", "purchase"),
            ("Tax", "tax"),
            ("Credit", "credit"),
            ("Adjustment", "adjustment"),
            ("NewIn2027", "usage"),
        ],
    )
    async def test_keep_their_category(self, files, told, category):
        assert (await files.record_of(ChargeCategory=told)).charge_category == category

    async def test_that_correct_others_are_kept_negative(self, files):
        record = await files.record_of(ChargeClass="Correction", BilledCost="-7.5")

        assert (record.charge_category, record.cost) == ("adjustment", Decimal("-7.5"))
        assert record.tokens is None

    async def test_in_other_currencies_are_not_dollars(self, files):
        files.write(LINE | {"BillingCurrency": "eur"}, LINE, LATER)

        day = await files.day()

        assert (day.billed, day.foreign_billed) == (Decimal("1.25"), {"EUR": Decimal("1.25")})

    async def test_that_are_equal_are_charges_of_their_own(self, files):
        files.write(LINE, LINE, LATER)

        assert (await files.day()).billed == Decimal("2.5")

    @pytest.mark.parametrize(
        ("meter", "unit", "tokens"),
        [
            ("gpt-6-astra input tokens", "Tokens", make_tokens(input_uncached=1500)),
            ("Output Tokens", "1K Tokens", make_tokens(output=1_500_000)),
            ("gpt-6-astra-cache-read-tokens", "tokens", make_tokens(cache_read=1500)),
            ("gpt-6-astra input tokens", "Requests", None),
            ("gpt-6-astra input tokens", "", None),
            ("API calls", "Tokens", None),
            ("", "Tokens", None),
        ],
    )
    async def test_tell_tokens_where_meter_and_unit_do(self, files, meter, unit, tokens):
        record = await files.record_of(SkuMeter=meter, ConsumedUnit=unit)

        assert record.tokens == tokens


class TestPeople:
    @pytest.mark.parametrize(
        ("tags", "account"),
        [
            ('{"user.email": " Ana.Ruiz@Example.com "}', ANA),
            ('{"user.email": "u-123"}', "u-123"),
            ('{"user.email": ""}', None),
            ('{"user.email": null}', None),
            ('{"team": "payments"}', None),
            ("{}", None),
            ("", None),
        ],
    )
    async def test_are_named_by_the_tag(self, files, tags, account):
        assert (await files.record_of(Tags=tags)).account == account

    async def test_have_an_address_only_where_the_tag_is_one(self, files):
        files.write(LINE, LINE | {"Tags": '{"user.email": "u-123"}'}, LATER)

        assert (await files.day()).emails == {ANA: ANA}

    async def test_may_be_in_another_tag(self, files):
        files.write(LINE | {"Tags": '{"owner": "ben@example.com"}'}, LATER)

        assert [r.account for r in (await files.day(person_tag="owner")).records] == [BEN]

    async def test_are_unknown_in_a_file_without_tags(self, files):
        files.write({k: v for k, v in LINE.items() if k != "Tags"})

        assert [r.account for r in (await files.day()).records] == [None]


class TestPeriods:
    @settings(max_examples=30, deadline=None)  # each writes up to a year of files
    @given(
        st.decimals(-(10**6), 10**6, places=6, allow_nan=False),
        st.integers(1, 366),
    )
    def test_of_many_days_are_spread_to_the_last_digit(self, cost, length):
        end = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=length)
        period = {"ChargePeriodStart": "2026-11-01", "ChargePeriodEnd": end.isoformat()}

        days = days_of(LINE | period | {"BilledCost": f"{cost:f}"})

        assert len(days) == length
        assert total(day.billed for day in days) == cost
        shares = [day.billed for day in days]
        assert max(shares) - min(shares) <= Decimal("1e-9")

    def test_of_many_days_spread_their_tokens_too(self):
        days = days_of(LINE | MONTH | {"ConsumedQuantity": "3000"})

        assert {day.records[0].tokens.input_uncached for day in days} == {100}

    def test_end_before_their_last_moment(self):
        assert [day.day for day in days_of(LINE)] == [DAY]

    def test_of_no_length_are_of_one_day(self):
        [day] = days_of(LINE | {"ChargePeriodEnd": LINE["ChargePeriodStart"]})

        assert day.billed == Decimal("1.25")

    def test_in_another_zone_are_days_in_utc(self):
        period = {
            "ChargePeriodStart": "2026-11-20T00:00:00+02:00",
            "ChargePeriodEnd": "2026-11-20T01:00:00+02:00",
        }

        assert [day.day for day in days_of(LINE | period)] == [DAY]

    @pytest.mark.parametrize("end", ["2026-11-18T00:00:00Z", "2036-11-20T00:00:00Z"])
    def test_that_cannot_be_are_refused(self, end):
        with pytest.raises(errors.SourceResponseError, match="before the start, or years after"):
            days_of(LINE | {"ChargePeriodEnd": end})


class TestFiles:
    @pytest.mark.parametrize(
        "name",
        [
            "charges.csv",
            "charges.csv.gz",
            "data/BILLING_PERIOD=2026-11/part-1.csv.gz",
            "data/billing_period=202611/part-1.csv",
            "daily/20261101-20261130/run-1/part_0_0001.csv.gz",
        ],
    )
    async def test_are_found_however_months_are_named(self, files, name):
        files.write(name=name)

        assert (await files.day()).billed == Decimal("1.25")

    async def test_of_every_refresh_in_a_folder_of_its_own_count_once(self, files):
        for run in ("a", "b"):
            files.write(name=f"daily/20261101-20261130/{run}/part_0_0001.csv")

        assert (await files.day()).billed == Decimal("1.25")

    async def test_of_the_month_after_may_correct_a_day(self, files):
        files.write(name="BILLING_PERIOD=2026-11/1.csv")
        files.write(
            LINE | {"ChargeClass": "Correction", "BilledCost": "-1"},
            name="BILLING_PERIOD=2026-12/1.csv",
        )

        assert (await files.day()).billed == Decimal("0.25")

    async def test_of_months_long_over_are_not_read(self, files):
        files.write(name="BILLING_PERIOD=2026-11/1.csv")
        (files.root / "BILLING_PERIOD=2026-09").mkdir()
        (files.root / "BILLING_PERIOD=2026-09" / "1.csv").write_bytes(b"not a bill")

        assert (await files.day()).billed == Decimal("1.25")

    async def test_that_do_not_reach_beyond_a_day_leave_it_open(self, files):
        files.write(LINE, LINE | MONTH)

        assert (await files.day()).data_through == datetime(2026, 11, 19, tzinfo=UTC)

    async def test_that_are_not_there_are_told_from_a_day_without_use(self, files):
        with pytest.raises(errors.SourceNotFoundError, match="there are no CSV files"):
            await files.day()


class TestImport:
    def test_gives_each_day_of_the_file_whole(self):
        days = days_of(LATER, LINE, LINE | {"BilledCost": "0.75"})

        assert [(day.day, day.billed) for day in days] == [
            (DAY, Decimal(2)),
            (DAY + timedelta(days=1), Decimal("1.25")),
        ]
        assert [day.data_through.date() - day.day for day in days] == [timedelta(days=1)] * 2

    def test_takes_the_tag_and_the_services_that_are_wanted(self):
        line = LINE | {"ServiceCategory": "Compute", "Tags": '{"owner": "ben@example.com"}'}

        assert days_of(line) == []
        [day] = days_of(line, person_tag="owner", every_category=True)
        assert day.emails == {BEN: BEN}

    def test_names_the_line_that_it_cannot_read(self):
        with pytest.raises(errors.SourceResponseError, match=r"^charges\.csv, line 3: "):
            days_of(LINE, LINE | {"BilledCost": "free"})


class TestBadFiles:
    @pytest.mark.parametrize(
        "column",
        [
            "BilledCost",
            "BillingCurrency",
            "ChargeCategory",
            "ChargePeriodEnd",
            "ChargePeriodStart",
            "ServiceCategory",
            "ServiceName",
        ],
    )
    def test_without_a_column_are_refused_and_it_is_named(self, column):
        expected = rf"^charges\.csv: there is no column {column.lower()}$"
        with pytest.raises(errors.SourceResponseError, match=expected):
            days_of({k: v for k, v in LINE.items() if k != column})

    @pytest.mark.parametrize(
        ("column", "value", "problem"),
        [
            ("BilledCost", "", "empty"),
            ("BilledCost", "1e30", "an amount that cannot be one"),
            ("BilledCost", "Infinity", "not a number"),
            ("BillingCurrency", "", "empty"),
            ("ChargeCategory", "", "empty"),
            ("ChargePeriodStart", "", "not a time"),
            ("ChargePeriodStart", "19/11/2026", "not a time"),
            ("ConsumedQuantity", "a lot", "not a number"),
            ("ServiceName", "=HYPERLINK(1)", "a formula"),
            ("Tags", "user.email=ana", "not a JSON object"),
            ("Tags", '["ana"]', "not a JSON object"),
        ],
    )
    def test_with_a_bad_cell_are_refused_and_the_line_is_named(self, column, value, problem):
        with pytest.raises(errors.SourceResponseError) as caught:
            days_of(LINE, LINE | {column: value})

        told = str(caught.value).lower()
        assert told == f"charges.csv, line 3: column {column.lower()} is {problem.lower()}"

    async def test_fail_the_day_of_the_source_by_name(self, files):
        files.write(LINE | {"BilledCost": "free"})

        expected = r"^focus 2026-11-19: charges\.csv, line 2: "
        with pytest.raises(errors.SourceResponseError, match=expected):
            await files.day()

    @pytest.mark.parametrize(
        "spelt",
        [
            pytest.param(lambda content: b"\xef\xbb\xbf" + content, id="byte-order-mark"),
            pytest.param(lambda content: content.replace(b"\n", b"\r\n"), id="windows"),
            pytest.param(lambda content: content.replace(b"USD", b'"USD"'), id="quotes"),
            pytest.param(lambda content: csv_of(dict(reversed(LINE.items()))), id="other-order"),
            pytest.param(lambda content: csv_of(LINE | {"x_Team": "payments"}), id="more"),
        ],
    )
    def test_spelt_otherwise_are_read_the_same(self, spelt):
        spelt_otherwise = parse_file([spelt(csv_of(LINE))], "charges.csv")

        assert list(spelt_otherwise) == days_of(LINE)


@settings(max_examples=30, deadline=None)  # each writes a month of files
@given(st.data())
def test_lines_in_any_order_give_the_same_days(data):
    lines = [
        LINE,
        LATER,
        LINE | MONTH,
        LINE | {"Tags": ""},
        LINE | {"BilledCost": "0.1", "ServiceName": "Acme Search"},
    ]

    assert days_of(*data.draw(st.permutations(lines))) == days_of(*lines)
