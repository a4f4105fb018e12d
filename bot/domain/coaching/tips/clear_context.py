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

from bot.domain.coaching.doubling import doubled, logarithm_of
from bot.domain.coaching.facts import Facts, ModelWeek, tokens_of
from bot.domain.coaching.requests import Requests, a_request
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.coaching.streams import Stream
from bot.domain.coaching.token_shares import input_of, input_price
from bot.domain.coaching.weekly import earlier_middle, recent_middle, weekly

INPUT_A_REQUEST = partial(a_request, input_of)


def find(facts: Facts) -> Finding | None:
    risen = doubled(facts, INPUT_A_REQUEST)
    if risen is None or not _output_falls(facts, risen.use):
        return None
    saving = _saving(risen.recent, risen.usual)
    return None if saving is None else risen.finding(RULE.name, saving)


def _output_falls(facts: Facts, use: Stream) -> bool:
    shares = weekly(facts, use, _output_share)
    now, usual = recent_middle(facts, shares), earlier_middle(facts, shares)
    return now is not None and usual is not None and now < usual


def _output_share(use: Sequence[ModelWeek]) -> Decimal | None:
    tokens = tokens_of(use)
    if tokens is None or input_of(tokens) <= 0:
        return None
    return Decimal(tokens.output) / (input_of(tokens) + tokens.output)


def _saving(recent: Requests, usual: Decimal) -> Decimal | None:
    excess = input_of(recent.tokens) - usual * recent.requests
    return excess * input_price(recent.tokens, recent.rates) if excess > 0 else None


RULE = Rule(
    name="clear_context",
    needs=frozenset({Need.TOKENS, Need.REQUESTS, Need.PRICES}),
    source="Claude Code's documentation, managing costs",
    find=find,
    measure=partial(logarithm_of, INPUT_A_REQUEST),
)
