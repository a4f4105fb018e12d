"""What GitHub's seats, reports and billing answer with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

from bot.reading.counts import Count
from bot.reading.days import require_plausible

Billing = Literal["export", "per_user", "none"]


class Terms(msgspec.Struct):
    """What the configuration says, beside what GitHub does."""

    billing: Billing
    seat_price: Decimal | None


class Assignee(msgspec.Struct):
    id: int
    login: str


class Seat(msgspec.Struct):
    created_at: datetime
    assignee: Assignee | None = None
    pending_cancellation_date: date | None = None
    last_activity_at: datetime | None = None

    @property
    def account(self) -> str | None:
        return str(self.assignee.id) if self.assignee else None

    def is_held_on(self, day: date) -> bool:
        ends = self.pending_cancellation_date
        return utc_day(self.created_at) <= day and (ends is None or day < ends)

    def may_be_used_on(self, day: date) -> bool:
        return self.last_activity_at is not None and utc_day(self.last_activity_at) >= day


class SeatsPage(msgspec.Struct):
    total_seats: int
    seats: list[Seat]

    def logins_active_since(self, day: date) -> list[str]:
        return [s.assignee.login for s in self.seats if s.assignee and s.may_be_used_on(day)]


class Links(msgspec.Struct):
    download_links: list[str]
    report_day: date


class Reported(msgspec.Struct):
    """There is a report, of as many files as follow."""

    day: date


class Line(msgspec.Struct, gc=False):
    """A user's day, or what such days are wrapped in."""

    day: date | None = None
    user_id: int | None = None
    user_login: str | None = None
    user_initiated_interaction_count: Count | None = None
    code_generation_activity_count: Count | None = None
    code_acceptance_activity_count: Count | None = None
    ai_credits_used: Decimal | None = None
    day_totals: list[Line] | None = None
    user_totals: list[Line] | None = None


class ReportFile(msgspec.Struct):
    lines: list[Line]


class Item(msgspec.Struct, rename="camel"):
    product: str
    sku: str
    model: str
    net_amount: Decimal

    def __post_init__(self) -> None:
        require_plausible(self.net_amount)


class Period(msgspec.Struct):
    year: int
    month: int | None = None
    day: int | None = None


class Bill(msgspec.Struct, rename="camel"):
    time_period: Period
    usage_items: list[Item]

    def is_about(self, day: date) -> bool:
        period = self.time_period
        return (period.year, period.month, period.day) == (day.year, day.month, day.day)


class BillPage(msgspec.Struct):
    """What was charged on a day: a user, or all together."""

    bill: Bill
    login: str | None = None


class Export(msgspec.Struct):
    id: str
    status: str
    download_urls: list[str] = []


Meter = tuple[str | None, str | None, str | None]
"""Product, SKU and model."""

Charges = Mapping[tuple[str | None, Meter], Decimal]
"""Net amounts by login and meter."""


class ExportFile(msgspec.Struct):
    """One of the files of an export of charges, which *part* tells from the others."""

    days: set[date]
    charges: Charges
    part: int = 0


def utc_day(moment: datetime) -> date:
    return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
