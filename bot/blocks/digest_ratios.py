"""What the digest sets side by side over many weeks: one's usual, and spend per outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bot.blocks import wording
from bot.blocks.digest_sides import is_unpriced
from bot.blocks.kit import bold
from bot.domain.digest import Digest
from bot.domain.history import USUAL_WEEKS
from bot.domain.outcomes import OutcomeKind
from bot.domain.ratios import SpendPerOutcome
from bot.domain.statistics import Difference
from bot.domain.usual import FEWEST_USUAL_WEEKS, Usual
from bot.language import Language, mark

_SPEND_PER: Mapping[OutcomeKind, str] = MappingProxyType(
    {
        OutcomeKind.MERGED_CHANGE: mark("Spend per merged change: {amounts}"),
        OutcomeKind.REVIEW_GIVEN: mark("Spend per review given: {amounts}"),
        OutcomeKind.TASK_DONE: mark("Spend per task done: {amounts}"),
        OutcomeKind.TICKET_SOLVED: mark("Spend per ticket solved: {amounts}"),
        OutcomeKind.DEAL_WON: mark("Spend per deal won: {amounts}"),
        OutcomeKind.PAGE_PUBLISHED: mark("Spend per page published: {amounts}"),
        OutcomeKind.LOGGED: mark("Spend per outcome logged by its owner: {amounts}"),
    }
)
_COMPARED: Mapping[Difference | None, str] = MappingProxyType(
    {
        Difference.MORE: mark(
            "That is more than in the {weeks} weeks before: {before}, at equal prices."
        ),
        Difference.LESS: mark(
            "That is less than in the {weeks} weeks before: {before}, at equal prices."
        ),
        None: mark("The {weeks} weeks before: {before}, which is no difference one could tell."),
    }
)


def usual_in_words(say: Language, digest: Digest) -> str:
    usual = digest.usual
    if usual is None:
        return _why_unknown(say, digest)
    told = say.plural(
        usual.weeks,
        "*Your usual week: {amounts}*, half of them under {median} "
        "(your last {count} week with AI use).",
        "*Your usual week: {amounts}*, half of them under {median} "
        "(your last {count} weeks with AI use).",
        amounts=wording.money_range(say, usual.low, usual.high),
        median=wording.money_above(say, usual.median),
    )
    return " ".join((told, *_beside(say, digest, usual)))


def _why_unknown(say: Language, digest: Digest) -> str:
    if digest.total is None and digest.foreign:
        return say("*Your usual week:* not known, as it is made of spend in US dollars alone.")
    if digest.usual_since is not None:
        return say.plural(
            FEWEST_USUAL_WEEKS,
            "*Your usual week:* not known yet. "
            "It takes {count} week of AI use with a known price, from {day} on.",
            "*Your usual week:* not known yet. "
            "It takes {count} weeks of AI use with a known price, from {day} on.",
            day=say.day_and_year(digest.usual_since),
        )
    return say.plural(
        FEWEST_USUAL_WEEKS,
        "*Your usual week:* not known yet. "
        "It takes {count} earlier week of AI use with a known price.",
        "*Your usual week:* not known yet. "
        "It takes {count} earlier weeks of AI use with a known price.",
    )


def _beside(say: Language, digest: Digest, usual: Usual) -> Iterator[str]:
    """Where a whole, fully known week lies beside one's own usual; never good or bad.

    One that came out under nothing tells of a correction, not of a week.
    """
    is_whole_week = digest.is_closed and wording.length(digest.period) == "week"
    if not is_whole_week or digest.comparable is None or digest.is_late or is_unpriced(digest):
        return
    if digest.comparable < 0:
        return
    if digest.comparable > usual.high:
        yield say(
            "This week was above that; "
            "large migrations, evaluations and learning often look like this."
        )
    elif digest.comparable < usual.low:
        yield say("This week was below that.")
    else:
        yield say("This week was like that.")


def ratios_in_words(say: Language, digest: Digest) -> Iterator[str]:
    if digest.total is None or digest.total < 0 or not digest.outcomes:
        return
    if not digest.spend_per_outcome:
        yield say("*Spend per outcome:* not enough finished work yet for a ratio.")
        return
    for ratio in digest.spend_per_outcome:
        yield " ".join((_ratio(say, ratio), *_compared(say, ratio)))
    if explored := max(ratio.explored for ratio in digest.spend_per_outcome):
        amount = wording.rough_money(say, explored)
        yield say("{amount} spent on experiments is no part of it.", amount=amount)
    yield say("Few outcomes allow no more than a range, and they differ in size.")


def _ratio(say: Language, ratio: SpendPerOutcome) -> str:
    amounts = wording.money_range(say, ratio.low, ratio.high)
    spend = bold(say(_SPEND_PER[ratio.kind], amounts=amounts))
    told = say("{number} settled", number=say.number(ratio.settled, decimals=1))
    if ratio.has_unpriced:
        told = say("{settled}, at the least: some use has no price", settled=told)
    if ratio.weeks < USUAL_WEEKS:
        return say(
            "{spend}, over {weeks} of the last {of} weeks ({settled}).",
            spend=spend,
            weeks=ratio.weeks,
            of=USUAL_WEEKS,
            settled=told,
        )
    return say(
        "{spend}, over the last {weeks} weeks ({settled}).",
        spend=spend,
        weeks=USUAL_WEEKS,
        settled=told,
    )


def _compared(say: Language, ratio: SpendPerOutcome) -> Iterator[str]:
    """More or less is only said where the two ranges do not even touch."""
    if ratio.before is None or ratio.has_unpriced:
        return
    before = wording.money_range(say, ratio.before.low, ratio.before.high)
    yield say(_COMPARED[ratio.difference], weeks=USUAL_WEEKS, before=before)
