"""What is in the file that somebody gets who asks for everything that is kept of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

from tests.browser.cast import Somebody


def rows_in(archive: Path, table: str) -> list[dict[str, str]]:
    with ZipFile(archive) as opened:
        return list(csv.DictReader(io.StringIO(opened.read(table).decode("utf-8-sig"))))


def mentioned_in(archive: Path, people: Sequence[Somebody]) -> list[str]:
    """Those of *people* whose name, address or id is in any of the files."""
    with ZipFile(archive) as opened:
        text = "\n".join(opened.read(name).decode("utf-8-sig") for name in opened.namelist())
    return [
        one.name
        for one in people
        if any(known and known in text for known in (one.name, one.email, one.slack_id))
    ]
