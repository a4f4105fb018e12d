"""Gemini Code Assist: what its metadata log in Cloud Logging says of use in editors.

Docs:     https://cloud.google.com/gemini/docs/log-gemini
Grain:    one record per person and UTC day
Account:  the person's e-mail address; none where the log names nobody
Cost:     none: it is licensed by seat, and the log knows neither seats nor prices
Settles:  entries arrive within minutes; the log forgets them after 30 days

A request is one that the service was sent (``apiRequest``) or whose suggestion (``codeExposure``)
or chat answer (``chatExposure``) was shown, counted once by its id. Accepting something is none.
Prompts and answers are in other logs, which are never asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import date, timedelta
from typing import ClassVar

import msgspec
from pydantic import Field

from bot.domain.night import Freshness
from bot.domain.periods import midnight
from bot.domain.usage import ProviderDay, UsageRecord
from bot.errors import SourceResponseError
from bot.google_token import GoogleApi, GoogleCredentials
from bot.http import Http, Retry
from bot.ports import Capabilities
from bot.reading.days import MOST_PAGES, in_order, named

SCOPE = "https://www.googleapis.com/auth/logging.read"
ENTRIES = "/v2/entries:list"
PROJECT = r"^[a-z][a-z0-9.:-]{4,62}$"


class Config(GoogleCredentials):
    project: str = Field(
        pattern=PROJECT, description="the project that the editors are set up with"
    )
    base_url: str = Field(
        default="https://logging.googleapis.com", description="where Cloud Logging is reached"
    )


class Labels(msgspec.Struct, gc=False):
    user_id: str | None = None


class Shown(msgspec.Struct, rename="camel", gc=False):
    original_request_id: str | None = None


class Nothing(msgspec.Struct, gc=False):
    pass


class Event(msgspec.Struct, rename="camel", gc=False):
    """Which kind of event it was: no more of a payload is ever decoded."""

    request_id: str | None = None
    api_request: Nothing | None = None
    code_exposure: Shown | None = None
    chat_exposure: Shown | None = None


class Entry(msgspec.Struct, rename="camel", gc=False):
    insert_id: str
    timestamp: str
    labels: Labels
    json_payload: Event


class Page(msgspec.Struct, rename="camel"):
    entries: list[Entry] = []
    next_page_token: str | None = None


class GeminiCodeAssist:
    name: ClassVar[str] = "gemini_code_assist"
    title: ClassVar[str] = "Gemini Code Assist"
    capabilities: ClassVar[Capabilities] = Capabilities(
        per_person=True,
        tokens=False,
        requests=True,
        cost=(),
        freshness="within minutes",
        identity="e-mail address",
    )
    freshness: ClassVar[Freshness] = Freshness(repull=3, settles_after=3, history=30)

    def __init__(self, api: GoogleApi, project: str) -> None:
        self._api = api
        self._project = project

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> GeminiCodeAssist:
        def authorized(token: str) -> Http:
            headers = {"authorization": f"Bearer {token}"}
            return connect(config.base_url, headers=headers, retry=retry)

        return cls(GoogleApi(config.token(SCOPE), authorized), config.project)

    async def fetch(self, day: date) -> AsyncIterator[Page]:
        question = {
            "resourceNames": [f"projects/{self._project}"],
            "filter": _filter(self._project, day),
            "orderBy": "timestamp asc",
            "pageSize": 1000,
        }
        tokens: set[str] = set()
        with named(self.name, day):
            while len(tokens) < MOST_PAGES:
                http = await self._api.http()
                page = await http.post(ENTRIES, question, into=Page)
                yield page
                # A page may be empty and still not be the last.
                if not page.next_page_token:
                    return
                if page.next_page_token in tokens:
                    raise SourceResponseError(f"{ENTRIES}: paging loops")
                tokens.add(page.next_page_token)
                question |= {"pageToken": page.next_page_token}
            raise SourceResponseError(f"{ENTRIES}: more than {MOST_PAGES:,} pages")

    @staticmethod
    def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
        with named(GeminiCodeAssist.name, day):
            requests = _requests(day, pages)
        return ProviderDay(
            provider=GeminiCodeAssist.name,
            day=day,
            records=in_order(
                UsageRecord(
                    provider=GeminiCodeAssist.name, account=user, day=day, requests=len(ids)
                )
                for user, ids in requests.items()
            ),
            billed=None,
            # An empty log may as well be one that nobody switched on.
            data_through=midnight(day + timedelta(days=1) if requests else day),
            emails={user: user for user in requests if user and "@" in user},
        )

    async def close(self) -> None:
        await self._api.close()


def _filter(project: str, day: date) -> str:
    log = f"projects/{project}/logs/cloudaicompanion.googleapis.com%2Fmetadata"
    return (
        f'logName="{log}" AND labels.product="code_assist"'
        f' AND timestamp>="{day}T00:00:00Z" AND timestamp<"{day + timedelta(days=1)}T00:00:00Z"'
    )


def _requests(day: date, pages: Iterable[Page]) -> dict[str | None, set[str]]:
    """The ids of each person's requests."""
    today = day.isoformat()
    requests: defaultdict[str | None, set[str]] = defaultdict(set)
    for page in pages:
        for entry in page.entries:
            # As text: times have nanoseconds, and rounding them would end up in the next day.
            if not entry.timestamp.startswith(today):
                raise SourceResponseError("the answer is about another day")
            event = entry.json_payload
            shown = event.code_exposure or event.chat_exposure
            if shown is None and event.api_request is None:
                continue
            request = shown.original_request_id if shown else None
            user = entry.labels.user_id
            requests[user.lower() if user else None].add(
                request or event.request_id or entry.insert_id
            )
    return requests
