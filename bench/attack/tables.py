"""What was measured, as tables to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table

from bench.attack import usefulness
from bench.attack.attacks import NOT_HELD
from bench.attack.running import Plan, Result
from bench.attack.scene import CELLS
from bench.attack.tallies import BANDS, Attacker, Tallies, Tally
from bench.attack.usefulness import Error, Fate, Usefulness
from bot.domain.disclosure.contributions import Cell

_TITLES = {
    (Cell.SPEND, Attacker.READER): "Spend, by whoever reads releases for what they are",
    (Cell.SPEND, Attacker.INFORMED): "Spend, by whoever also knows how spend is spread",
    (Cell.MERGED_CHANGE, Attacker.READER): "Merged changes, by whoever reads releases",
    (Cell.MERGED_CHANGE, Attacker.INFORMED): "Merged changes, by whoever knows how they are spread",
}


def tables(plan: Plan, result: Result) -> Iterator[Table]:
    for (cell, attacker), title in _TITLES.items():
        yield _of_attacks(plan, result.tallies, cell, attacker, title)
    yield _of_usefulness(result.usefulness)


def _of_attacks(plan: Plan, tallies: Tallies, cell: Cell, attacker: Attacker, title: str) -> Table:
    table = Table(
        title=f"{title}: victims recovered within 10 %, in percent",
        caption="! more often than by a guess; * known, and not held; (guess) beside each band",
        title_justify="left",
        caption_justify="left",
    )
    guess = "A0" if attacker is Attacker.READER else "best guess"
    right = [guess, *(rule.name for rule in plan.rules), "error"]
    right += [f"{first}-{last}" for first, last in BANDS]
    table.add_column("attack", no_wrap=True)
    for name in right:
        table.add_column(name, justify="right", no_wrap=True)
    for attack in plan.attacks:
        ours = tallies.of(attack, cell, plan.ours.name, attacker)
        if ours.trials:
            rules = (tallies.of(attack, cell, rule.name, attacker) for rule in plan.rules[:-1])
            bands = [tallies.of(attack, cell, plan.ours.name, attacker, [one]) for one in BANDS]
            table.add_row(
                f"{attack} *" if attack in NOT_HELD else attack,
                _percent(ours.guess_share),
                *(_percent(one.share) for one in rules),
                _marked(ours),
                _percent(ours.standard_error, 2),
                *(f"{_marked(one)} ({_percent(one.guess_share)})" for one in bands),
            )
    return table


def _of_usefulness(found: Usefulness) -> Table:
    table = Table(
        title="What ours leaves: median errors and shares, in percent", title_justify="left"
    )
    for name in ("cell", "people", *Error, *Fate):
        table.add_column(str(name), justify="right", no_wrap=True)
    for cell in CELLS:
        for band in usefulness.BANDS:
            errors = (found.median(cell, band, error) for error in Error)
            table.add_row(
                str(cell),
                f"{band[0]}-{band[1]}",
                *("" if error is None else _percent(error) for error in errors),
                *(_percent(found.share(cell, band, fate)) for fate in Fate),
            )
    return table


def missed(plan: Plan, result: Result) -> Sequence[str]:
    exceeded = [
        f"{name}: {_percent(tally.share)} % of {tally.trials}, and {_percent(tally.guess_share)} %"
        " by guessing"
        for name, tally in result.tallies.exceeded(plan.ours.name).items()
    ]
    return [*exceeded, *result.usefulness.missed()]


def _marked(tally: Tally) -> str:
    return f"{_percent(tally.share)}{'' if tally.is_no_better() else ' !'}"


def _percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f}"
