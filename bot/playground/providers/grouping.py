"""Sums of usage and cost over any grouping: every grouping of the same entries has one total."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.playground.company import Company, UnattributedCharge, UsageFact
from bot.playground.company.people import Provider

Entry = UsageFact | UnattributedCharge
Key = tuple[object, ...]
NO_TOKENS = (0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What the entries of a group add up to; tokens in the order of a fact's parts."""

    tokens: tuple[int, int, int, int, int] = NO_TOKENS
    requests: int = 0
    nanodollars: int = 0

    def __add__(self, other: Totals) -> Totals:
        """Add two totals part by part."""
        mine, theirs = self.tokens, other.tokens
        return Totals(
            tokens=(
                mine[0] + theirs[0],
                mine[1] + theirs[1],
                mine[2] + theirs[2],
                mine[3] + theirs[3],
                mine[4] + theirs[4],
            ),
            requests=self.requests + other.requests,
            nanodollars=self.nanodollars + other.nanodollars,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An entry, or the part of it that one kind of token is (then `token_part` says which)."""

    entry: Entry
    token_part: int | None
    totals: Totals


def entries_of(company: Company, provider: Provider, day: date, as_of: datetime) -> Iterator[Entry]:
    """Give everything billed for *day* as the provider knows it at *as_of*."""
    yield from company.facts(provider, day, as_of)
    yield from company.unattributed(provider, day, as_of)


def whole(entry: Entry) -> Iterator[Piece]:
    """Give the entry as one piece."""
    if isinstance(entry, UsageFact):
        totals = Totals(tokens=entry.tokens, requests=entry.requests, nanodollars=entry.nanodollars)
        yield Piece(entry=entry, token_part=None, totals=totals)
    else:
        yield Piece(entry=entry, token_part=None, totals=Totals(nanodollars=entry.nanodollars))


def by_token_part(entry: Entry) -> Iterator[Piece]:
    """Give a piece for each kind of token the entry has, without requests."""
    if not isinstance(entry, UsageFact):
        yield from whole(entry)
        return
    for part, (count, rate) in enumerate(zip(entry.tokens, entry.rates, strict=True)):
        if count:
            tokens = [0, 0, 0, 0, 0]
            tokens[part] = count
            totals = Totals(
                tokens=(tokens[0], tokens[1], tokens[2], tokens[3], tokens[4]),
                nanodollars=count * rate,
            )
            yield Piece(entry=entry, token_part=part, totals=totals)


def summed(pieces: Iterable[Piece], key: Callable[[Piece], Key]) -> dict[Key, Totals]:
    """Add the pieces of each key, keys in order of first appearance."""
    sums: dict[Key, Totals] = {}
    for piece in pieces:
        group = key(piece)
        known = sums.get(group)
        sums[group] = piece.totals if known is None else known + piece.totals
    return sums


def cents_text(nanodollars: int) -> str:
    """Give fractional cents as a decimal string, all digits and no exponent."""
    return f"{Decimal(nanodollars).scaleb(-7):f}"
