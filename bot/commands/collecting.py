"""``collect``: ask the sources now, with a progress bar, and say what came in."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.progress import Progress

from bot.app import Upshot
from bot.commands.session import AsJson, err, out, with_upshot
from bot.domain.periods import days
from bot.errors import SettingsError, SourceError
from bot.ports import OutcomeSource, UsageProvider
from bot.sources import NAMES

Report = dict[str, Any]


def collect(
    source: Annotated[
        str | None, typer.Option(help=f"Only this one: {', '.join(NAMES)}.", show_default=False)
    ] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    if source is not None and source not in NAMES:
        raise SettingsError(f"There is no source of this name; there are {', '.join(NAMES)}.")

    async def run(upshot: Upshot) -> dict[str, Report]:
        with Progress(console=err, transient=True) as progress:
            return await _collect(upshot, source, first, last, progress)

    reports = with_upshot(run, log_level="ERROR", needs=(source,) if source else ())
    if as_json:
        flat = reports[source] if source is not None else reports
        out.print_json(json.dumps(flat, default=str))
    else:
        for name, report in reports.items():
            out.print(f"{name}: {report.get('error') or _in_words(report)}", markup=False)
    if any("error" in report for report in reports.values()):
        raise typer.Exit(1)


async def _collect(
    upshot: Upshot,
    source: str | None,
    first: datetime | None,
    last: datetime | None,
    progress: Progress,
) -> dict[str, Report]:
    reports: dict[str, Report] = {}
    for provider in upshot.sources.providers:
        if source in (None, provider.name):
            reports[provider.name] = await _days(upshot, provider, first, last, progress)
    for outcomes in upshot.sources.outcomes:
        if source in (None, outcomes.name):
            task = progress.add_task(outcomes.title, total=1)
            reports[outcomes.name] = await _outcomes(upshot, outcomes)
            progress.advance(task)
    await upshot.collector.settle()
    if not reports:
        raise SettingsError("Nothing is turned on: give at least one source its settings.")
    return reports


async def _days(
    upshot: Upshot,
    provider: UsageProvider,
    first: datetime | None,
    last: datetime | None,
    progress: Progress,
) -> Report:
    yesterday = upshot.clock.now().astimezone(UTC).date() - timedelta(days=1)
    end = last.date() if last else yesterday
    wanted = list(days(first.date() if first else end, end))
    task = progress.add_task(provider.title, total=len(wanted))
    records = 0
    for day in wanted:
        try:
            answer = await upshot.collector.collect_day(provider, day)
        except SourceError as error:
            return {"error": f"{error} {error.hint}", "records": records}
        records += len(answer.records)
        progress.advance(task)
    return {"days": len(wanted), "records": records}


async def _outcomes(upshot: Upshot, source: OutcomeSource) -> Report:
    try:
        batch = await upshot.collector.collect_outcomes(source)
    except SourceError as error:
        return {"error": f"{error} {error.hint}"}
    return {"outcomes": len(batch.outcomes), **batch.report}


def _in_words(report: Report) -> str:
    return ", ".join(f"{value} {key.replace('_', ' ')}" for key, value in report.items())
