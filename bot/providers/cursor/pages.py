"""What Cursor's events and members answer with."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from bot.reading.counts import Count


class Tokens(msgspec.Struct, rename="camel", gc=False):
    """What is zero is left out. ``inputTokens`` counts neither reads nor writes of the cache."""

    input_tokens: Count = 0
    output_tokens: Count = 0
    cache_write_tokens: Count = 0
    cache_read_tokens: Count = 0
    total_cents: float | None = None


class Event(msgspec.Struct, rename="camel", gc=False):
    timestamp: str
    user_email: str
    model: str
    kind: str
    is_chargeable: bool | None = None
    charged_cents: Decimal | None = None
    requests_costs: float | None = None
    token_usage: Tokens | None = None
    conversation_id: str | None = None


class Pagination(msgspec.Struct, rename="camel"):
    has_next_page: bool
    current_page: int | None = None


class EventsPage(msgspec.Struct, rename="camel"):
    usage_events: list[Event]
    pagination: Pagination
    total_usage_events_count: int = 0


class Member(msgspec.Struct, rename="camel"):
    email: str
    role: str
    id: str | int | None = None
    is_removed: bool = False

    @property
    def account(self) -> str:
        return self.email.lower() if self.id is None else str(self.id)

    @property
    def has_seat(self) -> bool:
        return not self.is_removed and self.role != "free-owner"


class MembersPage(msgspec.Struct, rename="camel"):
    team_members: list[Member]


class SeatPrice(msgspec.Struct):
    """What the configuration says, beside what Cursor does."""

    usd_month: Decimal | None
