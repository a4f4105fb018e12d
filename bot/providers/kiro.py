"""Kiro: the user reports that it writes to S3, also those of Amazon Q Developer before it.

Docs:     https://kiro.dev/docs/enterprise/monitor-and-track/user-activity/
Grain:    one record per user, client and kind of cost and UTC day
Account:  the user's id in IAM Identity Center
Cost:     overage credits and seats at the configured prices; use within the plan costs nothing
Settles:  written at night for the day before; parts of a report may come days later

It is not documented whether ``Overage_Credits_Used`` is a day's or the month's so far: it is read
as the day's. A seat shows on the days on which a report names its user.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from typing import ClassVar, NamedTuple

import msgspec
from pydantic import Field

from bot.aws import Aws, IdentityStore
from bot.domain.night import Freshness
from bot.domain.periods import midnight
from bot.domain.usage import ChargeCategory, CostBasis, ProviderDay, UsageRecord, total
from bot.errors import SourceNotFoundError, SourceResponseError
from bot.http import Retry
from bot.objects import Objects, Place, StoredObject, name_of, open_place, read_whole
from bot.ports import Capabilities
from bot.reading.days import in_order, named, share_of_month
from bot.reading.remembered import Remembered
from bot.reading.tables import Alike, Row, rows

LAYOUTS = {"KiroLogs", "QDeveloperLogs"}
REPORT = "user_report"
OLD_REPORT = "by_user_analytic"
REQUIRED = {
    REPORT: (
        "date",
        "userid",
        "client_type",
        "credits_used",
        "overage_credits_used",
        "subscription_tier",
        "total_messages",
    ),
    OLD_REPORT: ("date", "userid", "chat_messagessent"),
}
TELLING = ("date", "client_type", "profileid", "subscription_tier")
OLD_DATES = "%m-%d-%Y"
MOST_BYTES = 64 << 20

NIGHT = re.compile(r"/(\d{4})/(\d{2})/(\d{2})/\d{2}/[^/]+\.csv$")
WRITTEN = re.compile(r"_(\d{12})")
STORE_PREFIX = re.compile(r"^d-[0-9a-f]{10}\.")
CREDITS = "credits:kiro"
NOTHING = Decimal(0)
ASCENDING = ("FREE", "PRO", "PROPLUS", "PROMAX", "POWER")


class Config(Place):
    location: str = Field(
        description="where AWSLogs/ with the user reports lies: s3://BUCKET/PREFIX, or a folder"
    )
    tier_prices_usd_month: dict[str, Decimal] = Field(
        default={}, description='what a seat costs a month by tier: {"PRO": 20, "POWER": 200}'
    )
    usd_per_overage_credit: Decimal = Field(
        default=Decimal("0.04"), description="what a credit beyond the plan costs"
    )
    identity_store_id: str | None = Field(
        default=None, description="the id of the identity store, which knows e-mail addresses"
    )


class Use(msgspec.Struct, gc=False):
    """A line of a report."""

    day: date
    user: str
    client: str | None = None
    profile: str | None = None
    tier: str | None = None
    messages: int | None = None
    credits: Decimal | None = None
    overage: Decimal | None = None


class Terms(msgspec.Struct):
    """What the files cannot tell: prices by tier, and whether there are later files."""

    tier_prices: dict[str, Decimal]
    usd_per_overage_credit: Decimal
    is_past: bool


class Report(msgspec.Struct):
    file: str
    night: date
    written: str
    uses: list[Use]


class People(msgspec.Struct):
    emails: dict[str, str]


Page = Terms | Report | People
Kept = dict[tuple[str | None, ...], tuple[tuple[str, str], Use]]
"""The line that counts, with the report that told it, by all that tells lines apart."""


class Kiro:
    name: ClassVar[str] = "kiro"
    title: ClassVar[str] = "Kiro"
    capabilities: ClassVar[Capabilities] = Capabilities(
        per_person=True,
        tokens=False,
        requests=True,
        cost=(CostBasis.BILLED, CostBasis.PROVIDER_ESTIMATE),
        freshness="the next morning",
        identity="IAM Identity Center user id; e-mail from its identity store",
    )
    freshness: ClassVar[Freshness] = Freshness(repull=3, settles_after=5)

    def __init__(self, objects: Objects, people: IdentityStore | None, config: Config) -> None:
        self._objects = objects
        self._people = people
        self._config = config
        self._folders = {
            kind: Remembered(partial(self._read_folders, kind)) for kind in (REPORT, OLD_REPORT)
        }

    @classmethod
    def from_config(
        cls,
        config: Config,
        *,
        retry: Retry | None = None,
        connect: Callable[..., Objects] = open_place,
    ) -> Kiro:
        attempts = retry.attempts if retry else None
        store = config.identity_store_id
        people = IdentityStore(Aws(config.access(attempts=attempts)), store) if store else None
        return cls(connect(config, attempts=attempts), people, config)

    async def fetch(self, day: date) -> AsyncIterator[Page]:
        with named(self.name, day):
            kind, files = REPORT, await self._files(REPORT, day)
            if not files:
                kind, files = OLD_REPORT, await self._files(OLD_REPORT, day)
            tomorrow = day + timedelta(days=1)
            yield Terms(
                tier_prices=self._config.tier_prices_usd_month,
                usd_per_overage_credit=self._config.usd_per_overage_credit,
                is_past=any(night > tomorrow for night, _ in files),
            )
            users: set[str] = set()
            for night, stored in files:
                if night <= tomorrow:
                    content = await read_whole(self._objects, stored, most=MOST_BYTES)
                    report = await asyncio.to_thread(_report, kind, night, stored, content)
                    users |= {use.user for use in report.uses}
                    yield report
            if self._people is not None:
                yield People(await self._people.emails(users))

    @staticmethod
    def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
        with named(Kiro.name, day):
            return _parse(day, pages)

    async def close(self) -> None:
        await self._objects.close()
        if self._people is not None:
            await self._people.close()

    async def _files(self, kind: str, day: date) -> list[tuple[date, StoredObject]]:
        """The reports written on the day or in the nights after it, with the day of each."""
        nights = [day + timedelta(days=number) for number in range(4)]
        months = sorted({f"{night:%Y/%m}" for night in nights})
        found = []
        for folder in await self._folders[kind].get():
            for month in months:
                for stored in await self._objects.list(f"{folder}/{month}/"):
                    match = NIGHT.search(stored.key)
                    night = match and _date(match)
                    if night in nights:
                        found.append((night, stored))
        return found

    async def _read_folders(self, kind: str) -> list[str]:
        """One for each account, layout and region; prompts lie beside them, and are not listed."""
        folders = []
        accounts = await self._objects.folders("AWSLogs/")
        if not accounts:
            raise SourceNotFoundError("AWSLogs/: there are no reports at this location")
        for account in accounts:
            for layout in await self._objects.folders(f"AWSLogs/{account}/"):
                if layout in LAYOUTS:
                    above = f"AWSLogs/{account}/{layout}/{kind}"
                    folders += [f"{above}/{r}" for r in await self._objects.folders(f"{above}/")]
        return folders


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def _report(kind: str, night: date, stored: StoredObject, content: bytes) -> Report:
    written = WRITTEN.search(name_of(stored))
    uses = list(_uses(kind, content, name_of(stored)))
    return Report(file=stored.key, night=night, written=written[1] if written else "", uses=uses)


class Kind(NamedTuple):
    """What the lines of many users have in common."""

    day: date
    client: str | None
    profile: str | None
    tier: str | None


def _uses(kind: str, content: bytes, name: str) -> Iterator[Use]:
    is_old = kind == OLD_REPORT
    messages = "chat_messagessent" if is_old else "total_messages"
    kinds = Alike(TELLING, partial(_kind, dates=OLD_DATES if is_old else None))
    for row in rows(content, required=REQUIRED[kind], what=name):
        day, client, profile, tier = kinds.of(row)
        if (user := row.text("userid")) is None:
            raise row.error("UserId", "empty")
        yield Use(
            day,
            STORE_PREFIX.sub("", user),
            client,
            profile,
            tier,
            row.integer(messages),
            row.decimal("credits_used"),
            row.decimal("overage_credits_used"),
        )


def _kind(row: Row, *, dates: str | None) -> Kind:
    if (day := row.day("date", dates)) is None:
        raise row.error("Date", "empty")
    return Kind(
        day=day,
        client=row.text("client_type"),
        profile=row.text("profileid"),
        tier=row.text("subscription_tier"),
    )


def _parse(day: date, pages: Iterable[Page]) -> ProviderDay:
    terms: Terms | None = None
    emails: dict[str, str] = {}
    uses: Kept = {}
    for page in pages:
        match page:
            case Terms():
                terms = page
            case People():
                emails |= page.emails
            case Report():
                _take(day, page, uses)
    if terms is None:
        raise SourceResponseError("the prices are missing")
    kept = [use for _, use in uses.values()]
    records = in_order([*_records(day, kept, terms), *_seats(day, kept, terms)])
    is_over = bool(kept) or terms.is_past
    return ProviderDay(
        provider=Kiro.name,
        day=day,
        records=records,
        billed=_billed(records, terms) if is_over else None,
        data_through=midnight(day + timedelta(days=1) if is_over else day),
        emails={user: emails[user] for user in {use.user for use in kept} & emails.keys()},
    )


def _take(day: date, report: Report, uses: Kept) -> None:
    """Keep the report's lines of the day; where two tell of the same, the one written last."""
    version = (report.written, report.file)
    # Whether reports lie under their own day or the night after it is not documented.
    allowed = {report.night, report.night - timedelta(days=1)}
    if day not in allowed:
        raise SourceResponseError("the answer is about another day")
    for use in report.uses:
        if use.day == day:
            key = (use.user, use.client, use.profile, use.tier)
            known = uses.get(key)
            if known is None or version >= known[0]:
                uses[key] = (version, use)
        elif use.day not in allowed:
            raise SourceResponseError("the answer is about another day")


