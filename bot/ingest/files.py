"""Files of neutral usage records, read in parts so that a long one fits into memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from bot.errors import SettingsError
from bot.ingest.neutral import Decoded, UnreadableError, decode, numbered_lines, read

SUFFIXES = (".jsonl", ".ndjson", ".json")
LINES_AT_ONCE = 20_000


def files_in(path: Path, suffixes: Iterable[str] = SUFFIXES) -> list[Path]:
    """*path* itself, or the files of that folder that can be read, by name.

    Raises ``SettingsError`` where there is none.
    """
    wanted = tuple(suffixes)
    if not path.is_dir():
        if not path.exists():
            raise SettingsError(f"{path}: there is no such file or folder.")
        if path.suffix.lower() not in wanted:
            raise SettingsError(f"{path.name}: only {', '.join(wanted)} can be read.")
        return [path]
    found = sorted(f for f in path.iterdir() if f.is_file() and f.suffix.lower() in wanted)
    if not found:
        raise SettingsError(f"{path}: no file in it ends in {', '.join(wanted)}.")
    return found


def parts_of(path: Path, now: datetime) -> Iterator[Decoded]:
    """What is in a file, part by part; raises ``UnreadableError`` or ``OSError``."""
    with path.open("rb") as lines:
        is_array = lines.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"["
        lines.seek(0)
        if is_array:
            yield decode(lines.read(), now)
            return
        numbered = numbered_lines(_without_mark(lines))
        while part := list(islice(numbered, LINES_AT_ONCE)):
            yield read(part, now)


def _without_mark(lines: Iterable[bytes]) -> Iterator[bytes]:
    for number, line in enumerate(lines):
        yield line if number else line.removeprefix(b"\xef\xbb\xbf")


__all__ = ["SUFFIXES", "Decoded", "UnreadableError", "files_in", "parts_of"]
