"""Amazon Bedrock: the cost and usage report (CUR 2.0) by IAM principal, exported to S3.

Docs:     https://docs.aws.amazon.com/bedrock/latest/userguide/cost-management.html
Grain:    one record per principal, model, kind of use, charge category and UTC day
Account:  the principal's ARN; an IAM Identity Center session or an IAM user is named by address
Cost:     billed, unblended, in dollars or the account's currency; taxes and credits apart
Settles:  a refresh replaces the whole month; a month closes some five days after its end
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import ClassVar, NamedTuple

from pydantic import Field

from bot.domain.night import Freshness
from bot.domain.periods import month_of
from bot.domain.usage import ChargeCategory, CostBasis, ProviderDay
from bot.errors import SourceNotFoundError, SourceResponseError
from bot.http import Retry
from bot.objects import Objects, Place, open_place
from bot.ports import Capabilities
from bot.reading.bills import Charge, read_bill
from bot.reading.days import named
from bot.reading.months import DayPage, Spool, latest_run
from bot.reading.tables import Alike, Row, rows

START = "line_item_usage_start_date"
PRODUCT = "line_item_product_code"
USAGE_TYPE = "line_item_usage_type"
COST = "line_item_unblended_cost"
CURRENCY = "line_item_currency_code"
BILLED_IN = "bill_billing_period_start_date"
LINE_TYPE = "line_item_line_item_type"
PRINCIPAL = "line_item_iam_principal"
AMOUNT = "line_item_usage_amount"
UNIT = "pricing_unit"
REQUIRED = (START, PRODUCT, USAGE_TYPE, COST, CURRENCY)
NAMES_OF_PRODUCTS = ("product", "product_product_name", "product_servicename")
TELLING = (START, BILLED_IN, PRODUCT, USAGE_TYPE, CURRENCY, LINE_TYPE, UNIT, *NAMES_OF_PRODUCTS)

BEDROCK = "AmazonBedrock"
EDITION = "(Amazon Bedrock Edition)"
SOLD_BY_OTHERS = re.compile(r'(?P<model>[^":{}]*?)\s*' + re.escape(EDITION))
FURTHEST = timedelta(days=62)
"""So far from its month a charge may be late; beyond that the dates are wrong."""

# Whoever takes on any other role names the session as they like, after somebody else if they want.
ADDRESS = re.compile(
    r":(?:assumed-role/AWSReservedSSO_[^/]+|user(?:/[^/]+)*)/(?P<email>[^/@\s]+@[^/@\s]+\.[^/@\s]+)"
)

CATEGORIES = {
    "Credit": ChargeCategory.CREDIT,
    "Tax": ChargeCategory.TAX,
    "Refund": ChargeCategory.ADJUSTMENT,
    "Fee": ChargeCategory.PURCHASE,
    "RIFee": ChargeCategory.PURCHASE,
    "SavingsPlanRecurringFee": ChargeCategory.PURCHASE,
    "SavingsPlanUpfrontFee": ChargeCategory.PURCHASE,
    "SavingsPlanNegation": ChargeCategory.ADJUSTMENT,
    "BundledDiscount": ChargeCategory.ADJUSTMENT,
    "EdpDiscount": ChargeCategory.ADJUSTMENT,
    "PrivateRateDiscount": ChargeCategory.ADJUSTMENT,
    "SppDiscount": ChargeCategory.ADJUSTMENT,
}


class Config(Place):
    location: str = Field(
        description="the export's folder, which holds data/: s3://BUCKET/PREFIX/EXPORT, or a folder"
    )


class Bedrock:
    name: ClassVar[str] = "bedrock"
    title: ClassVar[str] = "Amazon Bedrock"
    capabilities: ClassVar[Capabilities] = Capabilities(
        per_person=True,
        tokens=True,
        requests=False,
        cost=(CostBasis.BILLED,),
        freshness="within a day or two; the month moves until it is closed",
        identity="IAM principal; e-mail of IAM Identity Center sessions and IAM users",
    )
    freshness: ClassVar[Freshness] = Freshness(repull=36, settles_after=40)

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._spool = Spool(objects, charges, Charge)

    @classmethod
    def from_config(
        cls,
        config: Config,
        *,
        retry: Retry | None = None,
        connect: Callable[..., Objects] = open_place,
    ) -> Bedrock:
        return cls(connect(config, attempts=retry.attempts if retry else None))

    async def fetch(self, day: date) -> AsyncIterator[DayPage[Charge]]:
        month = f"{day:%Y-%m}"
        with named(self.name, day):
            listed = await self._objects.list(f"data/BILLING_PERIOD={month}/")
            if not listed and not await self._objects.folders("data/"):
                raise SourceNotFoundError("data/: there is no export at this location")
            files = latest_run(f for f in listed if f.key.endswith((".csv", ".csv.gz")))
            if any(f.key.endswith(".parquet") for f in listed) and not files:
                raise SourceResponseError("data/: the export is Parquet; only CSV is read")
            async for page in self._spool.day(day, [(month, files)]):
                yield page

    @staticmethod
    def parse(day: date, pages: Iterable[DayPage[Charge]]) -> ProviderDay:
        with named(Bedrock.name, day):
            return read_bill(Bedrock.name, day, pages, email_of=_email)

    async def close(self) -> None:
        await self._spool.close()
        await self._objects.close()


class Kind(NamedTuple):
    """When and for what a charge is, which it shares with many others."""

    day: date
    is_of_bedrock: bool
    model: str | None
    meter: str | None
    unit: str | None
    category: ChargeCategory
    currency: str | None


def charges(chunks: Iterator[bytes], name: str) -> Iterator[tuple[date, Charge | None]]:
    """The charges of Bedrock in a file of the report, and how far the report reaches."""
    columns: dict[str, str] = {}
    kinds: Alike[Kind] | None = None
    reach = date.min
    for row in rows(chunks, required=(), what=name):
        if kinds is None:
            columns = _columns(row, name)
            kinds = Alike([columns[each] for each in TELLING], partial(_kind, columns=columns))
        kind = kinds.of(row)
        if kind.day > reach:
            reach = kind.day
            yield reach, None
        if kind.is_of_bedrock:
            yield kind.day, _charge(row, columns, kind)


def _kind(row: Row, columns: dict[str, str]) -> Kind:
    product = row.text(columns[PRODUCT]) or ""
    model = _sold_by_others(row, [columns[each] for each in NAMES_OF_PRODUCTS])
    return Kind(
        day=_day(row, columns),
        is_of_bedrock=model is not None or product.startswith(BEDROCK),
        model=model,
        meter=row.text(columns[USAGE_TYPE]),
        unit=row.text(columns[UNIT]),
        category=CATEGORIES.get(row.text(columns[LINE_TYPE]) or "", ChargeCategory.USAGE),
        currency=row.text(columns[CURRENCY]),
    )


def _day(row: Row, columns: dict[str, str]) -> date:
    """The day of use, or the nearest of the month on whose bill it is."""
    day, month = row.day(columns[START]), row.day(columns[BILLED_IN])
    if day is None:
        raise row.error(START, "empty")
    if month is None:
        return day
    nearest = _nearest(day, month)
    if abs(day - nearest) > FURTHEST:
        raise row.error(START, "far from the month that it is billed in")
    return nearest


def _nearest(day: date, month: date) -> date:
    period = month_of(month)
    return min(max(day, period.first_day), period.last_day)


def _columns(row: Row, name: str) -> dict[str, str]:
    """How this file calls each column: like CUR 2.0, or like the reports before it."""
    wanted = (*TELLING, COST, PRINCIPAL, AMOUNT)
    columns = {new: new if new in row else _older(new) for new in wanted}
    for new in REQUIRED:
        if columns[new] not in row:
            raise SourceResponseError(f"{name}: there is no column {new}")
    return columns


def _older(column: str) -> str:
    """``line_item_usage_type`` as ``lineItem/UsageType``, in the case that columns are known by."""
    for group in ("line_item", "product", "pricing", "bill"):
        if column.startswith(f"{group}_"):
            return f"{group}/{column.removeprefix(group)}".replace("_", "")
    return column


def _sold_by_others(row: Row, products: Iterable[str]) -> str | None:
    """The model, where it is billed through the marketplace under a product code of its own."""
    for column in products:
        text = row.text(column)
        if text and EDITION in text and (found := SOLD_BY_OTHERS.search(text)):
            return found["model"] or None
    return None


def _charge(row: Row, columns: dict[str, str], kind: Kind) -> Charge:
    _, _, model, meter, unit, category, currency = kind
    cost = row.decimal(columns[COST])
    if cost is None or currency is None:
        raise row.error(COST if cost is None else CURRENCY, "empty")
    return Charge(
        account=row.text(columns[PRINCIPAL]),
        product=None,
        model=model,
        meter=meter,
        unit=unit,
        category=category,
        currency=currency,
        cost=cost,
        amount=row.decimal(columns[AMOUNT]),
    )


def _email(principal: str) -> str | None:
    found = ADDRESS.search(principal)
    return found["email"].lower() if found else None
