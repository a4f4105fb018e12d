"""``check`` and ``manifest``: is it set up right, and what does Slack have to be told."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from bot.app import Upshot
from bot.checking import Finding, findings
from bot.commands.session import AsJson, err, out, with_upshot
from bot.http import Retry
from bot.manifest import manifest as manifest_of
from bot.settings import read_settings

IMPATIENT = Retry(attempts=2)
"""Somebody waits for the answer."""


def check(*, as_json: AsJson = False) -> None:
    async def run(upshot: Upshot) -> list[Finding]:
        with err.status("Asking …"):
            return [finding async for finding in findings(upshot)]

    found = with_upshot(run, log_level="ERROR", retry=IMPATIENT)
    if as_json:
        out.print_json(json.dumps({"findings": [asdict(finding) for finding in found]}))
    else:
        for finding in found:
            mark = "ok  " if finding.is_fine else "FAIL"
            out.print(f"{mark} {finding.what}: {finding.said} {finding.hint}", markup=False)
            if finding.can:
                told = "; ".join(f"{column}: {value}" for column, value in finding.can)
                out.print(f"     {told}", markup=False, style="dim")
    if not all(finding.is_fine for finding in found):
        raise typer.Exit(1)


def manifest(
    url: Annotated[
        str | None, typer.Option(help="Where Slack reaches Upshot; without it, Socket Mode.")
    ] = None,
) -> None:
    out.print_json(json.dumps(manifest_of(read_settings().commands.names, url=url)))
