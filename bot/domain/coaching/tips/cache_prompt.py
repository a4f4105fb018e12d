"""Caching the fixed part of a prompt that a program sends again and again.

Measure   the share of the input that came from the cache, the median of the weeks with at least
          100 requests; of the API and model that read the most in sixteen weeks
Fires     where that is under 5 %, input is at least ten times the output, and the input a request
          is nearly the same each week (it varies by less than 20 %) and at least 2,048 tokens:
          less is not cached. That much of it is the same text is likely, and not known
Saving    fixed part x requests x (price of input - price of a cache read) - what is written to the
          cache (as if the calls of a day came one after the other: once a day). The fixed part is
          the smallest week's input a request, the most that it can be
Goal      half of the input from the cache
Needs     tokens, requests and prices of products that are APIs by their name (or OpenAI's use
          without a product); never of a coding tool or a gateway; silent with fewer than three
          recent weeks
Noise     there is next to none in a share of nothing

Source: Anthropic's prompt caching (pays from the first reuse within five minutes on), and OpenAI's,
which goes by itself where prompts begin with the same 1,024 tokens or more.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from bot.domain.coaching.facts import Facts, ModelWeek, requests_of, tokens_of
from bot.domain.coaching.requests import Requests, a_request, requests_in
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.coaching.streams import Stream, main_call
from bot.domain.coaching.token_shares import cache_read_share, input_of
from bot.domain.coaching.weekly import (
    FEWEST_CHECKED,
    checkable,
    middle,
    recent_middle,
    told_recently,
    weekly,
)
from bot.domain.periods import IsoWeek
from bot.domain.usage import total

FEWEST_REQUESTS = 100
HARDLY_CACHED = Decimal("0.05")
TIMES_OUTPUT = 10
MOST_VARIATION = Decimal("0.2")
LEAST_PROMPT = 2_048
GOAL = Decimal("0.5")
DAYS = 28


def find(facts: Facts) -> Finding | None:
    calls = main_call(facts)
    shares = weekly(facts, calls, _share)
    now = recent_middle(facts, shares)
    if now is None or now >= HARDLY_CACHED:
        return None
    recent = requests_in(told_recently(facts, shares), facts, calls)
    if recent is None or not _reads_much(recent):
        return None
    prompt = _fixed_part(facts, calls)
    saving = None if prompt is None else _saving(prompt, recent)
    if prompt is None or saving is None:
        return None
    checked, goal = checkable(shares, now, GOAL)
    return Finding(
        rule=RULE.name,
        saving=saving,
        measure=checked,
        goal=goal,
        values={"prompt": prompt, "model": calls[0].model or ""},
    )


def measure(facts: Facts, weeks: Sequence[IsoWeek]) -> Decimal | None:
    return middle(weekly(facts, main_call(facts), _share), weeks, FEWEST_CHECKED)


def _share(use: Sequence[ModelWeek]) -> Decimal | None:
    tokens = tokens_of(use)
    if tokens is None or (requests_of(use) or 0) < FEWEST_REQUESTS:
        return None
    return cache_read_share(tokens)


def _reads_much(recent: Requests) -> bool:
    return input_of(recent.tokens) >= TIMES_OUTPUT * recent.tokens.output


def _fixed_part(facts: Facts, calls: Stream) -> Decimal | None:
    """The smallest input a request of any recent week, where they are nearly the same."""
    told = weekly(facts, calls, partial(a_request, input_of, fewest=FEWEST_REQUESTS))
    inputs = [told[week] for week in told_recently(facts, told)]
    mean = total(inputs) / len(inputs)
    variance = total((one - mean) ** 2 for one in inputs) / len(inputs)
    is_constant = variance.sqrt() < MOST_VARIATION * mean
    return min(inputs) if is_constant and min(inputs) >= LEAST_PROMPT else None


def _saving(prompt: Decimal, recent: Requests) -> Decimal | None:
    rates = recent.rates
    read = prompt * recent.requests * (rates.input_uncached - rates.cache_read)
    saving = read - prompt * DAYS * (rates.cache_write_5m - rates.cache_read)
    return saving if saving > 0 else None


RULE = Rule(
    name="cache_prompt",
    needs=frozenset({Need.TOKENS, Need.REQUESTS, Need.PRICES}),
    source="Anthropic and OpenAI, prompt caching",
    find=find,
    measure=measure,
)
