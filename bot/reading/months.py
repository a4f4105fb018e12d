"""Files that cover whole months: read once, and kept by day in a temporary folder."""

from __future__ import annotations

import asyncio
import shutil
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, Generic, TypeVar

import msgspec

from bot.domain.periods import midnight
from bot.errors import SourceResponseError, SourceUnavailableError
from bot.objects import Objects, StoredObject, name_of, save, unpacked

R = TypeVar("R")

PAGE_ROWS = 2_000
MOST_ROWS_WAITING = 100_000
MOST_DAYS = 800
"""Of one file: dates all over are no month."""

SETTLED_AFTER = timedelta(days=1)
LENGTH_BYTES = 4

Split = Callable[[Iterator[bytes], str], Iterator[tuple[date, R | None]]]
"""The rows of a file by day, given its chunks and its name. A day without a row tells that the
figures of the file reach that far."""


class DayPage(msgspec.Struct, Generic[R], kw_only=True):
    """Some rows of a *day*; *part* tells which, so that what comes twice counts once."""

    day: date
    part: str
    through: datetime
    rows: list[R]


def once(day: date, pages: Iterable[DayPage[R]]) -> Iterator[DayPage[R]]:
    """Every page the first time that it comes."""
    seen: set[str] = set()
    for page in pages:
        if page.day != day:
            raise SourceResponseError("the answer is about another day")
        if page.part not in seen:
            seen.add(page.part)
            yield page


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf(Generic[R]):
    """What one file holds, as it was when it had that *etag*."""

    etag: str
    folder: Path
    days: frozenset[date]
    reach: date | None

    def pages(self, day: date, through: datetime, into: type[R]) -> Iterator[DayPage[R]]:
        if day not in self.days:
            return
        decode = msgspec.msgpack.Decoder(list[into]).decode  # type: ignore[valid-type]
        with (self.folder / str(day)).open("rb") as file:
            number = 0
            while length := file.read(LENGTH_BYTES):
                rows = decode(file.read(int.from_bytes(length, "big")))
                part = f"{self.folder.name}:{number}"
                yield DayPage(day=day, part=part, through=through, rows=rows)
                number += 1


class Spool(Generic[R]):
    """Answers for a day out of files that cover many, each of which is read once.

    A file whose etag changed is read again, and one that is not listed any more is forgotten, so
    that a month is replaced whole. Days may be asked for at the same time.
    """

    def __init__(self, objects: Objects, split: Split[R], into: type[R]) -> None:
        self._objects = objects
        self._split = split
        self._into = into
        self._home: TemporaryDirectory[str] | None = None
        self._shelves: defaultdict[str, dict[str, Shelf[R]]] = defaultdict(dict)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def day(
        self, day: date, months: Iterable[tuple[str, Sequence[StoredObject]]]
    ) -> AsyncIterator[DayPage[R]]:
        """The rows of *day* in the files of each of *months*; at least one page."""
        shelves: list[Shelf[R]] = []
        modified: list[datetime] = []
        for month, files in months:
            async with self._locks[month]:
                shelves += await self._read(month, files)
            modified += (file.modified for file in files)
        through = _through(day, [shelf.reach for shelf in shelves], modified)
        yield DayPage(day=day, part="", through=through, rows=[])
        for shelf in shelves:
            pages = shelf.pages(day, through, self._into)
            while page := await asyncio.to_thread(_next, pages):
                yield page

    async def close(self) -> None:
        self._shelves.clear()
        if self._home is not None:
            await asyncio.to_thread(self._home.cleanup)
            self._home = None

    async def _read(self, month: str, files: Sequence[StoredObject]) -> list[Shelf[R]]:
        known = self._shelves[month]
        for stored in files:
            kept = known.get(stored.key)
            if kept is None or kept.etag != stored.etag:
                known[stored.key] = await self._shelve(stored)
                _remove(kept)
        for vanished in known.keys() - {stored.key for stored in files}:
            _remove(known.pop(vanished))
        return list(known.values())

    async def _shelve(self, stored: StoredObject) -> Shelf[R]:
        if self._home is None:
            self._home = TemporaryDirectory(prefix="upshot-", ignore_cleanup_errors=True)
        folder = Path(mkdtemp(dir=self._home.name))
        try:
            await save(self._objects, stored, folder / "file")
            return await asyncio.to_thread(_fill, folder, stored, self._split)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def days_in(
    chunks: Iterator[bytes], name: str, split: Split[R], into: type[R]
) -> Iterator[tuple[date, Iterator[DayPage[R]]]]:
    """Each day that a file holds, with its pages; the file tells all there is of the day."""
    with TemporaryDirectory(prefix="upshot-") as home:
        shelf = _shelf(Path(home), "", split(chunks, name), name)
        for day in sorted(shelf.days):
            yield day, shelf.pages(day, midnight(day + timedelta(days=1)), into)


