"""Kiro: user reports in a folder laid out like the bucket."""

from __future__ import annotations

from pathlib import Path

from bot.providers.kiro import Kiro
from tests.providers.case import SECRET, Case

CASE = Case(
    provider=Kiro,
    config={
        "location": str(Path(__file__).parents[2] / "fixtures" / "kiro"),
        "secret_access_key": SECRET,
        "tier_prices_usd_month": {"PRO": "20", "PROPLUS": "40", "POWER": "200"},
    },
    required={},
    is_http=False,
    names_addresses=False,
)
