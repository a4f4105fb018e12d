"""Asking for less thinking on plain tasks: what a model thinks is charged as output.

Measure   the logarithm of output tokens a request, the median of the weeks with at least
          50 requests; of the coding tool and model that read the most in sixteen weeks
Fires     where that is more than twice the reader's own usual, the median of the twelve weeks
          before, while the input a request is at most a quarter more than usual. Whether the work
          was plain nobody tells: that it reads as much as ever stands in for it
Saving    (output - usual output a request x requests) x price of output
Goal      the usual
Needs     tokens, requests and prices; silent about APIs, after a change of model until the new one
          has a usual, and with fewer than three recent or four earlier weeks that tell it
Noise     twice as much is as far as half as much on the scale of the logarithm, and the number of
          requests does not move it; no check is promised where the weekly ups and downs are large

Source: guides by users of Claude Code on levels of effort; output is the dearest part of a price.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from bot.domain.coaching.facts import Facts
from bot.domain.coaching.requests import Requests, a_request, logarithms, requests_in
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.coaching.streams import Stream, main_model, main_tool, plan_of
from bot.domain.coaching.token_shares import input_of
from bot.domain.coaching.weekly import (
    FEWEST_CHECKED,
    checkable,
    earlier_middle,
    middle,
    recent_middle,
    told_recently,
    weekly,
)
from bot.domain.periods import IsoWeek
from bot.domain.usage import TokenUsage

TIMES_USUAL = 2
MOST_INPUT = Decimal("1.25")


def find(facts: Facts) -> Finding | None:
    use = main_model(main_tool(facts))
    outputs = weekly(facts, use, OUTPUT_A_REQUEST)
    now, usual = recent_middle(facts, outputs), earlier_middle(facts, outputs)
    if now is None or usual is None or now <= TIMES_USUAL * usual:
        return None
    saving = _saving(requests_in(told_recently(facts, outputs), facts, use), usual)
    if saving is None or not _reads_as_ever(facts, use):
        return None
    checked, goal = checkable(logarithms(outputs), now.ln(), usual.ln())
    return Finding(
        rule=RULE.name,
        saving=saving,
        measure=checked,
        goal=goal,
        values={"now": now, "usual": usual, "plan": plan_of(use)},
    )


def measure(facts: Facts, weeks: Sequence[IsoWeek]) -> Decimal | None:
    outputs = weekly(facts, main_model(main_tool(facts)), OUTPUT_A_REQUEST)
    value = middle(outputs, weeks, FEWEST_CHECKED)
    return None if value is None else value.ln()


def _output(tokens: TokenUsage) -> int:
    return tokens.output


OUTPUT_A_REQUEST = partial(a_request, _output)


def _reads_as_ever(facts: Facts, use: Stream) -> bool:
    inputs = weekly(facts, use, partial(a_request, input_of))
    now, usual = recent_middle(facts, inputs), earlier_middle(facts, inputs)
    return now is not None and usual is not None and now <= MOST_INPUT * usual


def _saving(recent: Requests | None, usual: Decimal) -> Decimal | None:
    if recent is None:
        return None
    saving = (recent.tokens.output - usual * recent.requests) * recent.rates.output
    return saving if saving > 0 else None


RULE = Rule(
    name="effort",
    needs=frozenset({Need.TOKENS, Need.REQUESTS, Need.PRICES}),
    source="guides by users of Claude Code on levels of effort",
    find=find,
    measure=measure,
)
