"""A file of everything is written as the rows come, however many there are."""

from __future__ import annotations

import csv
import io
import json
import time
import tracemalloc
from datetime import date, timedelta
from decimal import Decimal
from tempfile import TemporaryFile
from zipfile import ZipFile

from bot.services.archive import JSON_NAME, write_archive

ROWS = 50_000
"""Of two years at a dozen models and products a day there are ten thousand."""
MOST_BYTES = 8_000_000
MOST_SECONDS = 60


async def rows_of(**tables):
    for table, rows in tables.items():
        for row in rows:
            yield table, row


async def written(**tables) -> ZipFile:
    target = io.BytesIO()
    await write_archive(rows_of(**tables), target)
    return ZipFile(target)


async def test_each_table_has_a_file_of_cells_under_its_own_titles():
    archive = await written(tags=[{"id": 1, "tier": "routine"}], people=[{"id": 7}, {"id": 8}])

    assert archive.namelist() == ["tags.csv", "people.csv", JSON_NAME]
    assert archive.read("tags.csv") == b"id,tier\r\n1,routine\r\n"
    assert archive.read("people.csv") == b"id\r\n7\r\n8\r\n"


async def test_all_of_it_is_there_once_more_for_programs():
    tables = {"tags": [{"id": 1, "cost": Decimal("1.10")}], "people": [{"id": 7}, {"id": 8}]}
    archive = await written(**tables)

    assert json.loads(archive.read(JSON_NAME)) == {
        "tags": [{"id": 1, "cost": "1.10"}],
        "people": [{"id": 7}, {"id": 8}],
    }


async def test_nothing_kept_is_an_empty_file_that_can_be_read():
    archive = await written()

    assert archive.namelist() == [JSON_NAME]
    assert json.loads(archive.read(JSON_NAME)) == {}


async def test_what_people_typed_breaks_no_line():
    what = 'two\nlines, "quoted"; ö'
    archive = await written(logged_outcomes=[{"what": what}])

    [_, row] = csv.reader(io.StringIO(archive.read("logged_outcomes.csv").decode(), newline=""))
    assert row == [what]


async def test_how_many_rows_there_were_is_told():
    target = io.BytesIO()

    assert await write_archive(
        rows_of(tags=[{"id": 1}], people=[{"id": 7}, {"id": 8}]), target
    ) == {
        "tags": 1,
        "people": 2,
    }


async def test_the_same_rows_make_the_same_file():
    one, other = io.BytesIO(), io.BytesIO()
    for target in (one, other):
        await write_archive(rows_of(tags=[{"id": 1}]), target)

    assert one.getvalue() == other.getvalue()


async def test_memory_stays_flat_and_it_takes_no_minute():
    start = time.monotonic()
    first = date(2024, 1, 1)
    many = (
        {"day": first + timedelta(days=n % 730), "model": f"model-{n % 12}", "cost": Decimal(n)}
        for n in range(ROWS)
    )
    tracemalloc.start()
    try:
        with TemporaryFile() as target:
            await write_archive(rows_of(usage_records=many), target)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < MOST_BYTES
    assert time.monotonic() - start < MOST_SECONDS
