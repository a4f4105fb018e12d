"""What a provider's invoice says beside what is known of whose it is. About no person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignInvoice:
    """In a currency other than US dollars."""

    billed: Decimal
    unattributed: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """A provider's days of a period, in US dollars.

    ``billed`` is ``None`` where the provider has no bill. Charges are ``attributed`` where an
    account is named, and ``unattributed`` where none is or where nothing explains them.
    ``estimated`` is what use is worth that is not charged one by one; ``unpriced`` counts the
    records without any amount; ``unbilled`` has other currencies and credits that there is no bill
    in; ``oddities`` tells by day what somebody should look at.
    """

    provider: str
    days: int
    final_days: int
    billed: Decimal | None
    attributed: Decimal | None
    unattributed: Decimal | None
    estimated: Decimal | None
    unpriced: int
    foreign: Mapping[str, ForeignInvoice] = field(default_factory=dict)
    unbilled: Mapping[str, Decimal] = field(default_factory=dict)
    oddities: tuple[tuple[date, str], ...] = ()

    @property
    def difference(self) -> Decimal | None:
        """What is shown less what is billed: always nothing, or else Upshot is wrong."""
        if self.billed is None or self.unattributed is None:
            return None
        return (self.attributed or Decimal(0)) + self.unattributed - self.billed
