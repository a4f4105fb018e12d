"""A team's spend per outcome and its share of reverts, as the ranges that they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bot.blocks import wording
from bot.domain.outcomes import OutcomeKind
from bot.domain.team_ratios import RevertShare, TeamRatio
from bot.domain.team_report import TeamReport
from bot.language import Language, mark_plural

_SPEND_PER: Mapping[OutcomeKind, tuple[str, str]] = MappingProxyType(
    {
        OutcomeKind.MERGED_CHANGE: mark_plural(
            "*Spend per merged change: {amounts}*, over {count} week (about {settled} settled).",
            "*Spend per merged change: {amounts}*, over {count} weeks (about {settled} settled).",
        ),
        OutcomeKind.TASK_DONE: mark_plural(
            "*Spend per task done: {amounts}*, over {count} week (about {settled} settled).",
            "*Spend per task done: {amounts}*, over {count} weeks (about {settled} settled).",
        ),
        OutcomeKind.TICKET_SOLVED: mark_plural(
            "*Spend per ticket solved: {amounts}*, over {count} week (about {settled} settled).",
            "*Spend per ticket solved: {amounts}*, over {count} weeks (about {settled} settled).",
        ),
        OutcomeKind.DEAL_WON: mark_plural(
            "*Spend per deal won: {amounts}*, over {count} week (about {settled} settled).",
            "*Spend per deal won: {amounts}*, over {count} weeks (about {settled} settled).",
        ),
        OutcomeKind.PAGE_PUBLISHED: mark_plural(
            "*Spend per page published: {amounts}*, over {count} week (about {settled} settled).",
            "*Spend per page published: {amounts}*, over {count} weeks (about {settled} settled).",
        ),
    }
)


def ranges_in_words(say: Language, report: TeamReport) -> Iterator[str]:
    for ratio in report.ratios:
        yield _ratio(say, ratio)
    if report.reverts is not None:
        yield _reverts(say, report.reverts)
    if report.ratios or report.reverts is not None:
        yield say(
            "Ranges are as wide as chance, noise and rounding make them, "
            "over those of the last 8 weeks that could be shown."
        )


def _ratio(say: Language, ratio: TeamRatio) -> str:
    return say.plural(
        ratio.weeks,
        *_SPEND_PER[ratio.kind],
        amounts=wording.money_range(say, ratio.low, ratio.high),
        settled=say.number(ratio.settled),
    )


def _reverts(say: Language, reverts: RevertShare) -> str:
    return say.plural(
        reverts.weeks,
        "*Reverted: {low} to {high}* of the changes, over {count} week (about {merged} stood).",
        "*Reverted: {low} to {high}* of the changes, over {count} weeks (about {merged} stood).",
        low=say.percent(reverts.low),
        high=say.percent(reverts.high),
        merged=say.number(reverts.merged),
    )
