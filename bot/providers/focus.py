"""FOCUS: bills in the FinOps Open Cost and Usage Specification, 1.0 to 1.2, as CSV files.

Docs:     https://focus.finops.org/focus-specification/v1-2/
Grain:    one record per person, service, model, meter, charge category and UTC day
Account:  what the configured tag names, which is best an e-mail address; none without the tag
Cost:     billed, in the billing currency; charges of several days spread evenly over them
Settles:  a refresh replaces the whole month; corrections come for some weeks
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any, ClassVar, NamedTuple

import msgspec
from pydantic import Field

from bot.domain.night import Freshness
from bot.domain.periods import days
from bot.domain.usage import EXACT, ChargeCategory, CostBasis, ProviderDay
from bot.errors import SourceNotFoundError
from bot.http import Retry
from bot.objects import Objects, Place, StoredObject, open_place
from bot.ports import Capabilities
from bot.reading.bills import Charge, read_bill
from bot.reading.days import named
from bot.reading.months import DayPage, Spool, days_in, latest_run
from bot.reading.tables import Alike, Row, rows

REQUIRED = (
    "billedcost",
    "billingcurrency",
    "chargecategory",
    "chargeperiodend",
    "chargeperiodstart",
    "servicecategory",
    "servicename",
)
TELLING = (
    "chargeperiodstart",
    "chargeperiodend",
    "servicecategory",
    "servicename",
    "chargecategory",
    "chargeclass",
    "billingcurrency",
    "skumeter",
    "consumedunit",
)
OF_AI = "ai and machine learning"
CORRECTION = "correction"
LONGEST = timedelta(days=366)
SMALLEST_SHARE = Decimal("1e-10")
CATEGORIES = {category.value: category for category in ChargeCategory}

MONTH_OF_FILE = re.compile(
    r"(?:^|/)(?:billing_period=(\d{4})-?(\d{2})|(\d{4})(\d{2})\d{2}-\d{8})/", re.IGNORECASE
)
"""How exports name the month that a file belongs to, Amazon's and Azure's."""

EVERY_MONTH = ""
EMAIL = re.compile(r"[^@\s/]+@[^@\s/]+\.[^@\s/]+")


class Config(Place):
    person_tag: str = Field(
        default="user.email", description="the tag that names whose charge it is"
    )
    every_category: bool = Field(
        default=False, description="read charges of all services, not only of AI"
    )


class Focus:
    name: ClassVar[str] = "focus"
    title: ClassVar[str] = "FOCUS files"
    capabilities: ClassVar[Capabilities] = Capabilities(
        per_person=True,
        tokens=True,
        requests=False,
        cost=(CostBasis.BILLED,),
        freshness="as often as the files are written",
        identity="a tag of the charge, best with an e-mail address",
    )
    freshness: ClassVar[Freshness] = Freshness(repull=36, settles_after=40)

    def __init__(self, objects: Objects, *, person_tag: str, every_category: bool) -> None:
        self._objects = objects
        split = partial(charges, person_tag=person_tag, every_category=every_category)
        self._spool = Spool(objects, split, Charge)

    @classmethod
    def from_config(
        cls,
        config: Config,
        *,
        retry: Retry | None = None,
        connect: Callable[..., Objects] = open_place,
    ) -> Focus:
        objects = connect(config, attempts=retry.attempts if retry else None)
        return cls(objects, person_tag=config.person_tag, every_category=config.every_category)

    async def fetch(self, day: date) -> AsyncIterator[DayPage[Charge]]:
        with named(self.name, day):
            months = _by_month(await self._objects.list())
            if not months:
                raise SourceNotFoundError("there are no CSV files at this location")
            # A charge may be corrected in any later month, or have been told a month ahead.
            first = f"{day.replace(day=1) - timedelta(days=1):%Y-%m}"
            wanted = [(m, files) for m, files in months if m == EVERY_MONTH or m >= first]
            async for page in self._spool.day(day, wanted):
                yield page

    @staticmethod
    def parse(day: date, pages: Iterable[DayPage[Charge]]) -> ProviderDay:
        with named(Focus.name, day):
            return read_bill(Focus.name, day, pages, email_of=_email)

    async def close(self) -> None:
        await self._spool.close()
        await self._objects.close()


def parse_file(
    chunks: Iterable[bytes],
    name: str,
    *,
    person_tag: str = "user.email",
    every_category: bool = False,
) -> Iterator[ProviderDay]:
    """Each day of a single file, which tells all there is of it; raises ``SourceError``."""
    split = partial(charges, person_tag=person_tag, every_category=every_category)
    for day, pages in days_in(iter(chunks), name, split, Charge):
        yield Focus.parse(day, pages)


class Kind(NamedTuple):
    """When and for what a charge is, which it shares with many others."""

    first_day: date
    last_day: date
    is_wanted: bool = False
    product: str | None = None
    meter: str | None = None
    unit: str | None = None
    category: ChargeCategory = ChargeCategory.USAGE
    currency: str = ""


def charges(
    chunks: Iterator[bytes], name: str, *, person_tag: str, every_category: bool
) -> Iterator[tuple[date, Charge | None]]:
    """Every day's share of each charge in a file, and how far the file reaches."""
    reach = date.min
    kinds = Alike(TELLING, partial(_kind, every_category=every_category))
    for row in rows(chunks, required=REQUIRED, what=name):
        kind = kinds.of(row)
        if kind.first_day > reach:
            reach = kind.first_day
            yield reach, None
        if kind.is_wanted:
            charge = _charge(row, kind, person_tag)
            if kind.first_day == kind.last_day:
                yield kind.first_day, charge
            else:
                yield from _shares(charge, days(kind.first_day, kind.last_day))


