"""The list of one's own finished work: how each piece stands and what links it to AI use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from slackblocks import Block

from bot.blocks import links, wording
from bot.blocks.controls import delete_button, edit_button, log_button, tag_button, tier_menu
from bot.blocks.escaping import escape
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
from bot.language import Language

MOST_WORK, MOST_LOGGED, MOST_TAGS = 15, 8, 5
"""As many as Slack shows in one message, with their buttons."""
_LONGEST_TITLE = 120
_LONGEST_ADDRESS = 1_500
_WEEKS = 4

_STATES: Mapping[OutcomeState, str] = MappingProxyType(
    {
        OutcomeState.OPEN: "open",
        OutcomeState.DONE: "done, not settled yet",
        OutcomeState.SETTLED: "settled",
        OutcomeState.REVERTED: "reverted",
        OutcomeState.REOPENED: "reopened",
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
    body = [*_told(work), *_logged(logged), *_tagged(tags)] or [_nothing(names)]
    return message(
        "Your finished work, as Upshot knows it. Open it where nobody reads over your shoulder.",
        header("work-title", f"Finished in the last {_WEEKS} weeks"),
        *body,
        context("work-foot", *_foot(work)),
        actions("work-actions", log_button()),
    )


def _nothing(names: CommandNames) -> Block:
    return section(
        "work-nothing",
        f"{bold('Nothing finished is known for you in these weeks.')} That is fine: much work "
        "leaves no trace in the systems that Upshot reads.",
        f"What you would like to see here, you can log yourself: `{names.usage} log`.",
    )


def _told(work: Sequence[OwnWork]) -> Iterator[Block]:
    if kinds := [*_kinds(work)]:
        yield section("work-kinds", bold(wording.listed(kinds)))
    for number, piece in enumerate(work[:MOST_WORK]):
        menu = tier_menu(piece.source, piece.source_id, piece.tier)
        yield beside(f"work-{number}", menu, _title(piece), _facts(piece))
    if len(work) > MOST_WORK:
        yield section("work-more", f"and {len(work) - MOST_WORK:,} more before that")


def _kinds(work: Sequence[OwnWork]) -> Iterator[str]:
    counts = Counter(piece.kind for piece in work if piece.state in FINISHED)
    for kind in OutcomeKind:
        if kind in counts:
            yield wording.outcomes(kind, counts[kind])


def _title(piece: OwnWork) -> str:
    kind = wording.outcome_title(piece.kind)
    title = escape(piece.title or f"A {kind} without a title", most=_LONGEST_TITLE)
    address = (piece.url or "").replace("&", "&amp;")
    # a longer one would leave no room for what is said of the work
    return f"<{address}|{title}>" if 0 < len(address) <= _LONGEST_ADDRESS else bold(title)


def _facts(piece: OwnWork) -> str:
    """What it is, how it stands, since when, which systems tell of it, and what links it to AI."""
    where = wording.listed([wording.source_title(n) for n in (piece.source, *piece.also_in)])
    facts = [
        wording.outcome_title(piece.kind).capitalize(),
        bold(_STATES[piece.state]),
        wording.day(piece.completed_on),
        where,
    ]
    if piece.share < 1:
        facts.append(f"shared, your part 1/{round(1 / piece.share)}")
    return " · ".join((*facts, _link(piece)))


def _link(piece: OwnWork) -> str:
    return links.of_one(piece.level, [wording.tool_title(tool) for tool in piece.tools])


def _logged(logged: Sequence[LoggedOutcome]) -> Iterator[Block]:
    if not logged:
        return
    yield section("logged-title", bold("Logged by yourself"), "A series of its own, in no ratio.")
    for number, entry in enumerate(logged[:MOST_LOGGED]):
        yield section(f"logged-{number}", escape(entry.what, most=_LONGEST_TITLE), _entry(entry))
        yield actions(f"logged-actions-{number}", edit_button(entry), delete_button(entry))
    if len(logged) > MOST_LOGGED:
        yield section("logged-more", f"and {len(logged) - MOST_LOGGED:,} more before that")


def _entry(entry: LoggedOutcome) -> str:
    seen = "counted in your team" if entry.visibility is Visibility.COUNTED else "only you"
    return " · ".join((KINDS[entry.kind], wording.day(entry.done_on), entry.tier.value, seen))


def _tagged(tags: Sequence[Tag]) -> Iterator[Block]:
    if not tags:
        return
    yield section("tags-title", bold("Your tags"))
    for number, tag in enumerate(tags[:MOST_TAGS]):
        yield beside(f"tag-{number}", tag_button(tag), tag_in_words(tag))


def _foot(work: Sequence[OwnWork]) -> Iterator[str]:
    if work:
        yield links.NO_PROOF
        if any(not piece.tools for piece in work):
            yield wording.EVIDENCE_IS_PARTIAL
        if any(piece.tier is Tier.EXPLORATION for piece in work):
            yield "What you explore is in no ratio."
    yield wording.ONLY_YOU
