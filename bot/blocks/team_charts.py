"""A team's released spend week by week, drawn and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slackblocks import Block

from bot.blocks import released, wording
from bot.blocks.kit import bar_chart, context
from bot.domain.disclosure.contributions import Cell
from bot.domain.team_figures import rounded, shown
from bot.domain.teams import ReleasedWeek
from bot.language import Language

_FEWEST_FOR_A_CHART = 2


def spend_by_week(say: Language, weeks: Sequence[ReleasedWeek]) -> Iterator[Block]:
    """A chart, and the same in words: for screen readers, and where Slack draws no charts."""
    drawn = list(spend_chart(say, weeks))
    yield from drawn
    if drawn:
        told = [
            say("{day} {amount}", day=_monday(say, week), amount=_spend(say, week))
            for week in weeks
        ]
        yield context(
            "team-chart-words",
            say("Approximate spend by week: {weeks}.", weeks=say.listed(told, most=len(told))),
            *weeks_without_a_bar(say, weeks),
        )


def spend_chart(say: Language, weeks: Sequence[ReleasedWeek]) -> Iterator[Block]:
    """Slack's charts have no gaps: a week that was withheld, or is told in bands, is left out."""
    bars = {
        _monday(say, week): figure.value
        for week in weeks
        if (figure := rounded(week, Cell.SPEND)) is not None
    }
    if len(bars) >= _FEWEST_FOR_A_CHART:
        title = say("Approximate spend by week")
        yield bar_chart("team-chart", title, bars, name=say("Spend"), unit=say("US dollars"))


def weeks_without_a_bar(say: Language, weeks: Sequence[ReleasedWeek]) -> Iterator[str]:
    """So that the bars beside a week that is not drawn are not taken for neighbours."""
    missing = [_monday(say, week) for week in weeks if rounded(week, Cell.SPEND) is None]
    if missing:
        days = say.listed(missing, most=len(missing))
        yield say("Left out of the chart, which is not zero: {days}.", days=days)


def _spend(say: Language, week: ReleasedWeek) -> str:
    figure = shown(week, Cell.SPEND)
    return say(wording.WITHHELD) if figure is None else released.money(say, figure)


def _monday(say: Language, week: ReleasedWeek) -> str:
    return say.short_day(week.week.monday)
