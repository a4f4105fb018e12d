"""How strict the rules are; they can be made stricter, never laxer than the floors here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from bot.domain.keyed import Key
from bot.domain.periods import IsoWeek

VERSION = 1
"""Of the algorithm: written beside every release."""
WEEKS_IN_EPOCH = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """``minimum`` contributors; ``share`` of a total that nobody may exceed; ``p`` of the p % rule.

    ``strict`` shows bands only, and asks for ten contributors.
    """

    FEWEST: ClassVar[int] = 5
    FEWEST_STRICT: ClassVar[int] = 10
    LARGEST_SHARE: ClassVar[Decimal] = Decimal("0.5")
    SMALLEST_P: ClassVar[Decimal] = Decimal("0.2")

    minimum: int = FEWEST
    share: Decimal = LARGEST_SHARE
    p: Decimal = Decimal("0.25")
    strict: bool = False

    def __post_init__(self) -> None:
        fewest = self.FEWEST_STRICT if self.strict else self.FEWEST
        if self.minimum < fewest or self.share > self.LARGEST_SHARE or self.p < self.SMALLEST_P:
            raise ValueError("the rules of disclosure may be made stricter, never laxer")


def p_of(key: Key) -> Decimal:
    """The p of this installation, drawn once from 0.20 to 0.35: the code is open, this is not."""
    return Decimal("0.20") + Decimal("0.15") * _decimal(key.chance("p of the p % rule"))


def epoch_of(week: IsoWeek) -> str:
    """The quarter that *week* lies in, through which noise stays the same: 13 weeks at most.

    A 53rd week is an epoch by itself.
    """
    return f"{week.year}-Q{(week.number - 1) // WEEKS_IN_EPOCH + 1}"


def _decimal(chance: Fraction) -> Decimal:
    return Decimal(chance.numerator) / Decimal(chance.denominator)
