"""Anthropic: Claude Console and Claude Enterprise organizations.

Docs:     https://platform.claude.com/docs/en/manage-claude/usage-cost-analytics-api
Grain:    one record per account, product, model, kind of cost and UTC day
Account:  the id of a user, service account, federated identity or API key; none where unattributed
Cost:     billed, in cents after discounts; the Console's older reports: list price, and estimates
Settles:  within a day; figures of the last 30 days may still be revised

Besides, one question a day asks what Claude Code counts of its sessions, commits and pull requests.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import date
from typing import Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.domain.night import Freshness
from bot.domain.usage import CostBasis, ProviderDay
from bot.errors import SourceError, SourceUnauthorizedError
from bot.http import Http, Retry
from bot.ports import Capabilities
from bot.providers.anthropic import analytics, claude_code, engagement, enterprise, reports
from bot.providers.anthropic.refusals import KEY_REFUSALS, KeyKind, kind_of
from bot.providers.anthropic.sessions import Sessions
from bot.reading.days import named

# The older reports and lists are not promised under a newer version.
REPORTS_VERSION = "2023-06-01"

COUNTS_ALONE = (claude_code.CountedPage, engagement.Page)
COUNTING = (*COUNTS_ALONE, claude_code.Page)

Page = analytics.Page | reports.Page | enterprise.Page | claude_code.CountedPage | engagement.Page


class Reading(Protocol):
    """One kind of answer, taken in page by page."""

    def __init__(self, day: date) -> None: ...

    def add(self, page: Any) -> None: ...

    def result(self) -> ProviderDay: ...


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
        cost=(CostBasis.BILLED, CostBasis.PROVIDER_ESTIMATE, CostBasis.LIST_PRICE),
        freshness="within a day; revised for 30 days",
        identity="e-mail address in the report",
    )
    freshness: ClassVar[Freshness] = Freshness(repull=4, settles_after=30)

    def __init__(self, *, analytics_api: Http, reports_api: Http, key_kind: KeyKind) -> None:
        self._analytics_api = analytics_api
        self._reports_api = reports_api
        self._key_kind = key_kind

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
            key_kind=kind_of(config.admin_key.get_secret_value()),
        )

    async def fetch(self, day: date) -> AsyncIterator[Page]:
        """The first kind of answer that is given whole, after what came of those that were not."""
        with named(self.name, day):
            refusal: SourceError | None = None
            for answer in self._answers(day):
                try:
                    async for page in answer:
                        yield page
                except KEY_REFUSALS as error:
                    refusal = refusal or error
                    if isinstance(refusal, SourceUnauthorizedError):
                        break
                else:
                    return
            if refusal:
                raise self._key_kind.explain(refusal) from None

    @staticmethod
    def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
        with named(Anthropic.name, day):
            reading: Reading = analytics.Reading(day)
            sessions = Sessions()
            for page in pages:
                if not isinstance(page, COUNTS_ALONE):
                    # What came before another kind of answer was refused half way.
                    if not isinstance(reading, kind := _reading_of(page)):
                        reading, sessions = kind(day), Sessions()
                    reading.add(page)
                if isinstance(page, COUNTING):
                    sessions.add(page.counted(day))
            return sessions.told_with(reading.result())

    async def close(self) -> None:
        await self._analytics_api.close()
        await self._reports_api.close()

    def _answers(self, day: date) -> Iterator[AsyncIterator[Page]]:
        """From the best on; the kind of key only says which of the older ones is likelier."""
        yield self._unified(day)
        older = (reports.fetch, enterprise.fetch)
        for fetch in reversed(older) if self._key_kind.is_of_enterprise else older:
            yield fetch(self._reports_api, day)

    async def _unified(self, day: date) -> AsyncIterator[Page]:
        async for page in analytics.fetch(self._analytics_api, day):
            yield page
        async for told in self._counts(day):
            yield told

    async def _counts(self, day: date) -> AsyncIterator[Page]:
        """What Claude Code counts, where it is told: it is no part of the unified analytics."""
        api = self._reports_api
        console = claude_code.fetch(api, day, claude_code.CountedPage)
        both: tuple[AsyncIterator[Page], ...] = (console, engagement.fetch(api, day))
        for answer in reversed(both) if self._key_kind.is_of_enterprise else both:
            is_told = False
            try:
                async for page in answer:
                    is_told = True
                    yield page
            except KEY_REFUSALS:
                if is_told:
                    raise
            else:
                return


def _reading_of(page: Page) -> type[Reading]:
    match page:
        case analytics.Page():
            return analytics.Reading
        case enterprise.Page():
            return enterprise.Reading
        case _:
            return reports.Reading
