"""GitHub Copilot: what people ask of it, its seats, and the AI credits that are billed.

Docs:     https://docs.github.com/rest/copilot/copilot-usage-metrics and /rest/billing/usage
Grain:    one record per account and UTC day; of billing also per model and SKU; one per seat
Account:  the user's numeric id, for logins change; ``login:NAME`` where no id is known
Cost:     billed, in dollars after the discount of the plan; else GitHub's estimate in AI credits
Settles:  reports come one to three days late; billing moves until the month is over

Tokens are left out: they are told of the command line and the app alone, and whether prompts
include what the cache held is not documented. Seats are those there are when the day is read.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal, localcontext
from typing import Any, ClassVar, Literal, Self, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from bot.domain.night import Freshness
from bot.domain.usage import CostBasis, ProviderDay
from bot.errors import (
    SourceExpiredLinkError,
    SourceNotFoundError,
    SourceResponseError,
    SourceUnavailableError,
)
from bot.http import Http, Retry
from bot.ports import Capabilities
from bot.providers.copilot import records
from bot.providers.copilot.files import REPORT, read_export, read_report
from bot.providers.copilot.identities import SingleSignOn
from bot.providers.copilot.pages import (
    Bill,
    Billing,
    BillPage,
    Export,
    Links,
    Reported,
    SeatsPage,
    Terms,
)
from bot.providers.copilot.records import Page
from bot.reading.days import EXACT, named

T = TypeVar("T")

PER_PAGE = 100
MOST_PAGES = 10_000
MOST_BILLED_USERS = 1_000
MOST_POLLS = 30

# As GitHub tells administrators to open their firewalls for reports; that exports of billing
# come from the others is a guess.
DOWNLOAD_HOSTS = (
    "copilot-reports.github.com",
    "copilot-reports-*.b01.azurefd.net",
    "usagereports*.blob.core.windows.net",
    "github.com",
    "objects.githubusercontent.com",
)


class Config(BaseModel):
    model_config = ConfigDict(frozen=True)

    token: SecretStr = Field(
        description="a classic token with manage_billing:copilot and read:org (or read:enterprise; "
        "with manage_billing:enterprise for billing)"
    )
    organization: str | None = Field(
        default=None, description="the organization's name; this or the enterprise"
    )
    enterprise: str | None = Field(default=None, description="the enterprise's short name")
    base_url: str = Field(
        default="https://api.github.com", description="where GitHub's API is reached"
    )
    api_version: str = Field(default="2026-03-10", description="the version of GitHub's REST API")
    billing: Billing | None = Field(
        default=None,
        description="how charges are read: `export` (the usual for an enterprise), `per_user` "
        "(the usual for an organization; a request a user) or `none` (GitHub's estimates)",
    )
    seat_price_usd_month: Decimal | None = Field(
        default=None, ge=0, description="what a seat costs a month, in US dollars"
    )
    download_hosts: tuple[str, ...] = Field(
        default=DOWNLOAD_HOSTS, description="the hosts that reports may be downloaded from"
    )

    @model_validator(mode="after")
    def _is_about_one_account(self) -> Self:
        if (self.organization is None) == (self.enterprise is None):
            raise ValueError("give either an organization or an enterprise")
        if self.billing == "export" and self.enterprise is None:
            raise ValueError("billing can be exported of an enterprise only")
        return self


class Copilot:
    name: ClassVar[str] = "copilot"
    title: ClassVar[str] = "GitHub Copilot"
    capabilities: ClassVar[Capabilities] = Capabilities(
        per_person=True,
        tokens=False,
        requests=True,
        cost=(CostBasis.BILLED, CostBasis.PROVIDER_ESTIMATE),
        freshness="one to three days later",
        identity="numeric GitHub id; e-mail address through SAML single sign-on",
    )
    freshness: ClassVar[Freshness] = Freshness(repull=4, settles_after=30, history=365)

    def __init__(self, api: Http, config: Config, *, retry: Retry) -> None:
        name = config.organization or config.enterprise or ""
        is_enterprise = config.enterprise is not None
        usual: Billing = "export" if is_enterprise else "per_user"
        slug = quote(name, safe="")
        self._copilot = f"/{'enterprises' if is_enterprise else 'orgs'}/{slug}/copilot"
        owner = "enterprises" if is_enterprise else "organizations"
        self._bills = f"/{owner}/{slug}/settings/billing"
        self._api = api
        self._downloads = api.downloads(config.download_hosts)
        self._sign_on = SingleSignOn(api, name, is_enterprise=is_enterprise)
        self._terms = Terms(config.billing or usual, config.seat_price_usd_month)
        self._retry = retry

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> Copilot:
        headers = {
            "authorization": f"Bearer {config.token.get_secret_value()}",
            "accept": "application/vnd.github+json",
            "x-github-api-version": config.api_version,
        }
        api = connect(config.base_url, headers=headers, retry=retry)
        return cls(api, config, retry=retry or Retry())

    async def fetch(self, day: date) -> AsyncIterator[Page]:
        with named(self.name, day):
            yield self._terms
            active: list[str] = []
            async for seats in self._seats():
                active += seats.logins_active_since(day)
                yield seats
            if (links := await self._links(day)) is None:
                return
            yield Reported(links.report_day)
            logins: list[str] = []
            files = self._files(
                links.download_links, read_report, again=self._report_links, day=day
            )
            async for _, report in files:
                logins += [line.user_login for line in report.lines if line.user_login]
                yield report
            async for page in self._billing(day, logins + active):
                yield page
            for identities in await self._sign_on.identities():
                yield identities

    @staticmethod
    def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
        with named(Copilot.name, day), localcontext(EXACT):
            return records.parse(day, pages)

    async def close(self) -> None:
        await self._downloads.close()
        await self._api.close()

    async def _seats(self) -> AsyncIterator[SeatsPage]:
        """All pages: an enterprise counts a user once and lists each of the user's seats."""
        path = f"{self._copilot}/billing/seats"
        seen: set[object] = set()
        for number in range(1, MOST_PAGES + 1):
            params = {"page": number, "per_page": PER_PAGE}
            page = await self._api.get(path, params, into=SeatsPage)
            yield page
            seen |= {seat.account or seat.created_at for seat in page.seats}
            is_short = len(page.seats) < PER_PAGE
            if not page.seats or (is_short and len(seen) >= page.total_seats):
                return
        raise SourceResponseError(f"{path}: more than {MOST_PAGES:,} pages")

    async def _links(self, day: date) -> Links | None:
        """``None`` while there is no report: 204, 404, or an empty text for early days."""
        path = f"{self._copilot}/metrics/reports/{REPORT}"
        try:
            into: Any = Links | Literal[""]
            params = {"day": day.isoformat()}
            answer: Links | Literal[""] = await self._api.get(path, params, into=into)
        except SourceNotFoundError:
            return None
        return answer or None

    async def _report_links(self, day: date) -> list[str]:
        links = await self._links(day)
        return links.download_links if links else []

    async def _files(
        self,
        links: list[str],
        into: Callable[[bytes], T],
        *,
        again: Callable[[date], Awaitable[list[str]]],
        day: date,
    ) -> AsyncIterator[tuple[int, T]]:
        """What the links lead to; once all of them anew where one has expired meanwhile."""
        for is_last in (False, True):
            try:
                for part, link in enumerate(links):
                    yield part, await self._downloads.read(link, into)
            except SourceExpiredLinkError:
                if is_last:
                    raise
                links = await again(day)
            else:
                return

    async def _billing(self, day: date, logins: Iterable[str]) -> AsyncIterator[Page]:
        match self._terms.billing:
            case "export":
                links = await self._export_links(day)
                files = self._files(links, read_export, again=self._export_links, day=day)
                async for part, file in files:
                    file.part = part
                    yield file
            case "per_user":
                bill = await self._bill(day)
                yield BillPage(bill)
                asked = [*dict.fromkeys(logins)][:MOST_BILLED_USERS] if bill.usage_items else []
                for login in asked:
                    try:
                        yield BillPage(await self._bill(day, login), login)
                    except SourceNotFoundError:
                        continue  # the user has left

    async def _bill(self, day: date, login: str | None = None) -> Bill:
        params: dict[str, str | int | list[str]] = {
            "year": day.year,
            "month": day.month,
            "day": day.day,
        }
        if login is not None:
            params["user"] = login
        return await self._api.get(f"{self._bills}/ai_credit/usage", params, into=Bill)

    async def _export_links(self, day: date) -> list[str]:
        """Of a new export, when it is done."""
        path = f"{self._bills}/reports"
        body = {
            "report_type": "ai_credit",
            "start_date": day.isoformat(),
            "end_date": day.isoformat(),
            "send_email": False,
        }
        export = await self._api.post(path, body, into=Export)
        for wait in _waits(self._retry):
            if export.status in {"completed", "failed"}:
                break
            await asyncio.sleep(wait)
            export = await self._api.get(f"{path}/{quote(export.id, safe='')}", into=Export)
        if export.status != "completed":
            problem = "has failed" if export.status == "failed" else "is not ready yet"
            raise SourceUnavailableError(f"{path}: the export {problem}")
        return export.download_urls


def _waits(retry: Retry) -> Iterator[float]:
    """Ever longer, as between attempts, until the time for them is used up."""
    wait, waited = retry.first_wait, 0.0
    for _ in range(MOST_POLLS):
        if waited >= retry.budget:
            return
        yield wait
        waited += wait
        wait = min(wait * 2, retry.longest_wait)
