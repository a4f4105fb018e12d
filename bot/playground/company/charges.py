"""Charges of the invoice that name neither a person nor a key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from bot.playground.company.people import Provider
from bot.playground.company.prices import dollars

DAYS_WITH_CHARGE = 0.2
NANODOLLARS_A_PERSON = (2_000_000, 15_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnattributedCharge:
    """Code execution, billed to the organization."""

    provider: Provider
    day: date
    nanodollars: int

    @property
    def cost(self) -> Decimal:
        """The amount in dollars."""
        return dollars(self.nanodollars)


def charges_of_day(
    provider: Provider, day: date, people: int, seed: int
) -> tuple[UnattributedCharge, ...]:
    """Give the day's charges: one on some days, none on most."""
    rng = Random(f"{seed}/charges/{provider}/{day}")
    if rng.random() >= DAYS_WITH_CHARGE:
        return ()
    amount = people * rng.randint(*NANODOLLARS_A_PERSON)
    return (UnattributedCharge(provider=provider, day=day, nanodollars=amount),)
