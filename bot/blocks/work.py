"""The list of one's own finished work: how each piece stands and what links it to AI use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from slackblocks import Block

from bot.blocks import links, wording
from bot.blocks.controls import delete_button, edit_button, log_button, tag_button, tier_menu
from bot.blocks.escaping import code, escape
from bot.blocks.kit import actions, beside, bold, context, header, message, section
from bot.blocks.logged_wording import KINDS
from bot.blocks.tag_form import tag_in_words
from bot.domain.commands import CommandNames
from bot.domain.history import FINISHED
from bot.domain.logged import LoggedOutcome, Tag, Visibility
from bot.domain.messages import Message
from bot.domain.outcomes import OutcomeKind, OutcomeState
from bot.domain.tiers import Tier
from bot.domain.work import OwnWork
from bot.language import Language, mark

MOST_WORK, MOST_LOGGED, MOST_TAGS = 15, 8, 5
"""As many as Slack shows in one message, with their buttons."""
_LONGEST_TITLE = 120
_LONGEST_ADDRESS = 1_500
_WEEKS = 4

_STATES: Mapping[OutcomeState, str] = MappingProxyType(
    {
        OutcomeState.OPEN: mark("open"),
        OutcomeState.DONE: mark("done, not settled yet"),
        OutcomeState.SETTLED: mark("settled"),
        OutcomeState.REVERTED: mark("reverted"),
        OutcomeState.REOPENED: mark("reopened"),
    }
)


def render_work(
    say: Language,
    work: Sequence[OwnWork],
    logged: Sequence[LoggedOutcome],
    tags: Sequence[Tag],
    names: CommandNames,
) -> Message:
    """For its owner only: the latest first, as much as fits."""
    body = [*_told(say, work), *_logged(say, logged), *_tagged(say, tags)]
    weeks = say.plural(
        _WEEKS, "Finished in the last {count} week", "Finished in the last {count} weeks"
    )
    return message(
        say(
            "Your finished work, as Upshot knows it. Open it where nobody reads over your shoulder."
        ),
        header("work-title", weeks),
        *(body or [_nothing(say, names)]),
        context("work-foot", *_foot(say, work)),
        actions("work-actions", log_button(say)),
    )


def _nothing(say: Language, names: CommandNames) -> Block:
    return section(
        "work-nothing",
        say(
            "*Nothing finished is known for you in these weeks.* That is fine: much work "
            "leaves no trace in the systems that Upshot reads."
        ),
        say(
            "What you would like to see here, you can log yourself: {command}.",
            command=code(f"{names.usage} log"),
        ),
    )


def _told(say: Language, work: Sequence[OwnWork]) -> Iterator[Block]:
    if kinds := [*_kinds(say, work)]:
        yield section("work-kinds", bold(say.listed(kinds)))
    for number, piece in enumerate(work[:MOST_WORK]):
        menu = tier_menu(say, piece.source, piece.source_id, piece.tier)
        yield beside(f"work-{number}", menu, _title(say, piece), _facts(say, piece))
    if len(work) > MOST_WORK:
        yield section("work-more", _more(say, len(work) - MOST_WORK))


def _more(say: Language, count: int) -> str:
    return say.plural(count, "and {count} more before that", "and {count} more before that")


def _kinds(say: Language, work: Sequence[OwnWork]) -> Iterator[str]:
    counts = Counter(piece.kind for piece in work if piece.state in FINISHED)
    for kind in OutcomeKind:
        if kind in counts:
            yield wording.outcomes(say, kind, counts[kind])


def _title(say: Language, piece: OwnWork) -> str:
    title = escape(piece.title or _without_title(say, piece.kind), most=_LONGEST_TITLE)
    address = (piece.url or "").replace("&", "&amp;")
    # a longer one would leave no room for what is said of the work
    return f"<{address}|{title}>" if 0 < len(address) <= _LONGEST_ADDRESS else bold(title)


def _without_title(say: Language, kind: OutcomeKind) -> str:
    return wording.capital(say("{kind} without a title", kind=wording.outcome_title(say, kind)))


def _facts(say: Language, piece: OwnWork) -> str:
    """What it is, how it stands, since when, which systems tell of it, and what links it to AI."""
    facts = [
        wording.capital(wording.outcome_title(say, piece.kind)),
        bold(say(_STATES[piece.state])),
        say.day(piece.completed_on),
        say.listed([wording.source_title(name) for name in (piece.source, *piece.also_in)]),
    ]
    if piece.share < 1:
        facts.append(say("shared, your part 1/{parts}", parts=say.number(round(1 / piece.share))))
    tools = [wording.tool_title(say, tool) for tool in piece.tools]
    return " · ".join((*facts, links.of_one(say, piece.level, tools)))


def _logged(say: Language, logged: Sequence[LoggedOutcome]) -> Iterator[Block]:
    if not logged:
        return
    title, alone = say("Logged by yourself"), say("A series of its own, in no ratio.")
    yield section("logged-title", bold(title), alone)
    for number, entry in enumerate(logged[:MOST_LOGGED]):
        what = escape(entry.what, most=_LONGEST_TITLE)
        yield section(f"logged-{number}", what, _entry(say, entry))
        yield actions(
            f"logged-actions-{number}", edit_button(say, entry), delete_button(say, entry)
        )
    if len(logged) > MOST_LOGGED:
        yield section("logged-more", _more(say, len(logged) - MOST_LOGGED))


def _entry(say: Language, entry: LoggedOutcome) -> str:
    is_counted = entry.visibility is Visibility.COUNTED
    seen = say("counted in your team") if is_counted else say("only you")
    tier = wording.tier(say, entry.tier)
    return " · ".join((say(KINDS[entry.kind]), say.day(entry.done_on), tier, seen))


def _tagged(say: Language, tags: Sequence[Tag]) -> Iterator[Block]:
    if not tags:
        return
    yield section("tags-title", bold(say("Your tags")))
    for number, tag in enumerate(tags[:MOST_TAGS]):
        yield beside(f"tag-{number}", tag_button(say, tag), tag_in_words(say, tag))


def _foot(say: Language, work: Sequence[OwnWork]) -> Iterator[str]:
    if work:
        yield say(links.NO_PROOF)
        if any(not piece.tools for piece in work):
            yield say(wording.EVIDENCE_IS_PARTIAL)
        if any(piece.tier is Tier.EXPLORATION for piece in work):
            yield say("What you explore is in no ratio.")
    yield say(wording.ONLY_YOU)