def latest_run(files: Iterable[StoredObject]) -> tuple[StoredObject, ...]:
    """Of exports that write every refresh into a folder of its own, the files of the last."""
    runs: defaultdict[str, list[StoredObject]] = defaultdict(list)
    for stored in files:
        runs[stored.key.rpartition("/")[0]].append(stored)
    if not runs:
        return ()
    last = max(runs, key=lambda run: (max(stored.modified for stored in runs[run]), run))
    return tuple(runs[last])


def _fill(folder: Path, stored: StoredObject, split: Split[R]) -> Shelf[R]:
    name = name_of(stored)
    shelf = _shelf(folder, stored.etag, split(unpacked(folder / "file", name), name), name)
    (folder / "file").unlink()
    return shelf


def _shelf(folder: Path, etag: str, found: Iterator[tuple[date, R | None]], name: str) -> Shelf[R]:
    cut = _Cut(folder, name)
    reach: date | None = None
    for day, row in found:
        if row is not None:
            cut.add(day, row)
        elif reach is None or day > reach:
            reach = day
    return Shelf(etag=etag, folder=folder, days=cut.finish(), reach=reach)


@dataclass(slots=True)
class _Cut:
    """Rows on their way into one file for each day, some thousands at once."""

    folder: Path
    name: str
    _waiting: defaultdict[date, list[Any]] = field(default_factory=lambda: defaultdict(list))
    _days: set[date] = field(default_factory=set)
    _rows: int = 0

    def add(self, day: date, row: object) -> None:
        rows = self._waiting[day]
        rows.append(row)
        self._rows += 1
        if len(rows) >= PAGE_ROWS:
            self._write(day)
        elif self._rows >= MOST_ROWS_WAITING:
            self.finish()

    def finish(self) -> frozenset[date]:
        for day in list(self._waiting):
            self._write(day)
        return frozenset(self._days)

    def _write(self, day: date) -> None:
        rows = self._waiting.pop(day)
        self._rows -= len(rows)
        self._days.add(day)
        if len(self._days) > MOST_DAYS:
            raise SourceResponseError(f"{self.name}: more than {MOST_DAYS} different days")
        content = msgspec.msgpack.encode(rows)
        with (self.folder / str(day)).open("ab") as file:
            file.write(len(content).to_bytes(LENGTH_BYTES, "big") + content)


def _through(day: date, reaches: list[date | None], modified: list[datetime]) -> datetime:
    """A day is over for a file that tells of a later one, or was written well after it."""
    start, end = midnight(day), midnight(day + timedelta(days=1))
    is_past = any(reach is not None and reach > day for reach in reaches)
    return end if is_past or any(at >= end + SETTLED_AFTER for at in modified) else start


def _next(pages: Iterator[DayPage[R]]) -> DayPage[R] | None:
    try:
        return next(pages, None)
    except FileNotFoundError:
        raise SourceUnavailableError("the month was replaced while it was read") from None


def _remove(shelf: Shelf[R] | None) -> None:
    if shelf is not None:
        shutil.rmtree(shelf.folder, ignore_errors=True)
