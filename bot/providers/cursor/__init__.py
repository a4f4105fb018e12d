"""Cursor: the events, members and seats of a team.

Docs:     https://cursor.com/docs/account/teams/admin-api
Grain:    one record per account, model, kind of event and UTC day; one per seat
Account:  the member's id; the e-mail address of who is no member; none where an event names nobody
Cost:     billed, in fractional cents; 0 where the seat covers it; a seat at the price that is set
Settles:  events come in within hours; the last days are read again

``POST /teams/spend`` is not read: it adds up the billing cycle so far, and tells nothing of a day.
Seats are those of the members there are when the day is read. Beside it, where the plan tells it,
how many suggestions each member was offered and accepted.
"""

from __future__ import annotations

from base64 import b64encode
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import ClassVar

import msgspec
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.domain.night import Freshness
from bot.domain.periods import midnight
from bot.domain.usage import (
    ChargeCategory,
    CostBasis,
    ProviderDay,
    TokenUsage,
    UsageRecord,
    combine_sessions,
)
from bot.errors import SourceResponseError, SourceUnavailableError
from bot.http import Http, Retry
from bot.ports import Capabilities
from bot.providers.cursor import suggestions
from bot.providers.cursor.pages import Event, EventsPage, Member, MembersPage, SeatPrice
from bot.providers.cursor.suggestions import DailyPage, DailyRow
from bot.reading.days import EXACT, in_order, named, require_plausible, share_of_month, total

EVENTS = "/teams/filtered-usage-events"
MOST_PAGES = 10_000


class Config(BaseModel):
    model_config = ConfigDict(frozen=True)

    api_key: SecretStr = Field(description="a key of the team's Admin API")
    base_url: str = Field(default="https://api.cursor.com", description="where its API is reached")
    seat_price_usd_month: Decimal | None = Field(default=None, ge=0, description="a seat's price")


Page = EventsPage | MembersPage | SeatPrice | DailyPage


class Cursor:
    name: ClassVar[str] = "cursor"
    title: ClassVar[str] = "Cursor"
    capabilities: ClassVar[Capabilities] = Capabilities(
        per_person=True,
        tokens=True,
        requests=True,
        cost=(CostBasis.BILLED,),
        freshness="within hours",
        identity="e-mail address, with the list of members",
    )
    freshness: ClassVar[Freshness] = Freshness(repull=3, settles_after=3)

    def __init__(self, api: Http, *, seat_price: Decimal | None) -> None:
        self._api = api
        self._seat_price = seat_price

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> Cursor:
        # The key is the user's name, and there is no password.
        credentials = b64encode(f"{config.api_key.get_secret_value()}:".encode()).decode()
        headers = {"authorization": f"Basic {credentials}"}
        api = connect(config.base_url, headers=headers, retry=retry)
        return cls(api, seat_price=config.seat_price_usd_month)

    async def fetch(self, day: date) -> AsyncIterator[Page]:
        with named(self.name, day):
            yield SeatPrice(self._seat_price)
            yield await self._api.get("/teams/members", into=MembersPage)
            async for events in self._events(day):
                yield events
            async for told in suggestions.fetch(self._api, day):
                yield told

    @staticmethod
    def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
        with named(Cursor.name, day), localcontext(EXACT):
            try:
                return _parse(day, pages)
            except ValueError:
                message = "`timestamp` or `chargedCents` is no number that it can be"
                raise SourceResponseError(f"{EVENTS}: {message}") from None

    async def close(self) -> None:
        await self._api.close()

    async def _events(self, day: date) -> AsyncIterator[EventsPage]:
        """Newest first: while events come in they move on to later pages, and come again there."""
        start, end = _span(day)
        question = {"startDate": start, "endDate": end, "pageSize": 1000}
        known = 0
        for number in range(1, MOST_PAGES + 1):
            page = await self._api.post(EVENTS, {**question, "page": number}, into=EventsPage)
            if page.pagination.current_page not in {None, number}:
                raise SourceResponseError(f"{EVENTS}: paging loops")
            if page.total_usage_events_count < known:  # Others moved to pages that were read.
                raise SourceUnavailableError(f"{EVENTS}: events vanished while they were read")
            known = page.total_usage_events_count
            yield page
            if not page.pagination.has_next_page:
                return
        raise SourceResponseError(f"{EVENTS}: more than {MOST_PAGES:,} pages")


def _span(day: date) -> tuple[int, int]:
    start, end = (midnight(day + timedelta(days=days)) for days in (0, 1))
    return int(start.timestamp()) * 1000, int(end.timestamp()) * 1000


