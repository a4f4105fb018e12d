"""Clearing a conversation between unrelated tasks: what it drags along is read with each request.

Measure   the logarithm of input tokens a request, the median of the weeks with at least 50
          requests; of the coding tool and model that read the most in sixteen weeks
Fires     where the input a request is more than twice the reader's own usual, the median of the
          twelve weeks before, while a smaller part of all tokens is output than then
Saving    (input a request - usual) x requests x price of a token of input, as it is mixed now
Goal      the usual
Needs     tokens, requests and prices; silent about APIs, and with fewer than three recent or four
          earlier weeks that tell it
Noise     twice as much is as far as half as much on the scale of the logarithm, and the number of
          requests does not move it; no check is promised where the weekly ups and downs are large

Source: Claude Code's documentation on costs (``/clear``, ``/compact``, ``/context``).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from bot.domain.coaching.facts import Facts, ModelWeek, tokens_of
from bot.domain.coaching.requests import Requests, a_request, logarithms, requests_in
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.coaching.streams import Stream, main_model, main_tool, plan_of
from bot.domain.coaching.token_shares import input_of, input_price
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

TIMES_USUAL = 2
INPUT_A_REQUEST = partial(a_request, input_of)


def find(facts: Facts) -> Finding | None:
    use = main_model(main_tool(facts))
    inputs = weekly(facts, use, INPUT_A_REQUEST)
    now, usual = recent_middle(facts, inputs), earlier_middle(facts, inputs)
    if now is None or usual is None or now <= TIMES_USUAL * usual:
        return None
    saving = _saving(requests_in(told_recently(facts, inputs), facts, use), usual)
    if saving is None or not _output_falls(facts, use):
        return None
    checked, goal = checkable(logarithms(inputs), now.ln(), usual.ln())
    return Finding(
        rule=RULE.name,
        saving=saving,
        measure=checked,
        goal=goal,
        values={"now": now, "usual": usual, "plan": plan_of(use)},
    )


def measure(facts: Facts, weeks: Sequence[IsoWeek]) -> Decimal | None:
    inputs = weekly(facts, main_model(main_tool(facts)), INPUT_A_REQUEST)
    value = middle(inputs, weeks, FEWEST_CHECKED)
    return None if value is None else value.ln()


def _output_falls(facts: Facts, use: Stream) -> bool:
    shares = weekly(facts, use, _output_share)
    now, usual = recent_middle(facts, shares), earlier_middle(facts, shares)
    return now is not None and usual is not None and now < usual


def _output_share(use: Sequence[ModelWeek]) -> Decimal | None:
    tokens = tokens_of(use)
    if tokens is None or input_of(tokens) <= 0:
        return None
    return Decimal(tokens.output) / (input_of(tokens) + tokens.output)


def _saving(recent: Requests | None, usual: Decimal) -> Decimal | None:
    if recent is None:
        return None
    excess = input_of(recent.tokens) - usual * recent.requests
    return excess * input_price(recent.tokens, recent.rates) if excess > 0 else None


RULE = Rule(
    name="clear_context",
    needs=frozenset({Need.TOKENS, Need.REQUESTS, Need.PRICES}),
    source="Claude Code's documentation, managing costs",
    find=find,
    measure=measure,
)
