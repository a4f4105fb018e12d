"""``invoice``: what the providers billed, and how much of it is known to be whose."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Annotated

import typer
from rich.table import Table

from bot.app import Upshot
from bot.blocks.wording import foreign_money, source_title
from bot.commands.session import AsJson, err, out, with_upshot
from bot.domain.invoice import Invoice
from bot.domain.periods import month_of
from bot.language import ENGLISH

MONTH = ["%Y-%m"]
_foreign = partial(foreign_money, ENGLISH)


def invoice(
    month: Annotated[
        datetime | None, typer.Option(formats=MONTH, help="Such as 2026-11; default: yesterday's.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    async def run(upshot: Upshot) -> list[Invoice]:
        today = upshot.clock.now().astimezone(UTC).date()
        wanted = month.date() if month else (today - timedelta(days=1))
        period = month_of(wanted)
        freshness = {provider.name: provider.freshness for provider in upshot.sources.providers}
        return await upshot.invoices.invoices(period.first_day, period.last_day, freshness)

    found = with_upshot(run, log_level="ERROR")
    if as_json:
        told = {"invoices": [_as_json(each) for each in found]}
        out.print_json(json.dumps(told, default=str))
    elif found:
        out.print(_table(found))
        for line in _notes(found):
            out.print(line, markup=False)
    else:
        out.print("Nothing came in for that month yet.")
    if wrong := [each.provider for each in found if each.difference]:
        err.print(f"The figures of {', '.join(wrong)} do not add up to the bill: tell us.")
        raise typer.Exit(1)


def _as_json(each: Invoice) -> dict[str, object]:
    return {**asdict(each), "difference": each.difference}


def _table(found: list[Invoice]) -> Table:
    titles = (
        "provider",
        "days (final)",
        "billed",
        "attributed",
        "unattributed",
        "estimates",
        "no price",
    )
    table = Table(*titles[:1], box=None)
    for title in titles[1:]:
        table.add_column(title, justify="right")
    for each in found:
        table.add_row(
            source_title(each.provider),
            f"{each.days} ({each.final_days})",
            _amount(each.billed),
            _amount(each.attributed),
            _amount(each.unattributed),
            _amount(each.estimated),
            f"{each.unpriced:,}" if each.unpriced else "",
        )
    return table


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else ENGLISH.money(amount)


def _notes(found: list[Invoice]) -> list[str]:
    return [
        *(
            f"{source_title(each.provider)} also billed {_foreign(currency, bill.billed)},"
            f" {_foreign(currency, bill.unattributed)} of it unattributed"
            for each in found
            for currency, bill in each.foreign.items()
        ),
        *(
            f"{source_title(each.provider)}: {_foreign(currency, used)} used, not in the bill"
            for each in found
            for currency, used in each.unbilled.items()
        ),
        *(
            f"{source_title(each.provider)}, {day:%Y-%m-%d}: {said}"
            for each in found
            for day, said in each.oddities
        ),
    ]
