"""The team's summary and its released weeks: nobody in it, and no other team beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TypeVar

from slackblocks import Block

from bot.blocks import wording
from bot.blocks.escaping import plain
from bot.blocks.kit import bar_chart, bold, context, fields, header, message, section, table
from bot.domain.disclosure import AdoptionBand, TeamRelease, Withheld
from bot.domain.messages import Message
from bot.domain.outcomes import OutcomeKind
from bot.domain.teams import TeamWeek
from bot.language import Language

T = TypeVar("T", int, Decimal)

_WEEKS = 8
_FEWEST_FOR_A_PAST = 2
_APPROXIMATE = (
    "Approximate on purpose. A figure is shown only where enough people are behind it and none of "
    "them dominates it; the team is set beside its own past only."
)


def render_team_summary(say: Language, week: TeamWeek, previous: Sequence[TeamWeek]) -> Message:
    """For the team's channel; *previous* are the same team's released weeks before this one."""
    return message(
        "The weekly AI summary of this team from Upshot: spend beside finished work, for the team "
        "as a whole.",
        header("team-title", f"{plain(week.team)}: AI and finished work, {_days(week)}"),
        *_week(week.outcome, previous),
        context("team-foot", _APPROXIMATE),
    )


def render_team_usage(say: Language, team: str, weeks: Sequence[TeamWeek]) -> Message:
    """The same released figures for whoever may ask, members and managers alike."""
    recent = sorted(weeks, key=lambda week: week.week)[-_WEEKS:]
    return message(
        "Your team's released weeks from Upshot.",
        header("team-title", f"{plain(team)}: AI and finished work, week by week"),
        *(_history(recent) if recent else [_no_weeks()]),
        context("team-foot", _APPROXIMATE, wording.ONLY_YOU),
    )


def render_no_team(say: Language) -> Message:
    return message(
        "You are in no team of Upshot yet.",
        section(
            "team-no-team",
            f"{bold('You are in no team of Upshot yet')}, so there are no team figures for you. "
            "An admin of Upshot can say which teams there are.",
        ),
        context("team-foot", wording.ONLY_YOU),
    )


def _days(week: TeamWeek) -> str:
    return wording.span(week.week.period.first_day, week.week.period.last_day)


def _week(outcome: TeamRelease | Withheld, previous: Sequence[TeamWeek]) -> Iterator[Block]:
    if isinstance(outcome, Withheld):
        yield section("team-withheld", wording.WHY_WITHHELD)
    else:
        yield from _figures(outcome, previous)


def _no_weeks() -> Block:
    return section(
        "team-none",
        f"{bold('No week of this team was released yet.')} "
        "The first one comes after a whole week, Monday to Sunday, is over.",
    )


def _figures(figures: TeamRelease, previous: Sequence[TeamWeek]) -> Iterator[Block]:
    yield fields("team-sides", _spent(figures), _finished(figures))
    if past := _past(previous):
        yield section("team-past", past)


def _spent(figures: TeamRelease) -> str:
    spent = bold(f"Spent: about {_spend(figures.spend)}")
    if figures.adoption is None:
        return f"{spent}\nseats in use {wording.WITHHELD}"
    return f"{spent}\n{figures.adoption.value} of the people with a seat used it"


def _finished(figures: TeamRelease) -> str:
    counts = [
        wording.outcomes(kind, figures.outcomes[kind])
        for kind in OutcomeKind
        if kind in figures.outcomes
    ]
    if not counts:
        return f"{bold('Finished:')} {wording.WITHHELD}"
    lines = [bold(f"Finished: {counts[0]}"), *counts[1:]]
    if len(counts) < len(OutcomeKind):
        # Which of the others there was none of, and which is withheld, is not told apart.
        lines.append(f"other kinds of work: none, or {wording.WITHHELD}")
    return "\n".join(lines)


def _spend(amount: Decimal) -> str:
    """Released spend is in whole steps of ten dollars; none of them is still some."""
    return wording.rough_money(amount) if amount > 0 else "$10 or less"


def _adoption(band: AdoptionBand | None) -> str:
    return wording.WITHHELD if band is None else band.value


def _past(previous: Sequence[TeamWeek]) -> str:
    recent = sorted(previous, key=lambda week: week.week)[-_WEEKS:]
    known = [week.outcome for week in recent if isinstance(week.outcome, TeamRelease)]
    if len(known) < _FEWEST_FOR_A_PAST:
        return ""
    sides = [f"about {_between(_spend, [figures.spend for figures in known])}"]
    for kind in filter(lambda kind: kind is not OutcomeKind.LOGGED, OutcomeKind):
        counts = [figures.outcomes[kind] for figures in known if kind in figures.outcomes]
        if len(counts) >= _FEWEST_FOR_A_PAST:
            amounts = _between("{:,}".format, counts)
            sides.append(f"{amounts} {wording.outcome_title(kind, many=True)}")
    weeks = f"{len(known)} earlier weeks that could be shown"
    return f"{bold('This team before:')} {' beside '.join(sides)} a week ({weeks})."


def _between(show: Callable[[T], str], values: Sequence[T]) -> str:
    first, *_, last = [show(value) for value in sorted(values)]
    return first if first == last else f"{first} to {last}"


def _history(weeks: Sequence[TeamWeek]) -> Iterator[Block]:
    kinds = _released_kinds(weeks)
    titles = [wording.outcome_title(kind, many=True).capitalize() for kind in kinds]
    rows = [(_days(week), *_cells(week.outcome, kinds)) for week in weeks]
    yield table("team-weeks", ("Week", "Spend", *titles, "Seats in use"), rows)
    spend = {
        wording.day(week.week.monday): week.outcome.spend
        for week in weeks
        if isinstance(week.outcome, TeamRelease)
    }
    if len(spend) >= _FEWEST_FOR_A_PAST:
        title = "Approximate spend, weeks that were released"
        yield bar_chart("team-chart", title, spend, name="Spend", unit="US dollars a week")
    if any(isinstance(week.outcome, Withheld) for week in weeks):
        yield context("team-withheld", wording.WHY_WITHHELD)


def _released_kinds(weeks: Sequence[TeamWeek]) -> list[OutcomeKind]:
    """The kinds of work that some week has a figure of."""
    told = {
        kind for w in weeks if isinstance(w.outcome, TeamRelease) for kind in w.outcome.outcomes
    }
    return [kind for kind in OutcomeKind if kind in told]


def _cells(outcome: TeamRelease | Withheld, kinds: Sequence[OutcomeKind]) -> Iterator[str]:
    if isinstance(outcome, Withheld):
        yield from [wording.WITHHELD] * (len(kinds) + 2)
        return
    yield f"about {_spend(outcome.spend)}"
    for kind in kinds:
        count = outcome.outcomes.get(kind)
        yield wording.WITHHELD if count is None else f"{count:,}"
    yield _adoption(outcome.adoption)