Group = tuple[str, str, str, bool | None, bool]
"""Address, model, kind, whether it is chargeable, whether an amount is told."""


class Use(msgspec.Struct, gc=False):
    """A sum of events."""

    requests: int = 0
    is_by_token: bool = False
    input_uncached: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0
    cents: Decimal = Decimal(0)

    @property
    def tokens(self) -> TokenUsage | None:
        if not self.is_by_token:
            return None
        return TokenUsage(
            input_uncached=self.input_uncached,
            cache_read=self.cache_read,
            cache_write=self.cache_write,
            output=self.output,
        )


def _parse(day: date, pages: Iterable[Page]) -> ProviderDay:
    used: defaultdict[Group, Use] = defaultdict(Use)
    seen: set[int] = set()
    members: dict[str, Member] = {}
    daily: dict[str, DailyRow] = {}
    price: Decimal | None = None
    for page in pages:
        match page:
            case EventsPage(usage_events=events):
                _add(used, seen, events, _span(day))
            case MembersPage(team_members=listed):
                members |= {member.account: member for member in listed}
            case SeatPrice(usd_month=price):
                pass
            case DailyPage(data=rows):
                daily |= suggestions.of_the_day(rows, day)
    # Who was removed comes first: the account of an address is that of who is there now.
    latest_last = sorted(members.values(), key=lambda m: (not m.is_removed, m.account))
    emails = {m.account: m.email.lower() for m in latest_last if m.email}
    accounts = {address: account for account, address in emails.items()}
    known = {email.lower() for email, *_ in used if email} | daily.keys()
    records = in_order([*_usage(day, used, accounts), *_seats(day, members.values(), price)])
    return ProviderDay(
        provider=Cursor.name,
        day=day,
        records=records,
        billed=total(record.cost for record in records),
        data_through=midnight(day + timedelta(days=1)),
        emails=emails | {address: address for address in known - accounts.keys()},
        sessions=combine_sessions(suggestions.counts_of(daily, accounts)),
    )


def _add(
    used: defaultdict[Group, Use], seen: set[int], events: list[Event], span: tuple[int, int]
) -> None:
    start, end = span
    for event in events:
        at = int(event.timestamp)
        if not start <= at < end:
            if at == end:  # Whether the end is part of what is asked for is not said.
                continue
            raise SourceResponseError("the answer is about another day")
        identity = hash(msgspec.msgpack.encode(event))
        if identity in seen:
            continue
        seen.add(identity)
        tokens, cents = event.token_usage, event.charged_cents
        is_told = cents is not None
        use = used[event.user_email, event.model, event.kind, event.is_chargeable, is_told]
        use.requests += 1
        if tokens is not None:
            use.is_by_token = True
            use.input_uncached += tokens.input_tokens
            use.cache_read += tokens.cache_read_tokens
            use.cache_write += tokens.cache_write_tokens
            use.output += tokens.output_tokens
        if cents is not None:
            use.cents += cents


def _usage(
    day: date, used: Mapping[Group, Use], accounts: Mapping[str, str]
) -> Iterator[UsageRecord]:
    for (email, model, kind, is_chargeable, is_told), use in used.items():
        require_plausible(use.cents)
        told = use.cents.scaleb(-2) if is_told else None
        cost = Decimal(0) if _is_covered(kind, is_chargeable=is_chargeable) else told
        address = email.lower()
        yield UsageRecord(
            provider=Cursor.name,
            account=accounts.get(address, address) or None,
            day=day,
            model=model,
            # Apart, so that one without a price is not hidden in the sum of those with one.
            cost_type="unpriced" if cost is None else kind,
            tokens=use.tokens,
            requests=use.requests,
            cost=cost,
            cost_basis=None if cost is None else CostBasis.BILLED,
        )


def _is_covered(kind: str, *, is_chargeable: bool | None) -> bool:
    """Whether nothing is charged for it; its amount only tells what it would have been worth."""
    if is_chargeable is not None:
        return not is_chargeable
    words = kind.lower().replace("_", " ").replace(",", "")
    return "included in" in words or "not charged" in words


def _seats(day: date, members: Iterable[Member], price: Decimal | None) -> Iterator[UsageRecord]:
    for member in members:
        if member.has_seat:
            yield UsageRecord(
                provider=Cursor.name,
                account=member.account,
                day=day,
                cost_type="seat",
                charge_category=ChargeCategory.PURCHASE,
                cost=None if price is None else share_of_month(price, day),
                cost_basis=None if price is None else CostBasis.BILLED,
            )
