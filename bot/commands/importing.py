"""``import``: keep the usage that is in a file or folder, and say which lines are wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from bot.app import Upshot
from bot.commands.session import err, out, with_upshot
from bot.domain.usage import oddities
from bot.errors import SettingsError, SourceError
from bot.ingest.files import SUFFIXES, files_in, parts_of
from bot.ingest.neutral import MOST_ERRORS, UnreadableError
from bot.sources import focus_days


@dataclass(slots=True, kw_only=True)
class Imported:
    """What became of a file; ``problems`` are sentences that name the line."""

    accepted: int = 0
    replaced: int = 0
    rejected: int = 0
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


Importer = Callable[[Upshot, Path], Awaitable[Imported]]


async def import_neutral(upshot: Upshot, path: Path) -> Imported:
    """Keep a file's neutral records, some ten thousand at a time."""
    imported = Imported()
    try:
        for part in parts_of(path, upshot.clock.now()):
            received = await upshot.receiver.accept(part.records)
            imported.accepted += received.accepted
            imported.replaced += received.replaced
            imported.rejected += part.rejected
            room = MOST_ERRORS - len(imported.problems)
            told = part.errors[:room]
            imported.problems += [f"line {error.line}: {error.message}" for error in told]
            imported.warnings += oddities(record.usage for record in part.records)
    except UnreadableError as error:
        imported.rejected += 1
        imported.problems.append(str(error))
    except OSError:
        raise SettingsError(f"{path.name}: the file cannot be read.") from None
    return imported


async def import_focus(upshot: Upshot, path: Path) -> Imported:
    """Let each day that a FOCUS file tells of take the place of what was known of it.

    Days to come, such as the rest of a seat's month, are told again once they have been.
    """
    imported = Imported()
    today = upshot.clock.now().date()
    to_come = 0
    try:
        for day in focus_days(path, upshot.settings.focus):
            if day.day > today:
                to_come += 1
                continue
            await upshot.collector.keep(day)
            imported.accepted += len(day.records)
            imported.warnings += [f"{day.day}: {said}" for said in day.oddities]
        if to_come:
            imported.warnings.append(f"left out what is in the future: {to_come:,} days")
    except SourceError as error:
        imported.rejected += 1
        imported.problems.append(str(error).removeprefix(path.name).lstrip(":, "))
    except OSError:
        raise SettingsError(f"{path.name}: the file cannot be read.") from None
    return imported


IMPORTERS: dict[str, Importer] = {**dict.fromkeys(SUFFIXES, import_neutral), ".csv": import_focus}
"""Who reads a file, by how its name ends."""


def import_file(
    path: Annotated[
        Path | None, typer.Argument(help="A file or a folder; UPSHOT_INGEST__FOLDER without it.")
    ] = None,
) -> None:
    async def run(upshot: Upshot) -> bool:
        files = files_in(path or _folder(upshot), IMPORTERS)
        reports = [await _import_one(upshot, file) for file in files]
        return not any(report.rejected for report in reports)

    if not with_upshot(run, log_level="ERROR"):
        raise typer.Exit(1)


async def _import_one(upshot: Upshot, path: Path) -> Imported:
    report = await IMPORTERS[path.suffix.lower()](upshot, path)
    counts = f"{report.accepted:,} accepted ({report.replaced:,} replaced)"
    out.print(f"{path.name}: {counts}, {report.rejected:,} rejected", markup=False)
    for warning in report.warnings:
        out.print(f"{path.name}: {warning}", markup=False)
    for problem in report.problems:
        err.print(f"{path.name}: {problem}", style="red", markup=False)
    if (untold := report.rejected - len(report.problems)) > 0:
        err.print(f"{path.name}: and {untold:,} more", style="red", markup=False)
    return report


def _folder(upshot: Upshot) -> Path:
    ingest = upshot.settings.ingest
    if ingest is None or ingest.folder is None:
        raise SettingsError("Name a file, or set UPSHOT_INGEST__FOLDER.")
    return ingest.folder
