"""What is known adds up to what was billed, to the last digit."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.invoice import ForeignInvoice
from bot.domain.night import Freshness
from bot.domain.usage import CostBasis
from db.invoices import InvoiceStore
from db.usage import UsageStore
from tests.factories import MONDAY, NOON, make_day, make_record

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
A_DAY = timedelta(days=1)
amounts = st.decimals(-100, 10_000, places=9)


@pytest.fixture
def invoices(database):
    return InvoiceStore(database)


async def of_march(invoices, freshness=None):
    return await invoices.invoices(FIRST, LAST, freshness or {})


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(costs=st.lists(amounts, max_size=5, unique=True), billed=amounts)
async def test_what_is_attributed_and_what_is_nobodys_is_the_bill(
    invoices, database, costs, billed
):
    records = [make_record(f"person{n}", cost=cost) for n, cost in enumerate(costs)]
    await UsageStore(database).replace_day(make_day(*records, billed=billed), NOON)

    [invoice] = await of_march(invoices)

    assert invoice.billed == billed
    assert invoice.difference == 0
    assert (invoice.attributed or 0) == sum(costs)


async def test_what_names_no_account_is_as_unattributed_as_what_nothing_explains(
    invoices, database
):
    day = make_day(make_record(), make_record(None, cost=Decimal(2)), billed=Decimal(5))
    await UsageStore(database).replace_day(day, NOON)

    [invoice] = await of_march(invoices)

    assert (invoice.attributed, invoice.unattributed) == (Decimal("1.25"), Decimal("3.75"))
    assert invoice.difference == 0


async def test_credits_are_told_beside_the_bill(invoices, database):
    credits_used = {"cost": None, "currency": "credits:kiro", "foreign_cost": Decimal("45.5")}
    day = make_day(make_record(), make_record("bob", **credits_used), billed=Decimal("1.25"))
    await UsageStore(database).replace_day(day, NOON)

    [invoice] = await of_march(invoices)

    assert invoice.unbilled == {"credits:kiro": Decimal("45.5")}
    assert invoice.difference == 0


async def test_a_difference_would_be_seen(invoices, database):
    await UsageStore(database).replace_day(make_day(make_record(), billed=Decimal(2)), NOON)
    async with database.for_jobs() as connection:
        await connection.exec_driver_sql("UPDATE usage_records SET cost = cost + 1")

    [invoice] = await of_march(invoices)

    assert invoice.difference == 1


async def test_estimates_are_told_beside_the_bill_and_not_in_it(invoices, database):
    estimate = make_record("bob", cost=Decimal(9), cost_basis=CostBasis.PROVIDER_ESTIMATE)
    day = make_day(make_record(), estimate, billed=Decimal("1.25"))
    await UsageStore(database).replace_day(day, NOON)

    [invoice] = await of_march(invoices)

    assert (invoice.attributed, invoice.estimated) == (Decimal("1.25"), Decimal(9))
    assert invoice.unattributed == 0


async def test_other_currencies_have_bills_of_their_own(invoices, database):
    euros = {"cost": None, "currency": "EUR", "foreign_cost": Decimal(7)}
    day = make_day(make_record(**euros), foreign_billed={"EUR": Decimal(10)})
    await UsageStore(database).replace_day(day, NOON)

    [invoice] = await of_march(invoices)

    assert invoice.billed is None
    assert invoice.difference is None
    assert invoice.foreign == {"EUR": ForeignInvoice(billed=Decimal(10), unattributed=Decimal(3))}


async def test_what_looks_strange_is_told_by_day(invoices, database):
    strange = make_day(make_record(cost=Decimal(-3)), make_record("bob", cost=Decimal(10**6)))
    await UsageStore(database).replace_day(strange, NOON)

    [invoice] = await of_march(invoices)

    assert invoice.oddities == (
        (MONDAY, "amounts over $10,000 for one account and model: 1"),
        (MONDAY, "negative amounts of use: 1"),
    )


async def test_use_without_any_price_is_counted(invoices, database):
    await UsageStore(database).replace_day(make_day(make_record(cost=None, cost_basis=None)), NOON)

    [invoice] = await of_march(invoices)

    assert (invoice.unpriced, invoice.attributed) == (1, None)


async def test_a_day_is_final_after_two_equal_answers(invoices, database):
    usage, freshness = UsageStore(database), {"anthropic": Freshness(repull=2, settles_after=3)}
    said = make_day(make_record())

    finals = []
    for answer, asked_at in (
        (make_day(), NOON - 3 * A_DAY),
        (said, NOON),
        (said, NOON + timedelta(hours=23)),
        (said, NOON + A_DAY),
    ):
        await usage.replace_day(answer, asked_at)
        finals += [invoice.final_days for invoice in await of_march(invoices, freshness)]

    assert finals == [0, 0, 0, 1]
