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
from tests.providers.case import CASES, SECRET, page_name

__all__ = ["DAY", "FIXTURES", "SECRET", "Recorded", "load_page", "page_name", "read_day", "reading"]

FIXTURES = Path(__file__).parents[1] / "fixtures"
DAY = date(2026, 11, 19)

Answer = Callable[[httpx.Request], httpx.Response]


def load_page(provider: str, name: str) -> dict[str, Any]:
    page: dict[str, Any] = json.loads((FIXTURES / provider / f"{name}.json").read_text())
    return page


def load_answer(provider: str, name: str) -> httpx.Response:
    """The recorded page as an answer: JSON, or whatever else the file holds."""
    [path] = (path for path in (FIXTURES / provider).iterdir() if path.stem == name)
    content = path.read_bytes()
    kind = "application/json" if path.suffix == ".json" else "application/octet-stream"
    return httpx.Response(200, content=content, headers={"content-type": kind})


class Recorded:
    """Answers with the recorded pages, except where told otherwise by a page's name."""

    def __init__(self, provider: str, **instead: httpx.Response | dict[str, Any]) -> None:
        self.provider = provider
        self.instead = instead
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        name = CASES[self.provider].page_name(request)
        match self.instead.get(name):
            case httpx.Response() as answer:
                return answer
            case None:
                return load_answer(self.provider, name)
            case page:
                return httpx.Response(200, json=page)


def reading(provider: Any, answer: Answer | None, *, attempts: int = 1, **config: Any) -> Any:
    """An adapter whose requests are given to *answer*."""
    module = importlib.import_module(provider.__module__)
    given = module.Config(**{**CASES[provider.name].config, **config})
    retry = Retry(attempts=attempts, first_wait=0, longest_wait=0, jitter=0)
    if answer is None:
        return provider.from_config(given, retry=retry)
    connect = partial(Http, transport=httpx.MockTransport(answer))
    return provider.from_config(given, retry=retry, connect=connect)


async def read_day(adapter: Any, day: date = DAY) -> ProviderDay:
    pages = [page async for page in adapter.fetch(day)]
    await adapter.close()
    result: ProviderDay = adapter.parse(day, pages)
    return result
