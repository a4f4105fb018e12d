"""A team's released spend week by week, drawn and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slackblocks import Block

from bot.blocks import released
from bot.blocks.kit import bar_chart, context
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Rounded
from bot.domain.team_figures import rounded
from bot.domain.teams import ReleasedWeek
from bot.language import Language

_FEWEST_FOR_A_CHART = 2


def spend_by_week(say: Language, weeks: Sequence[ReleasedWeek]) -> Iterator[Block]:
    """A chart, and the same in words: for screen readers, and where Slack draws no charts."""
    known = _by_week(say, weeks)
    yield from spend_chart(say, weeks)
    if len(known) >= _FEWEST_FOR_A_CHART:
        told = [
            say("{day} {amount}", day=day, amount=released.money(say, figure))
            for day, figure in known.items()
        ]
        yield context(
            "team-chart-words",
            say("Approximate spend by week: {weeks}.", weeks=say.listed(told, most=len(told))),
        )


def spend_chart(say: Language, weeks: Sequence[ReleasedWeek]) -> Iterator[Block]:
    """A week that was withheld, or is told in bands, has no bar."""
    bars = {day: figure.value for day, figure in _by_week(say, weeks).items()}
    if len(bars) >= _FEWEST_FOR_A_CHART:
        title = say("Approximate spend by week")
        yield bar_chart("team-chart", title, bars, name=say("Spend"), unit=say("US dollars"))


def _by_week(say: Language, weeks: Sequence[ReleasedWeek]) -> dict[str, Rounded]:
    known = ((week.week.monday, rounded(week, Cell.SPEND)) for week in weeks)
    return {say.short_day(monday): figure for monday, figure in known if figure is not None}
