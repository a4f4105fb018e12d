"""OpenAI's use of models and its costs, grouped by user."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from bench.pages.wire import DAY, Source, WirePage, in_pages, of, page
from bot.domain.periods import midnight
from bot.providers.openai import OpenAI, pages

MODELS = ("gpt-6-astra", "gpt-6-astra-mini", "gpt-6-nova", "gpt-6-nova-mini")


def openai(people: int) -> Source:
    return Source(name="openai", pages=list(openai_day(DAY, people)), understand=of(OpenAI))


def openai_day(day: date, people: int) -> Iterator[WirePage]:
    """Everybody's use and cost of four models."""
    used = [(n, model) for n in range(people) for model in MODELS]
    for into, row in ((pages.UsagePage, _completions), (pages.CostsPage, _line_item)):
        for some in in_pages(used):
            bucket = {
                "object": "bucket",
                "start_time": int(midnight(day).timestamp()),
                "end_time": int(midnight(day + timedelta(days=1)).timestamp()),
                "results": [row(number, model) for number, model in some],
            }
            answer = {"object": "page", "data": [bucket], "has_more": False, "next_page": None}
            yield page(answer, into, len(some))


def _completions(number: int, model: str) -> dict[str, Any]:
    base = 1000 + number % 977
    return {
        "object": "organization.usage.completions.result",
        "input_tokens": 105 * base,
        "input_cached_tokens": 60 * base,
        "input_uncached_tokens": 43 * base,
        "input_cache_write_tokens": 2 * base,
        "output_tokens": 9 * base,
        "num_model_requests": base // 5,
        "user_id": f"user-{number:06}",
        "api_key_id": f"key_{number:06}",
        "model": model,
        "batch": False,
        "project_id": None,
        "service_tier": None,
        "api_source": None,
    }


def _line_item(number: int, model: str) -> dict[str, Any]:
    return {
        "object": "organization.costs.result",
        "amount": {"value": round(0.31 + number % 977 / 1000, 3), "currency": "usd"},
        "line_item": f"{model}, input_tokens",
        "quantity": 1000 + number,
        "quantity_unit": "tokens",
        "user_id": f"user-{number:06}",
        "api_key_id": None,
        "organization_id": "org-example",
        "project_id": None,
    }
