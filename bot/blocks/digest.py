"""The private digest: what was spent on AI beside what was finished, for one reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

from slackblocks import Block, Button

from bot.blocks import links, wording
from bot.blocks.controls import (
    less_button,
    log_button,
    privacy_button,
    settings_button,
    stop_button,
)
from bot.blocks.digest_ratios import ratios_in_words, usual_in_words
from bot.blocks.digest_sides import finished, spent
from bot.blocks.digest_weeks import tiers_in_words, weeks_drawn
from bot.blocks.kit import actions, context, fields, header, message, section
from bot.blocks.tips import tip_section
from bot.blocks.tips_told import verdict_line
from bot.domain.digest import Digest
from bot.domain.messages import Message
from bot.domain.preferences import Cadence
from bot.domain.senders import is_sender
from bot.language import Language, mark

_SO_FAR: Mapping[wording.Length, str] = MappingProxyType(
    {
        "day": mark("This day so far, from {day}"),
        "week": mark("This week so far, from {day}"),
        "month": mark("This month so far, from {day}"),
        "period": mark("This period so far, from {day}"),
    }
)
_OVER: Mapping[wording.Length, str] = MappingProxyType(
    {
        "day": mark("Your day with AI, {days}"),
        "week": mark("Your week with AI, {days}"),
        "month": mark("Your month with AI, {days}"),
        "period": mark("Your period with AI, {days}"),
    }
)

LESS_OFTEN = frozenset({Cadence.DAILY, Cadence.WEEKLY})


def render_digest(
    say: Language, digest: Digest, *, settle_days: int = 7, cadence: Cadence | None = None
) -> Message:
    """For its owner only; *cadence* is that of one that came by itself."""
    body = _nothing(say, digest) if digest.is_empty else _both_sides(say, digest, settle_days)
    return message(
        say(
            "Your private digest from Upshot: what you spent on AI, beside what you finished. "
            "Open it where nobody reads over your shoulder."
        ),
        header("digest-title", _title(say, digest)),
        *body,
        context("digest-foot", *_foot(say, digest)),
        actions("digest-actions", *_controls(say, cadence)),
    )


def _controls(say: Language, cadence: Cadence | None) -> Iterator[Button]:
    yield log_button(say)
    if cadence in LESS_OFTEN:
        yield less_button(say)
    yield settings_button(say)
    yield privacy_button(say)
    yield stop_button(say)


def _title(say: Language, digest: Digest) -> str:
    length = wording.length(digest.period)
    first, last = digest.period.first_day, digest.period.last_day
    if not digest.is_closed:
        return say(_SO_FAR[length], day=say.day(first))
    return say(_OVER[length], days=say.month(first) if length == "month" else say.span(first, last))


def _nothing(say: Language, digest: Digest) -> Iterator[Block]:
    if not digest.is_closed:
        yield section(
            "digest-nothing",
            say(
                "*Nothing is recorded for you yet.* "
                "Figures come in once a night, so today's work shows tomorrow at the earliest."
            ),
        )
    elif digest.is_late:
        yield section(
            "digest-nothing",
            say(
                "*Your figures are not in yet.* {missing}. That is no zero: "
                "what is missing is fetched again every night, and you need do nothing.",
                missing=_missing(say, digest),
            ),
        )
    else:
        yield section(
            "digest-nothing",
            say(
                "*Nothing was recorded for you in these days*: neither AI use nor "
                "finished work. That is fine, and nothing follows from it."
            ),
            say(
                "If you did use AI, your account there may not be matched to you yet; "
                "an admin of Upshot can look."
            ),
        )


def _both_sides(say: Language, digest: Digest, settle_days: int) -> Iterator[Block]:
    if digest.is_closed and digest.is_late:
        late = say("*Not everything is in yet.* {missing}.", missing=_missing(say, digest))
        yield section("digest-late", late)
    yield fields("digest-sides", spent(say, digest), finished(say, digest, settle_days))
    if digest.spend:
        lines = (usual_in_words(say, digest), *tiers_in_words(say, digest))
        yield section("digest-usual", *lines)
    if ratios := list(ratios_in_words(say, digest)):
        yield section("digest-ratio", *ratios)
    yield from weeks_drawn(say, digest)
    yield from _coaching(say, digest)


def _coaching(say: Language, digest: Digest) -> Iterator[Block]:
    if digest.tip is not None:
        yield from tip_section(say, digest.tip)
    if digest.last_tip is not None:
        yield section("digest-last-tip", verdict_line(say, digest.last_tip))


def _missing(say: Language, digest: Digest) -> str:
    late = [
        _late(say, wording.source_title(name), through)
        for name, through in digest.data_through
        if not is_sender(name) and (through is None or through < digest.period.last_day)
    ]
    return say.listed(late)


def _late(say: Language, source: str, through: date | None) -> str:
    if through is None:
        return say("{source} has told nothing", source=source)
    return say("{source} has told up to {day}", source=source, day=say.day(through))


def _foot(say: Language, digest: Digest) -> Iterator[str]:
    yield wording.data_through(say, digest.data_through)
    if not all(wording.is_billed(line.bases) for line in digest.spend):
        yield say(wording.NOT_THE_BILL)
    if any(0 < line.with_evidence < line.finished for line in digest.outcomes):
        yield say(wording.EVIDENCE_IS_PARTIAL)
    if any(line.by_level for line in digest.outcomes):
        yield say(links.NO_PROOF)
    yield say(wording.ONLY_YOU)
