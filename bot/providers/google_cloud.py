"""Google Cloud: what its billing export to BigQuery says of Vertex AI and the Gemini API.

Docs:     https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables
Grain:    one record per account, service, SKU and UTC day
Account:  the value of a label that you set on requests; else the project, as ``project:ID``
Cost:     billed, in the billing account's currency; credits are records of their own
Settles:  rows arrive for three days, corrections until the month is closed

Amounts are floats in the export: they are added up as NUMERIC, as the invoice does. Label values
cannot hold an ``@``, so nobody's address is guessed from one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import msgspec
from pydantic import Field

from bot.domain.night import Freshness
from bot.domain.periods import midnight
from bot.domain.usage import USD, ChargeCategory, CostBasis, ProviderDay, UsageRecord
from bot.errors import SourceResponseError, SourceUnavailableError
from bot.google_token import GoogleApi, GoogleCredentials
from bot.http import Http, Params, Retry
from bot.ports import Capabilities
from bot.reading.days import Amount, every_page, in_order, named, require_plausible, total

SCOPE = "https://www.googleapis.com/auth/bigquery.readonly"
TABLE = r"^[a-z][a-z0-9.:-]{4,62}\.[A-Za-z0-9_]+\.[A-Za-z0-9_]+$"
PROJECT = r"^[a-z][a-z0-9.:-]{4,62}$"
PATIENCE_MS = 20_000
MOST_WAITS = 30
MOST_ROWS = 10_000
NOTHING = Decimal(0)

# A row for each group, or one without a group: how far the export reaches is told in any case.
QUERY = """\
WITH charges AS (
  SELECT
    DATE(usage_start_time) AS day,
    (SELECT value FROM UNNEST(labels) WHERE key = @label LIMIT 1) AS label,
    project.id AS project_id,
    service.description AS service_name,
    sku.description AS sku_name,
    cost_type AS kind,
    currency AS code,
    SUM(CAST(cost AS NUMERIC)) AS charged,
    SUM((SELECT SUM(CAST(credit.amount AS NUMERIC)) FROM UNNEST(credits) AS credit)) AS credited
  FROM `{table}`
  WHERE usage_start_time >= @start AND usage_start_time < @end
    AND service.description IN UNNEST(@services)
  GROUP BY 1, 2, 3, 4, 5, 6, 7
)
SELECT UNIX_SECONDS(reached.until) AS until, charges.*
FROM (SELECT MAX(export_time) AS until FROM `{table}` WHERE export_time >= @start) AS reached
LEFT JOIN charges ON TRUE
"""
CATEGORIES = {
    "regular": ChargeCategory.USAGE,
    "tax": ChargeCategory.TAX,
    "adjustment": ChargeCategory.ADJUSTMENT,
    "rounding error": ChargeCategory.ADJUSTMENT,
}


class Config(GoogleCredentials):
    project: str = Field(pattern=PROJECT, description="the project that runs the query")
    table: str = Field(
        pattern=TABLE, description="the export's table, as project.dataset.gcp_billing_export_v1_…"
    )
    person_label: str = Field(
        default="", max_length=63, description="the key of the label that says whose a request is"
    )
    services: tuple[str, ...] = Field(
        default=("Vertex AI", "Gemini API", "Generative Language API"),
        min_length=1,
        description="the services that count, as the export describes them",
    )
    base_url: str = Field(
        default="https://bigquery.googleapis.com", description="where BigQuery is reached"
    )


class Text(msgspec.Struct, gc=False):
    v: str | None


class Number(msgspec.Struct, gc=False):
    v: Decimal | None

    def __post_init__(self) -> None:
        if self.v is not None:
            require_plausible(self.v)


class Row(msgspec.Struct, gc=False):
    f: tuple[Text, Text, Text, Text, Text, Text, Text, Text, Number, Number]


class Job(msgspec.Struct, rename="camel"):
    job_id: str
    location: str | None = None


class Page(msgspec.Struct, rename="camel"):
    job_reference: Job
    job_complete: bool
    rows: list[Row] = []
    page_token: str | None = None

    @property
    def has_more(self) -> bool:
        return bool(self.page_token)

    @property
    def cursor(self) -> str | None:
        return self.page_token


class GoogleCloud:
    name: ClassVar[str] = "google_cloud"
    title: ClassVar[str] = "Google Cloud"
    capabilities: ClassVar[Capabilities] = Capabilities(
        per_person=False,
        tokens=False,
        requests=False,
        cost=(CostBasis.BILLED,),
        freshness="within three days",
        identity="a label's value or the project",
    )
    freshness: ClassVar[Freshness] = Freshness(repull=5, settles_after=35)

    def __init__(self, api: GoogleApi, config: Config) -> None:
        self._api = api
        self._config = config

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> GoogleCloud:
        def authorized(token: str) -> Http:
            headers = {"authorization": f"Bearer {token}"}
            return connect(config.base_url, headers=headers, retry=retry)

        return cls(GoogleApi(config.token(SCOPE), authorized), config)

    async def fetch(self, day: date) -> AsyncIterator[Page]:
        queries = f"/bigquery/v2/projects/{self._config.project}/queries"
        with named(self.name, day):
            http = await self._api.http()
            page = await http.post(queries, _question(self._config, day), into=Page)
            results = f"{queries}/{page.job_reference.job_id}"
            params: Params = {"timeoutMs": PATIENCE_MS, "maxResults": MOST_ROWS}
            if location := page.job_reference.location:
                params = {**params, "location": location}
            waits = 0
            while not page.job_complete:
                # BigQuery itself waits a while before it says that the query still runs.
                if (waits := waits + 1) > MOST_WAITS:
                    raise SourceUnavailableError("the query did not come to an end")
                page = await http.get(results, params, into=Page)
            yield page
            if page.page_token:
                params = {**params, "pageToken": page.page_token}
                async for following in every_page(
                    http, results, params, into=Page, cursor_name="pageToken"
                ):
                    yield following

    @staticmethod
    def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
        with named(GoogleCloud.name, day):
            until, rows = _rows(day, pages)
            records = in_order(_records(day, rows))
        bills = _bills(records)
        dollars = bills.pop(USD, None)
        is_free = not records and until > midnight(day)
        accounts = {r.account for r in records if r.account and "@" in r.account}
        return ProviderDay(
            provider=GoogleCloud.name,
            day=day,
            records=records,
            billed=NOTHING if is_free else dollars,
            data_through=until,
            emails={account: account.lower() for account in accounts},
            foreign_billed=bills,
        )

    async def close(self) -> None:
        await self._api.close()


def _question(config: Config, day: date) -> dict[str, Any]:
    return {
        "query": QUERY.format(table=config.table),
        "useLegacySql": False,
        "parameterMode": "NAMED",
        "queryParameters": [
            _parameter("label", "STRING", config.person_label),
            _parameter("start", "TIMESTAMP", f"{day}T00:00:00Z"),
            _parameter("end", "TIMESTAMP", f"{day + timedelta(days=1)}T00:00:00Z"),
            {
                "name": "services",
                "parameterType": {"type": "ARRAY", "arrayType": {"type": "STRING"}},
                "parameterValue": {"arrayValues": [{"value": each} for each in config.services]},
            },
        ],
        "timeoutMs": PATIENCE_MS,
        "maxResults": MOST_ROWS,
    }


def _parameter(name: str, kind: str, value: str) -> dict[str, Any]:
    return {"name": name, "parameterType": {"type": kind}, "parameterValue": {"value": value}}


Key = tuple[str | None, ...]
Charge = tuple[Decimal, Decimal]


def _rows(day: date, pages: Iterable[Page]) -> tuple[datetime, dict[Key, Charge]]:
    """How far the export reaches, and what was charged and credited for each group."""
    start, end = midnight(day), midnight(day + timedelta(days=1))
    today = day.isoformat()
    reached = {"0"}
    rows: dict[Key, Charge] = {}
    for page in pages:
        for row in page.rows:
            until, of, label, project, service, sku, kind, code, charged, credited = row.f
            reached.add(until.v or "0")
            if of.v is None:
                continue
            if of.v != today:
                raise SourceResponseError("the answer is about another day")
            key = (label.v, project.v, service.v, sku.v, kind.v, code.v)
            rows[key] = (charged.v or NOTHING, credited.v or NOTHING)
    try:
        seconds = max(map(int, reached))
    except ValueError:
        raise SourceResponseError("how far the export reaches is no number") from None
    seconds = min(max(seconds, int(start.timestamp())), int(end.timestamp()))
    return datetime.fromtimestamp(seconds, UTC), rows


def _records(day: date, rows: dict[Key, Charge]) -> Iterator[UsageRecord]:
    for (label, project, service, sku, kind, code), (charged, credited) in rows.items():
        if code is None:
            raise SourceResponseError("a row without `currency`")
        account = label or (f"project:{project}" if project else None)
        charges = [(CATEGORIES.get(kind or "regular", ChargeCategory.USAGE), charged)]
        if credited:
            charges.append((ChargeCategory.CREDIT, credited))
        for category, value in charges:
            cost, foreign_cost, currency = Amount.of(value, code)
            yield UsageRecord(
                provider=GoogleCloud.name,
                account=account,
                day=day,
                product=service,
                cost_type=sku,
                charge_category=category,
                currency=currency,
                cost=cost,
                cost_basis=CostBasis.BILLED,
                foreign_cost=foreign_cost,
            )


def _bills(records: Iterable[UsageRecord]) -> dict[str, Decimal]:
    """What the invoice of each currency says of the day: the export holds all that is on it."""
    amounts: defaultdict[str, list[Decimal | None]] = defaultdict(list)
    for record in records:
        amounts[record.currency].append(
            record.cost if record.currency == USD else record.foreign_cost
        )
    return {currency: total(each) for currency, each in amounts.items()}
