"""Shares of a team: who uses their seats, and what the spend was for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.domain.disclosure.bands import FEWEST_IN_SHARE, TENTH, share_of
from bot.domain.disclosure.cohorts import Cohort
from bot.domain.disclosure.contributions import Contribution
from bot.domain.disclosure.figures import Share
from bot.domain.disclosure.noise import Noise
from bot.domain.disclosure.parameters import Parameters
from bot.domain.disclosure.safety import is_safe
from bot.domain.tiers import Tier

_ONE = Decimal(1)


def adoption(people: Sequence[Contribution], parameters: Parameters, noise: Noise) -> Share | None:
    """How many of those who have a seat used something, with noise.

    Without noise the band would change when the one person used something whom it takes.
    """
    seated = [one for one in people if one.has_seat]
    if len(seated) < max(FEWEST_IN_SHARE, parameters.minimum):
        return None
    active = Cohort.of(seated, lambda one: Decimal(one.is_active), _ONE)
    seats = Decimal(len(seated))
    return share_of(min(noise.added_to(active, "adoption", _ONE), seats), seats)


def tier_mix(
    people: Sequence[Contribution], cap: Decimal, parameters: Parameters, noise: Noise
) -> dict[Tier, Share]:
    """Every tier's share of the spend, or none at all: the last would follow from the others.

    A tier that only a few have goes by while it is under a tenth: that band says no more than that
    there may be some, and is also said of a tier that nobody has.
    """
    if not any(one.tiers for one in people):
        return {}
    parts = {tier: _part(people, tier, cap) for tier in Tier}
    exact = sum((part.total for part in parts.values()), Decimal(0))
    few = {tier for tier, part in parts.items() if not is_safe(part, parameters)}
    if not exact or any(parts[tier].total >= TENTH * exact for tier in few):
        return {}
    told = {
        tier: noise.added_to(part, f"tier {tier}", cap)
        for tier, part in parts.items()
        if tier not in few
    }
    return _shares(told)


def _part(people: Sequence[Contribution], tier: Tier, cap: Decimal) -> Cohort:
    return Cohort.of(people, lambda one: one.tiers.get(tier, Decimal(0)), cap)


def _shares(told: Mapping[Tier, Decimal]) -> dict[Tier, Share]:
    total = sum(told.values(), Decimal(0))
    if not total:
        return {}
    return {tier: share_of(told.get(tier, Decimal(0)), total) for tier in Tier}
