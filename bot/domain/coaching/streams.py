"""Which of a person's use goes together: a tool to write code with, or an API called by programs.

Names of products are those that providers give. Where a provider gives none, a prompt that is read
again and again from the cache shows a conversation, as tools for code hold it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from bot.domain.coaching.facts import Facts, ModelWeek, once, tokens_of
from bot.domain.coaching.token_shares import cache_read_share, input_of
from bot.domain.senders import OTLP

Stream = list[ModelWeek]

TOOLS = frozenset({"claude_code", "claude_code_subscription", "codex", "gemini_cli"})
PROVIDERS_OF_TOOLS = frozenset(
    {
        "copilot",
        "cursor",
        "devin",
        "kiro",
        "windsurf",
        *(OTLP + tool for tool in ("claude_code", "codex", "copilot", "cursor", "gemini_cli")),
    }
)
APIS = frozenset({"api", "completions", "message_batches_api", "messages_api", "responses"})
"""An operator who sends figures of an own application may name it ``api`` as well."""
PROVIDERS_OF_APIS = frozenset({"openai"})
"""Whose use without a product came with an API key."""
PLANS = frozenset({"claude_code_subscription"})
"""Products whose amounts tell what their use would be worth: a plan is paid for instead."""
CONVERSATION = Decimal("0.5")
"""So much of a conversation's input, or more, comes from the cache."""


@once
def main_tool(facts: Facts) -> Stream:
    """All use of the coding tool that read the most in these weeks; empty where there is none."""
    by_product: defaultdict[tuple[str, str | None], Stream] = defaultdict(list)
    for use in facts.models:
        if use.product not in APIS:
            by_product[use.provider, use.product].append(use)
    return _largest(stream for stream in by_product.values() if _is_tool(stream))


def main_model(stream: Stream) -> Stream:
    """The part of *stream* with the model that read the most."""
    by_model: defaultdict[str | None, Stream] = defaultdict(list)
    for use in stream:
        by_model[use.model].append(use)
    return _largest(by_model.values())


@once
def called_by_api(facts: Facts) -> Stream:
    return [use for use in facts.models if is_api(use)]


@once
def main_call(facts: Facts) -> Stream:
    """The part with the API and model that read the most of what wrote anything."""
    by_model: defaultdict[tuple[str, str | None, str | None], Stream] = defaultdict(list)
    for use in called_by_api(facts):
        if use.tokens is not None and use.tokens.output:
            by_model[use.provider, use.product, use.model].append(use)
    return _largest(by_model.values())


def is_api(use: ModelWeek) -> bool:
    if use.product is None:
        return use.provider in PROVIDERS_OF_APIS
    return use.product in APIS


def plan_of(stream: Iterable[ModelWeek]) -> str:
    """The product of *stream* that is paid by the month whatever it is used for, if any."""
    return next((use.product for use in stream if use.product in PLANS), None) or ""


def _is_tool(stream: Stream) -> bool:
    first = stream[0]
    if first.product in TOOLS or first.provider in PROVIDERS_OF_TOOLS:
        return True
    share = cache_read_share(tokens_of(stream))
    return share is not None and share >= CONVERSATION


def _largest(streams: Iterable[Stream]) -> Stream:
    return max(streams, key=_all_input, default=[])


def _all_input(stream: Sequence[ModelWeek]) -> int:
    return sum(input_of(use.tokens) for use in stream if use.tokens is not None)
