"""What OpenAI's usage, costs and users answer with."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

import msgspec

from bot.domain.usage import TokenUsage
from bot.pricing import BATCH, unit_rates
from bot.providers._reading import require_plausible

R = TypeVar("R")


class Bucket(msgspec.Struct, Generic[R]):
    start_time: int
    end_time: int
    results: list[R]


class Completions(msgspec.Struct):
    input_tokens: int
    output_tokens: int
    num_model_requests: int
    input_cached_tokens: int | None = None
    input_cache_write_tokens: int | None = None
    input_uncached_tokens: int | None = None
    user_id: str | None = None
    api_key_id: str | None = None
    model: str | None = None
    batch: bool | None = None

    def __post_init__(self) -> None:
        if self.tokens.input_uncached < 0:
            raise ValueError("more cached input than input")

    @property
    def group(self) -> object:
        return (self.user_id, self.api_key_id, self.model, self.batch)

    @property
    def tokens(self) -> TokenUsage:
        # `input_tokens` counts what was read from and written to the cache as well.
        read, written = self.input_cached_tokens or 0, self.input_cache_write_tokens or 0
        uncached = self.input_uncached_tokens
        return TokenUsage(
            input_uncached=self.input_tokens - read - written if uncached is None else uncached,
            cache_read=read,
            cache_write=written,
            output=self.output_tokens,
        )

    def list_cost(self, day: date) -> Decimal | None:
        context = BATCH if self.batch else None
        rates = self.model and unit_rates("openai", self.model, day, context=context)
        return rates.cost(self.tokens) if rates else None


class Amount(msgspec.Struct):
    value: Decimal
    currency: str

    def __post_init__(self) -> None:
        require_plausible(self.value)

    @property
    def dollars(self) -> Decimal | None:
        return self.value if self.currency.lower() == "usd" else None


class Cost(msgspec.Struct):
    amount: Amount
    line_item: str | None = None
    quantity_unit: str | None = None
    user_id: str | None = None
    api_key_id: str | None = None

    @property
    def group(self) -> object:
        return (self.user_id, self.api_key_id, self.line_item, self.amount.currency)

    @property
    def model_and_type(self) -> tuple[str | None, str | None]:
        """Of a line item such as ``gpt-6-astra, input_tokens``."""
        if self.amount.dollars is None:
            return None, f"currency:{self.amount.currency.lower()}"
        model, comma, kind = (self.line_item or "").rpartition(", ")
        if not comma:
            return None, self.line_item
        of_tokens = kind.endswith("tokens") or self.quantity_unit in {"tokens", "1000_tokens"}
        return model, "tokens" if of_tokens else kind


class User(msgspec.Struct):
    id: str
    email: str | None = None


class Page(msgspec.Struct, kw_only=True):
    has_more: bool
    next_page: str | None = None

    @property
    def cursor(self) -> str | None:
        return self.next_page


class UsagePage(Page):
    data: list[Bucket[Completions]]


class CostsPage(Page):
    data: list[Bucket[Cost]]


class BillPage(CostsPage):
    """The day's cost as one amount, asked for without groups."""


class UsersPage(Page):
    data: list[User]
    last_id: str | None = None

    @property
    def cursor(self) -> str | None:
        return self.last_id
