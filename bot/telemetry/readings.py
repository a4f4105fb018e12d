"""What a finished call of a model took, in exclusive parts, however its tool counts.

Only events that mean one finished call are read, and metrics that count tokens or money. What a
metric adds up has the same traps as what an event tells, so it is read under the event's names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from bot.domain.usage import TokenUsage
from bot.telemetry.tools import CLAUDE_CODE, CODEX, COPILOT, CURSOR, GEMINI_CLI
from bot.telemetry.wire import Attributes, Value

Told = Mapping[str, Value | Decimal]

MOST_TOKENS = 10**12
SHORT = 12
"""Digits of a count that need no closer look."""

COST = "cost_usd"
API_REQUEST = "api_request"
"""Told by Claude Code and by Cursor alike."""
INFERENCE = "gen_ai.client.inference.operation.details"


class Reading(NamedTuple):
    tokens: TokenUsage | None
    cost: Decimal | None


class Metric(NamedTuple):
    """``kind`` is the attribute that tells what is counted, by ``kinds`` in the event's names."""

    tool: str | None
    kind: str
    kinds: Mapping[str, str]


EVENTS: Mapping[str, str | None] = {
    "claude_code.api_request": CLAUDE_CODE,
    "codex.sse_event": CODEX,
    "codex.websocket_event": CODEX,
    "gemini_cli.api_response": GEMINI_CLI,
    "cursor.api.request": CURSOR,
    API_REQUEST: None,
    INFERENCE: None,
}
"""The tool of each; ``None`` where the sender has to tell."""

METRICS: Mapping[str, Metric] = {
    "claude_code.token.usage": Metric(
        CLAUDE_CODE,
        "type",
        {
            "input": "input_tokens",
            "output": "output_tokens",
            "cacheRead": "cache_read_tokens",
            "cacheCreation": "cache_creation_tokens",
        },
    ),
    "claude_code.cost.usage": Metric(CLAUDE_CODE, "", {"": COST}),
    "codex.turn.token_usage": Metric(
        CODEX,
        "token_type",
        {
            "input": "input_token_count",
            "cached_input": "cached_token_count",
            "cache_write_input": "cache_write_token_count",
            "output": "output_token_count",
            "reasoning_output": "reasoning_token_count",
        },
    ),
    "gemini_cli.token.usage": Metric(
        GEMINI_CLI,
        "type",
        {
            "input": "input_token_count",
            "cache": "cached_content_token_count",
            "output": "output_token_count",
            "thought": "thoughts_token_count",
            "tool": "tool_token_count",
        },
    ),
    "cursor.token.usage": Metric(
        CURSOR,
        "cursor.token.type",
        {
            "input": "cursor.api.request.input_tokens",
            "output": "cursor.api.request.output_tokens",
            "cache_read": "cursor.api.request.cache_read_tokens",
            "cache_creation": "cursor.api.request.cache_creation_tokens",
        },
    ),
    "cursor.cost.usage": Metric(CURSOR, "", {"": COST}),
    "gen_ai.client.token.usage": Metric(
        None,
        "gen_ai.token.type",
        {"input": "gen_ai.usage.input_tokens", "output": "gen_ai.usage.output_tokens"},
    ),
}

NAMES = frozenset(
    {
        COST,
        "cost_usd_micros",
        "event.kind",
        "gen_ai.operation.name",
        "gen_ai.usage.cache_creation.input_tokens",
        "gen_ai.usage.cache_read.input_tokens",
        "gen_ai.usage.completion_tokens",
        "gen_ai.usage.prompt_tokens",
        "gen_ai.usage.reasoning.output_tokens",
        *(metric.kind for metric in METRICS.values() if metric.kind),
        *(name for metric in METRICS.values() for name in metric.kinds.values()),
    }
)


def tells_in_gen_ai(tool: str) -> bool:
    """Whether the ``gen_ai`` names count: most tools tell the same under names of their own."""
    return tool == COPILOT or tool not in _READERS


def is_finished_call(name: str, attributes: Attributes) -> bool:
    """Whether the event is the only one that its call has."""
    match name:
        case "codex.sse_event" | "codex.websocket_event":
            # A response's end is told several times, by the stream and by the web socket too, but
            # only once with its tokens.
            return attributes.get("event.kind") == "response.completed" and (
                "input_token_count" in attributes or "output_token_count" in attributes
            )
        case _ if name == INFERENCE:
            return is_of_a_model(attributes)
        case _:
            return True


