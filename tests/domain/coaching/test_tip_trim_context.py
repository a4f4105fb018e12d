"""Trimming what is loaded: told where short sessions read much anew, and sessions are counted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.coaching.facts import weeks_after
from bot.domain.coaching.rules import Finding
from bot.domain.coaching.tips.trim_context import RULE
from tests.domain.coaching.making import (
    FOUR,
    SIXTEEN,
    facts,
    model_week,
    model_weeks,
    no_rates,
    session_week,
    tokens,
    week,
)

SINCE = weeks_after(week(3), 3)
SESSIONS = [session_week(back, sessions=20) for back in SIXTEEN]
LOADED = tokens(uncached=200_000, read=8_000_000, write=1_400_000)
"""1.6 million tokens read anew in 20 sessions: 80,000 each."""
SHORT = {"tokens": LOADED, "requests": 100}


def test_is_told_where_short_sessions_begin_with_much():
    found = RULE.find(facts(*model_weeks(SIXTEEN, **SHORT), sessions=SESSIONS))

    # 60,000 tokens more than an ordinary start in 80 sessions: 4.8 million at $6.25 a million
    assert found == Finding(
        rule="trim_context",
        saving=Decimal(30),
        measure=Decimal(80_000),
        goal=Decimal(20_000),
        values={"start": Decimal(80_000), "sessions": Decimal(80)},
    )


def test_the_lowest_week_tells_what_all_sessions_start_with():
    more = model_week(0, tokens=tokens(write=3_000_000), requests=100)
    found = RULE.find(facts(*model_weeks(range(1, 16), **SHORT), more, sessions=SESSIONS))

    assert found.values["start"] == 80_000


def test_a_sender_of_telemetry_counts_its_own_sessions():
    provider = "otlp:codex"
    counted = [session_week(back, provider=provider, tool="codex", sessions=20) for back in FOUR]
    use = model_weeks(FOUR, provider=provider, product="codex_cli_rs", **SHORT)

    assert RULE.find(facts(*use, sessions=counted)) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"requests": None},
        {"requests": 900},
        {"tokens": None},
        {"tokens": tokens(uncached=100_000, write=300_000)},
        {"product": None},
        {"product": "claude_code_subscription"},
        {"product": "messages_api"},
        {"model": None},
        {"model": "in-house"},
    ],
    ids=str,
)
def test_is_silent(changes):
    known = facts(*model_weeks(SIXTEEN, **{**SHORT, **changes}), sessions=SESSIONS)

    assert RULE.find(known) is None


@pytest.mark.parametrize(
    "sessions",
    [
        [],
        [session_week(back, sessions=None) for back in SIXTEEN],
        [session_week(back, sessions=2) for back in SIXTEEN],
        [session_week(back, provider="copilot", sessions=20) for back in SIXTEEN],
    ],
    ids=["none", "not-counted", "few", "of-another-provider"],
)
def test_is_silent_where_sessions_are_not_counted(sessions):
    assert RULE.find(facts(*model_weeks(SIXTEEN, **SHORT), sessions=sessions)) is None


def test_is_silent_without_use_or_prices():
    use = model_weeks(SIXTEEN, **SHORT)

    assert RULE.find(facts(sessions=SESSIONS)) is None
    assert RULE.find(facts(*use, sessions=SESSIONS, rates_of=no_rates)) is None


def test_the_check_is_what_a_session_reads_anew_since():
    lighter = model_weeks(FOUR, tokens=tokens(uncached=200_000, write=400_000), requests=100)

    assert RULE.measure(facts(*lighter, sessions=SESSIONS), SINCE) == 30_000
    assert RULE.measure(facts(), SINCE) is None
