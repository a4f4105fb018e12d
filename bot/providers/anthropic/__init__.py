"""Anthropic: Claude Console and Claude Enterprise organizations.

Docs:     https://platform.claude.com/docs/en/manage-claude/usage-cost-analytics-api
Grain:    one record per account, product, model, kind of cost and UTC day
Account:  the id of a user, service account, federated identity or API key; none where unattributed
Cost:     billed, in cents after discounts; list price where only the older reports may be read
Settles:  within a day; figures of the last 30 days may still be revised
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from datetime import date
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.domain.night import Freshness
from bot.domain.usage import CostBasis, ProviderDay
from bot.errors import (
    SourceForbiddenError,
    SourceNotFoundError,
    SourceRefusedError,
    SourceUnauthorizedError,
)
from bot.http import Http, Retry
from bot.ports import Capabilities
from bot.providers._reading import named
from bot.providers.anthropic import analytics, reports

# The older reports and lists are not promised under a newer version.
REPORTS_VERSION = "2023-06-01"

REFUSALS = (SourceRefusedError, SourceForbiddenError, SourceNotFoundError)

Page = analytics.Page | reports.Page


class Config(BaseModel):
    model_config = ConfigDict(frozen=True)

    admin_key: SecretStr = Field(description="an admin or analytics key of the organization")
    base_url: str = Field(
        default="https://api.anthropic.com", description="where Anthropic's API is reached"
    )
    version: str = Field(default="2023-06-01", description="the header anthropic-version")
    beta: str = Field(
        default="analytics-usage-cost-2026-08-24", description="the header anthropic-beta"
    )
    auth_header: Literal["x-api-key", "authorization"] = Field(
        default="x-api-key", description="the header that carries the key"
    )

    def credentials(self) -> dict[str, str]:
        key = self.admin_key.get_secret_value()
        return {self.auth_header: key if self.auth_header == "x-api-key" else f"Bearer {key}"}


class Anthropic:
    name: ClassVar[str] = "anthropic"
    title: ClassVar[str] = "Anthropic"
    capabilities: ClassVar[Capabilities] = Capabilities(
        per_person=True,
        tokens=True,
        requests=True,
        cost=(CostBasis.BILLED, CostBasis.LIST_PRICE),
        freshness="within a day; revised for 30 days",
        identity="e-mail address in the report",
    )
    freshness: ClassVar[Freshness] = Freshness(repull=4, settles_after=30)

    def __init__(self, *, analytics_api: Http, reports_api: Http) -> None:
        self._analytics_api = analytics_api
        self._reports_api = reports_api

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> Anthropic:
        credentials = config.credentials()
        unified = {"anthropic-version": config.version, "anthropic-beta": config.beta}
        older = {"anthropic-version": REPORTS_VERSION}
        return cls(
            analytics_api=connect(config.base_url, headers=credentials | unified, retry=retry),
            reports_api=connect(config.base_url, headers=credentials | older, retry=retry),
        )

    async def fetch(self, day: date) -> AsyncIterator[Page]:
        with named(self.name, day):
            for page in await self._pages(day):
                yield page

    @staticmethod
    def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
        unified: list[analytics.Page] = []
        older: list[reports.Page] = []
        for page in pages:
            if isinstance(page, analytics.Page):
                unified.append(page)
            else:
                older.append(page)
        with named(Anthropic.name, day):
            return reports.parse(day, older) if older else analytics.parse(day, unified)

    async def close(self) -> None:
        await self._analytics_api.close()
        await self._reports_api.close()

    async def _pages(self, day: date) -> list[Page]:
        # Whole before any is given on, so that a day never mixes the two kinds of answer.
        try:
            return [page async for page in analytics.fetch(self._analytics_api, day)]
        except REFUSALS as refusal:
            try:
                return [page async for page in reports.fetch(self._reports_api, day)]
            except (*REFUSALS, SourceUnauthorizedError):
                raise refusal from None
