"""FOCUS: a folder with a month of charges."""

from __future__ import annotations

from pathlib import Path

from bot.providers.focus import Focus
from tests.providers.case import SECRET, Case

CASE = Case(
    provider=Focus,
    config={
        "location": str(Path(__file__).parents[2] / "fixtures" / "focus"),
        "secret_access_key": SECRET,
    },
    required={},
    is_http=False,
)
