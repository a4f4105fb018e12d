from __future__ import annotations

import csv
import io
import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer

from bot import errors
from bot.domain.usage import ChargeCategory, CostBasis, ProviderDay, UsageRecord
from bot.providers.kiro import Config, Kiro, People, Report, Terms, Use
from tests.providers.recorded import DAY, FIXTURES, SECRET, read_day, reading
from tests.shared_data import shared

FOLDER = FIXTURES / "kiro"
LOGS = "AWSLogs/111122223333/KiroLogs"
ANA, BEN, CEM, DAN = (f"34a8e4c8-{number}-70bd" for number in ("0051", "1111", "2222", "3333"))
PRICES = {"PRO": 20, "PROPLUS": 40, "POWER": 200}
LINE = {
    "Date": "2026-11-19",
    "UserId": ANA,
    "Client_Type": "KIRO_IDE",
    "Credits_Used": "45.5",
    "Overage_Credits_Used": "0",
    "Subscription_Tier": "PROPLUS",
    "Total_Messages": "120",
}
OLD_LINE = {"Date": "11-19-2026", "UserId": ANA, "Chat_MessagesSent": "40"}


def make_record(**changes) -> UsageRecord:
    return UsageRecord(**({"provider": "kiro", "account": ANA, "day": DAY} | changes))


def make_use(requests: int, product: str, account: str = ANA) -> UsageRecord:
    return make_record(
        account=account,
        product=product,
        requests=requests,
        cost=Decimal(0),
        cost_basis=CostBasis.BILLED,
    )


def make_credits(credits: str, product: str, account: str = ANA) -> UsageRecord:  # noqa: A002
    return make_record(
        account=account,
        product=product,
        cost_type="plan_credits",
        currency="credits:kiro",
        foreign_cost=Decimal(credits),
        cost_basis=CostBasis.PROVIDER_ESTIMATE,
    )


def make_seat(cost: str | None, account: str = ANA) -> UsageRecord:
    return make_record(
        account=account,
        cost_type="seat",
        charge_category=ChargeCategory.PURCHASE,
        cost=None if cost is None else Decimal(cost),
        cost_basis=None if cost is None else CostBasis.BILLED,
    )


def csv_of(*lines: dict[str, str]) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(lines[0]))
    writer.writeheader()
    writer.writerows(lines)
    return file.getvalue().encode()


