"""People whose amounts are told together, and what each of them adds to one figure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.disclosure.contributions import Contribution

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """``members`` by their tags, in order; ``amounts`` are those of the contributors among them.

    Amounts are winsorized: none is above the cap. Whoever has none, or less than none, is no
    contributor.
    """

    members: tuple[bytes, ...]
    amounts: Mapping[bytes, Decimal]

    @classmethod
    def of(
        cls,
        people: Iterable[Contribution],
        amount_of: Callable[[Contribution], Decimal],
        cap: Decimal,
    ) -> Cohort:
        """*people* come in the order of their tags."""
        every = {one.member: amount_of(one) for one in people}
        return cls(
            members=tuple(every),
            amounts={who: min(amount, cap) for who, amount in every.items() if amount > 0},
        )

    @classmethod
    def union(cls, cohorts: Iterable[Cohort]) -> Cohort:
        """All of them as one; they have nobody in common."""
        parts = tuple(cohorts)
        return cls(
            members=tuple(sorted(who for part in parts for who in part.members)),
            amounts={who: amount for part in parts for who, amount in part.amounts.items()},
        )

    @property
    def total(self) -> Decimal:
        return sum(self.amounts.values(), _NOTHING)
