"""What is known of a day and what is nobody's are the bill, whatever the source corrects later."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.disclosure.contributions import Cell
from bot.domain.teams import TeamSource
from bot.domain.usage import UsageRecord, total
from db.contributions import ContributionStore
from db.invoices import InvoiceStore
from db.received import ReceivedStore
from db.teams import TeamStore
from db.usage import UsageStore
from tests.factories import (
    MONDAY,
    NOON,
    WEEK,
    enroll,
    make_day,
    make_membership,
    make_record,
    make_sent,
    make_team,
)
from tests.providers.case import CASES
from tests.providers.recorded import DAY, Recorded, load_page, read_day, reading

LATER = datetime(2026, 11, 25, 6, tzinfo=UTC)
A_DAY = timedelta(days=1)

every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


async def day_of(name: str, **instead: Any):
    case = CASES[name]
    return await read_day(
        reading(case.provider, Recorded(name, **instead) if case.is_http else None)
    )


@every_case
@pytest.mark.parametrize("refused", [False, True], ids=["allowed", "refused"])
async def test_records_and_what_is_nobodys_are_the_bill_in_every_currency(case, refused):
    day = await day_of(case.name, **(case.refused if refused else {}))
    charged = [record for record in day.records if record.is_on_the_bill]

    if day.billed is not None:
        assert total(r.cost for r in charged) + day.unattributed == day.billed
    for currency, billed in day.foreign_billed.items():
        known = total(r.foreign_cost for r in charged if r.currency == currency)
        assert known + day.foreign_unattributed[currency] == billed
    assert "USD" not in day.foreign_billed


@pytest.fixture
def usage(database):
    return UsageStore(database)


@pytest.fixture
def invoices(database):
    return InvoiceStore(database)


@every_case
async def test_what_is_kept_of_a_day_differs_in_nothing_from_the_invoice(case, usage, invoices):
    day = await day_of(case.name)
    await usage.replace_day(day, LATER)

    [invoice] = await invoices.invoices(DAY, DAY, {})

    charged = [r for r in day.records if r.is_on_the_bill and r.account is not None]
    assert invoice.billed == day.billed
    assert invoice.difference == (0 if case.has_bill else None)
    assert (invoice.attributed or 0) == total(record.cost for record in charged)
    assert {c: f.billed for c, f in invoice.foreign.items()} == day.foreign_billed


def of_costs(**cents: str) -> dict[str, dict[str, Any]]:
    """What Anthropic answers where these accounts cost so many cents."""
    cost = load_page("anthropic", "cost_by_actor")
    row = cost["data"][0]
    cost["data"] = [_charged(row, account, amount) for account, amount in cents.items()]
    bill = load_page("anthropic", "cost")
    whole = bill["data"][0]
    amount = str(sum((Decimal(each) for each in cents.values()), Decimal(0)) + Decimal("0.7"))
    bill["data"] = [{**whole, "cost": {"amount": amount, "currency": "USD"}}]
    usage = load_page("anthropic", "usage_by_actor")
    return {"cost_by_actor": cost, "cost": bill, "usage_by_actor": {**usage, "data": []}}


def _charged(row: dict[str, Any], account: str, cents: str) -> dict[str, Any]:
    actor = {"type": "user_actor", "user_id": account, "email": f"{account}@example.com"}
    return {
        **row,
        "group": {**row["group"], "actor": actor},
        "cost": {"amount": cents, "currency": "USD"},
    }


RESTATED = {
    "up": {"ana": "500.25", "ben": "30"},
    "down": {"ana": "12.125", "ben": "30"},
    "below-zero": {"ana": "-12.125", "ben": "30"},
    "a-row-gone": {"ben": "30"},
    "all-rows-gone": {},
    "renamed": {"ana-new": "100.5", "ben": "30"},
    "more": {"ana": "100.5", "ben": "30", "cyd": "0.001"},
}


@pytest.mark.parametrize("restated", RESTATED.values(), ids=RESTATED)
async def test_a_restated_day_ends_as_the_last_answer(restated, usage, invoices):
    for number, cents in enumerate(({"ana": "100.5", "ben": "30"}, restated)):
        day = await day_of("anthropic", **of_costs(**cents))
        await usage.replace_day(day, LATER + number * A_DAY)

    [invoice] = await invoices.invoices(DAY, DAY, {})

    expected = total(Decimal(amount) for amount in restated.values()) / 100
    assert (invoice.attributed or 0) == expected
    assert invoice.billed == expected + Decimal("0.007")
    assert (invoice.difference, invoice.unattributed) == (0, Decimal("0.007"))


async def test_a_row_that_moved_to_another_day_counts_once(usage, invoices):
    here, there = MONDAY, MONDAY + A_DAY
    moved, stays = make_record(cost=Decimal("1.25")), make_record("bob", cost=Decimal(2))

    async def tell(day: date, *records: UsageRecord, at: datetime) -> None:
        billed = total(record.cost for record in records)
        await usage.replace_day(make_day(*records, day=day, billed=billed), at)

    await tell(here, moved, stays, at=NOON)
    await tell(there, at=NOON)
    await tell(here, stays, at=NOON + A_DAY)
    await tell(there, moved, at=NOON + A_DAY)

    [invoice] = await invoices.invoices(here, there, {})
    assert (invoice.billed, invoice.attributed, invoice.difference) == (
        Decimal("3.25"),
        Decimal("3.25"),
        0,
    )


FOREIGN = {"cost": None, "foreign_cost": Decimal(1_000_000)}


async def test_other_currencies_are_in_no_sum_of_dollars(database, usage, invoices):
    await enroll(database, "ada")
    await TeamStore(database).sync(
        TeamSource.FILE, [make_team()], [make_membership("ada")], today=MONDAY - A_DAY
    )
    euros = make_record(currency="EUR", **FOREIGN)
    credits_ = make_record(currency="credits:chatgpt", **FOREIGN)
    answer = make_day(make_record(), euros, credits_, billed=Decimal(2))
    await usage.replace_day(replace(answer, foreign_billed={"EUR": Decimal(10**6)}), NOON)
    sent = (
        make_sent(record_id="r1", cost=Decimal("0.5")),
        make_sent(record_id="r2", currency="JPY", **FOREIGN),
    )
    await ReceivedStore(database).put(sent, NOON)

    snapshot = await ContributionStore(database).snapshot(WEEK, 7 * A_DAY)
    [[contribution]] = [group.members for group in snapshot.groups]
    found = {i.provider: i for i in await invoices.invoices(MONDAY, MONDAY, {})}

    assert contribution.amounts == {Cell.SPEND: Decimal("1.75")}
    assert found["anthropic"].attributed == Decimal("1.25")
    assert found["anthropic"].unattributed == Decimal("0.75")
    assert found["ingest:acme"].attributed == Decimal("0.5")
