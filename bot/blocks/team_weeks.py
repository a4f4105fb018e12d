"""A team's released weeks, for whoever may ask: the same for its members and its managers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from slackblocks import Block

from bot.blocks import released, wording
from bot.blocks.escaping import code, escape, plain
from bot.blocks.kit import context, header, message, section, table
from bot.blocks.team import why_approximate
from bot.blocks.team_charts import spend_chart, weeks_without_a_bar
from bot.domain.commands import CommandNames
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import TeamRelease
from bot.domain.messages import Message
from bot.domain.team_figures import in_order, shown
from bot.domain.team_report import TeamUsage
from bot.domain.teams import HomeTeam, ReleasedWeek
from bot.language import Language

MOST_WEEKS = 13
_MOST_COLUMNS = 5
"""Kinds of figures beside the spend: as many as can be read out in one message."""


def render_team_usage(say: Language, usage: TeamUsage, names: CommandNames) -> Message:
    weeks = in_order(usage.weeks)[-MOST_WEEKS:]
    title = say("{team}: AI and finished work, week by week", team=plain(usage.team))
    return message(
        say("Your team's released weeks from Upshot."),
        header("team-title", title),
        *(_history(say, weeks) if weeks else [_no_weeks(say)]),
        section("team-home", *_where(say, usage.home, usage.later), *_others(say, usage, names)),
        context("team-foot", *_foot(say, weeks)),
    )


def render_no_team(say: Language, home: HomeTeam, later: HomeTeam | None) -> Message:
    """*home* and *later* say where the reader counts, which may begin on the next Monday."""
    return message(
        say("You are in no team of Upshot yet."),
        section(
            "team-no-team",
            say(
                "*You are in no team of Upshot yet*, so there are no team figures for you. "
                "An admin of Upshot can say which teams there are."
            ),
            *_where(say, home, later),
        ),
        context("team-foot", say(wording.ONLY_YOU)),
    )


def _no_weeks(say: Language) -> Block:
    return section(
        "team-none",
        say(
            "*No week of this team was released yet.* "
            "The first one comes after a whole week, Monday to Sunday, is over."
        ),
    )


def _history(say: Language, weeks: Sequence[ReleasedWeek]) -> Iterator[Block]:
    cells = _columns(weeks)
    titles = map(wording.capital, (released.title(say, cell) for cell in cells))
    columns = (say("Week"), *titles, say("Seats in use"))
    rows = [(_days(say, week), *_row(say, week, cells)) for week in weeks]
    yield table("team-weeks", columns, rows)
    drawn = list(spend_chart(say, weeks))
    yield from drawn
    notes = [
        *(weeks_without_a_bar(say, weeks) if drawn else ()),
        *_beside_the_table(say, weeks, rows),
    ]
    if notes:
        yield context("team-withheld", *notes)


def _beside_the_table(
    say: Language, weeks: Sequence[ReleasedWeek], rows: Sequence[tuple[str, ...]]
) -> Iterator[str]:
    if any(say(wording.WITHHELD) in row for row in rows):
        yield say(wording.WHY_WITHHELD)
    if len(_how_often_told(weeks)) > _MOST_COLUMNS:
        yield say("Kinds of work that fewer weeks tell of are in the weekly summaries.")


def _columns(weeks: Sequence[ReleasedWeek]) -> list[Cell]:
    """The spend, and what most weeks have a figure of."""
    most_told = {cell for cell, _ in _how_often_told(weeks).most_common(_MOST_COLUMNS)}
    return [Cell.SPEND, *(cell for cell in Cell if cell in most_told)]


def _how_often_told(weeks: Sequence[ReleasedWeek]) -> Counter[Cell]:
    beside_spend = [cell for cell in Cell if cell is not Cell.SPEND]
    return Counter(c for c in beside_spend for week in weeks if shown(week, c) is not None)


def _row(say: Language, week: ReleasedWeek, cells: Sequence[Cell]) -> Iterator[str]:
    withheld = say(wording.WITHHELD)
    for cell in cells:
        figure = shown(week, cell)
        yield withheld if figure is None else released.figure(say, cell, figure)
    match week.release:
        case TeamRelease(adoption=adoption) if adoption is not None:
            yield released.share(say, adoption)
        case _:
            yield withheld


def _days(say: Language, week: ReleasedWeek) -> str:
    return say.span(week.week.period.first_day, week.week.period.last_day)


def _where(say: Language, home: HomeTeam, later: HomeTeam | None) -> Iterator[str]:
    if home.team is None:
        yield say("*Where you count:* in no team's figures.")
    else:
        yield say("*Where you count:* in the figures of {team}.", team=escape(home.team.name))
    if later is None:
        return
    day = say.day(later.since)
    if later.team is None:
        yield say("From {day} on: in no team's figures.", day=day)
    else:
        team = escape(later.team.name)
        yield say("From {day} on: in the figures of {team}.", day=day, team=team)


def _others(say: Language, usage: TeamUsage, names: CommandNames) -> Iterator[str]:
    if usage.others:
        asked = [code(f"{names.team} {name}") for name in usage.others]
        yield say("*You may also ask for:* {commands}", commands=say.listed(asked))


def _foot(say: Language, weeks: Sequence[ReleasedWeek]) -> Iterator[str]:
    if weeks:
        yield why_approximate(say, weeks[-1])
    yield say("Members and managers of the team see the same.")
    yield say(wording.ONLY_YOU)
