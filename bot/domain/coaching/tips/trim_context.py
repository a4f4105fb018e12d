"""Trimming what is loaded into each session before any work: long instructions, many MCP servers.

Measure   fresh input (not read from the cache) a session, the median of the weeks with at least
          five sessions that were short: ten requests or fewer each, so that most of what is read
          anew is what each of them starts with
Fires     where even the lowest of the recent weeks has 50,000 tokens or more
Saving    (the lowest week's fresh input a session - 20,000, an ordinary start) x sessions x price
          of a cache write for five minutes; the model's that read the most
Goal      the measure without what is more than an ordinary start
Needs     tokens, requests, sessions and prices of one coding tool; silent where the source does
          not tell all of them, where sessions are long, and with fewer than three recent weeks.
          The first request of a session is told by no source, so this is a hint
Noise     the number of sessions does not move the measure; no check is promised where the weekly
          ups and downs are large

Source: Claude Code's documentation (short ``CLAUDE.md``, unused MCP servers off); users who
measured 55,000 to 134,000 tokens of definitions of MCP servers in a session.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.domain.coaching.facts import Facts, ModelWeek, requests_of, tokens_of
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.coaching.streams import PLANS, TOOLS, Stream, main_model, main_tool
from bot.domain.coaching.token_shares import fresh_input_of
from bot.domain.coaching.weekly import (
    FEWEST_CHECKED,
    Weekly,
    checkable,
    middle,
    recent_middle,
    told_recently,
    weekly,
)
from bot.domain.periods import IsoWeek
from bot.domain.senders import OTLP

FEWEST_SESSIONS = 5
MOST_REQUESTS = 10
LEAST_START = 50_000
ORDINARY_START = 20_000

Sessions = Mapping[IsoWeek, int]


def find(facts: Facts) -> Finding | None:
    tool = main_tool(facts)
    sessions = _sessions(facts, tool)
    starts = _starts(facts, tool, sessions)
    now = recent_middle(facts, starts)
    if now is None:
        return None
    recent = told_recently(facts, starts)
    lowest = min(starts[week] for week in recent)
    model = main_model(tool)[0].model
    rates = facts.rates_of(model) if model else None
    if lowest < LEAST_START or rates is None:
        return None
    more, count = lowest - ORDINARY_START, sum(sessions[week] for week in recent)
    checked, goal = checkable(starts, now, now - more)
    return Finding(
        rule=RULE.name,
        saving=more * count * rates.cache_write_5m,
        measure=checked,
        goal=goal,
        values={"start": lowest, "sessions": Decimal(count)},
    )


def measure(facts: Facts, weeks: Sequence[IsoWeek]) -> Decimal | None:
    tool = main_tool(facts)
    return middle(_starts(facts, tool, _sessions(facts, tool)), weeks, FEWEST_CHECKED)


def _sessions(facts: Facts, tool: Stream) -> Sessions:
    """Of weeks with enough of them to tell anything."""
    counts: defaultdict[IsoWeek, int] = defaultdict(int)
    if tool and _has_its_sessions(tool[0]):
        for entry in facts.sessions:
            if entry.provider == tool[0].provider:
                counts[entry.week] += entry.sessions or 0
    return {week: count for week, count in counts.items() if count >= FEWEST_SESSIONS}


def _has_its_sessions(use: ModelWeek) -> bool:
    """Whether what its source counts of sessions is of this product and no other."""
    return use.provider.startswith(OTLP) or (use.product in TOOLS and use.product not in PLANS)


def _starts(facts: Facts, tool: Stream, sessions: Sessions) -> Weekly:
    def start(use: Sequence[ModelWeek]) -> Decimal | None:
        count = sessions.get(use[0].week)
        tokens, requests = tokens_of(use), requests_of(use)
        if count is None or tokens is None or requests is None:
            return None
        is_short = requests <= MOST_REQUESTS * count
        return Decimal(fresh_input_of(tokens)) / count if is_short else None

    return weekly(facts, tool, start) if sessions else {}


RULE = Rule(
    name="trim_context",
    needs=frozenset({Need.TOKENS, Need.REQUESTS, Need.SESSIONS, Need.PRICES}),
    source="Claude Code's documentation, managing costs",
    find=find,
    measure=measure,
)
