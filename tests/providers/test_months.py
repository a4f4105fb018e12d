"""Months are read once, and replaced whole."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from bot.domain.periods import midnight
from bot.errors import SourceResponseError, SourceUnavailableError
from bot.objects import StoredObject
from bot.reading.months import (
    MOST_ROWS_WAITING,
    PAGE_ROWS,
    DayPage,
    Spool,
    days_in,
    latest_run,
    once,
)
from tests.providers.recorded import DAY

NEXT = DAY + timedelta(days=1)


class Line(msgspec.Struct, array_like=True):
    text: str


def split(chunks, name):
    """Lines such as ``19 ana``; a day alone tells how far the file reaches."""
    for line in b"".join(chunks).decode().splitlines():
        number, _, text = line.partition(" ")
        if number == "broken":
            raise SourceResponseError(f"{name}: broken")
        yield DAY.replace(day=int(number)), Line(text) if text else None


class Stored:
    """Files in memory, which counts how often each is read."""

    def __init__(self, **files: bytes) -> None:
        self.files = dict(files)
        self.modified = datetime(2026, 11, 19, tzinfo=UTC)
        self.reads: list[str] = []

    async def list(self, prefix: str = "") -> Sequence[StoredObject]:
        return [
            StoredObject(
                key=key, etag=str(hash(content)), modified=self.modified, size=len(content)
            )
            for key, content in sorted(self.files.items())
        ]

    async def folders(self, prefix: str = "") -> Sequence[str]:
        return []

    async def read(self, key: str, *, etag: str | None = None) -> AsyncIterator[bytes]:
        self.reads.append(key)
        await asyncio.sleep(0)
        yield self.files[key]

    async def close(self) -> None:
        return


@pytest.fixture
def stored() -> Stored:
    return Stored(one=b"19 ana\n20 ben\n19 cem\n20\n", two=b"19 dan\n")


@pytest.fixture
async def spool(stored):
    opened = Spool(stored, split, Line)
    yield opened
    await opened.close()


async def pages_of(spool, stored, day: date = DAY) -> list[DayPage[Line]]:
    return [page async for page in spool.day(day, [("2026-11", await stored.list())])]


async def lines_of(spool, stored, day: date = DAY) -> list[str]:
    return [row.text for page in await pages_of(spool, stored, day) for row in page.rows]


class TestSpool:
    async def test_gives_a_day_what_every_file_has_of_it(self, spool, stored):
        assert await lines_of(spool, stored) == ["ana", "cem", "dan"]
        assert await lines_of(spool, stored, NEXT) == ["ben"]

    async def test_reads_each_file_once_for_all_days(self, spool, stored):
        for number in range(1, 31):
            await pages_of(spool, stored, DAY.replace(day=number))

        assert sorted(stored.reads) == ["one", "two"]

    async def test_reads_each_file_once_for_days_asked_for_at_once(self, spool, stored):
        days = (DAY.replace(day=number) for number in range(1, 31))

        read = await asyncio.gather(*(lines_of(spool, stored, day) for day in days))

        assert sorted(stored.reads) == ["one", "two"]
        assert [lines for lines in read if lines] == [["ana", "cem", "dan"], ["ben"]]

    async def test_reads_a_file_again_that_changed_and_only_that(self, spool, stored):
        await pages_of(spool, stored)
        stored.files["two"] = b"19 eva\n"

        assert await lines_of(spool, stored) == ["ana", "cem", "eva"]
        assert sorted(stored.reads) == ["one", "two", "two"]

    async def test_forgets_rows_that_are_not_in_the_new_files(self, spool, stored):
        await pages_of(spool, stored)
        del stored.files["two"]
        stored.files["one"] = b"19 ana\n"

        assert await lines_of(spool, stored) == ["ana"]
        assert await lines_of(spool, stored, NEXT) == []

    async def test_forgets_a_month_whose_files_are_gone(self, spool, stored):
        await pages_of(spool, stored)
        stored.files.clear()

        assert await lines_of(spool, stored) == []

    async def test_asks_again_after_a_file_could_not_be_understood(self, spool, stored):
        good, stored.files["two"] = stored.files["two"], b"19 dan\nbroken\n"
        with pytest.raises(SourceResponseError, match="two: broken"):
            await pages_of(spool, stored)
        stored.files["two"] = good

        assert await lines_of(spool, stored) == ["ana", "cem", "dan"]
        assert sorted(stored.reads) == ["one", "two", "two"]

    async def test_unpacks_gzip(self, spool, stored):
        stored.files = {"one.csv.gz": gzip.compress(b"19 ana\n")}

        assert await lines_of(spool, stored) == ["ana"]

    async def test_cuts_a_long_day_into_pages_and_loses_none_of_it(self, spool, stored):
        lines = [f"{19 + number % 3} line {number}" for number in range(20_000)]
        stored.files = {"one": "\n".join(lines).encode()}

        pages = await pages_of(spool, stored)

        assert max(len(page.rows) for page in pages) == PAGE_ROWS
        assert [row.text for page in pages for row in page.rows] == [
            line[3:] for line in lines if line.startswith("19")
        ]

    async def test_loses_no_row_of_a_file_with_many_short_days(self):
        stored = Stored(one=b"")
        rows_a_day, days = MOST_ROWS_WAITING // 100, 150
        spool = Spool(stored, lambda chunks, name: short_days(rows_a_day, days), Line)

        assert len(await lines_of(spool, stored)) == rows_a_day
        assert len(await lines_of(spool, stored, DAY + timedelta(days=149))) == rows_a_day
        await spool.close()

    async def test_leaves_nothing_behind(self, spool, stored, tmp_path, monkeypatch):
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        await pages_of(spool, stored)
        assert list(tmp_path.iterdir())

        await spool.close()

        assert not list(tmp_path.iterdir())

    async def test_keeps_one_copy_of_a_file_that_changes(
        self, spool, stored, tmp_path, monkeypatch
    ):
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        for number in range(5):
            stored.files["two"] = f"19 dan {number}\n".encode()
            await pages_of(spool, stored)

        [home] = tmp_path.iterdir()
        assert len(list(home.iterdir())) == 2

    async def test_tells_of_a_month_that_is_replaced_under_a_slow_reader(self, spool, stored):
        slow = spool.day(DAY, [("2026-11", await stored.list())])
        await anext(slow)
        stored.files["one"] = b"19 eva\n"
        await pages_of(spool, stored)

        with pytest.raises(SourceUnavailableError, match="replaced while it was read"):
            _ = [page async for page in slow]

    async def test_refuses_a_file_whose_days_are_all_over(self):
        stored = Stored(one=b"")
        spool = Spool(stored, lambda chunks, name: short_days(1, 900), Line)

        with pytest.raises(SourceResponseError, match="one: more than 800 different days"):
            await pages_of(spool, stored)
        await spool.close()


def short_days(rows: int, days: int):
    for _ in range(rows):
        for number in range(days):
            yield DAY + timedelta(days=number), Line("a line")


class TestDataThrough:
    async def test_is_the_end_of_a_day_once_a_later_one_is_told_of(self, spool, stored):
        assert (await pages_of(spool, stored))[0].through == midnight(NEXT)

    async def test_is_the_start_of_the_last_day_that_is_told_of(self, spool, stored):
        assert (await pages_of(spool, stored, NEXT))[0].through == midnight(NEXT)

    async def test_is_the_end_of_a_day_where_a_file_was_written_well_after_it(self, spool, stored):
        stored.modified = datetime(2026, 11, 22, tzinfo=UTC)

        [page] = [p for p in await pages_of(spool, stored, NEXT) if not p.part]
        assert page.through == midnight(DAY + timedelta(days=2))

    async def test_is_the_start_of_a_day_without_files(self, spool, stored):
        stored.files = {}

        [page] = await pages_of(spool, stored)
        assert (page.through, page.rows) == (midnight(DAY), [])


def page_of(part: str, day: date = DAY) -> DayPage[Line]:
    return DayPage(day=day, part=part, through=midnight(day), rows=[])


def test_a_page_that_comes_twice_counts_once():
    assert [p.part for p in once(DAY, map(page_of, ["a", "b", "a"]))] == ["a", "b"]


def test_a_page_of_another_day_is_refused():
    with pytest.raises(SourceResponseError, match="another day"):
        list(once(DAY, [page_of("a", NEXT)]))


def test_a_single_file_gives_each_of_its_days():
    days = days_in(iter([b"20 ben\n19 ana\n", b"19 cem\n"]), "x.csv", split, Line)

    assert [(day, [r.text for p in pages for r in p.rows]) for day, pages in days] == [
        (DAY, ["ana", "cem"]),
        (NEXT, ["ben"]),
    ]


class TestRuns:
    def file(self, key: str, hour: int) -> StoredObject:
        modified = datetime(2026, 11, 20, hour, tzinfo=UTC)
        return StoredObject(key=key, etag="", modified=modified, size=0)

    def test_of_which_each_writes_a_folder_only_the_last_counts(self):
        files = [self.file("m/b/1", 3), self.file("m/a/1", 5), self.file("m/a/2", 4)]

        assert [f.key for f in latest_run(files)] == ["m/a/1", "m/a/2"]

    def test_that_overwrite_each_other_are_all_there_is(self):
        files = [self.file("m/1", 3), self.file("m/2", 5)]

        assert latest_run(files) == tuple(files)

    def test_may_not_have_been(self):
        assert latest_run([]) == ()
