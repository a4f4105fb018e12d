"""What OpenAI's answers of one day mean: tokens and requests beside what was charged for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, localcontext
from functools import lru_cache

from bot.domain.usage import EXACT, USD, CostBasis, ProviderDay, TokenUsage, UsageRecord
from bot.errors import SourceResponseError
from bot.pricing import BATCH, unit_rates
from bot.providers.openai.answers import Answers, Rows
from bot.providers.openai.pages import Completions, Cost, EmbeddingsPage, Page, R, Row
from bot.reading.days import Amount, in_order, total

TOKENS = "tokens"
KIND_OF_TOKENS = EmbeddingsPage.kind
"""Charged by the token like completions, and its costs cannot be told from theirs."""

Variant = Mapping[str, str] | None
Place = tuple[str | None, str | None, str | None, str]
"""Account, model, type of cost and currency."""


def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
    answers = Answers(day)
    for page in pages:
        answers.add(page)
    bill = None if answers.bill is None else _by_currency(answers.bill.values())
    with localcontext(EXACT):
        records = in_order(_records(answers))
    return ProviderDay(
        provider="openai",
        day=day,
        records=records,
        billed=None if bill is None else bill.pop(USD, Decimal(0)),
        data_through=answers.data_through,
        emails=answers.emails,
        foreign_billed=bill or {},
    )


def _by_currency(bill: Iterable[Cost]) -> dict[str, Decimal]:
    amounts = [(row.amount.currency.upper(), row.amount.value) for row in bill]
    return {
        currency: total(value for code, value in amounts if code == currency)
        for currency in {code for code, _ in amounts}
    }


def _records(answers: Answers) -> Iterator[UsageRecord]:
    owners = answers.owners()
    spent = None if answers.costs is None else _spent(_taken(answers.costs), owners)
    yield from _of_tokens(answers, owners, spent)
    for kind, rows in answers.others.items():
        if kind != KIND_OF_TOKENS:
            for row in rows.values():
                yield _of_kind(answers.day, kind, row, _account(row, owners))
    for place, value in (spent or {}).items():
        yield _of_cost(answers.day, place, value)


def _taken(rows: Rows[R]) -> Iterator[R]:
    """Emptied while it is read: a large organization's day is not held twice."""
    while rows:
        yield rows.popitem()[1]


def _account(row: Row | Cost, owners: Mapping[str, str]) -> str | None:
    key = row.api_key_id
    return row.user_id or (owners.get(key, key) if key else None)


def _spent(costs: Iterable[Cost], owners: Mapping[str, str]) -> dict[Place, Decimal]:
    spent: dict[Place, Decimal] = {}
    for row in costs:
        model, cost_type = _model_and_type(row.line_item, row.quantity_unit)
        place = (_account(row, owners), model, cost_type, row.amount.currency.upper())
        value = row.amount.value
        spent[place] = spent[place] + value if place in spent else value
    return spent


@lru_cache(maxsize=4096)
def _model_and_type(line_item: str | None, unit: str | None) -> tuple[str | None, str | None]:
    """Of a line item such as ``gpt-6-astra, input_tokens``."""
    model, comma, kind = (line_item or "").rpartition(", ")
    if not comma:
        return None, line_item
    of_tokens = kind.endswith(TOKENS) or unit in {"tokens", "1000_tokens"}
    return model, TOKENS if of_tokens else kind


def _of_tokens(
    answers: Answers, owners: Mapping[str, str], spent: dict[Place, Decimal] | None
) -> Iterator[UsageRecord]:
    """Tokens, each with what was *spent* on them taken along, or else their list price."""
    basis = CostBasis.LIST_PRICE if spent is None else CostBasis.BILLED
    for row, tokens, variant in _tokens(answers):
        account = _account(row, owners)
        if spent is None:
            cost = _list_price(answers.day, row.model, tokens, variant)
        else:
            cost = spent.pop((account, row.model, TOKENS, USD), None)
        yield UsageRecord(
            provider="openai",
            account=account,
            day=answers.day,
            model=row.model,
            cost_type=TOKENS,
            tokens=tokens,
            requests=row.requests,
            cost=cost,
            cost_basis=None if cost is None else basis,
        )


def _tokens(answers: Answers) -> Iterator[tuple[Row, TokenUsage, Variant]]:
    for row in _taken(answers.completions):
        yield row, _exclusive(row), _variant(row.service_tier, batch=row.batch)
    for embedded in answers.others.get(KIND_OF_TOKENS, {}).values():
        yield embedded, _only_input(embedded.input_tokens or 0), None


def _exclusive(row: Completions) -> TokenUsage:
    read, written = row.input_cached_tokens or 0, row.input_cache_write_tokens or 0
    uncached = row.input_uncached_tokens
    if uncached is None:
        uncached = row.input_tokens - read - written
    if uncached < 0:
        raise SourceResponseError("more cached input than input")
    return TokenUsage(
        input_uncached=uncached, cache_read=read, cache_write=written, output=row.output_tokens
    )


def _only_input(tokens: int) -> TokenUsage:
    return TokenUsage(input_uncached=tokens, cache_read=0, cache_write=0, output=0)


def _variant(service_tier: str | None, *, batch: bool | None) -> Variant:
    if batch or service_tier == "batch":
        return BATCH
    return {"service_tier": service_tier} if service_tier else None


def _list_price(
    day: date, model: str | None, tokens: TokenUsage, variant: Variant
) -> Decimal | None:
    rates = unit_rates("openai", model, day, context=variant) if model else None
    return rates.cost(tokens) if rates else None


def _of_kind(day: date, kind: str, row: Row, account: str | None) -> UsageRecord:
    """Use of a tool, say, whose costs are line items that name no kind and go apart."""
    return UsageRecord(
        provider="openai",
        account=account,
        day=day,
        product=kind,
        model=row.model,
        cost_type=kind,
        tokens=None if row.input_tokens is None else _only_input(row.input_tokens),
        requests=row.requests,
    )


def _of_cost(day: date, place: Place, value: Decimal) -> UsageRecord:
    account, model, cost_type, code = place
    cost, foreign_cost, currency = Amount.of(value, code)
    return UsageRecord(
        provider="openai",
        account=account,
        day=day,
        model=model,
        cost_type=cost_type,
        currency=currency,
        cost=cost,
        foreign_cost=foreign_cost,
        cost_basis=CostBasis.BILLED,
    )
