"""What all of Anthropic's answers have in common: who used it, tokens, cents, pages."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Generic, TypeVar

import msgspec

from bot.domain.usage import TokenUsage
from bot.errors import SourceResponseError
from bot.reading.counts import Count
from bot.reading.days import EXACT, Amount, require_plausible

R = TypeVar("R")

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Federation(msgspec.Struct, frozen=True, gc=False):
    """The identity provider; which of the fields it has depends on its type."""

    type: str
    account_id: str | None = None
    signed_principal: str | None = None
    subscription_id: str | None = None
    project_number: str | None = None
    issuer: str | None = None


class Actor(msgspec.Struct, frozen=True, gc=False):
    """Whoever used it; types that are still unknown pass, as nobody's."""

    type: str
    user_id: str | None = None
    service_account_id: str | None = None
    api_key_id: str | None = None
    provider: Federation | None = None
    subject: str | None = None
    email_address: str | None = None
    email: str | None = None

    @property
    def address(self) -> str | None:
        named = self.email_address or self.email
        if named is None and self.provider and self.provider.type == "gcp" and self.subject:
            kind, _, subject = self.subject.partition(":")
            return subject if kind == "user" else None
        return named

    @property
    def account(self) -> str | None:
        match self.type:
            case "user_actor":
                account = self.user_id
            case "service_account_actor":
                account = self.service_account_id
            case "api_actor":
                account = self.api_key_id
            case "federated_actor" if self.provider and self.subject:
                return f"{self.provider.type}:{self.subject}"
            case _:
                return None
        if not account:
            raise SourceResponseError(f"an actor of the type {self.type} without its id")
        return account


class CacheCreation(msgspec.Struct, gc=False):
    ephemeral_5m_input_tokens: Count
    ephemeral_1h_input_tokens: Count


class Tokens(msgspec.Struct, gc=False, kw_only=True):
    """Exclusive parts already: what was read from or written to the cache is not in the input."""

    uncached_input_tokens: Count
    cache_read_input_tokens: Count
    cache_creation: CacheCreation
    output_tokens: Count

    @property
    def usage(self) -> TokenUsage:
        written = self.cache_creation
        return TokenUsage(
            input_uncached=self.uncached_input_tokens,
            cache_read=self.cache_read_input_tokens,
            cache_write=written.ephemeral_5m_input_tokens + written.ephemeral_1h_input_tokens,
            output=self.output_tokens,
        )


class Cents(msgspec.Struct, gc=False, kw_only=True):
    """Hundredths of a currency's unit, with as many digits after the point as it takes."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        require_plausible(self.amount)

    @property
    def in_full(self) -> Amount:
        return in_full(self.amount, self.currency)


def in_full(cents: Decimal, currency: str) -> Amount:
    return Amount.of(cents.scaleb(-2, EXACT), currency)


class Bucket(msgspec.Struct, Generic[R]):
    starting_at: Moment
    ending_at: Moment
    results: list[R]


class Page(msgspec.Struct, kw_only=True):
    has_more: bool
    next_page: str | None = None

    @property
    def cursor(self) -> str | None:
        return self.next_page