class Bucket:
    """A folder laid out like the bucket, which a test writes reports into."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(
        self,
        *lines: dict[str, str],
        night: str = "2026/11/19",
        name: str = "KIRO_KIRO_IDE_111122223333_user_report_202611200200.csv",
        kind: str = "user_report",
        logs: str = LOGS,
    ) -> Path:
        path = self.root / logs / kind / "us-east-1" / night / "00" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(csv_of(*(lines or (LINE,))))
        return path

    async def day(self, day: date = DAY, **config) -> ProviderDay:
        given = {"location": str(self.root), "tier_prices_usd_month": PRICES}
        return await read_day(Kiro.from_config(Config(**(given | config))), day)

    async def records_of(self, *changes: dict[str, str]) -> tuple[UsageRecord, ...]:
        self.write(*(LINE | each for each in changes))
        return (await self.day()).records


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    (tmp_path / LOGS).mkdir(parents=True)
    return Bucket(tmp_path)


async def test_the_recorded_day():
    assert await read_day(reading(Kiro, None)) == ProviderDay(
        provider="kiro",
        day=DAY,
        records=(
            make_seat("1.33333333"),
            make_use(18, "kiro_cli"),
            make_credits("3.25", "kiro_cli"),
            make_use(120, "kiro_ide"),
            make_credits("45.5", "kiro_ide"),
            make_seat("6.66666667", BEN),
            make_use(400, "kiro_ide", BEN),
            make_record(
                account=BEN,
                product="kiro_ide",
                cost_type="overage_credits",
                cost=Decimal("0.5"),
                cost_basis=CostBasis.BILLED,
            ),
            make_credits("210.25", "kiro_ide", BEN),
            make_seat("0.66666667", CEM),
            make_use(3, "kiro_ide", CEM),
            make_use(5, "plugin", CEM),
            make_credits("1.5", "plugin", CEM),
            make_seat("1.33333333", DAN),
            make_use(7, "kiro_cli", DAN),
            make_credits("2.5", "kiro_cli", DAN),
        ),
        billed=Decimal("10.5"),
        data_through=datetime(2026, 11, 20, tzinfo=UTC),
    )


def test_the_recorded_reports_have_the_documented_keys_and_columns():
    spec = json.loads(shared("specs/kiro-s3-reports.json").read_text())
    for kind in ("user_report", "by_user_analytic"):
        files = sorted(FOLDER.glob(f"**/KiroLogs/{kind}/**/*.csv"))
        assert files
        template = re.escape(spec[kind]["key"].removeprefix("{prefix}/"))
        key = re.compile(re.sub(r"\\\{\w+\\\}", r"\\w+", template.replace("region", "x")))
        for file in files:
            told = file.relative_to(FOLDER).as_posix().replace("us-east-1", "us_east_1")
            assert key.fullmatch(told.replace("_part_2", ""))
            header = next(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
            documented = {column.strip() for column in header} & set(spec[kind]["columns"])
            assert len(documented) >= 8


class TestCredits:
    async def test_of_the_plan_are_told_in_credits_and_cost_nothing(self, bucket):
        records = await bucket.records_of({})

        assert make_credits("45.5", "kiro_ide") in records
        assert make_use(120, "kiro_ide") in records

    async def test_beyond_the_plan_are_four_cents_each(self, bucket):
        records = await bucket.records_of({"Overage_Credits_Used": "12.5"})

        assert [r.cost for r in records if r.cost_type == "overage_credits"] == [Decimal("0.5")]

    async def test_beyond_the_plan_cost_what_is_configured(self, bucket):
        bucket.write(LINE | {"Overage_Credits_Used": "10"})

        day = await bucket.day(usd_per_overage_credit="0.03")

        assert [r.cost for r in day.records if r.cost_type == "overage_credits"] == [Decimal("0.3")]

    async def test_are_not_part_of_the_bill(self, bucket):
        bucket.write()

        day = await bucket.day()

        assert (day.billed, day.unattributed, day.foreign_billed) == (Decimal("1.33333333"), 0, {})


class TestSeats:
    async def test_over_a_month_add_up_to_the_price(self, bucket):
        days = [date(2026, 11, number) for number in range(1, 31)]
        for day in days:
            bucket.write(LINE | {"Date": str(day)}, night=f"{day:%Y/%m/%d}")

        costs = [(await bucket.day(day)).billed for day in days]

        assert sum(costs) == Decimal(40)

    async def test_are_one_a_person_of_the_highest_tier(self, bucket):
        records = await bucket.records_of(
            {}, {"Client_Type": "PLUGIN", "Subscription_Tier": "Power"}, {"Client_Type": "KIRO_CLI"}
        )

        assert [r for r in records if r.cost_type == "seat"] == [make_seat("6.66666667")]

    @pytest.mark.parametrize("tier", ["PROPLUS", "Pro+", "PRO_PLUS", "pro plus"])
    async def test_know_their_tier_however_it_is_spelt(self, bucket, tier):
        assert make_seat("1.33333333") in await bucket.records_of({"Subscription_Tier": tier})

    @pytest.mark.parametrize("prices", [{}, {"PRO": 20}])
    async def test_without_a_price_are_unpriced_and_leave_the_bill_unknown(self, bucket, prices):
        bucket.write()

        day = await bucket.day(tier_prices_usd_month=prices)

        assert make_seat(None) in day.records
        assert day.billed is None


class TestFiles:
    async def test_listed_twice_count_once(self, bucket):
        bucket.write(name="KIRO_KIRO_IDE_111122223333_user_report_202611200200.csv")
        once = await bucket.day()
        bucket.write(name="KIRO_KIRO_IDE_111122223333_user_report_202611200200_part_2.csv")

        assert await bucket.day() == once

    async def test_written_later_replace_what_they_tell_anew(self, bucket):
        for name, messages in (("b_202611200200.csv", "100"), ("a_202611210200.csv", "90")):
            bucket.write(LINE | {"Total_Messages": messages}, name=name)

        assert make_use(90, "kiro_ide") in (await bucket.day()).records

    async def test_of_late_parts_are_added(self, bucket):
        bucket.write()
        bucket.write(LINE | {"UserId": BEN}, name="x_202611210200_part_2.csv")

        assert {r.account for r in (await bucket.day()).records} == {ANA, BEN}

    async def test_of_one_person_with_several_clients_are_several_records(self, bucket):
        bucket.write()
        bucket.write(LINE | {"Client_Type": "KIRO_CLI"}, name="KIRO_KIRO_CLI_202611200200.csv")

        assert {r.product for r in (await bucket.day()).records} == {None, "kiro_ide", "kiro_cli"}

    async def test_of_every_account_layout_and_region_are_read(self, bucket):
        bucket.write(logs="AWSLogs/1/KiroLogs")
        bucket.write(LINE | {"UserId": BEN}, logs="AWSLogs/2/QDeveloperLogs")

        assert {r.account for r in (await bucket.day()).records} == {ANA, BEN}

    async def test_of_prompts_are_never_touched(self, bucket):
        bucket.write()
        prompts = bucket.root / LOGS / "GenerateAssistantResponse"
        prompts.symlink_to("/")

        assert (await bucket.day()).records

    async def test_may_lie_under_the_night_in_which_they_were_written(self, bucket):
        bucket.write(night="2026/11/20")
        bucket.write(LINE | {"Date": "2026-11-20", "Total_Messages": "1"}, night="2026/11/21")

        assert make_use(120, "kiro_ide") in (await bucket.day()).records

    async def test_of_the_first_of_a_month_are_found_from_the_last(self, bucket):
        bucket.write(LINE | {"Date": "2026-11-30"}, night="2026/12/01")

        assert (await bucket.day(date(2026, 11, 30))).records


class TestLateData:
    async def test_not_written_yet_is_no_data_yet_and_not_zero(self, bucket):
        bucket.write(night="2026/11/18", name="x_1.csv")

        day = await bucket.day(date(2026, 11, 25))

        assert (day.records, day.billed) == ((), None)
        assert day.data_through == datetime(2026, 11, 25, tzinfo=UTC)

    async def test_of_a_day_without_use_is_known_by_later_nights(self, bucket):
        bucket.write(LINE | {"Date": "2026-11-21"}, night="2026/11/21")

        day = await bucket.day()

        assert (day.records, day.billed) == ((), Decimal(0))
        assert day.data_through == datetime(2026, 11, 20, tzinfo=UTC)


class TestOldReports:
    async def test_give_requests_only_from_dates_with_the_month_first(self, bucket):
        bucket.write(OLD_LINE, kind="by_user_analytic")

        day = await bucket.day()

        assert day.records == (make_record(requests=40),)
        assert day.billed is None

    async def test_are_not_read_beside_the_new_ones(self, bucket):
        bucket.write()
        bucket.write(OLD_LINE, kind="by_user_analytic")

        assert {r.requests for r in (await bucket.day()).records} == {None, 120}

    async def test_with_dates_of_the_new_ones_are_refused(self, bucket):
        bucket.write(OLD_LINE | {"Date": "2026-11-19"}, kind="by_user_analytic")

        with pytest.raises(errors.SourceResponseError, match="line 2: column date is not a day"):
            await bucket.day()


class TestBadFiles:
    @pytest.mark.parametrize("column", list(LINE))
    async def test_without_a_column_fail_the_day_and_name_it(self, bucket, column):
        bucket.write({k: v for k, v in LINE.items() if k != column}, name="x.csv")

        expected = rf"^kiro 2026-11-19: x\.csv: there is no column {column.lower()}$"
        with pytest.raises(errors.SourceResponseError, match=expected):
            await bucket.day()

    @pytest.mark.parametrize(
        ("column", "value", "problem"),
        [
            ("Date", "11-19-2026", "not a day"),
            ("Date", "", "empty"),
            ("UserId", "", "empty"),
            ("UserId", "=cmd|' /C calc'!A0", "a formula"),
            ("Total_Messages", "many", "not a number"),
            ("Total_Messages", "1.5", "not a whole number"),
            ("Credits_Used", "NaN", "not a number"),
            ("Overage_Credits_Used", "1e30", "an amount that cannot be one"),
        ],
    )
    async def test_with_a_bad_cell_fail_the_day_and_name_the_line(
        self, bucket, column, value, problem
    ):
        bucket.write(LINE, LINE | {column: value}, name="x.csv")

        with pytest.raises(errors.SourceResponseError) as caught:
            await bucket.day()

        told = str(caught.value).lower()
        assert told == f"kiro 2026-11-19: x.csv, line 3: column {column.lower()} is {problem}"

    async def test_with_another_day_s_rows_are_refused(self, bucket):
        bucket.write(LINE | {"Date": "2026-11-12"})

        with pytest.raises(errors.SourceResponseError, match="about another day"):
            await bucket.day()

    @pytest.mark.parametrize(
        "spelt",
        [
            pytest.param(lambda content: b"\xef\xbb\xbf" + content, id="byte-order-mark"),
            pytest.param(lambda content: content.replace(b"\n", b"\r\n"), id="windows"),
            pytest.param(lambda content: content.replace(b"KIRO_IDE", b'"KIRO_IDE"'), id="quotes"),
            pytest.param(lambda content: content.replace(b",UserId", b", UserId "), id="spaces"),
            pytest.param(
                lambda content: content.lower().replace(b"kiro_ide", b"KIRO_IDE"), id="glue"
            ),
            pytest.param(lambda content: csv_of(dict(reversed(LINE.items()))), id="other-order"),
            pytest.param(lambda content: csv_of(LINE | {"gpt_6_messages": "9"}), id="more"),
            pytest.param(
                lambda content: content.replace(ANA.encode(), b"d-90663be888." + ANA.encode()),
                id="store-in-the-id",
            ),
        ],
    )
    async def test_spelt_otherwise_are_read_the_same(self, bucket, spelt):
        path = bucket.write()
        expected = await bucket.day()
        path.write_bytes(spelt(path.read_bytes()))

        assert await bucket.day() == expected

    async def test_of_no_reports_at_all_are_told_from_a_day_without_use(self, tmp_path):
        with pytest.raises(errors.SourceNotFoundError, match="there are no reports"):
            await Bucket(tmp_path).day()


TERMS = Terms(tier_prices={}, usd_per_overage_credit=Decimal("0.04"), is_past=False)
PAGES = [
    TERMS,
    People(emails={"u1": "ana@example.com"}),
    *(
        Report(
            file=f"part {number}",
            night=DAY + timedelta(days=number % 2),
            written=f"20261120020{number}",
            uses=[
                Use(day=DAY, user=f"u{user}", client="KIRO_IDE", messages=number, tier="PRO")
                for user in range(number, number + 3)
            ],
        )
        for number in range(5)
    ),
]


@given(st.data())
def test_shuffled_and_repeated_pages_give_the_same_day(data):
    again = data.draw(st.lists(st.sampled_from(PAGES), max_size=5))
    dealt = data.draw(st.permutations([*PAGES, *again]))

    assert Kiro.parse(DAY, dealt) == Kiro.parse(DAY, PAGES)


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


class TestIdentityCenter:
    def client(self, service: str, aws: str):
        return boto3.client(
            service,
            endpoint_url=aws,
            region_name="us-east-1",
            aws_access_key_id="made-up",
            aws_secret_access_key=SECRET,
        )

    async def test_names_the_addresses_of_those_in_reports_in_a_bucket(self, aws):
        store = self.client("identitystore", aws)
        user = store.create_user(
            IdentityStoreId="d-90663be888",
            UserName="ana",
            DisplayName="Ana",
            Name={"GivenName": "Ana", "FamilyName": "Ruiz"},
            Emails=[
                {"Value": "old@example.com", "Primary": False},
                {"Value": "Ana.Ruiz@example.com", "Primary": True},
            ],
        )["UserId"]
        s3 = self.client("s3", aws)
        s3.create_bucket(Bucket="acme-kiro")
        lines = [LINE | {"UserId": f"d-90663be888.{user}"}, LINE | {"UserId": BEN}]
        key = f"logs/{LOGS}/user_report/us-east-1/2026/11/19/00/x_202611200200.csv"
        s3.put_object(Bucket="acme-kiro", Key=key, Body=csv_of(*lines))
        config = Config(
            location="s3://acme-kiro/logs",
            endpoint_url=aws,
            region="us-east-1",
            access_key_id="made-up",
            secret_access_key=SECRET,
            identity_store_id="d-90663be888",
        )

        day = await read_day(Kiro.from_config(config))

        assert {r.account for r in day.records} == {user, BEN}
        assert day.emails == {user: "ana.ruiz@example.com"}
        for client in (store, s3):
            client.close()
