"""Neutral usage records (version 1): one JSON object a line, or an array of them.

Only what is counted is read. ``attributes`` and ``outcomes`` are dropped unread, whatever they
hold; a line that is wrong is told by its number and its field, never by what stood there.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from bot.domain.people import normalized_email
from bot.domain.periods import midnight
from bot.domain.received import LARGEST_COUNT, ReceivedRecord
from bot.domain.senders import INGEST
from bot.domain.usage import EXACT, USD, CostBasis, TokenUsage, UsageRecord
from bot.pricing import unit_rates

MOST_ERRORS = 100
"""Told of one body or file; the others are counted."""
MOST_NOT_JSON = 1_000
AHEAD = timedelta(hours=1)
"""How far a sender's clock may be ahead of ours."""

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Moment = Annotated[datetime, Meta(tz=True)]
Count = Annotated[int, Meta(ge=0, le=LARGEST_COUNT)]

_BASES: dict[str, CostBasis] = {
    "billed": CostBasis.BILLED,
    "provider_estimate": CostBasis.PROVIDER_ESTIMATE,
    "computed_list": CostBasis.LIST_PRICE,
    "credits": CostBasis.PROVIDER_ESTIMATE,
}
_CURRENCY = re.compile(r"[A-Za-z]{3}|credits:[a-z0-9_.-]{1,50}")
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}")
_PATH = re.compile(r" - at `\$\.?(.*?)`$")
_FIELD = re.compile(r"`([A-Za-z_][\w.-]{0,40})`")


class _User(msgspec.Struct, gc=False):
    email: Name | None = None
    id: Name | None = None
    id_kind: Name | None = None


