"""Every unit of money and every way to count tokens, one known figure of each source."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from genai_prices import Usage, calc_price
from msgspec import structs

from bot.domain.usage import TokenUsage, total
from bot.ingest.neutral import decode
from tests.ingest.neutral_lines import make_line, ndjson
from tests.providers.case import CASES
from tests.providers.recorded import Recorded, load_page, read_day, reading
from tests.telemetry.sending import (
    claude_call,
    claude_logs,
    codex_call,
    codex_logs,
    cursor_call,
    cursor_logs,
    gemini_call,
    gemini_logs,
    gen_ai_call,
    gen_ai_logs,
    only,
    point,
    sums,
)
from tests.telemetry.sending import metrics as metrics_of

LATER = datetime(2026, 11, 25, 6, tzinfo=UTC)
Told = tuple[str | None, str | None, str]
"""Dollars, an amount in another currency, and the currency."""


async def day_of(name: str, config: dict[str, Any] | None = None, **instead: Any):
    case = CASES[name]
    answer = Recorded(name, **instead) if case.is_http else None
    return await read_day(reading(case.provider, answer, **(config or {})))


def amounts_of(records) -> set[tuple[Decimal | None, Decimal | None, str]]:
    return {(r.cost, r.foreign_cost, r.currency) for r in records}


def dollars(amount: str) -> Told:
    return amount, None, "USD"


UNITS = [
    pytest.param("anthropic", {}, dollars("4.18"), id="anthropic-fractional-cents-as-text"),
    pytest.param("openai", {}, dollars("0.1062"), id="openai-dollars-as-numbers"),
    pytest.param("chatgpt", {}, (None, "41.5", "credits:chatgpt"), id="chatgpt-credits"),
    pytest.param(
        "chatgpt", {"usd_per_credit": "0.04"}, dollars("1.66"), id="chatgpt-credits-with-a-price"
    ),
    pytest.param("chatgpt", {}, dollars("2.5"), id="chatgpt-dollars"),
    pytest.param("copilot", {}, dollars("1.329"), id="copilot-dollars-in-csv"),
    pytest.param("copilot", {}, dollars("0.7"), id="copilot-dollars-a-month-of-a-seat"),
    pytest.param("cursor", {}, dollars("0.2166232"), id="cursor-fractional-cents-as-numbers"),
    pytest.param("devin", {}, dollars("9.5625"), id="devin-acus-with-a-price"),
    pytest.param("devin", {"usd_per_acu": None}, (None, "4.25", "credits:devin"), id="devin-acus"),
    pytest.param("google_cloud", {}, dollars("12.345678901"), id="google-dollars-as-text"),
    pytest.param("google_cloud", {}, (None, "3.2", "EUR"), id="google-euros-as-text"),
    pytest.param("kiro", {}, (None, "45.5", "credits:kiro"), id="kiro-credits"),
    pytest.param("kiro", {}, dollars("0.5"), id="kiro-credits-beyond-the-plan"),
    pytest.param("langfuse", {}, dollars("0.1062"), id="langfuse-dollars-as-numbers"),
    pytest.param("litellm", {}, dollars("0.0724"), id="litellm-dollars-as-numbers"),
    pytest.param("openrouter", {}, dollars("0.3"), id="openrouter-credits-that-are-dollars"),
    pytest.param("windsurf", {}, (None, "340", "credits:windsurf"), id="windsurf-credits"),
    pytest.param("bedrock", {}, dollars("0.036"), id="bedrock-dollars-in-csv"),
    pytest.param("focus", {}, dollars("2"), id="focus-dollars-in-csv"),
    pytest.param("focus", {}, (None, "0.5", "EUR"), id="focus-euros-in-csv"),
]


@pytest.mark.parametrize(("name", "config", "told"), UNITS)
async def test_every_unit_becomes_its_dollars_or_stays_what_it_is(name, config, told):
    cost, foreign, currency = told

    day = await day_of(name, config)

    expected = (cost and Decimal(cost), foreign and Decimal(foreign), currency)
    assert expected in amounts_of(day.records)


@pytest.mark.parametrize(
    ("cost", "told"),
    [
        ({"amount": "0.0612", "currency": "USD", "basis": "billed"}, dollars("0.0612")),
        ({"amount": "7", "currency": "eur", "basis": "billed"}, (None, "7", "EUR")),
        (
            {"amount": "3.5", "currency": "credits:acme", "basis": "credits"},
            (None, "3.5", "credits:acme"),
        ),
    ],
    ids=["dollars-as-text", "euros-as-text", "credits"],
)
def test_what_is_sent_to_us_names_its_currency(cost, told):
    [record] = decode(ndjson(make_line(cost=cost)), LATER).records

    amount, foreign, currency = told
    assert amounts_of([record.usage]) == {
        (amount and Decimal(amount), foreign and Decimal(foreign), currency)
    }


@pytest.mark.parametrize(
    ("request_", "cost"),
    [
        (claude_logs(claude_call(told={"cost_usd": 0.0125})), "0.0125"),
        (claude_logs(claude_call(told={"cost_usd": 0, "cost_usd_micros": 12_500})), "0.0125"),
        (
            metrics_of(
                sums("claude_code.cost.usage", point({"model": "claude-opus-5"}, 0.0125)),
                resource={"service.name": "claude-code"},
            ),
            "0.0125",
        ),
    ],
    ids=["dollars", "millionths-of-dollars", "dollars-of-a-metric"],
)
def test_telemetry_tells_dollars_or_millionths_of_them(request_, cost):
    usage = only(request_).usage

    assert amounts_of([usage]) == {(Decimal(cost), None, "USD")}


PARTS = TokenUsage(input_uncached=4300, cache_read=6000, cache_write=200, output=900)
WITHOUT_WRITES = structs.replace(PARTS, cache_write=0)


def first_of(page: dict[str, Any], key: str) -> dict[str, Any]:
    """*page* with no more than the first row in *key*; gives that row."""
    del page[key][1:]
    return page[key][0]


async def anthropic_excludes() -> set[TokenUsage | None]:
    page = load_page("anthropic", "usage_by_actor")
    first_of(page, "data")["usage"] |= {
        "uncached_input_tokens": 4300,
        "cache_read_input_tokens": 6000,
        "cache_creation": {"ephemeral_5m_input_tokens": 150, "ephemeral_1h_input_tokens": 50},
        "output_tokens": 900,
    }
    return {r.tokens for r in (await day_of("anthropic", usage_by_actor=page)).records}


async def openai_includes(**changes: int) -> set[TokenUsage | None]:
    page = load_page("openai", "completions_by_user_id")
    row = first_of(first_of(page, "data") and page["data"][0], "results")
    del row["input_uncached_tokens"]
    row |= {"input_tokens": 10_500, "input_cached_tokens": 6000, "input_cache_write_tokens": 200}
    row |= {"output_tokens": 900, **changes}
    return {r.tokens for r in (await day_of("openai", completions_by_user_id=page)).records}


async def openai_excludes() -> set[TokenUsage | None]:
    return await openai_includes(input_uncached_tokens=4300)


async def cursor_excludes() -> set[TokenUsage | None]:
    page = load_page("cursor", "filtered-usage-events_1")
    first_of(page, "usageEvents")["tokenUsage"] |= {
        "inputTokens": 4300,
        "cacheReadTokens": 6000,
        "cacheWriteTokens": 200,
        "outputTokens": 900,
    }
    page["pagination"]["hasNextPage"] = False
    return {r.tokens for r in (await day_of("cursor", **{"filtered-usage-events_1": page})).records}


async def litellm_includes() -> set[TokenUsage | None]:
    page = load_page("litellm", "activity_1")
    page["metadata"]["has_more"] = False
    models = page["results"][0]["breakdown"]["models"]
    for model in list(models)[1:]:
        del models[model]
    [model] = models.values()
    key = next(iter(model["api_key_breakdown"]))
    model["api_key_breakdown"] = {key: model["api_key_breakdown"][key]}
    model["api_key_breakdown"][key]["metrics"] |= {
        "prompt_tokens": 10_500,
        "cache_read_input_tokens": 6000,
        "cache_creation_input_tokens": 200,
        "completion_tokens": 900,
    }
    return {r.tokens for r in (await day_of("litellm", activity_1=page)).records}


async def openrouter_includes() -> set[TokenUsage | None]:
    page = load_page("openrouter", "activity_user_ana")
    row = first_of(page, "data")
    row |= {"prompt_tokens": 10_300, "cached_tokens": 6000, "completion_tokens": 900}
    row["reasoning_tokens"] = None
    return {r.tokens for r in (await day_of("openrouter", activity_user_ana=page)).records}


async def chatgpt_excludes() -> set[TokenUsage | None]:
    page = load_page("chatgpt", "usage")
    first_of(page, "data")["totals"] |= {
        "uncached_text_input_tokens": 4300,
        "cached_text_input_tokens": 6000,
        "text_output_tokens": 900,
        "text_total_tokens": 11_200,
    }
    return {r.tokens for r in (await day_of("chatgpt", usage=page)).records}


async def langfuse_excludes() -> set[TokenUsage | None]:
    page = load_page("langfuse", "observations")
    first_of(page, "data")["usageDetails"] = {
        "input_tokens": 4300,
        "cache_read_input_tokens": 6000,
        "cache_creation_input_tokens": 200,
        "output_tokens": 900,
    }
    page["meta"] = {"cursor": None}
    refused = {"metrics_by_user": httpx.Response(400), "observations": page}
    return {r.tokens for r in (await day_of("langfuse", **refused)).records}


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        (anthropic_excludes, PARTS),
        (openai_includes, PARTS),
        (openai_excludes, PARTS),
        (cursor_excludes, PARTS),
        (litellm_includes, PARTS),
        (langfuse_excludes, PARTS),
        (openrouter_includes, WITHOUT_WRITES),
        (chatgpt_excludes, WITHOUT_WRITES),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_the_parts_are_the_same_whether_input_counts_the_cache_or_not(source, parts):
    assert parts in await source()


SENT = {
    "claude_code_excludes": claude_logs(
        claude_call(
            told={
                "input_tokens": 4300,
                "cache_read_tokens": 6000,
                "cache_creation_tokens": 200,
                "output_tokens": 900,
            }
        )
    ),
    "codex_includes": codex_logs(
        codex_call(
            input_token_count=10_500,
            cached_token_count=6000,
            cache_write_token_count=200,
            output_token_count=900,
            tool_token_count=11_400,
        )
    ),
    "cursor_excludes": cursor_logs(
        cursor_call(
            **{
                "cursor.api.request.input_tokens": 4300,
                "cursor.api.request.cache_read_tokens": 6000,
                "cursor.api.request.cache_creation_tokens": 200,
                "cursor.api.request.output_tokens": 900,
            }
        )
    ),
    "gen_ai_includes": gen_ai_logs(
        gen_ai_call(
            **{
                "gen_ai.usage.input_tokens": 10_500,
                "gen_ai.usage.cache_read.input_tokens": 6000,
                "gen_ai.usage.cache_creation.input_tokens": 200,
                "gen_ai.usage.output_tokens": 900,
            }
        )
    ),
    "gemini_cli_includes": gemini_logs(
        gemini_call(
            input_token_count=10_300,
            cached_content_token_count=6000,
            output_token_count=840,
            thoughts_token_count=60,
            tool_token_count=0,
            total_token_count=11_200,
        )
    ),
}


@pytest.mark.parametrize("sent", SENT.values(), ids=SENT)
def test_the_parts_are_the_same_in_telemetry(sent):
    tokens = only(sent).usage.tokens

    has_writes = bool(tokens.cache_write)
    assert structs.replace(tokens, reasoning=None) == (PARTS if has_writes else WITHOUT_WRITES)


TIERED = [
    ("anthropic", "claude-sonnet-4-5"),
    ("openai", "gpt-6-astra"),
    ("google", "gemini-2.5-pro"),
]


def of_one(provider: str, model: str, *, input_: int = 25_000, output: int = 1_000) -> Decimal:
    """What the price list has for one request by itself."""
    moment = datetime(2026, 11, 19, 12, tzinfo=UTC)
    usage = Usage(input_tokens=input_, output_tokens=output)
    return calc_price(
        usage, model, provider_id=provider, genai_request_timestamp=moment
    ).total_price


async def by_anthropic(_: str, model: str) -> Decimal:
    page = load_page("anthropic", "messages_by_account_id")
    row = first_of(page["data"][0], "results")
    row |= {"model": model, "uncached_input_tokens": 1_000_000, "cache_read_input_tokens": 0}
    row |= {"output_tokens": 40_000, "service_tier": "standard", "context_window": "0-200k"}
    row["cache_creation"] = {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0}
    nothing = {"data": [], "has_more": False, "next_page": None}
    refused = CASES["anthropic"].refused
    refused = {**refused, "messages_by_account_id": page, "claude_code": nothing}
    return total(r.cost for r in (await day_of("anthropic", **refused)).records)


async def by_openai(_: str, model: str) -> Decimal:
    page = load_page("openai", "completions_by_user_id")
    row = first_of(page["data"][0], "results")
    row |= {"model": model, "input_tokens": 1_000_000, "output_tokens": 40_000}
    row |= {"input_cached_tokens": 0, "input_cache_write_tokens": 0}
    del row["input_uncached_tokens"]
    refused = {**CASES["openai"].refused, "completions_by_user_id": page}
    day = await day_of("openai", **refused)
    return total(r.cost for r in day.records if r.model == model and r.tokens is not None)


async def by_neutral_records(provider: str, model: str) -> Decimal:
    tokens = {"input_uncached": 1_000_000, "output": 40_000}
    line = make_line(provider=provider, model=model, tokens=tokens, requests=40, without=("cost",))
    return total(r.usage.cost for r in decode(ndjson(line), LATER).records)


async def by_metrics(_: str, model: str) -> Decimal:
    kinds = {"input": 1_000_000, "output": 40_000}
    points = (point({"model": model, "type": kind}, count) for kind, count in kinds.items())
    name, tool = (
        ("gemini_cli.token.usage", "gemini-cli")
        if model.startswith("gemini")
        else ("codex.turn.token_usage", "codex_cli_rs")
    )
    return only(metrics_of(sums(name, *points), resource={"service.name": tool})).usage.cost


@pytest.mark.parametrize(
    ("source", "provider", "model"),
    [
        (by_anthropic, *TIERED[0]),
        (by_openai, *TIERED[1]),
        *((by_neutral_records, *each) for each in TIERED),
        (by_metrics, *TIERED[2]),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
async def test_forty_requests_of_a_day_cost_forty_times_one(source, provider, model):
    assert await source(provider, model) == 40 * of_one(provider, model)


@pytest.mark.parametrize(
    ("provider", "model", "input_"),
    [
        *((*each, 25_000) for each in TIERED),
        ("anthropic", "claude-sonnet-4-5", 400_000),
        ("google", "gemini-2.5-pro", 400_000),
    ],
)
def test_a_single_call_costs_what_the_list_has_for_its_size(provider, model, input_):
    call = gen_ai_call(
        **{
            "gen_ai.provider.name": provider if provider != "google" else "gcp.gemini",
            "gen_ai.response.model": model,
            "gen_ai.usage.input_tokens": input_,
            "gen_ai.usage.cache_read.input_tokens": 0,
            "gen_ai.usage.cache_creation.input_tokens": 0,
            "gen_ai.usage.output_tokens": 1_000,
        }
    )

    cost = only(gen_ai_logs(call)).usage.cost

    assert cost == of_one(provider, model, input_=input_)
