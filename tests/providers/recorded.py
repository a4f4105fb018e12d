"""Providers that read recorded pages instead of the network."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from bot.domain.usage import ProviderDay
from bot.http import Http, Retry

FIXTURES = Path(__file__).parents[1] / "fixtures"
DAY = date(2026, 11, 19)
SECRET = "sk-made-up-0123456789"

Answer = Callable[[httpx.Request], httpx.Response]


def page_name(request: httpx.Request) -> str:
    """Which recorded page answers a request: the end of its path, and what it groups by first."""
    groups = [v for k, v in request.url.params.multi_items() if k.startswith("group_by")]
    name = request.url.path.rsplit("/", 1)[-1]
    return f"{name}_by_{groups[0]}" if groups else name


def load_page(provider: str, name: str) -> dict[str, Any]:
    page: dict[str, Any] = json.loads((FIXTURES / provider / f"{name}.json").read_text())
    return page


class Recorded:
    """Answers with the recorded pages, except where told otherwise by a page's name."""

    def __init__(self, provider: str, **instead: httpx.Response | dict[str, Any]) -> None:
        self.provider = provider
        self.instead = instead
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.instead.get(page_name(request))
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, json=answer or load_page(self.provider, page_name(request)))


def reading(provider: Any, answer: Answer, *, attempts: int = 1, **config: str) -> Any:
    """An adapter whose requests are given to *answer*."""
    module = importlib.import_module(provider.__module__)
    return provider.from_config(
        module.Config(admin_key=SECRET, **config),
        retry=Retry(attempts=attempts, first_wait=0, longest_wait=0, jitter=0),
        connect=partial(Http, transport=httpx.MockTransport(answer)),
    )


async def read_day(adapter: Any, day: date = DAY) -> ProviderDay:
    pages = [page async for page in adapter.fetch(day)]
    await adapter.close()
    result: ProviderDay = adapter.parse(day, pages)
    return result