class _Tokens(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    input_uncached: Count = 0
    cache_read: Count = 0
    cache_write: Count = 0
    output: Count = 0
    reasoning: Count | UnsetType = UNSET


class _Cost(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    amount: Annotated[str, Meta(pattern=r"^-?[0-9]{1,13}(\.[0-9]{1,27})?$")]
    currency: Name
    basis: Literal["billed", "provider_estimate", "computed_list", "credits"]


class _Line(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    record_id: Name
    source: Name
    kind: Literal["usage_daily", "usage_event"]
    period_start: Moment
    period_end: Moment
    user: _User
    product: Name | None = None
    surface: str | None = None
    model: Name | None = None
    provider: Name | None = None
    requests: Count | None = None
    sessions: int | None = None
    tokens: _Tokens | None = None
    cost: _Cost | None = None
    outcomes: dict[str, float] | None = None
    attributes: dict[str, msgspec.Raw] | None = None
    final: bool | None = None


class _Named(msgspec.Struct):
    record_id: Name


@dataclass(frozen=True, slots=True)
class LineError:
    """A line that was left out, by its number from 1 on (of an array, by its place)."""

    line: int
    message: str
    record_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """``errors`` are the first of the ``rejected`` lines."""

    records: tuple[ReceivedRecord, ...]
    errors: tuple[LineError, ...]
    rejected: int


class UnreadableError(ValueError):
    """Nothing of it is a neutral usage record."""


class _WrongLineError(ValueError):
    pass


def decode(body: bytes, now: datetime) -> Decoded:
    """The records of *body*; raises ``UnreadableError`` where there is not even JSON in it."""
    return read(_elements(body), now)


def read(elements: Iterable[tuple[int, bytes | msgspec.Raw]], now: datetime) -> Decoded:
    """The records of numbered JSON objects; raises ``UnreadableError`` as ``decode`` does."""
    records: list[ReceivedRecord] = []
    errors: list[LineError] = []
    rejected = not_json = 0
    for number, element in elements:
        try:
            records.append(_to_record(_DECODER.decode(element), now))
        except (_WrongLineError, msgspec.ValidationError) as error:
            rejected += 1
            if len(errors) < MOST_ERRORS:
                errors.append(LineError(number, _in_words(error), _record_id(element)))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            rejected += 1
            not_json += 1
            if len(errors) < MOST_ERRORS:
                errors.append(LineError(number, "not a JSON object"))
            if not_json == rejected >= MOST_NOT_JSON and not records:
                break
    if not_json and not_json == rejected and not records:
        raise UnreadableError("The body is neither lines of JSON objects nor an array of them.")
    return Decoded(records=tuple(records), errors=tuple(errors), rejected=rejected)


_DECODER = msgspec.json.Decoder(_Line)
_ID_DECODER = msgspec.json.Decoder(_Named)
_ARRAY_DECODER = msgspec.json.Decoder(list[msgspec.Raw])


def _elements(body: bytes) -> Iterator[tuple[int, bytes | msgspec.Raw]]:
    body = body.removeprefix(b"\xef\xbb\xbf")
    if body.lstrip()[:1] != b"[":
        yield from numbered_lines(io.BytesIO(body))
        return
    try:
        elements = _ARRAY_DECODER.decode(body)
    except (msgspec.DecodeError, RecursionError):
        raise UnreadableError("The body begins like a JSON array and is none.") from None
    yield from enumerate(elements, start=1)


def numbered_lines(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """*lines* that are not blank, with their numbers."""
    return ((number, line) for number, line in enumerate(lines, start=1) if not line.isspace())


def _to_record(line: _Line, now: datetime) -> ReceivedRecord:
    day = _day(line, now)
    account, email = _account(line.user)
    tokens = _tokens(line.tokens)
    cost, foreign_cost, currency, basis = _amount(line, tokens, day)
    return ReceivedRecord(
        record_id=line.record_id,
        usage=UsageRecord(
            provider=INGEST + line.source,
            account=account,
            day=day,
            product=line.product,
            model=line.model,
            currency=currency,
            tokens=tokens,
            requests=line.requests,
            cost=cost,
            cost_basis=basis,
            foreign_cost=foreign_cost,
        ),
        period_end=line.period_end,
        email=email,
    )


def _day(line: _Line, now: datetime) -> date:
    """The UTC day that the period is of; the period must not reach beyond it, nor beyond now."""
    if line.period_start > now + AHEAD:
        raise _WrongLineError("period_start: in the future")
    return _day_of(line.period_start, line.period_end)


# Of a day, most lines tell of the same period.
@lru_cache(maxsize=1024)
def _day_of(start: datetime, end: datetime) -> date:
    if start.year <= 2000:
        raise _WrongLineError("period_start: before the year 2001")
    if end < start:
        raise _WrongLineError("period_end: before period_start")
    day = start.astimezone(UTC).date()
    if end > midnight(day + timedelta(days=1)):
        raise _WrongLineError("period_end: reaches beyond the UTC day of period_start")
    return day


def _account(user: _User) -> tuple[str, str | None]:
    """The account, by what does not change when somebody is renamed; and the address, if told."""
    email = None
    if user.email is not None:
        email = normalized_email(user.email)
        if email is None or not _ADDRESS.fullmatch(email):
            raise _WrongLineError("user.email: not an e-mail address")
    if user.id is not None:
        return f"{user.id_kind}:{user.id}" if user.id_kind else user.id, email
    if email is None:
        raise _WrongLineError("user: needs email or id")
    return email, email


def _tokens(tokens: _Tokens | None) -> TokenUsage | None:
    if tokens is None:
        return None
    reasoning = None if isinstance(tokens.reasoning, UnsetType) else tokens.reasoning
    if reasoning is not None and reasoning > tokens.output:
        raise _WrongLineError("tokens.reasoning: more than tokens.output, which it is a part of")
    return TokenUsage(
        input_uncached=tokens.input_uncached,
        cache_read=tokens.cache_read,
        cache_write=tokens.cache_write,
        output=tokens.output,
        reasoning=reasoning,
    )


def _amount(
    line: _Line, tokens: TokenUsage | None, day: date
) -> tuple[Decimal | None, Decimal | None, str, CostBasis | None]:
    """Dollars, or an amount apart from them with its currency, and what it means."""
    told = line.cost
    if told is None:
        listed = _list_price(line, tokens, day)
        return listed, None, USD, None if listed is None else CostBasis.LIST_PRICE
    if not _CURRENCY.fullmatch(told.currency):
        raise _WrongLineError("cost.currency: neither an ISO 4217 code nor like credits:name")
    is_credits = ":" in told.currency
    if is_credits != (told.basis == "credits"):
        raise _WrongLineError("cost.basis: credits and a currency like credits:name go together")
    amount, basis = Decimal(told.amount), _BASES[told.basis]
    currency = told.currency if is_credits else told.currency.upper()
    return (amount, None, USD, basis) if currency == USD else (None, amount, currency, basis)


def _list_price(line: _Line, tokens: TokenUsage | None, day: date) -> Decimal | None:
    """What the tokens cost by the list of their model's provider, where it is named and known."""
    if tokens is None or line.provider is None or line.model is None:
        return None
    rates = unit_rates(line.provider, line.model, day)
    return None if rates is None else EXACT.plus(rates.cost(tokens))


def _in_words(error: Exception) -> str:
    """What is wrong with which field; what msgspec quotes of the values is left out."""
    message = str(error)
    if isinstance(error, _WrongLineError):
        return message
    found = _PATH.search(message)
    where = found[1] if found and found[1] else ""
    said = _PATH.sub("", message)
    if said.startswith("Invalid enum value"):
        said = "none of the values that are allowed"
    elif said.startswith("Object contains unknown field"):
        name = _FIELD.search(said)
        said = f"unknown field {name[1]}" if name else "an unknown field"
    elif "regex" in said:
        said = "not written as it has to be"
    return f"{where}: {said}" if where else said


def _record_id(element: Any) -> str | None:
    try:
        return _ID_DECODER.decode(element).record_id
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
