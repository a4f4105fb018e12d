"""A team's released figures in words: they are coarse on purpose, and said as what they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from bot.blocks import wording
from bot.domain.disclosure import AdoptionBand, TeamRelease
from bot.domain.outcomes import OutcomeKind
from bot.language import Language

_FEWEST_FOR_A_PAST = 2
_STEP = Decimal(10)
"""Released spend is in whole steps of so many dollars."""
_PERCENTS: Mapping[AdoptionBand, tuple[int, int]] = MappingProxyType(
    {
        AdoptionBand.UNDER_10: (0, 10),
        AdoptionBand.FROM_10: (10, 25),
        AdoptionBand.FROM_25: (25, 50),
        AdoptionBand.FROM_50: (50, 75),
        AdoptionBand.FROM_75: (75, 90),
        AdoptionBand.OVER_90: (90, 100),
    }
)


def spend(say: Language, amount: Decimal) -> str:
    """None of the whole steps is still some."""
    if amount > 0:
        return wording.rough_money(say, amount)
    return say("{amount} or less", amount=wording.rough_money(say, _STEP))


def share(say: Language, band: AdoptionBand) -> str:
    low, high = (say.percent(Decimal(percent) / 100) for percent in _PERCENTS[band])
    if band is AdoptionBand.UNDER_10:
        return say("under {share}", share=high)
    if band is AdoptionBand.OVER_90:
        return say("over {share}", share=low)
    return say("{low} to {high}", low=low, high=high)


def past(say: Language, weeks: Sequence[TeamRelease]) -> str:
    """Between which figures the team's earlier weeks were, if there are enough of them."""
    if len(weeks) < _FEWEST_FOR_A_PAST:
        return ""
    spent = _past_spend(say, sorted(week.spend for week in weeks))
    if finished := _past_outcomes(say, weeks):
        return say.plural(
            len(weeks),
            "*This team before:* {spend} beside {finished} a week "
            "({count} earlier week that could be shown).",
            "*This team before:* {spend} beside {finished} a week "
            "({count} earlier weeks that could be shown).",
            spend=spent,
            finished=say.listed(finished),
        )
    return say.plural(
        len(weeks),
        "*This team before:* {spend} a week ({count} earlier week that could be shown).",
        "*This team before:* {spend} a week ({count} earlier weeks that could be shown).",
        spend=spent,
    )


def _past_spend(say: Language, amounts: Sequence[Decimal]) -> str:
    low, high = spend(say, amounts[0]), spend(say, amounts[-1])
    if low == high:
        return say("about {amount}", amount=low)
    return say("about {low} to {high}", low=low, high=high)


def _past_outcomes(say: Language, weeks: Sequence[TeamRelease]) -> list[str]:
    """Of each kind how many there were, where that is known of enough weeks."""
    told = []
    for kind in filter(lambda kind: kind is not OutcomeKind.LOGGED, OutcomeKind):
        counts = [week.outcomes[kind] for week in weeks if kind in week.outcomes]
        if len(counts) >= _FEWEST_FOR_A_PAST:
            told.append(_from_to(say, kind, min(counts), max(counts)))
    return told


def _from_to(say: Language, kind: OutcomeKind, fewest: int, most: int) -> str:
    finished = wording.outcomes(say, kind, most)
    if fewest == most:
        return finished
    return say("{low} to {high}", low=say.number(fewest), high=finished)
