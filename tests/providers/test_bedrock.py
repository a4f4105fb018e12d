from __future__ import annotations

import csv
import gzip
import io
import os
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.domain.usage import ChargeCategory, CostBasis, ProviderDay, TokenUsage, UsageRecord
from bot.errors import SourceResponseError
from bot.providers.bedrock import Bedrock, Config
from bot.reading.bills import Charge
from bot.reading.meters import meter
from bot.reading.months import DayPage
from tests.providers.recorded import DAY, FIXTURES, read_day

WRITTEN = datetime(2026, 11, 20, 6, tzinfo=UTC).timestamp()
SESSION = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_ab/"
ANA = f"{SESSION}Ana.Ruiz@example.com"
BEN = "arn:aws:iam::111122223333:user/ben"
LINE = {
    "bill_billing_period_start_date": "2026-11-01T00:00:00.000Z",
    "line_item_line_item_type": "Usage",
    "line_item_usage_start_date": "2026-11-19T08:00:00.000Z",
    "line_item_product_code": "AmazonBedrock",
    "line_item_usage_type": "USE1-Claude4.6Sonnet-input-tokens",
    "line_item_usage_amount": "1.5",
    "pricing_unit": "1K tokens",
    "line_item_unblended_cost": "0.25",
    "line_item_currency_code": "USD",
    "line_item_iam_principal": ANA,
    "product": "{}",
}
LATER = LINE | {"line_item_usage_start_date": "2026-11-20T00:00:00Z"}


def make_record(**changes) -> UsageRecord:
    record = {"provider": "bedrock", "account": None, "day": DAY, "cost_basis": CostBasis.BILLED}
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


