"""The private digest: what was spent on AI beside what was finished, for one reader."""

from __future__ import annotations

from collections.abc import Iterator

from slackblocks import Block

from bot.blocks import links, wording
from bot.blocks.controls import log_button
from bot.blocks.kit import actions, bold, button, context, fields, header, message, section
from bot.domain.digest import FEWEST_USUAL_WEEKS, Digest, OutcomeLine, SpendLine, Usual
from bot.domain.history import USUAL_WEEKS
from bot.domain.messages import Message
from bot.domain.ratios import SpendPerOutcome
from bot.domain.senders import is_sender
from bot.domain.statistics import Difference
from bot.language import Language

_PREVIEW = (
    "Your private digest from Upshot: what you spent on AI, beside what you finished. "
    "Open it where nobody reads over your shoulder."
)
_MOST_LINES = 8


def render_digest(say: Language, digest: Digest, *, settle_days: int = 7) -> Message:
    """For its owner only, and the same whether it came by itself or was asked for."""
    body = _nothing(digest) if digest.is_empty else _both_sides(digest, settle_days)
    return message(
        _PREVIEW,
        header("digest-title", _title(digest)),
        *body,
        context("digest-foot", *_foot(digest)),
        actions(
            "digest-actions",
            log_button(),
            button("Who can see what", "digest_privacy", value="digest"),
            button("Stop", "digest_stop", value="digest", spoken_as="Stop my digests from Upshot"),
        ),
    )


def _title(digest: Digest) -> str:
    length = wording.length(digest.period)
    first, last = digest.period.first_day, digest.period.last_day
    if not digest.is_closed:
        return f"This {length} so far, from {wording.day(first)}"
    days = wording.month(first) if length == "month" else wording.span(first, last)
    return f"Your {length} with AI, {days}"


def _nothing(digest: Digest) -> Iterator[Block]:
    if not digest.is_closed:
        yield section(
            "digest-nothing",
            f"{bold('Nothing is recorded for you yet.')} "
            "Figures come in once a night, so today's work shows tomorrow.",
        )
    elif digest.is_late:
        yield section(
            "digest-nothing",
            f"{bold('Your figures are not in yet.')} {_missing(digest)} That is no zero: "
            "what is missing is fetched again every night, and you need do nothing.",
        )
    else:
        yield section(
            "digest-nothing",
            f"{bold('Nothing was recorded for you in these days')}: neither AI use nor "
            "finished work. That is fine, and nothing follows from it.",
            "If you did use AI, your account there may not be matched to you yet; "
            "an admin of Upshot can look.",
        )


def _both_sides(digest: Digest, settle_days: int) -> Iterator[Block]:
    if digest.is_closed and digest.is_late:
        yield section("digest-late", f"{bold('Not everything is in yet.')} {_missing(digest)}")
    yield fields("digest-sides", _spent(digest), _finished(digest, settle_days))
    if digest.spend:
        yield section("digest-usual", _usual(digest))
    if ratios := list(_ratios(digest)):
        yield section("digest-ratio", *ratios)


def _missing(digest: Digest) -> str:
    late = [
        f"{wording.source_title(name)} has told nothing"
        if through is None
        else f"{wording.source_title(name)} has told up to {wording.day(through)}"
        for name, through in digest.data_through
        if not is_sender(name) and (through is None or through < digest.period.last_day)
    ]
    return f"{wording.listed(late)}."


def _spent(digest: Digest) -> str:
    if not digest.spend:
        return f"{bold('Spent: nothing recorded')}\nNo AI use is known for these days"
    lines = [_spend_line(line) for line in digest.spend[:_MOST_LINES]]
    if hidden := len(digest.spend) - len(lines):
        lines.append(f"and {wording.plural(hidden, 'more provider')}")
    used = f"AI used on {wording.plural(digest.active_days, 'day')}"
    return "\n".join((bold(f"Spent: {_total(digest)}"), *lines, used))


def _total(digest: Digest) -> str:
    if digest.total is None:
        return "no price known yet"
    return _amount(wording.money(digest.total), at_least=_is_unpriced(digest))


def _is_unpriced(digest: Digest) -> bool:
    return any(line.has_unpriced or line.cost is None for line in digest.spend)


def _spend_line(line: SpendLine) -> str:
    title = wording.source_title(line.provider)
    apart = [wording.foreign_money(currency, amount) for currency, amount in line.foreign]
    if line.cost is None:
        return f"{title}: {wording.listed(apart) if apart else 'used, no price known yet'}"
    amount = _amount(wording.money(line.cost), at_least=line.has_unpriced)
    told = ", ".join(filter(None, (f"{title} {amount}", wording.basis(line.bases))))
    return f"{told}; apart from it {wording.listed(apart)}" if apart else told


def _amount(amount: str, *, at_least: bool) -> str:
    return f"at least {amount}" if at_least else amount


