"""A file of everything: a table of cells for each kind of row, and all of it once more as JSON."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from io import TextIOWrapper
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.domain.export import as_json, cell

JSON_NAME = "everything.json"
Row = Mapping[str, Any]


async def write_archive(
    rows: AsyncIterator[tuple[str, Row]], target: BinaryIO
) -> Mapping[str, int]:
    """Write *rows*, which come table by table, as they come; how many of each there were."""
    counts: Counter[str] = Counter()
    # Without a name in any folder: it is gone with this process, whatever happens to it.
    with ZipFile(target, "w") as archive, tempfile.TemporaryFile() as whole:
        with closing(_Json(whole)) as told, closing(_Sheets(archive)) as sheets:
            async for table, row in rows:
                sheets.add(table, row)
                told.add(table, row)
                counts[table] += 1
        whole.seek(0)
        with archive.open(_entry(JSON_NAME), "w", force_zip64=True) as entry:
            shutil.copyfileobj(whole, entry)
    return counts


class _Sheets:
    """One file of cells for each table, one after the other."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._table: str | None = None
        self._text: TextIOWrapper | None = None

    def add(self, table: str, row: Row) -> None:
        if self._text is None or table != self._table:
            self.close()
            entry = self._archive.open(_entry(f"{table}.csv"), "w", force_zip64=True)
            self._table, self._text = table, TextIOWrapper(entry, encoding="utf-8", newline="")
            csv.writer(self._text).writerow(row)
        csv.writer(self._text).writerow(map(cell, row.values()))

    def close(self) -> None:
        if self._text is not None:
            self._text.close()


class _Json:
    """One object, with a list of rows under the name of each table."""

    def __init__(self, target: IO[bytes]) -> None:
        self._text = TextIOWrapper(target, encoding="utf-8")
        self._table: str | None = None

    def add(self, table: str, row: Row) -> None:
        if table != self._table:
            self._text.write("{" if self._table is None else "],")
            self._text.write(f'\n"{table}": [\n')
            self._table = table
        else:
            self._text.write(",\n")
        self._text.write(as_json(row))

    def close(self) -> None:
        self._text.write("{}\n" if self._table is None else "]\n}\n")
        self._text.detach()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name)  # of no particular date
    entry.compress_type = ZIP_DEFLATED
    return entry