def _by_month(listed: Iterable[StoredObject]) -> list[tuple[str, Sequence[StoredObject]]]:
    months: defaultdict[str, list[StoredObject]] = defaultdict(list)
    for stored in listed:
        if stored.key.endswith((".csv", ".csv.gz")):
            found = MONTH_OF_FILE.search(stored.key)
            months["-".join(filter(None, found.groups())) if found else EVERY_MONTH].append(stored)
    return [(m, latest_run(files) if m else files) for m, files in sorted(months.items())]


def _period(row: Row) -> tuple[date, date]:
    """The first and the last UTC day of a charge; the end is the first moment after it."""
    start, end = _time(row, "chargeperiodstart"), _time(row, "chargeperiodend")
    if not start <= end <= start + LONGEST:
        raise row.error("ChargePeriodEnd", "before the start, or years after it")
    return start.date(), max(start, end - timedelta(microseconds=1)).date()


def _time(row: Row, column: str) -> datetime:
    try:
        return _moment(row.text(column) or "")
    except ValueError:
        raise row.error(column, "not a time") from None


@lru_cache(maxsize=4096)
def _moment(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def _kind(row: Row, *, every_category: bool) -> Kind:
    first_day, last_day = _period(row)
    if not every_category and (row.text("servicecategory") or "").lower() != OF_AI:
        return Kind(first_day, last_day)
    return Kind(
        first_day,
        last_day,
        is_wanted=True,
        product=_told(row, "servicename"),
        meter=row.text("skumeter"),
        unit=row.text("consumedunit"),
        category=_category(row),
        currency=_told(row, "billingcurrency"),
    )


def _charge(row: Row, kind: Kind, person_tag: str) -> Charge:
    cost = row.decimal("billedcost")
    if cost is None:
        raise row.error("BilledCost", "empty")
    _, _, _, product, meter, unit, category, currency = kind
    return Charge(
        account=_person(row, person_tag),
        product=product,
        model=None,
        meter=meter,
        unit=unit,
        category=category,
        currency=currency,
        cost=cost,
        amount=row.decimal("consumedquantity"),
    )


def _shares(charge: Charge, period: Iterable[date]) -> Iterator[tuple[date, Charge]]:
    every_day = tuple(period)
    amount, number = charge.amount, len(every_day)
    amounts = [None] * number if amount is None else _spread(amount, number)
    for day, cost, part in zip(every_day, _spread(charge.cost, number), amounts, strict=True):
        yield day, msgspec.structs.replace(charge, cost=cost, amount=part)


def _told(row: Row, column: str) -> str:
    if (text := row.text(column)) is None:
        raise row.error(column, "empty")
    return text


def _category(row: Row) -> ChargeCategory:
    told = _told(row, "chargecategory").lower()
    if (row.text("chargeclass") or "").lower() == CORRECTION:
        return ChargeCategory.ADJUSTMENT
    return CATEGORIES.get(told, ChargeCategory.USAGE)


def _spread(value: Decimal, number: int) -> list[Decimal]:
    """Even parts, which add up to the whole exactly."""
    with localcontext(EXACT):
        ends = [(value * i / number).quantize(SMALLEST_SHARE) for i in range(number)] + [value]
        return [end - start for start, end in pairwise(ends)]


def _person(row: Row, tag: str) -> str | None:
    text = row.text("tags")
    try:
        return _named_in(text, tag) if text else None
    except msgspec.MsgspecError:
        raise row.error("Tags", "not a JSON object") from None


@lru_cache(maxsize=65_536)
def _named_in(tags: str, tag: str) -> str | None:
    person = msgspec.json.decode(tags, type=dict[str, Any]).get(tag)
    account = "" if person is None else str(person).strip()
    return (account.lower() if EMAIL.fullmatch(account) else account) or None


def _email(account: str) -> str | None:
    return account if EMAIL.fullmatch(account) else None