def _finished(digest: Digest, settle_days: int) -> str:
    lines = [part for line in digest.outcomes for part in _outcome(line, settle_days)]
    logged = f"{wording.plural(len(digest.logged), 'outcome')} that you logged yourself"
    if digest.logged:
        lines.append(logged if lines else bold(f"Finished: {logged}"))
    return "\n".join(lines or (bold("Finished: nothing recorded"), wording.UNLINKED))


def _outcome(line: OutcomeLine, settle_days: int) -> Iterator[str]:
    some = wording.outcomes(line.kind, line.finished)
    none = f"no {wording.outcome_title(line.kind, many=True)}"
    yield bold(f"Finished: {some if line.finished else none}")
    if line.settled:
        yield f"{line.settled:,} settled"
    if line.pending:
        yield f"{line.pending:,} still in {_first_days(line.pending, settle_days)}"
    if line.reverted:
        was = "was" if line.reverted == 1 else "were"
        yield f"{line.reverted:,} {'more ' if line.finished else ''}{was} reverted"
    if line.reopened:
        was = "was" if line.reopened == 1 else "were"
        yield f"{line.reopened:,} {'more ' if line.finished else ''}{was} reopened"
    if line.shared:
        yield f"{line.shared:,} shared with others"
    yield from links.of_many(line)


def _first_days(count: int, settle_days: int) -> str:
    whose = "its" if count == 1 else "their"
    return f"{whose} first {wording.plural(settle_days, 'day')}"


def _usual(digest: Digest) -> str:
    usual = digest.usual
    if usual is None:
        return (
            f"{bold('Your usual week:')} not known yet. "
            f"It takes {FEWEST_USUAL_WEEKS} earlier weeks of AI use with a known price."
        )
    half = f"half of them under {wording.rough_money(usual.median)}"
    weeks = f"your last {wording.plural(usual.weeks, 'week')} with AI use"
    amounts = wording.money_range(usual.low, usual.high)
    return f"{bold(f'Your usual week: {amounts}')}, {half} ({weeks}).{_beside(digest, usual)}"


def _beside(digest: Digest, usual: Usual) -> str:
    """Where a whole, fully known week lies beside one's own usual; never good or bad."""
    is_whole_week = digest.is_closed and wording.length(digest.period) == "week"
    if not is_whole_week or digest.total is None or digest.is_late or _is_unpriced(digest):
        return ""
    if digest.total > usual.high:
        return f" This week was above that; {wording.INNOCENT_CAUSES}."
    return " This week was below that." if digest.total < usual.low else " This week was like that."


def _ratios(digest: Digest) -> Iterator[str]:
    if digest.total is None or not digest.outcomes:
        return
    if not digest.spend_per_outcome:
        yield f"{bold('Spend per outcome:')} not enough finished work yet for a ratio."
        return
    for ratio in digest.spend_per_outcome:
        yield _ratio(ratio)
    if explored := max(ratio.explored for ratio in digest.spend_per_outcome):
        yield f"{wording.rough_money(explored)} spent on experiments is no part of it."
    yield "Few outcomes allow no more than a range, and they differ in size."


def _ratio(ratio: SpendPerOutcome) -> str:
    amounts = wording.money_range(ratio.low, ratio.high)
    what = bold(f"Spend per {wording.outcome_title(ratio.kind)}: {amounts}")
    weeks = f"the last {wording.plural(USUAL_WEEKS, 'week')}"
    if ratio.weeks < USUAL_WEEKS:
        weeks = f"{ratio.weeks} of {weeks}"
    at_least = ", at the least: some use has no price" if ratio.has_unpriced else ""
    settled = f"{wording.number(ratio.settled)} settled{at_least}"
    return f"{what}, over {weeks} ({settled}).{_compared(ratio)}"


def _compared(ratio: SpendPerOutcome) -> str:
    """More or less is only said where the two ranges do not even touch."""
    if ratio.before is None or ratio.has_unpriced:
        return ""
    before = wording.money_range(ratio.before.low, ratio.before.high)
    if ratio.difference is None:
        return f" The {USUAL_WEEKS} weeks before: {before}, which is no difference one could tell."
    change = {Difference.MORE: "more", Difference.LESS: "less"}[ratio.difference]
    return f" That is {change} than in the {USUAL_WEEKS} weeks before: {before}, at equal prices."


def _foot(digest: Digest) -> Iterator[str]:
    yield wording.data_through(digest.data_through)
    if not all(wording.is_billed(line.bases) for line in digest.spend):
        yield wording.NOT_THE_BILL
    if any(0 < line.with_evidence < line.finished for line in digest.outcomes):
        yield wording.EVIDENCE_IS_PARTIAL
    if any(line.by_level for line in digest.outcomes):
        yield links.NO_PROOF
    yield wording.ONLY_YOU
