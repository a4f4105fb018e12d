"""The first days that are kept."""

from __future__ import annotations

from datetime import date

from bot.domain.retention import Cutoffs


def test_facts_are_kept_as_long_as_is_set_and_the_rest_as_long_as_everywhere():
    assert Cutoffs.on(date(2026, 11, 21), 180) == Cutoffs(
        facts=date(2026, 5, 25),
        bodies=date(2026, 10, 22),
        departed=date(2026, 10, 22),
        records=date(2025, 10, 17),
    )
