"""OpenAI: the organization of its API platform.

Docs:     https://platform.openai.com/docs/api-reference/usage
Grain:    one record per account, model, kind of use or of cost, and UTC day
Account:  the user's id; where only an API key is named its owner's, or else the key's
Cost:     billed, by currency; list price where costs may be grouped by neither user nor key
Settles:  figures move for about two days
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import date, timedelta
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.domain.night import Freshness
from bot.domain.periods import midnight
from bot.domain.usage import CostBasis, ProviderDay
from bot.errors import SourceForbiddenError, SourceNotFoundError, SourceRefusedError
from bot.http import Http, Params, Retry
from bot.ports import Capabilities
from bot.providers.openai import records
from bot.providers.openai.pages import (
    OTHER_KINDS,
    ApiKeysPage,
    BillPage,
    CostsPage,
    ListPage,
    Page,
    ProjectsPage,
    UsagePage,
    UsersPage,
)
from bot.reading.days import P, every_page, named
from bot.reading.remembered import Remembered

USAGE = "/organization/usage"
COSTS = "/organization/costs"
USERS = "/organization/users"
PROJECTS = "/organization/projects"


class Config(BaseModel):
    model_config = ConfigDict(frozen=True)

    admin_key: SecretStr = Field(description="an admin key of the organization")
    base_url: str = Field(
        default="https://api.openai.com/v1", description="where OpenAI's API is reached"
    )


class OpenAI:
    name: ClassVar[str] = "openai"
    title: ClassVar[str] = "OpenAI"
    capabilities: ClassVar[Capabilities] = Capabilities(
        per_person=True,
        tokens=True,
        requests=True,
        cost=(CostBasis.BILLED, CostBasis.LIST_PRICE),
        freshness="within two days",
        identity="user id, with the lists of users and of keys' owners",
    )
    freshness: ClassVar[Freshness] = Freshness(repull=4, settles_after=4)

    def __init__(self, api: Http, *, now: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._people = Remembered(self._every_list, now=now)
        self._refused: Remembered[set[str]] = Remembered(_nothing_yet, now=now)

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> OpenAI:
        headers = {"authorization": f"Bearer {config.admin_key.get_secret_value()}"}
        return cls(connect(config.base_url, headers=headers, retry=retry))

    async def fetch(self, day: date) -> AsyncIterator[Page]:
        span = _span(day)
        with named(self.name, day):
            async for usage in self._usage(span):
                yield usage
            async for bill in every_page(self._api, COSTS, span, into=BillPage):
                yield bill
            async for costs in self._costs(span):
                yield costs
            for people in await self._people.get():
                yield people

    @staticmethod
    def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
        with named(OpenAI.name, day):
            return records.parse(day, pages)

    async def close(self) -> None:
        await self._api.close()

    async def _usage(self, span: Params) -> AsyncIterator[Page]:
        """Of every kind that the organization knows; of completions in any case."""
        grouped = {**span, "group_by": list(UsagePage.group_by)}
        async for page in every_page(
            self._api, f"{USAGE}/{UsagePage.kind}", grouped, into=UsagePage
        ):
            yield page
        # What is refused for one day of a night is for all of them.
        refused = await self._refused.get()
        for kind in OTHER_KINDS:
            if kind.kind in refused:
                continue
            asked = {**span, "group_by": list(kind.group_by)}
            pages = every_page(self._api, f"{USAGE}/{kind.kind}", asked, into=kind)
            answered = False
            async for other in _or_nothing(pages, SourceRefusedError, SourceNotFoundError):
                answered = True
                yield other
            if not answered:
                refused.add(kind.kind)

    async def _costs(self, span: Params) -> AsyncIterator[CostsPage]:
        """Costs by user or else by key; none where the organization may group by neither."""
        for owner in ("user_id", "api_key_id"):
            grouped = {**span, "group_by": [owner, "line_item"]}
            pages = every_page(self._api, COSTS, grouped, into=CostsPage)
            answered = False
            async for page in _or_nothing(pages, SourceRefusedError):
                answered = True
                yield page
            if answered:
                return

    async def _every_list(self) -> list[ListPage]:
        """Users and the owners of keys."""
        return [page async for page in self._lists()]

    async def _lists(self) -> AsyncIterator[ListPage]:
        async for users in self._list(USERS, UsersPage):
            yield users
        unread = (SourceForbiddenError, SourceRefusedError, SourceNotFoundError)
        every = self._list(PROJECTS, ProjectsPage, include_archived="true")
        async for projects in _or_nothing(every, *unread):
            for project in projects.data:
                path = f"{PROJECTS}/{project.id}/api_keys"
                keys = self._list(path, ApiKeysPage, owner_project_access="any")
                async for page in _or_nothing(keys, *unread):
                    yield page

    def _list(self, path: str, into: type[P], **params: str) -> AsyncIterator[P]:
        asked: Params = {"limit": 100, **params}
        return every_page(self._api, path, asked, into=into, cursor_name="after")


async def _nothing_yet() -> set[str]:
    return set()


async def _or_nothing(pages: AsyncIterator[P], *refusals: type[Exception]) -> AsyncIterator[P]:
    """The pages, unless already the first is refused."""
    answered = False
    try:
        async for page in pages:
            yield page
            answered = True
    except refusals:
        if answered:
            raise


def _span(day: date) -> dict[str, str | int | list[str]]:
    return {
        "start_time": int(midnight(day).timestamp()),
        "end_time": int(midnight(day + timedelta(days=1)).timestamp()),
        "bucket_width": "1d",
    }
