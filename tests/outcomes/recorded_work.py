"""Sources of finished work that read recorded pages instead of the network."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import httpx

from bot.http import Http, Retry
from bot.ports import OutcomeBatch
from tests.outcomes.case import SECRET, SINCE, WINDOW_END, Case

__all__ = [
    "FIXTURES",
    "SECRET",
    "SINCE",
    "WINDOW_END",
    "RecordedWork",
    "collect",
    "load_page",
    "page_names",
    "reading",
]

FIXTURES = Path(__file__).parents[1] / "fixtures"
SCHEMA = "schema"

Answer = Callable[[httpx.Request], httpx.Response]


def load_page(source: str, name: str) -> Any:
    return json.loads((FIXTURES / source / f"{name}.json").read_text())


@cache
def page_names(source: str) -> frozenset[str]:
    """All that is recorded, without the schema that lies beside it."""
    return frozenset(path.stem for path in (FIXTURES / source).glob("*.json")) - {SCHEMA}


class RecordedWork:
    """Answers with the recorded pages of *case*, except where told otherwise by a page's name."""

    def __init__(self, case: Case, **instead: Any) -> None:
        self.case = case
        self.instead = instead
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        name = self.case.page_name(request)
        match self.instead.get(name):
            case httpx.Response() as answer:
                return answer
            case None:
                assert name in page_names(self.case.name), f"{name} is not recorded: {request.url}"
                return httpx.Response(200, json=load_page(self.case.name, name))
            case page:
                return httpx.Response(200, json=page)

    @property
    def asked(self) -> list[str]:
        """The pages that were asked for, in order."""
        return [self.case.page_name(request) for request in self.requests]


def reading(case: Case, answer: Answer, *, attempts: int = 1, **config: Any) -> Any:
    """The source with *config* changed, its requests given to *answer*."""
    given = case.make_config(**{**case.config, **config})
    retry = Retry(attempts=attempts, first_wait=0, longest_wait=0, jitter=0)
    connect = partial(Http, transport=httpx.MockTransport(answer))
    return case.source.from_config(given, retry=retry, connect=connect)


async def collect(
    source: Any, until: datetime = WINDOW_END, since: datetime | None = SINCE
) -> OutcomeBatch:
    """What *source* knows, read once and closed."""
    try:
        batch: OutcomeBatch = await source.collect(until, since=since)
    finally:
        await source.close()
    return batch
