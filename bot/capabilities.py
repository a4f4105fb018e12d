"""What a provider can tell, in the words of the README and of ``upshot check``."""

from __future__ import annotations

from typing import Final

from bot.domain.usage import CostBasis
from bot.ports import Capabilities

COLUMNS = ("per person", "tokens", "requests", "cost", "freshness", "identity")
BASES: Final = {
    CostBasis.BILLED: "billed",
    CostBasis.PROVIDER_ESTIMATE: "its estimate",
    CostBasis.LIST_PRICE: "list price",
}


def columns_of(known: Capabilities) -> tuple[str, ...]:
    """One text a column of ``COLUMNS``."""
    return (
        _yes(is_known=known.per_person),
        _yes(is_known=known.tokens),
        _yes(is_known=known.requests),
        ", ".join(BASES[basis] for basis in known.cost) or "no",
        known.freshness,
        known.identity,
    )


def _yes(*, is_known: bool) -> str:
    return "yes" if is_known else "no"
