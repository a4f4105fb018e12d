"""OpenAI: the organization of its API platform.

Docs:     https://platform.openai.com/docs/api-reference/usage
Grain:    one record per account, model, kind of cost and UTC day
Account:  the user's id; the API key's where no user is named; none where unattributed
Cost:     billed, in dollars; list price where costs may be grouped by neither user nor key
Settles:  figures move for about two days
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from datetime import date, timedelta
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.domain.night import Freshness
from bot.domain.periods import midnight
from bot.domain.usage import CostBasis, ProviderDay
from bot.errors import SourceRefusedError
from bot.http import Http, Params, Retry
from bot.ports import Capabilities
from bot.providers._reading import every_page, named
from bot.providers.openai import records
from bot.providers.openai.pages import BillPage, CostsPage, Page, UsagePage, UsersPage

USAGE = "/organization/usage/completions"
COSTS = "/organization/costs"
USERS = "/organization/users"


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
        identity="user id, with the list of users",
    )
    freshness: ClassVar[Freshness] = Freshness(repull=4, settles_after=4)

    def __init__(self, api: Http) -> None:
        self._api = api

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> OpenAI:
        headers = {"authorization": f"Bearer {config.admin_key.get_secret_value()}"}
        return cls(connect(config.base_url, headers=headers, retry=retry))

    async def fetch(self, day: date) -> AsyncIterator[Page]:
        span = _span(day)
        grouped = {**span, "group_by": ["user_id", "api_key_id", "model", "batch"]}
        with named(self.name, day):
            async for usage in every_page(self._api, USAGE, grouped, into=UsagePage):
                yield usage
            async for bill in every_page(self._api, COSTS, span, into=BillPage):
                yield bill
            for costs in await self._costs(span):
                yield costs
            many = {"limit": 100}
            async for users in every_page(
                self._api, USERS, many, into=UsersPage, cursor_name="after"
            ):
                yield users

    @staticmethod
    def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
        with named(OpenAI.name, day):
            return records.parse(day, pages)

    async def close(self) -> None:
        await self._api.close()

    async def _costs(self, span: Params) -> list[CostsPage]:
        """Costs by user or else by key; none where the organization may group by neither."""
        for owner in ("user_id", "api_key_id"):
            grouped = {**span, "group_by": [owner, "line_item"]}
            try:
                return [p async for p in every_page(self._api, COSTS, grouped, into=CostsPage)]
            except SourceRefusedError:
                continue
        return []


def _span(day: date) -> dict[str, str | int | list[str]]:
    return {
        "start_time": int(midnight(day).timestamp()),
        "end_time": int(midnight(day + timedelta(days=1)).timestamp()),
        "bucket_width": "1d",
    }