def _records(day: date, uses: Iterable[Use], terms: Terms) -> Iterator[UsageRecord]:
    for use in uses:
        user, product = use.user, use.client.lower() if use.client else None
        # A report that tells credits tells that the messages themselves are covered by the plan.
        is_covered = use.credits is not None
        yield UsageRecord(
            provider=Kiro.name,
            account=user,
            day=day,
            product=product,
            requests=use.messages,
            cost=NOTHING if is_covered else None,
            cost_basis=CostBasis.BILLED if is_covered else None,
        )
        if use.credits:
            yield UsageRecord(
                provider=Kiro.name,
                account=user,
                day=day,
                product=product,
                cost_type="plan_credits",
                currency=CREDITS,
                foreign_cost=use.credits,
                cost_basis=CostBasis.PROVIDER_ESTIMATE,
            )
        if use.overage:
            yield UsageRecord(
                provider=Kiro.name,
                account=user,
                day=day,
                product=product,
                cost_type="overage_credits",
                cost=use.overage * terms.usd_per_overage_credit,
                cost_basis=CostBasis.BILLED,
            )


def _seats(day: date, uses: Iterable[Use], terms: Terms) -> Iterator[UsageRecord]:
    """One a user, of the highest tier that the reports name."""
    tiers: dict[str, str] = {}
    for use in uses:
        if use.tier:
            tier, known = _tier(use.tier), tiers.get(use.user)
            if known is None or (tier != known and _height(tier) > _height(known)):
                tiers[use.user] = tier
    prices = {_tier(tier): share_of_month(p, day) for tier, p in terms.tier_prices.items()}
    for user, tier in tiers.items():
        price = prices.get(tier)
        yield UsageRecord(
            provider=Kiro.name,
            account=user,
            day=day,
            cost_type="seat",
            charge_category=ChargeCategory.PURCHASE,
            cost=price,
            cost_basis=None if price is None else CostBasis.BILLED,
        )


@lru_cache
def _tier(text: str) -> str:
    """``Pro+``, ``PRO_PLUS`` and ``PROPLUS`` are one."""
    return re.sub(r"[\s_-]", "", text.upper().replace("+", "PLUS"))


def _height(tier: str) -> tuple[int, str]:
    return (ASCENDING.index(tier) if tier in ASCENDING else -1, tier)


def _billed(records: Iterable[UsageRecord], terms: Terms) -> Decimal | None:
    """Overage and seats; nobody knows the bill while a seat has no price."""
    costs = [record.cost for record in records if record.is_on_the_bill]
    return None if None in costs or not terms.tier_prices else total(costs)
