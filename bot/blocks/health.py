"""Answers to the admins' command: how the sources and Upshot itself are doing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from slackblocks import Block

from bot.blocks import wording
from bot.blocks.escaping import escape, plain
from bot.blocks.kit import bold, context, fields, header, message, section, table
from bot.domain.health import DeliveryCounts, SourceHealth, Status
from bot.domain.messages import Message
from bot.language import Language

_CLOCK_IS_LATE = timedelta(minutes=15)
_LONGEST_ERROR = 200
_MOST_SOURCES = 12
_MOST_TROUBLES = 4


def render_sources(say: Language, sources: Sequence[SourceHealth]) -> Message:
    return message(
        "Where Upshot gets its figures from.",
        header("sources-title", "Sources of figures"),
        *_sources(sources),
        context("sources-foot", wording.NO_PERSON),
    )


def render_status(say: Language, status: Status) -> Message:
    weaker = [escape(sentence, most=_LONGEST_ERROR) for sentence in status.weaker]
    return message(
        "Whether Upshot itself is well.",
        header("status-title", "How Upshot is doing"),
        fields("status-sides", _work(status), _deliveries(status.deliveries)),
        *_stuck(status.deliveries),
        *_sources(status.sources),
        *([section("status-weaker", bold("Weaker than it could be"), *weaker)] if weaker else []),
        context("status-foot", wording.NO_PERSON),
    )


def _work(status: Status) -> str:
    left = f"{status.overdue:,} due and not done yet" if status.overdue else "nothing left undone"
    return "\n".join(
        (
            bold(_clock(status)),
            f"{wording.plural(status.people, 'person', 'people')} in the directory",
            left,
        )
    )


def _clock(status: Status) -> str:
    if status.last_tick is None:
        return "The clock has never ticked: start upshot serve, or upshot clock"
    ago = wording.ago(status.last_tick, status.now)
    if status.now - status.last_tick > _CLOCK_IS_LATE:
        return f"The clock last ticked {ago}: see that it runs"
    return f"The clock ticked {ago}"


def _deliveries(counts: DeliveryCounts) -> str:
    return "\n".join(
        (
            bold(f"Messages: {counts.sent:,} sent"),
            f"{counts.planned:,} due and waiting",
            f"{counts.rejected:,} refused by Slack",
            f"{counts.parked:,} parked",
            f"{counts.unknown:,} being looked for",
        )
    )


def _stuck(counts: DeliveryCounts) -> Iterator[Block]:
    if counts.parked:
        yield section(
            "status-parked",
            f"{bold('Parked')} is what may have arrived already. With the scope im:history "
            "Upshot could look, and send again only what did not.",
        )


def _sources(sources: Sequence[SourceHealth]) -> Iterator[Block]:
    if not sources:
        yield section("sources-none", "No source is set up yet: give the settings of one.")
        return
    titles = ("Source", "State", "Data through", "Accounts matched")
    yield table("sources-table", titles, [_row(source) for source in sources[:_MOST_SOURCES]])
    if (hidden := len(sources) - _MOST_SOURCES) > 0:
        yield context("sources-more", f"and {wording.plural(hidden, 'more source')}")
    troubled = [source for source in sources if source.last_error]
    for index, source in enumerate(troubled[:_MOST_TROUBLES]):
        yield section(f"sources-trouble-{index}", *_trouble(source))


def _row(source: SourceHealth) -> tuple[str, ...]:
    through = source.data_through
    return (
        plain(source.title),
        _state(source),
        wording.NO_DATA_YET if through is None else wording.day(through),
        _matched(source),
    )


def _state(source: SourceHealth) -> str:
    if not source.is_on:
        return "off"
    return "on, with trouble" if source.last_error else "on"


def _matched(source: SourceHealth) -> str:
    if not source.accounts:
        return "none seen yet"
    return f"{source.accounts - source.unmatched_accounts:,} of {source.accounts:,}"


def _trouble(source: SourceHealth) -> Iterator[str]:
    yield f"{bold(escape(source.title))}: {escape(source.last_error or '', most=_LONGEST_ERROR)}"
    if source.hint:
        yield f"{bold('What to do:')} {escape(source.hint, most=_LONGEST_ERROR)}"
