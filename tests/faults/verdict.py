"""Nothing lost, nothing sent twice: the definitions, counted at Slack's side."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.playground.company.people import PROVIDERS
from tests.faults.bots import Bot
from tests.faults.ledger import Ledger
from tests.faults.outside import Outside

QUIET_WITHIN = 90.0
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """``lost``: not at Slack though planned, or not even planned though due."""

    planned: int
    arrived: int
    twice: int
    lost: int
    parked: int

    def row(self, fault: str, **more: object) -> str:
        figures = {
            **more,
            "planned": self.planned,
            "arrived": self.arrived,
            "twice": self.twice,
            "lost": self.lost,
            "parked": self.parked,
        }
        return f"{fault:<34}" + "  ".join(f"{name} {value}" for name, value in figures.items())


def live_until_quiet(bots: Sequence[Bot], ledger: Ledger, moment: datetime) -> None:
    """Start again and again at *moment*, until there is nothing left to do."""
    until = time.monotonic() + QUIET_WITHIN
    while True:
        for bot in bots:
            bot.begin(moment)
        jobs = [bot.answer()["jobs"] for bot in bots]
        if not (any(jobs) or ledger.open_deliveries(moment) or ledger.jobs_under_way()):
            return
        assert time.monotonic() < until, f"It does not become quiet: {ledger.states()}"
        time.sleep(0.1)


def live_to_the_end(
    outside: Outside, bots: Sequence[Bot], ledger: Ledger, moment: datetime
) -> datetime:
    """Until it is quiet, and once round the clock for what waits for a morning; when that is."""
    for hours in (0, 6, 12, 18, 23):
        end = moment + timedelta(hours=hours)
        outside.move_to(end)
        live_until_quiet(bots, ledger, end)
    return end


def tally(outside: Outside, ledger: Ledger) -> Tally:
    arrived, planned = outside.arrived(), ledger.ids("planned posting ambiguous sent parked")
    wanted = ledger.ids("planned posting ambiguous sent")
    return Tally(
        planned=len(planned),
        arrived=len(arrived),
        twice=sum(count - 1 for count in arrived.values()),
        lost=len(wanted - set(arrived)) + ledger.digests_missing(weeks_told_of(outside)),
        parked=ledger.states()["parked"],
    )


def weeks_told_of(outside: Outside) -> list[date]:
    company = outside.company
    weeks = (company.end - company.start).days // 7
    mondays = [company.start + timedelta(weeks=number) for number in range(weeks)]
    told_by = outside.clock.now().date() - timedelta(days=8)
    return [monday for monday in mondays if monday <= told_by]


def wrong_days(outside: Outside, ledger: Ledger, now: datetime) -> list[str]:
    """Provider-days that are not whole: rows plus the rest are not what the company was billed."""
    kept, company = ledger.kept(), outside.company
    wrong = []
    for provider in PROVIDERS:
        for day in company.days:
            invoice = company.invoice(provider, day, now)
            total, billed = kept.get((provider, str(day)), (None, None))
            if total is None or billed != total or abs(total - invoice) >= CENT / 2:
                wrong.append(f"{provider} {day}: {total} kept, {billed} billed, {invoice} true")
    return wrong
