"""Bands: between which round numbers something lies, and never nobody or everybody."""

from __future__ import annotations

from decimal import Decimal

from bot.domain.disclosure.figures import Banded, Share

FEWEST_IN_SHARE = 11
"""With fewer the outer bands could only mean nobody or everybody."""
TENTH = Decimal("0.1")
_BOUNDS = (
    (TENTH, Share.UNDER_10),
    (Decimal("0.25"), Share.FROM_10),
    (Decimal("0.5"), Share.FROM_25),
    (Decimal("0.75"), Share.FROM_50),
    (Decimal("0.9"), Share.FROM_75),
)
_RUNGS = (10, 5, 2, 1)


def share_of(part: Decimal, whole: Decimal) -> Share:
    share = part / whole
    return next((band for bound, band in _BOUNDS if share < bound), Share.OVER_90)


def band_of(amount: Decimal, cap: Decimal) -> Banded:
    """The two neighbours of *amount* on the ladder 1, 2, 5, 10, …, which begins at *cap*."""
    first = _rung(cap)
    if amount < first:
        return Banded(low=Decimal(0), high=first)
    low = _rung(amount)
    return Banded(low=low, high=_after(low))


def _rung(amount: Decimal) -> Decimal:
    """The largest that is no more than *amount*."""
    power = Decimal(10) ** amount.adjusted()
    return next(rung * power for rung in _RUNGS if rung * power <= amount)


def _after(low: Decimal) -> Decimal:
    power = Decimal(10) ** low.adjusted()
    return min(rung * power for rung in _RUNGS if rung * power > low)
