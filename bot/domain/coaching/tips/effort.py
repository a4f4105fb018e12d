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

from decimal import Decimal
from functools import partial

from bot.domain.coaching.doubling import doubled, logarithm_of
from bot.domain.coaching.facts import Facts
from bot.domain.coaching.requests import Requests, a_request
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.coaching.streams import Stream
from bot.domain.coaching.token_shares import input_of
from bot.domain.coaching.weekly import earlier_middle, recent_middle, weekly
from bot.domain.usage import TokenUsage

MOST_INPUT = Decimal("1.25")


def _output(tokens: TokenUsage) -> int:
    return tokens.output


OUTPUT_A_REQUEST = partial(a_request, _output)


def find(facts: Facts) -> Finding | None:
    risen = doubled(facts, OUTPUT_A_REQUEST)
    if risen is None or not _reads_as_ever(facts, risen.use):
        return None
    saving = _saving(risen.recent, risen.usual)
    return None if saving is None else risen.finding(RULE.name, saving)


def _reads_as_ever(facts: Facts, use: Stream) -> bool:
    inputs = weekly(facts, use, partial(a_request, input_of))
    now, usual = recent_middle(facts, inputs), earlier_middle(facts, inputs)
    return now is not None and usual is not None and now <= MOST_INPUT * usual


def _saving(recent: Requests, usual: Decimal) -> Decimal | None:
    saving = (recent.tokens.output - usual * recent.requests) * recent.rates.output
    return saving if saving > 0 else None


RULE = Rule(
    name="effort",
    needs=frozenset({Need.TOKENS, Need.REQUESTS, Need.PRICES}),
    source="guides by users of Claude Code on levels of effort",
    find=find,
    measure=partial(logarithm_of, OUTPUT_A_REQUEST),
)
