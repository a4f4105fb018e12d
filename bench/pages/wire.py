"""Pages as bytes, how we read them, and how they are read with nothing understood."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import msgspec

from bench.season import LAST_DAY
from bot.http import _decode
from bot.ports import UsageProvider

DAY = LAST_DAY
ROWS_A_PAGE = 1000

Understand = Callable[[Iterable[Any]], int]


@dataclass(frozen=True, slots=True)
class WirePage:
    content: bytes
    read: Callable[[bytes], Any]
    rows: int

    def decode(self) -> Any:
        return self.read(self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Pages of one source; ``understand`` gives the number of records in what was read of them.

    So many rows a second are ``enough``, however much faster a bare decoder is.
    """

    name: str
    pages: Sequence[WirePage]
    understand: Understand
    bare: Callable[[bytes], Any] = msgspec.json.decode
    enough: int = 100_000

    @property
    def rows(self) -> int:
        return sum(page.rows for page in self.pages)


def of(provider: type[UsageProvider], *before: Any) -> Understand:
    """As *provider* understands its pages, which follow those that are always there *before*."""
    return lambda pages: len(provider.parse(DAY, _chained(before, pages)).records)


def page(answer: Any, into: type[Any], rows: int) -> WirePage:
    return WirePage(msgspec.json.encode(answer), reading(into), rows)


def reading(into: type[Any]) -> Callable[[bytes], Any]:
    return partial(_decode, into=into, path="a made-up page")


def read_cells(content: bytes) -> None:
    """A CSV file as Python reads it."""
    for _ in csv.reader(content.decode().splitlines()):
        pass


def as_csv(rows: Sequence[dict[str, Any]]) -> bytes:
    """Every cell in quotes, as Amazon writes them."""
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def in_pages(rows: Iterable[Any], size: int = ROWS_A_PAGE) -> Iterator[list[Any]]:
    rest = iter(rows)
    while some := list(islice(rest, size)):
        yield some


def address_of(number: int) -> str:
    return f"person{number}@example.com"


def _chained(before: Sequence[Any], pages: Iterable[Any]) -> Iterator[Any]:
    yield from before
    yield from pages
