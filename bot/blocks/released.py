"""Released figures in words: they are coarse on purpose, and said as what they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from bot.blocks import wording
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Banded, Figure, Share, TeamRelease
from bot.domain.outcomes import OutcomeKind
from bot.domain.team_figures import PERCENTS
from bot.domain.tiers import Tier
from bot.language import Language, mark

_TIERS: Mapping[Tier, str] = MappingProxyType(
    {
        Tier.EXPLORATION: mark("exploration {share}"),
        Tier.ROUTINE: mark("the daily work {share}"),
        Tier.PRODUCTION: mark("what runs by itself {share}"),
    }
)


def money(say: Language, figure: Figure) -> str:
    """None of the whole steps is still some."""
    if isinstance(figure, Banded):
        return _dollars_between(say, figure.low, figure.high)
    if figure.value > 0:
        return dollars(say, figure.value)
    return say("{amount} or less", amount=dollars(say, figure.step))


def about_money(say: Language, figure: Figure) -> str:
    told = money(say, figure)
    return told if isinstance(figure, Banded) else say("about {amount}", amount=told)


def number(say: Language, figure: Figure) -> str:
    """How many there were, without a word for what."""
    if isinstance(figure, Banded):
        return say("{low} to {high}", low=say.number(figure.low), high=say.number(figure.high))
    if figure.value > 0:
        return say.number(figure.value)
    return say("{number} or fewer", number=say.number(figure.step))


def outcomes(say: Language, kind: OutcomeKind, figure: Figure) -> str:
    if isinstance(figure, Banded):
        most = wording.outcomes(say, kind, whole(figure.high))
        return say("{low} to {high}", low=say.number(figure.low), high=most)
    if figure.value > 0:
        return say("about {number}", number=wording.outcomes(say, kind, whole(figure.value)))
    return say("{number} or fewer", number=wording.outcomes(say, kind, whole(figure.step)))


def kinds_of(release: TeamRelease) -> Iterator[tuple[OutcomeKind, Figure]]:
    """The kinds of work that there is a figure of, in their order."""
    for kind in OutcomeKind:
        if (figure := release.figures.get(Cell.of(kind))) is not None:
            yield kind, figure


def title(say: Language, cell: Cell) -> str:
    match cell:
        case Cell.SPEND:
            return say("spend")
        case Cell.REVERTED:
            return say("changes reverted")
        case _:
            return wording.outcome_title(say, OutcomeKind(cell.value), many=True)


def figure(say: Language, cell: Cell, known: Figure) -> str:
    return money(say, known) if cell is Cell.SPEND else number(say, known)


def share(say: Language, band: Share) -> str:
    low, high = (say.percent(Decimal(percent) / 100) for percent in PERCENTS[band])
    if band is Share.UNDER_10:
        return say("under {share}", share=high)
    if band is Share.OVER_90:
        return say("over {share}", share=low)
    return say("{low} to {high}", low=low, high=high)


def tiers(say: Language, shares: Mapping[Tier, Share]) -> str:
    told = [say(_TIERS[tier], share=share(say, shares[tier])) for tier in Tier if tier in shares]
    return say.listed(told)


def dollars(say: Language, amount: Decimal) -> str:
    """Whole dollars where it is one: released figures have no cents to tell of."""
    return say.money(amount, cents=amount != whole(amount))


def _dollars_between(say: Language, low: Decimal, high: Decimal) -> str:
    if low <= 0:
        return say("under {amount}", amount=dollars(say, high))
    return say("{low} to {high}", low=dollars(say, low), high=dollars(say, high))


def whole(count: Decimal) -> int:
    return int(count.to_integral_value())
