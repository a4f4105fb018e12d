"""Bills beside the records of what was charged, added up over days and people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.invoice import ForeignInvoice, Invoice
from bot.domain.night import Freshness, KnownDay
from bot.domain.usage import WANT_A_PRICE
from db.database import Database

_RECORDS = text(
    "SELECT provider, sum(cost) FILTER (WHERE cost_basis <> 'provider_estimate' AND account <> '')"
    "  AS attributed,"
    " sum(cost) FILTER (WHERE cost_basis <> 'provider_estimate' AND account = '') AS ownerless,"
    " sum(cost) FILTER (WHERE cost_basis = 'provider_estimate') AS estimated,"
    " count(*) FILTER (WHERE cost IS NULL AND foreign_cost IS NULL"
    "  AND cost_type = ANY(CAST(:wants_price AS text[]))) AS unpriced"
    " FROM usage_records WHERE day BETWEEN :first AND :last GROUP BY provider"
)
_BILLS = text(
    "SELECT provider, count(*) AS days, sum(billed) AS billed,"
    " sum(unattributed) AS unattributed FROM provider_days"
    " WHERE day BETWEEN :first AND :last GROUP BY provider ORDER BY provider"
)
_FOREIGN = text(
    "SELECT provider, key AS currency, sum((value ->> 'billed')::numeric) AS billed,"
    " sum((value ->> 'unattributed')::numeric) AS unattributed"
    " FROM provider_days CROSS JOIN jsonb_each(foreign_bills)"
    " WHERE day BETWEEN :first AND :last GROUP BY provider, key"
)
_UNBILLED = text(
    "SELECT u.provider, u.currency, sum(u.foreign_cost) AS used FROM usage_records u"
    " WHERE u.day BETWEEN :first AND :last AND u.currency <> 'USD' AND NOT EXISTS (SELECT"
    " FROM provider_days d WHERE d.workspace_id = u.workspace_id AND d.provider = u.provider"
    " AND d.day = u.day AND d.foreign_bills ? u.currency)"
    " GROUP BY u.provider, u.currency ORDER BY u.currency"
)
_DAYS = text(
    "SELECT provider, day, oddities, fetched_at, data_through >= (day + 1)::timestamp AT TIME ZONE"
    " 'UTC' AS is_complete, unchanged_since FROM provider_days"
    " WHERE day BETWEEN :first AND :last ORDER BY provider, day"
)


class InvoiceStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def invoices(
        self, first: date, last: date, freshness: Mapping[str, Freshness]
    ) -> list[Invoice]:
        """Every provider's days from *first* to *last*; without *freshness* no day is final."""
        span = {"first": first, "last": last}
        async with self._database.for_jobs() as connection:
            wanted = {**span, "wants_price": list(WANT_A_PRICE)}
            records = await _by_provider(connection, _RECORDS, wanted)
            bills = await _by_provider(connection, _BILLS, span)
            foreign = (await connection.execute(_FOREIGN, span)).all()
            unbilled = (await connection.execute(_UNBILLED, span)).all()
            days = (await connection.execute(_DAYS, span)).all()
        return [
            Invoice(
                provider=provider,
                days=bill.days,
                final_days=_final(provider, days, freshness.get(provider)),
                billed=bill.billed,
                attributed=_of(records, provider, "attributed"),
                unattributed=_together(
                    bill.unattributed, _of(records, provider, "ownerless"), bill.billed
                ),
                estimated=_of(records, provider, "estimated"),
                unpriced=_of(records, provider, "unpriced") or 0,
                foreign={
                    row.currency: ForeignInvoice(billed=row.billed, unattributed=row.unattributed)
                    for row in foreign
                    if row.provider == provider
                },
                unbilled={row.currency: row.used for row in unbilled if row.provider == provider},
                oddities=tuple(
                    (row.day, said)
                    for row in days
                    if row.provider == provider
                    for said in row.oddities
                ),
            )
            for provider, bill in bills.items()
        ]


async def _by_provider(
    connection: AsyncConnection, query: Any, span: Mapping[str, Any]
) -> dict[str, Any]:
    return {row.provider: row for row in await connection.execute(query, span)}


def _together(
    unexplained: Decimal | None, ownerless: Decimal | None, billed: Decimal | None
) -> Decimal | None:
    """What no record explains, and what records of nobody do."""
    if billed is None or unexplained is None:
        return ownerless
    return unexplained + (ownerless or Decimal(0))


def _of(records: Mapping[str, Any], provider: str, name: str) -> Any:
    return getattr(records[provider], name) if provider in records else None


def _final(provider: str, days: Any, freshness: Freshness | None) -> int:
    if freshness is None:
        return 0
    return sum(
        KnownDay(row.fetched_at, row.is_complete, row.unchanged_since).is_final(row.day, freshness)
        for row in days
        if row.provider == provider
    )
