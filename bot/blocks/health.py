"""Answers to the admins' command: how the sources and Upshot itself are doing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from slackblocks import Block

from bot.blocks import wording
from bot.blocks.agreement import in_force
from bot.blocks.escaping import escape, plain
from bot.blocks.kit import bold, context, fields, header, message, section, table
from bot.domain.health import FEWEST_TOLD, DeliveryCounts, SourceHealth, Status
from bot.domain.messages import Message
from bot.domain.teams import ChannelProblem
from bot.language import Language

_CLOCK_IS_LATE = timedelta(minutes=15)
_LONGEST_ERROR = 200
_MOST_SOURCES = 12
_MOST_TROUBLES = 4


def render_sources(say: Language, sources: Sequence[SourceHealth]) -> Message:
    return message(
        say("Where Upshot gets its figures from."),
        header("sources-title", say("Sources of figures")),
        *_sources(say, sources),
        context("sources-foot", say(wording.NO_PERSON)),
    )


def render_status(say: Language, status: Status) -> Message:
    return message(
        say("Whether Upshot itself is well."),
        header("status-title", say("How Upshot is doing")),
        fields("status-sides", _work(say, status), _deliveries(say, status.deliveries)),
        *_stuck(say, status.deliveries),
        *_sources(say, status.sources),
        *_silent(say, status.silent),
        *_weaker(say, status.weaker),
        section("status-agreement", in_force(say, status.agreement)),
        context("status-foot", say(wording.NO_PERSON)),
    )


def _work(say: Language, status: Status) -> str:
    return "\n".join(
        (
            bold(_clock(say, status)),
            say.plural(
                status.people,
                "{count} person in the directory",
                "{count} people in the directory",
            ),
            _left(say, status.overdue),
            _nudged(say, status.nudged),
        )
    )


def _nudged(say: Language, people: int | None) -> str:
    if people is None:
        return say("Private nudges in four weeks: to none, or to fewer than {few}", few=FEWEST_TOLD)
    return say.plural(
        people,
        "Private nudges in four weeks: to {count} person",
        "Private nudges in four weeks: to {count} people",
    )


def _left(say: Language, overdue: int) -> str:
    if not overdue:
        return say("nothing left undone")
    return say.plural(overdue, "{count} due and not done yet", "{count} due and not done yet")


def _clock(say: Language, status: Status) -> str:
    if status.last_tick is None:
        return say("The clock has never ticked: start upshot serve, or upshot clock")
    ago = wording.ago(say, status.last_tick, status.now)
    if status.now - status.last_tick > _CLOCK_IS_LATE:
        return say("The clock last ticked {ago}: see that it runs", ago=ago)
    return say("The clock ticked {ago}", ago=ago)


def _deliveries(say: Language, counts: DeliveryCounts) -> str:
    sent = say.plural(counts.sent, "Messages: {count} sent", "Messages: {count} sent")
    return "\n".join(
        (
            bold(sent),
            say.plural(counts.planned, "{count} due and waiting", "{count} due and waiting"),
            say.plural(counts.rejected, "{count} refused by Slack", "{count} refused by Slack"),
            say.plural(counts.parked, "{count} parked", "{count} parked"),
            say.plural(counts.unknown, "{count} being looked for", "{count} being looked for"),
        )
    )


def _stuck(say: Language, counts: DeliveryCounts) -> Iterator[Block]:
    if counts.parked:
        yield section(
            "status-parked",
            say(
                "*Parked* is what may have arrived already. With the scope im:history "
                "Upshot could look, and send again only what did not."
            ),
        )


def _silent(say: Language, teams: Sequence[tuple[str, str]]) -> Iterator[Block]:
    """Teams that miss their summary; what is the matter is told in the list of teams too."""
    if not teams:
        return
    told = say.plural(
        len(teams),
        "{count} team's channel cannot be told anything:",
        "{count} teams' channels cannot be told anything:",
    )
    lines = [_why_silent(say, name, problem) for name, problem in teams[:_MOST_TROUBLES]]
    if (hidden := len(teams) - _MOST_TROUBLES) > 0:
        lines.append(say.plural(hidden, "and {count} more team", "and {count} more teams"))
    yield section("status-silent", bold(told), *lines)


def _why_silent(say: Language, name: str, problem: str) -> str:
    team = bold(escape(name))
    match problem:
        case ChannelProblem.SHARED:
            return say("{team}: its channel is shared with another organization.", team=team)
        case ChannelProblem.NOT_IN:
            return say("{team}: Upshot is not in its channel. Invite it.", team=team)
    return say("{team}: its channel is gone.", team=team)


def _weaker(say: Language, sentences: Sequence[str]) -> Iterator[Block]:
    if sentences:
        told = [escape(sentence, most=_LONGEST_ERROR) for sentence in sentences]
        yield section("status-weaker", bold(say("Weaker than it could be")), *told)


def _sources(say: Language, sources: Sequence[SourceHealth]) -> Iterator[Block]:
    if not sources:
        none = say("No source is set up yet: give the settings of one.")
        yield section("sources-none", none)
        return
    titles = (say("Source"), say("State"), say("Data through"), say("Accounts matched"))
    yield table("sources-table", titles, [_row(say, source) for source in sources[:_MOST_SOURCES]])
    if (hidden := len(sources) - _MOST_SOURCES) > 0:
        more = say.plural(hidden, "and {count} more source", "and {count} more sources")
        yield context("sources-more", more)
    troubled = [source for source in sources if source.last_error]
    for index, source in enumerate(troubled[:_MOST_TROUBLES]):
        yield section(f"sources-trouble-{index}", *_trouble(say, source))


def _row(say: Language, source: SourceHealth) -> tuple[str, ...]:
    through = source.data_through
    return (
        plain(source.title),
        _state(say, source),
        say(wording.NO_DATA_YET) if through is None else say.day(through),
        _matched(say, source),
    )


def _state(say: Language, source: SourceHealth) -> str:
    if not source.is_on:
        return say("off")
    return say("on, with trouble") if source.last_error else say("on")


def _matched(say: Language, source: SourceHealth) -> str:
    if not source.accounts:
        return say("none seen yet")
    return say(
        "{matched} of {all}",
        matched=say.number(source.accounts - source.unmatched_accounts),
        all=say.number(source.accounts),
    )


def _trouble(say: Language, source: SourceHealth) -> Iterator[str]:
    yield f"{bold(escape(source.title))}: {escape(source.last_error or '', most=_LONGEST_ERROR)}"
    if source.hint:
        yield say("*What to do:* {hint}", hint=escape(source.hint, most=_LONGEST_ERROR))