def is_of_a_model(attributes: Attributes) -> bool:
    """An agent's or a workflow's ``gen_ai`` tokens are those of its models once more."""
    operation = str(attributes.get("gen_ai.operation.name", ""))
    return not operation.startswith(("invoke_", "create_", "execute_"))


def read(tool: str, attributes: Told) -> Reading:
    micros = exact(attributes.get("cost_usd_micros"))
    cost = exact(attributes.get(COST)) if micros is None else micros.scaleb(-6)
    return Reading(_READERS.get(tool, _gen_ai)(attributes), cost)


def exact(value: Value | Decimal | None) -> Decimal | None:
    """Exactly as written; ``None`` for what would spoil every sum that it is part of."""
    text = "" if value is None else str(value)
    if not 0 < len(text) <= 40:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and -20 <= amount.adjusted() <= 12 else None


def _claude_code(attributes: Told) -> TokenUsage | None:
    return _exclusive(
        count(attributes, "input_tokens"),
        count(attributes, "cache_read_tokens"),
        count(attributes, "cache_creation_tokens"),
        count(attributes, "output_tokens"),
    )


def _codex(attributes: Told) -> TokenUsage | None:
    # `tool_token_count` is not read: it is the total.
    return _inclusive(
        count(attributes, "input_token_count"),
        count(attributes, "cached_token_count"),
        count(attributes, "cache_write_token_count"),
        count(attributes, "output_token_count"),
        count(attributes, "reasoning_token_count"),
    )


def _gemini_cli(attributes: Told) -> TokenUsage | None:
    # Thoughts come beside the output, and what tools gave the model beside the input.
    thoughts = count(attributes, "thoughts_token_count")
    tools = count(attributes, "tool_token_count") or 0
    output = count(attributes, "output_token_count")
    tokens = _inclusive(
        count(attributes, "input_token_count"),
        count(attributes, "cached_content_token_count"),
        None,
        thoughts if output is None else output + (thoughts or 0),
        thoughts,
    )
    if tokens is None or not tools:
        return tokens
    return tokens + TokenUsage(input_uncached=tools, cache_read=0, cache_write=0, output=0)


def _cursor(attributes: Told) -> TokenUsage | None:
    return _exclusive(
        count(attributes, "cursor.api.request.input_tokens"),
        count(attributes, "cursor.api.request.cache_read_tokens"),
        count(attributes, "cursor.api.request.cache_creation_tokens"),
        count(attributes, "cursor.api.request.output_tokens"),
    )


def _gen_ai(attributes: Told) -> TokenUsage | None:
    given = count(attributes, "gen_ai.usage.input_tokens")
    output = count(attributes, "gen_ai.usage.output_tokens")
    return _inclusive(
        count(attributes, "gen_ai.usage.prompt_tokens") if given is None else given,
        count(attributes, "gen_ai.usage.cache_read.input_tokens"),
        count(attributes, "gen_ai.usage.cache_creation.input_tokens"),
        count(attributes, "gen_ai.usage.completion_tokens") if output is None else output,
        count(attributes, "gen_ai.usage.reasoning.output_tokens"),
    )


_READERS: Mapping[str, Callable[[Told], TokenUsage | None]] = {
    CLAUDE_CODE: _claude_code,
    CODEX: _codex,
    GEMINI_CLI: _gemini_cli,
    CURSOR: _cursor,
    COPILOT: _gen_ai,
}


def _inclusive(
    given: int | None,
    read: int | None,
    written: int | None,
    output: int | None,
    reasoning: int | None,
) -> TokenUsage | None:
    """Where the input counts what was read from and written to the cache as well."""
    cached = (read or 0) + (written or 0)
    # More cached input than input can only come of a sender that leaves it out.
    uncached = given - cached if given is not None and given >= cached else given
    return _exclusive(uncached, read, written, output, reasoning)


def _exclusive(
    uncached: int | None,
    read: int | None,
    written: int | None,
    output: int | None,
    reasoning: int | None = None,
) -> TokenUsage | None:
    if uncached is read is written is output is None:
        return None
    return TokenUsage(
        input_uncached=uncached or 0,
        cache_read=read or 0,
        cache_write=written or 0,
        output=output or 0,
        reasoning=reasoning,
    )


def count(attributes: Told, name: str) -> int | None:
    """A number of tokens, which may come as text or as a fraction that is none."""
    value = attributes.get(name)
    if isinstance(value, str) and len(value) <= SHORT and value.isascii() and value.isdigit():
        value = int(value)
    if type(value) is not int:
        amount = exact(value)
        if amount is None:
            return None
        value = round(amount)
    return value if 0 <= value <= MOST_TOKENS else None