class Export:
    """An export that a test writes, and reads the day of."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.month = root / "data" / "BILLING_PERIOD=2026-11"
        self.month.mkdir(parents=True)

    def write(self, *lines: dict[str, str], name: str = "acme-00001.csv") -> None:
        path = self.month / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(csv_of(*(lines or (LINE, LATER))))
        os.utime(path, (WRITTEN, WRITTEN))

    def adapter(self) -> Bedrock:
        return Bedrock.from_config(Config(location=str(self.root)))

    async def day(self, day: date = DAY) -> ProviderDay:
        adapter = self.adapter()
        try:
            return adapter.parse(day, [page async for page in adapter.fetch(day)])
        finally:
            await adapter.close()

    async def records_of(self, *changes: dict[str, str]) -> tuple[UsageRecord, ...]:
        self.write(*(LINE | each for each in changes), LATER)
        return (await self.day()).records

    async def record_of(self, **changes: str) -> UsageRecord:
        [record] = await self.records_of(changes)
        return record


@pytest.fixture
def export(tmp_path: Path) -> Export:
    return Export(tmp_path)


async def test_the_recorded_day():
    adapter = Bedrock.from_config(Config(location=str(FIXTURES / "bedrock")))

    assert await read_day(adapter) == ProviderDay(
        provider="bedrock",
        day=DAY,
        records=(
            make_record(charge_category=ChargeCategory.TAX, cost=Decimal("0.01")),
            make_record(cost_type="Guardrail-ContentPolicyUnitsConsumed", cost=Decimal("0.00045")),
            make_record(
                account=BEN,
                model="NovaPro",
                cost_type="tokens-batch",
                charge_category=ChargeCategory.CREDIT,
                cost=Decimal("-0.001"),
            ),
            make_record(
                account=BEN,
                model="NovaPro",
                cost_type="tokens-batch",
                tokens=make_tokens(input_uncached=10_000),
                cost=Decimal("0.004"),
            ),
            make_record(
                account=ANA,
                model="Claude Opus 5.5",
                cost_type="tokens",
                tokens=make_tokens(output=2_000),
                cost=Decimal("0.044"),
            ),
            make_record(
                account=ANA,
                model="Claude4.6Sonnet",
                cost_type="tokens",
                tokens=make_tokens(
                    input_uncached=2_000, cache_read=50_000, cache_write=2_000, output=500
                ),
                cost=Decimal("0.036"),
            ),
        ),
        billed=Decimal("0.09345"),
        data_through=datetime(2026, 11, 20, tzinfo=UTC),
        emails={ANA: "ana.ruiz@example.com"},
    )


class TestWhatCounts:
    async def test_charges_of_other_products_are_left_out(self, export):
        assert await export.records_of({"line_item_product_code": "AmazonEC2"}) == ()

    async def test_models_sold_through_the_marketplace_are_kept(self, export):
        record = await export.record_of(
            line_item_product_code="4ezhkeia6k2csmadeup",
            line_item_usage_type="USW2-MP:USW2_OutputTokenCount-Units",
            pricing_unit="Units",
            product='{"product_name":"Claude Haiku 4.5 (Amazon Bedrock Edition)"}',
        )

        assert (record.model, record.cost) == ("Claude Haiku 4.5", Decimal("0.25"))

    async def test_charges_that_nobody_is_named_for_are_on_the_bill(self, export):
        export.write(LINE, LINE | {"line_item_iam_principal": "", "line_item_unblended_cost": "1"})

        day = await export.day()

        assert {r.account: r.cost for r in day.records} == {
            ANA: Decimal("0.25"),
            None: Decimal(1),
        }
        assert day.billed == Decimal("1.25")

    @pytest.mark.parametrize(
        ("told", "category"),
        [
            ("Usage", "usage"),
            ("SavingsPlanCoveredUsage", "usage"),
            ("Credit", "credit"),
            ("Tax", "tax"),
            ("Refund", "adjustment"),
            ("EdpDiscount", "adjustment"),
            ("Fee", "purchase"),
            ("NewIn2027", "usage"),
        ],
    )
    async def test_the_kind_of_line_item_is_the_charge_category(self, export, told, category):
        record = await export.record_of(line_item_line_item_type=told)

        assert record.charge_category == category

    async def test_a_refund_stays_negative(self, export):
        record = await export.record_of(
            line_item_line_item_type="Refund", line_item_unblended_cost="-3.5"
        )

        assert (record.cost, record.tokens) == (Decimal("-3.5"), None)

    async def test_other_currencies_are_kept_apart(self, export):
        export.write(LINE, LINE | {"line_item_currency_code": "CNY"}, LATER)

        day = await export.day()

        assert (day.billed, day.foreign_billed) == (Decimal("0.25"), {"CNY": Decimal("0.25")})

    async def test_amounts_are_dollars_to_the_last_digit(self, export):
        record = await export.record_of(line_item_unblended_cost="0.0000003024")

        assert record.cost == Decimal("0.0000003024")

    async def test_equal_lines_are_charges_of_their_own(self, export):
        [record] = await export.records_of({}, {})

        assert (record.cost, record.tokens.input_uncached) == (Decimal("0.5"), 3000)


class TestMeters:
    @pytest.mark.parametrize(
        ("usage_type", "unit", "model", "cost_type", "tokens"),
        [
            ("USE1-Claude4.6Sonnet-input-tokens", "1K tokens", "Claude4.6Sonnet", "tokens", 1500),
            ("Claude4.6Sonnet-input-tokens", "1M tokens", "Claude4.6Sonnet", "tokens", 1_500_000),
            ("EU-Nova2.0Lite-input-tokens-flex", "Tokens", "Nova2.0Lite", "tokens-flex", 2),
            ("EUC1-NovaPro-input-tokens", "Requests", "NovaPro", "tokens", None),
            ("EUC1-NovaPro-input-tokens", "", "NovaPro", "tokens", None),
            (
                "USE1-openai.gpt-oss-120b-mantle-input-tokens-standard",
                "1K tokens",
                "openai.gpt-oss-120b",
                "tokens",
                1500,
            ),
            (
                "APN1-Claude4Sonnet-input-tokens-cross-region-global",
                "1K tokens",
                "Claude4Sonnet",
                "tokens-cross-region-global",
                1500,
            ),
            ("USE1-ModelUnit", "Hours", None, "ModelUnit", None),
        ],
    )
    async def test_tell_the_model_and_the_tokens(
        self, export, usage_type, unit, model, cost_type, tokens
    ):
        record = await export.record_of(line_item_usage_type=usage_type, pricing_unit=unit)

        assert (record.model, record.cost_type) == (model, cost_type)
        assert (record.tokens and record.tokens.input_uncached) == tokens

    @pytest.mark.parametrize(
        ("usage_type", "part"),
        [
            ("USE1-M-input-tokens", "input_uncached"),
            ("USE1-M-input-token-count", "input_uncached"),
            ("USE1-M-output-tokens", "output"),
            ("USE1-M-cache-read-input-token-count", "cache_read"),
            ("USE1-M-cache-write-input-token-count", "cache_write"),
            ("USE1-openai.gpt-5.5-mantle-cache_read-tokens-standard", "cache_read"),
            ("USE1-MP:USE1_InputTokenCount-Units", "input_uncached"),
            ("USE1-MP:USE1_OutputTokenCount_Global-Units", "output"),
            ("USE1-MP:USE1_CacheReadInputTokenCount-Units", "cache_read"),
            ("EU-MP:EU_cache_write_tokens_1h_standard-Units", "cache_write"),
            ("USW2-MP:USW2_input_tokens_global_standard-Units", "input_uncached"),
        ],
    )
    def test_tell_input_from_cache_so_that_nothing_counts_twice(self, usage_type, part):
        assert meter(usage_type, "1K tokens").part == part

    def test_of_the_marketplace_count_millions(self):
        assert meter("USE1-MP:USE1_InputTokenCount-Units", "Units").size == 1_000_000

    def test_elsewhere_nobody_knows_what_a_unit_is(self):
        assert meter("USE1-M-input-tokens", "Units").size is None

    async def test_thousandths_of_thousands_are_exact(self, export):
        records = await export.records_of(*[{"line_item_usage_amount": "0.1"}] * 30)

        assert [r.tokens.input_uncached for r in records] == [3000]


async def test_an_export_in_parquet_is_told_and_not_taken_for_no_use(export, tmp_path):
    export.write(LINE, LATER)
    for file in list(tmp_path.rglob("*.csv*")):
        file.rename(file.with_name("acme-00001.snappy.parquet"))

    with pytest.raises(SourceResponseError, match="Parquet; only CSV"):
        await export.day()


class TestAccounts:
    @pytest.mark.parametrize(
        ("principal", "email"),
        [
            (ANA, "ana.ruiz@example.com"),
            ("arn:aws:iam::111122223333:user/staff/ben@example.com", "ben@example.com"),
            (BEN, None),
            (f"{SESSION}i-0abc123", None),
            ("arn:aws:sts::111122223333:federated-user/x@example.com", None),
            ("arn:aws:sts::111122223333:assumed-role/Dev/boss@example.com", None),
        ],
    )
    async def test_have_an_address_where_the_session_is_named_by_one(
        self, export, principal, email
    ):
        export.write(LINE | {"line_item_iam_principal": principal}, LATER)

        day = await export.day()

        assert [r.account for r in day.records] == [principal]
        assert day.emails.get(principal) == email

    async def test_are_not_needed(self, export):
        without = {k: v for k, v in LINE.items() if k != "line_item_iam_principal"}
        export.write(without)

        assert [r.account for r in (await export.day()).records] == [None]


class TestMonths:
    async def test_that_are_refreshed_are_replaced_whole(self, export):
        export.write(LINE, name="acme-00001.csv")
        export.write(LINE | {"line_item_iam_principal": BEN}, LATER, name="acme-00002.csv")
        adapter = export.adapter()
        before = adapter.parse(DAY, [page async for page in adapter.fetch(DAY)])
        (export.month / "acme-00002.csv").unlink()
        export.write(LINE | {"line_item_unblended_cost": "0.2"}, LATER)

        after = adapter.parse(DAY, [page async for page in adapter.fetch(DAY)])

        assert {r.account: r.cost for r in before.records} == {
            ANA: Decimal("0.25"),
            BEN: Decimal("0.25"),
        }
        assert {r.account: r.cost for r in after.records} == {ANA: Decimal("0.2")}
        await adapter.close()

    async def test_may_be_gzip(self, export):
        packed = gzip.compress(csv_of(LINE, LATER))
        (export.month / "acme-00001.csv.gz").write_bytes(packed)

        assert [r.cost for r in (await export.day()).records] == [Decimal("0.25")]

    async def test_with_a_folder_for_every_refresh_are_read_from_the_last(self, export):
        export.write(LINE, LATER, name="20261120T010000Z-b/acme-00001.csv")
        export.write(LATER, name="20261120T020000Z-a/acme-00001.csv")

        assert (await export.day()).records == ()

    async def test_not_exported_yet_are_no_data_yet_and_not_zero(self, export):
        export.write()

        day = await export.day(date(2026, 12, 1))

        assert (day.records, day.billed) == ((), None)
        assert day.data_through == datetime(2026, 12, 1, tzinfo=UTC)

    async def test_that_do_not_reach_beyond_a_day_leave_it_open(self, export):
        export.write(LINE)

        assert (await export.day()).data_through == datetime(2026, 11, 19, tzinfo=UTC)

    async def test_know_a_day_without_use_by_the_charges_after_it(self, export):
        export.write(LATER)

        day = await export.day()

        assert (day.records, day.billed) == ((), Decimal(0))
        assert day.data_through == datetime(2026, 11, 20, tzinfo=UTC)

    async def test_hold_late_charges_of_the_month_before_on_their_first_day(self, export):
        export.write(LINE | {"line_item_usage_start_date": "2026-10-31T23:00:00Z"}, LATER)

        assert (await export.day(date(2026, 11, 1))).billed == Decimal("0.25")

    async def test_have_days_in_utc(self, export):
        export.write(LINE | {"line_item_usage_start_date": "2026-11-20T00:30:00+01:00"}, LATER)

        assert len((await export.day()).records) == 1


class TestBadFiles:
    @pytest.mark.parametrize(
        "column",
        [
            "line_item_usage_start_date",
            "line_item_product_code",
            "line_item_usage_type",
            "line_item_unblended_cost",
            "line_item_currency_code",
        ],
    )
    async def test_without_a_column_fail_the_day_and_name_it(self, export, column):
        export.write({k: v for k, v in LINE.items() if k != column})

        with pytest.raises(
            errors.SourceResponseError,
            match=rf"^bedrock 2026-11-19: acme-00001\.csv: there is no column {column}$",
        ):
            await export.day()

    @pytest.mark.parametrize(
        ("column", "value", "problem"),
        [
            ("line_item_unblended_cost", "", "empty"),
            ("line_item_unblended_cost", "free", "not a number"),
            ("line_item_unblended_cost", "NaN", "not a number"),
            ("line_item_unblended_cost", "1e30", "an amount that cannot be one"),
            ("line_item_unblended_cost", "=SUM(A1:A9)", "a formula"),
            ("line_item_usage_amount", "1,5", "not a number"),
            ("line_item_currency_code", "", "empty"),
            ("line_item_usage_start_date", "", "empty"),
            ("line_item_usage_start_date", "11-19-2026", "not a day"),
            ("line_item_usage_start_date", "2025-11-19", "far from the month"),
        ],
    )
    async def test_with_a_bad_cell_fail_the_day_and_name_the_line(
        self, export, column, value, problem
    ):
        export.write(LINE, LINE | {column: value})

        with pytest.raises(errors.SourceResponseError) as caught:
            await export.day()

        told = str(caught.value)
        assert told.startswith("bedrock 2026-11-19: acme-00001.csv, line 3: column line_item_")
        assert problem in told
        assert not value or value not in told

    @pytest.mark.parametrize(
        "spelt",
        [
            pytest.param(lambda content: b"\xef\xbb\xbf" + content, id="byte-order-mark"),
            pytest.param(lambda content: content.replace(b"\n", b"\r\n"), id="windows"),
            pytest.param(lambda content: content.replace(b"USD", b'"USD"'), id="quotes"),
            pytest.param(lambda content: csv_of(*map(backwards, (LINE, LATER))), id="other-order"),
            pytest.param(lambda content: csv_of(*map(slashed, (LINE, LATER))), id="older-names"),
        ],
    )
    async def test_spelt_otherwise_are_read_the_same(self, export, spelt):
        export.write()
        expected = await export.day()
        (export.month / "acme-00001.csv").write_bytes(spelt(csv_of(LINE, LATER)))

        assert await export.day() == expected

    async def test_cut_short_fail_the_day(self, export):
        packed = gzip.compress(csv_of(*[LINE] * 1000))
        (export.month / "acme-00001.csv.gz").write_bytes(packed[:-20])

        with pytest.raises(errors.SourceResponseError, match=r"^bedrock 2026-11-19: .*cut short"):
            await export.day()

    async def test_of_no_export_at_all_are_told_from_a_day_without_use(self, tmp_path):
        adapter = Bedrock.from_config(Config(location=str(tmp_path)))

        with pytest.raises(errors.SourceNotFoundError, match="there is no export"):
            await read_day(adapter)


def backwards(line: dict[str, str]) -> dict[str, str]:
    return dict(reversed(line.items()))


def slashed(line: dict[str, str]) -> dict[str, str]:
    """The line as reports were before CUR 2.0: ``lineItem/UnblendedCost``."""
    groups = {"line_item_": "lineItem/", "pricing_": "pricing/", "bill_": "bill/"}

    def older(name: str) -> str:
        for new, old in groups.items():
            if name.startswith(new):
                return old + name.removeprefix(new).title().replace("_", "")
        return name

    return {older(name): value for name, value in line.items()}


def charge(account: str, cost: str, amount: str) -> Charge:
    return Charge(
        account=account,
        product=None,
        model=None,
        meter="USE1-M-input-tokens",
        unit="1K tokens",
        category=ChargeCategory.USAGE,
        currency="USD",
        cost=Decimal(cost),
        amount=Decimal(amount),
    )


PAGES = [
    DayPage(
        day=DAY,
        part=f"file:{number}",
        through=datetime(2026, 11, 20, tzinfo=UTC),
        rows=[charge(ANA, f"0.{number}", "0.5"), charge(BEN, "1", f"{number}.125")],
    )
    for number in range(1, 6)
]


@given(st.data())
def test_shuffled_and_repeated_pages_give_the_same_day(data):
    again = data.draw(st.lists(st.sampled_from(PAGES), max_size=5))
    dealt = data.draw(st.permutations([*PAGES, *again]))

    assert Bedrock.parse(DAY, dealt) == Bedrock.parse(DAY, PAGES)


def test_pages_of_another_day_are_refused():
    with pytest.raises(errors.SourceResponseError, match=r"2026-11-12: .*another day"):
        Bedrock.parse(DAY - timedelta(days=7), PAGES)
