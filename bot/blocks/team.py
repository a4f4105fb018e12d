"""A team's weekly summary in its channel: nobody in it, and no other team beside it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from slackblocks import Block

from bot.blocks import released, wording
from bot.blocks.escaping import code, plain
from bot.blocks.kit import context, fields, header, message, section
from bot.blocks.team_charts import spend_by_week
from bot.blocks.team_ranges import ranges_in_words
from bot.blocks.team_suggestions import suggestion_in_words
from bot.blocks.team_trends import trends_in_words
from bot.domain.commands import CommandNames
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Figure, Rounded, Share, TeamRelease
from bot.domain.messages import Message
from bot.domain.outcomes import OutcomeKind
from bot.domain.team_report import TeamReport
from bot.domain.teams import ReleasedWeek
from bot.language import Language, mark

_APPROXIMATE = mark(
    "Approximate on purpose: what one person uses or finishes counts up to a cap only, so that the "
    "true total can be higher; some noise is added; and every figure is rounded. Seats are no part "
    "of the spend."
)
_IN_BANDS = mark(
    "Approximate on purpose: what one person uses or finishes counts up to a cap only, so that the "
    "true total can be higher; some noise is added; and only the band that a figure lies in is "
    "told. Seats are no part of the spend."
)
_WHO = mark(
    "Read by this channel and, with {command}, by the team's members and managers: the same for "
    "all of them. No person's figures are in it, and it is made so that nobody can be singled out."
)


def render_team_summary(say: Language, report: TeamReport, names: CommandNames) -> Message:
    """For the team's channel."""
    week = report.week
    period = week.week.period
    title = say(
        "{team}: AI and finished work, {days}",
        team=plain(week.team),
        days=say.span(period.first_day, period.last_day),
    )
    return message(
        say(
            "The weekly AI summary of this team from Upshot: spend beside finished work, for the "
            "team as a whole."
        ),
        header("team-title", title),
        *_week(say, report, names),
        context("team-foot", *_foot(say, week, names)),
    )


def _week(say: Language, report: TeamReport, names: CommandNames) -> Iterator[Block]:
    release = report.week.release
    if isinstance(release, TeamRelease):
        yield from _figures(say, report, release, names)
    else:
        yield section("team-withheld", say(wording.WHY_WITHHELD))
        yield from _others(say, report.week)


def _figures(
    say: Language, report: TeamReport, figures: TeamRelease, names: CommandNames
) -> Iterator[Block]:
    left = "\n".join(_spent(say, figures, report.adoption_target))
    yield fields("team-sides", left, "\n".join(_finished(say, figures)))
    if told := list(trends_in_words(say, report.trends)):
        yield section("team-past", *told)
    yield from spend_by_week(say, report.recent)
    if told := list(ranges_in_words(say, report)):
        yield section("team-ranges", *told)
    if report.suggestion is not None:
        yield section("team-suggestion", suggestion_in_words(say, report.suggestion, names))


def _spent(say: Language, figures: TeamRelease, target: int) -> Iterator[str]:
    match figures.figures.get(Cell.SPEND):
        case None:
            yield say("*Spent:* withheld")
        case Rounded(step=step) as spent:
            yield say("*Spent: {amount}*", amount=released.about_money(say, spent))
            yield say("to the nearest {amount}", amount=released.dollars(say, step))
        case spent:
            yield say("*Spent: {amount}*", amount=released.about_money(say, spent))
    if figures.adoption is not None:
        yield _seats(say, figures.adoption, target)
    if figures.tiers:
        yield say("What it was for: {tiers}", tiers=released.tiers(say, figures.tiers))


def _seats(say: Language, adoption: Share, target: int) -> str:
    share = released.share(say, adoption)
    if not target:
        return say("Seats in use: {share}", share=share)
    wished = say.percent(Decimal(target) / 100)
    return say("Seats in use: {share} (the target: {target})", share=share, target=wished)


def _finished(say: Language, figures: TeamRelease) -> Iterator[str]:
    kinds = list(released.kinds_of(figures))
    steps = {figure.step for _, figure in kinds if isinstance(figure, Rounded)}
    if not kinds:
        yield say("*Settled:* withheld")
    for place, (kind, figure) in enumerate(kinds):
        told = released.outcomes(say, kind, figure)
        if isinstance(figure, Rounded) and len(steps) > 1:
            step = say.number(figure.step)
            told = say("{outcomes}, to the nearest {step}", outcomes=told, step=step)
        yield told if place else say("*Settled: {outcomes}*", outcomes=told)
    if len(steps) == 1:
        yield say("to the nearest {amount}", amount=say.number(*steps))
    if (reverted := figures.figures.get(Cell.REVERTED)) is not None:
        yield _reverted(say, reverted)
    if 0 < len(kinds) < len(OutcomeKind):
        # Which of the others there was none of, and which is withheld, is not told apart.
        yield say("other kinds of work: none, or withheld")


def _reverted(say: Language, figure: Figure) -> str:
    told = released.number(say, figure)
    if isinstance(figure, Rounded):
        step = say.number(figure.step)
        return say(
            "changes reverted: about {number}, to the nearest {step}", number=told, step=step
        )
    return say("changes reverted: {number}", number=told)


def _others(say: Language, week: ReleasedWeek) -> Iterator[Block]:
    if not isinstance(week.other, TeamRelease):
        return
    told = [released.outcomes(say, kind, each) for kind, each in released.kinds_of(week.other)]
    if (spent := week.other.figures.get(Cell.SPEND)) is not None:
        told.insert(0, say("{amount} spent", amount=released.about_money(say, spent)))
    if told:
        yield section(
            "team-others",
            say(
                "*Other teams, all that could not be shown by themselves:* {figures}.",
                figures=say.listed(told),
            ),
        )


def _foot(say: Language, week: ReleasedWeek, names: CommandNames) -> Iterator[str]:
    release = week.release
    if isinstance(release, TeamRelease):
        yield why_approximate(say, week)
        if withheld := list(_withheld(say, release)):
            yield say("Withheld this week: {figures}.", figures=say.listed(withheld))
            yield say(wording.WHY_WITHHELD)
    if week.coverage is not None:
        yield say(
            "This week's figures of all teams cover {share} of the people who count in one.",
            share=released.share(say, week.coverage),
        )
    yield say(_WHO, command=code(names.team))


def why_approximate(say: Language, week: ReleasedWeek) -> str:
    return say(_IN_BANDS if week.parameters.strict else _APPROXIMATE)


def _withheld(say: Language, release: TeamRelease) -> Iterator[str]:
    """What is not there; of a kind of work that cannot be told from there being none of it."""
    if Cell.SPEND not in release.figures:
        yield say("spend")
    if not any(True for _ in released.kinds_of(release)):
        yield say("finished work")
    if release.adoption is None:
        yield say("seats in use")
    if not release.tiers:
        yield say("what it was for")
