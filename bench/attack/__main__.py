"""``python -m bench.attack``: how often attacks find somebody's figure, and whether ours holds.

Fails where somebody who attacks what we release is right more often than without it, where shown
figures are too far off to be of use, or where the audit pins anybody.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.attack.attacks import ATTACKS
from bench.attack.audit import audit_year
from bench.attack.rules import RULES
from bench.attack.running import SIZES, Plan, Result, run
from bench.attack.tables import missed, tables
from bot.domain.disclosure.caps import caps_of

HISTORIES = 280 * len(SIZES)
AUDIT = "audit"
WIDTH = 170


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    started = time.perf_counter()
    progress, console = Console(stderr=True), Console(width=WIDTH)
    failures: list[str] = []
    attacks = [name for name in ATTACKS if asked.only in (None, name.split()[0], name)]
    if attacks:
        plan = Plan(rules=RULES, caps_of=caps_of, attacks=attacks)
        result = _run(plan, asked.histories, asked.processes, progress)
        for table in tables(plan, result):
            console.print(table)
        failures += missed(plan, result)
    if asked.only in (None, AUDIT):
        failures += _audited(console)
    progress.print(f"{time.perf_counter() - started:.0f} s")
    for failure in failures:
        progress.print(f"missed: {failure}", markup=False, highlight=False)
    return 1 if failures else 0


def _parser() -> argparse.ArgumentParser:
    names = [*dict.fromkeys(name.split()[0] for name in ATTACKS), *ATTACKS, AUDIT]
    parser = argparse.ArgumentParser(prog="python -m bench.attack", description=__doc__)
    parser.add_argument("--histories", type=int, default=HISTORIES, help="per attack")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", choices=names, metavar="NAME", help=f"one of {', '.join(names)}")
    return parser


def _run(plan: Plan, histories: int, processes: int, console: Console) -> Result:
    columns = (
        *Progress.get_default_columns(),
        MofNCompleteColumn(),
        TextColumn("histories"),
        TimeElapsedColumn(),
    )
    result = Result()
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("attacking", total=histories)
        for result in run(plan, histories, processes=processes):
            bar.update(task, completed=result.histories)
    return result


def _audited(console: Console) -> list[str]:
    failures = []
    for audit in audit_year():
        console.print(audit.told, markup=False, highlight=False)
        if audit.pinned:
            failures.append(audit.told)
    return failures


if __name__ == "__main__":
    sys.exit(main())
