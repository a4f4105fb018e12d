"""The team's summary and its released weeks: nobody in it, and no other team beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slackblocks import Block

from bot.blocks import released, wording
from bot.blocks.escaping import plain
from bot.blocks.kit import bar_chart, context, fields, header, message, section, table
from bot.domain.disclosure import TeamRelease, Withheld
from bot.domain.messages import Message
from bot.domain.outcomes import OutcomeKind
from bot.domain.teams import TeamWeek
from bot.language import Language, mark

_WEEKS = 8
_FEWEST_FOR_A_CHART = 2
_APPROXIMATE = mark(
    "Approximate on purpose. A figure is shown only where enough people are behind it and none of "
    "them dominates it; the team is set beside its own past only."
)


def render_team_summary(say: Language, week: TeamWeek, previous: Sequence[TeamWeek]) -> Message:
    """For the team's channel; *previous* are the same team's released weeks before this one."""
    title = say(
        "{team}: AI and finished work, {days}", team=plain(week.team), days=_days(say, week)
    )
    return message(
        say(
            "The weekly AI summary of this team from Upshot: spend beside finished work, for the "
            "team as a whole."
        ),
        header("team-title", title),
        *_week(say, week.outcome, previous),
        context("team-foot", say(_APPROXIMATE)),
    )


def render_team_usage(say: Language, team: str, weeks: Sequence[TeamWeek]) -> Message:
    """The same released figures for whoever may ask, members and managers alike."""
    recent = sorted(weeks, key=lambda week: week.week)[-_WEEKS:]
    return message(
        say("Your team's released weeks from Upshot."),
        header("team-title", say("{team}: AI and finished work, week by week", team=plain(team))),
        *(_history(say, recent) if recent else [_no_weeks(say)]),
        context("team-foot", say(_APPROXIMATE), say(wording.ONLY_YOU)),
    )


def render_no_team(say: Language) -> Message:
    return message(
        say("You are in no team of Upshot yet."),
        section(
            "team-no-team",
            say(
                "*You are in no team of Upshot yet*, so there are no team figures for you. "
                "An admin of Upshot can say which teams there are."
            ),
        ),
        context("team-foot", say(wording.ONLY_YOU)),
    )


def _days(say: Language, week: TeamWeek) -> str:
    return say.span(week.week.period.first_day, week.week.period.last_day)


def _week(
    say: Language, outcome: TeamRelease | Withheld, previous: Sequence[TeamWeek]
) -> Iterator[Block]:
    if isinstance(outcome, Withheld):
        yield section("team-withheld", say(wording.WHY_WITHHELD))
    else:
        yield from _figures(say, outcome, previous)


def _no_weeks(say: Language) -> Block:
    return section(
        "team-none",
        say(
            "*No week of this team was released yet.* "
            "The first one comes after a whole week, Monday to Sunday, is over."
        ),
    )


def _figures(say: Language, figures: TeamRelease, previous: Sequence[TeamWeek]) -> Iterator[Block]:
    yield fields("team-sides", _spent(say, figures), _finished(say, figures))
    recent = sorted(previous, key=lambda week: week.week)[-_WEEKS:]
    known = [week.outcome for week in recent if isinstance(week.outcome, TeamRelease)]
    if said := released.past(say, known):
        yield section("team-past", said)


def _spent(say: Language, figures: TeamRelease) -> str:
    spent = say("*Spent: about {amount}*", amount=released.spend(say, figures.spend))
    if figures.adoption is None:
        return f"{spent}\n{say('seats in use withheld')}"
    share = released.share(say, figures.adoption)
    used = say("{share} of the people with a seat used it", share=share)
    return f"{spent}\n{used}"


def _finished(say: Language, figures: TeamRelease) -> str:
    counts = [
        wording.outcomes(say, kind, figures.outcomes[kind])
        for kind in OutcomeKind
        if kind in figures.outcomes
    ]
    if not counts:
        return say("*Finished:* withheld")
    lines = [say("*Finished: {outcomes}*", outcomes=counts[0]), *counts[1:]]
    if len(counts) < len(OutcomeKind):
        # Which of the others there was none of, and which is withheld, is not told apart.
        lines.append(say("other kinds of work: none, or withheld"))
    return "\n".join(lines)


def _history(say: Language, weeks: Sequence[TeamWeek]) -> Iterator[Block]:
    kinds = _released_kinds(weeks)
    named = [wording.capital(wording.outcome_title(say, kind, many=True)) for kind in kinds]
    titles = (say("Week"), say("Spend"), *named, say("Seats in use"))
    rows = [(_days(say, week), *_cells(say, week.outcome, kinds)) for week in weeks]
    yield table("team-weeks", titles, rows)
    yield from _chart(say, weeks)
    if any(isinstance(week.outcome, Withheld) for week in weeks):
        yield context("team-withheld", say(wording.WHY_WITHHELD))


def _chart(say: Language, weeks: Sequence[TeamWeek]) -> Iterator[Block]:
    spend = {
        say.day(week.week.monday): week.outcome.spend
        for week in weeks
        if isinstance(week.outcome, TeamRelease)
    }
    if len(spend) >= _FEWEST_FOR_A_CHART:
        title = say("Approximate spend, weeks that were released")
        unit = say("US dollars a week")
        yield bar_chart("team-chart", title, spend, name=say("Spend"), unit=unit)


def _released_kinds(weeks: Sequence[TeamWeek]) -> list[OutcomeKind]:
    """The kinds of work that some week has a figure of."""
    told = {
        kind for w in weeks if isinstance(w.outcome, TeamRelease) for kind in w.outcome.outcomes
    }
    return [kind for kind in OutcomeKind if kind in told]


def _cells(
    say: Language, outcome: TeamRelease | Withheld, kinds: Sequence[OutcomeKind]
) -> Iterator[str]:
    withheld = say(wording.WITHHELD)
    if isinstance(outcome, Withheld):
        yield from [withheld] * (len(kinds) + 2)
        return
    yield say("about {amount}", amount=released.spend(say, outcome.spend))
    for kind in kinds:
        count = outcome.outcomes.get(kind)
        yield withheld if count is None else say.number(count)
    yield withheld if outcome.adoption is None else released.share(say, outcome.adoption)
