"""CSV files as providers export them: any order of columns, and errors that name the line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Generic, TypeVar

from bot.errors import SourceResponseError
from bot.reading.days import require_plausible

T = TypeVar("T")

LONGEST_LINE = 1024 * 1024
SHORT = 12
"""Of so few characters, digits with or without a point are a plausible number at first sight."""

NUMBER = re.compile(r"[+-]?([0-9]{1,40}(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
MOST_KINDS = 65_536
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Row:
    """One line's cells by the name of their column; an empty or absent cell is ``None``."""

    __slots__ = ("_columns", "_what", "cells", "line")

    def __init__(self, cells: list[str], columns: Mapping[str, int], line: int, what: str) -> None:
        self.cells = cells
        self._columns = columns
        self._what = what
        self.line = line

    def __contains__(self, column: str) -> bool:
        """Whether the file has the column."""
        return column in self._columns

    def text(self, column: str) -> str | None:
        position = self._columns.get(column)
        if position is None or not (text := self.cells[position].strip()):
            return None
        if text[0] == "=":
            raise self.error(column, "a formula")
        return text

    def decimal(self, column: str) -> Decimal | None:
        if (text := self.text(column)) is None:
            return None
        if len(text) <= SHORT and text.isascii() and text.replace(".", "", 1).isdigit():
            return Decimal(text)
        if not NUMBER.fullmatch(text):
            raise self.error(column, "not a number")
        number = Decimal(text)
        try:
            require_plausible(number)
        except ValueError:
            raise self.error(column, "an amount that cannot be one") from None
        return number

    def integer(self, column: str) -> int | None:
        """A whole number, also where it is written like ``3.0``."""
        text = self.text(column)
        if text is not None and len(text) <= SHORT and text.isascii() and text.isdigit():
            return int(text)
        if (number := self.decimal(column)) is None:
            return None
        if number != (whole := int(number)):
            raise self.error(column, "not a whole number")
        return whole

    def day(self, column: str, pattern: str | None = None) -> date | None:
        """A day, or the UTC day of a time, in ISO 8601 or in strptime's *pattern*."""
        if (text := self.text(column)) is None:
            return None
        try:
            return _day(text, pattern)
        except ValueError:
            raise self.error(column, "not a day") from None

    def picker(self, columns: Iterable[str]) -> Callable[[list[str]], object]:
        """Takes the cells of *columns* out of a row's, as far as the file has the columns."""
        return itemgetter(*(self._columns[name] for name in columns if name in self._columns))

    def error(self, column: str, problem: str) -> SourceResponseError:
        """The error to raise for a cell; it tells where it stands and never what it holds."""
        return _error(self._what, self.line, f"column {column} is {problem}")


class Alike(Generic[T]):
    """What the rows of one file say in some *columns*, read once of all that say the same."""

    def __init__(self, columns: Sequence[str], read: Callable[[Row], T]) -> None:
        self._wanted = columns
        self._read = read
        self._pick: Callable[[list[str]], object] | None = None
        self._known: dict[object, T] = {}

    def of(self, row: Row) -> T:
        pick = self._pick
        if pick is None:
            pick = self._pick = row.picker(self._wanted)
        cells = pick(row.cells)
        known = self._known.get(cells)
        if known is None:
            if len(self._known) >= MOST_KINDS:
                self._known.clear()
            known = self._known[cells] = self._read(row)
        return known


def rows(
    content: bytes | Iterable[bytes], *, required: Collection[str], what: str
) -> Iterator[Row]:
    """The rows of a file with a header, which is *content* or its chunks, as they come.

    Columns are known by their names in lower case, with ``_`` for spaces and dashes; a file that
    lacks a *required* one is refused, and *what* names the file in errors.
    """
    chunks = (content,) if isinstance(content, bytes) else content
    reader = csv.reader(_lines(chunks, what), strict=True)
    columns: dict[str, int] | None = None
    line = 1
    width = 0
    try:
        for cells in reader:
            if any(cells):
                if columns is None:
                    columns, width = _header(cells, required, what), len(cells)
                elif len(cells) == width:
                    yield Row(cells, columns, line, what)
                else:
                    problem = f"{len(cells)} cells where the header has {width}"
                    raise _error(what, line, problem)
            line = reader.line_num + 1
    except csv.Error:
        raise _error(what, line, "quotes or line ends that do not match") from None
    if columns is None:
        raise SourceResponseError(f"{what}: the file is empty")


def _header(cells: list[str], required: Collection[str], what: str) -> dict[str, int]:
    names = [canonical(cell) for cell in cells]
    columns = {name: position for position, name in enumerate(names) if name}
    for name in required:
        if name not in columns:
            raise SourceResponseError(f"{what}: there is no column {name}")
    for name in columns:
        if names.count(name) > 1:
            raise SourceResponseError(f"{what}: a column stands there twice")
    return columns


def canonical(name: str) -> str:
    """The name that a column is known by, however its header spells it."""
    return re.sub(r"[\s-]", "_", name.strip().lower())


def _lines(chunks: Iterable[bytes], what: str) -> Iterator[str]:
    """Whole lines; decoded together, since no character of UTF-8 spans two lines."""
    line, rest, is_first = 1, b"", True
    for chunk in chunks:
        rest += chunk
        if is_first and len(rest) >= len(BYTE_ORDER_MARK):
            rest, is_first = rest.removeprefix(BYTE_ORDER_MARK), False
        if end := rest.rfind(b"\n") + 1:
            block, rest = rest[:end], rest[end:]
            yield from _decoded(block, line, what)
            line += block.count(b"\n")
        if len(rest) > LONGEST_LINE:
            raise _error(what, line, "longer than any row can be")
    yield from _decoded(rest, line, what)


def _decoded(block: bytes, line: int, what: str) -> Iterator[str]:
    if (nul := block.find(b"\0")) >= 0:
        raise _error(what, line + block.count(b"\n", 0, nul), "not text")
    try:
        return iter(io.StringIO(block.decode(), newline="\n"))
    except UnicodeDecodeError as error:
        raise _error(what, line + block.count(b"\n", 0, error.start), "not UTF-8") from None


@lru_cache(maxsize=1024)
def _day(text: str, pattern: str | None) -> date:
    if pattern is None and len(text) <= len("2026-11-19"):
        return date.fromisoformat(text)
    time = datetime.strptime(text, pattern) if pattern else datetime.fromisoformat(text)  # noqa: DTZ007
    return (time.astimezone(UTC) if time.tzinfo else time).date()


def _error(what: str, line: int, problem: str) -> SourceResponseError:
    return SourceResponseError(f"{what}, line {line}: {problem}")
