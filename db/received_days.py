"""Days that are made of what was sent: the sums of each account that something was said of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.received import Signal
from bot.domain.usage import LARGEST_USUAL_COST, ChargeCategory
from db.account_links import owner_on
from db.bulk import Staging

OWNED = "JOIN pg_temp.staging_touched t USING (provider, day, account)"
"""Whose a staged row is."""
NAMED = ("account", "product", "model", "cost_type", "charge_category", "currency")
_BIGINTS = ("input_uncached", "cache_read", "cache_write", "output", "reasoning", "requests")
COUNTED = (*_BIGINTS, "cost", "foreign_cost")

_KEY = ("provider", "day", *NAMED)
_FIGURES = ("person_id", *COUNTED, "cost_basis")
_DAY = (("provider", "text"), ("day", "date"), ("account", "text"))
_WAS = Staging("staging_was", _DAY)
_TOUCHED = Staging("staging_touched", (*_DAY, ("person_id", "bigint")))
_MADE = Staging(
    "staging_made",
    (
        ("provider", "text"),
        ("day", "date"),
        *((name, "text") for name in NAMED),
        *((name, "bigint") for name in _BIGINTS),
        ("cost", "numeric"),
        ("foreign_cost", "numeric"),
        ("cost_basis", "text"),
    ),
)

# Looked up account by account (OFFSET keeps them from being joined): however large the table is,
# and whatever is known of its statistics, this takes as long as what was sent is large.
_OF_ACCOUNT = (
    "SELECT {} FROM {} k WHERE k.workspace_id = 1 AND k.provider = t.provider"
    " AND k.day = t.day AND k.account = t.account OFFSET 0"
)

# The amounts of one key must have one basis, so the basis is part of the key.
_COST_TYPE = "concat_ws(':', nullif(r.cost_type, ''), r.cost_basis)"
_NAMES = ", ".join(_COST_TYPE if name == "cost_type" else f"r.{name}" for name in _KEY)
_SUMS = ", ".join(
    [
        *(f"sum(r.{name})::bigint" for name in _BIGINTS),
        "sum(r.cost)",
        "sum(r.foreign_cost)",
    ]
)
_MAKE = (
    f"INSERT INTO pg_temp.staging_made ({_MADE.names})"
    f" SELECT {_NAMES}, {_SUMS}, r.cost_basis"
    f" FROM (SELECT u.*, bool_or(u.signal = '{Signal.LOGS}')"
    "   OVER (PARTITION BY u.provider, u.day, u.account) AS has_logs"
    f"  FROM pg_temp.staging_touched t, LATERAL ({_OF_ACCOUNT.format('*', 'received_usage')}) u) r"
    f" WHERE r.signal <> '{Signal.METRICS}' OR NOT r.has_logs"
    f" GROUP BY {', '.join(f'r.{name}' for name in _KEY)}, r.cost_basis"
)
_DELETE_VANISHED = (
    "DELETE FROM usage_records WHERE ctid = ANY(ARRAY(SELECT u.row"
    " FROM pg_temp.staging_touched t,"
    f" LATERAL ({_OF_ACCOUNT.format('ctid AS row, *', 'usage_records')}) u"
    " WHERE NOT EXISTS (SELECT FROM pg_temp.staging_made m"
    f" WHERE {' AND '.join(f'm.{name} = u.{name}' for name in _KEY)})))"
)
_MERGE = (
    f"INSERT INTO usage_records ({', '.join(_KEY)}, {', '.join(_FIGURES)})"
    f" SELECT {', '.join(f's.{name}' for name in _KEY)}, t.person_id,"
    f" {', '.join(f's.{name}' for name in _FIGURES[1:])} FROM pg_temp.staging_made s"
    f" {OWNED}"
    f" ON CONFLICT (workspace_id, {', '.join(_KEY)}) DO UPDATE"
    f" SET {', '.join(f'{name} = excluded.{name}' for name in _FIGURES)}"
    f" WHERE ({', '.join(f'usage_records.{name}' for name in _FIGURES)})"
    f" IS DISTINCT FROM ({', '.join(f'excluded.{name}' for name in _FIGURES)})"
)
_ODD = (
    "SELECT array_remove(ARRAY["
    " 'negative amounts of use: ' || nullif(count(*) FILTER"
    f"  (WHERE coalesce(cost, foreign_cost) < 0 AND charge_category = '{ChargeCategory.USAGE}'),"
    "  0),"
    f" 'amounts over ${LARGEST_USUAL_COST:,} for one account and model: ' || nullif(count(*)"
    f"  FILTER (WHERE abs(cost) > {LARGEST_USUAL_COST}), 0)], NULL) AS oddities"
    " FROM usage_records u WHERE u.workspace_id = 1 AND u.provider = touched.provider"
    " AND u.day = touched.day"
)
_REMEMBER_DAYS = (
    "INSERT INTO provider_days"
    " (provider, day, oddities, data_through, fetched_at, content, unchanged_since)"
    " SELECT touched.provider, touched.day, odd.oddities,"
    " coalesce(told.through, touched.day::timestamp AT TIME ZONE 'UTC'), :now, '', :now"
    " FROM (SELECT DISTINCT provider, day FROM pg_temp.staging_touched) touched"
    f" CROSS JOIN LATERAL ({_ODD}) odd"
    " LEFT JOIN (SELECT provider, day, least(max(period_end), :now) AS through"
    "  FROM pg_temp.{sent} GROUP BY provider, day) told USING (provider, day)"
    " ON CONFLICT (workspace_id, provider, day) DO UPDATE SET oddities = excluded.oddities,"
    " data_through = greatest(provider_days.data_through, excluded.data_through),"
    " fetched_at = excluded.fetched_at, unchanged_since = excluded.unchanged_since"
)


async def note_where_they_were(connection: AsyncConnection, sent: str) -> int:
    """Remember which days the records staged in *sent* were about; how many are known."""
    await _WAS.fill(connection, ())
    was = ", ".join(name for name, _ in _DAY)
    found = await connection.execute(
        text(
            f"INSERT INTO pg_temp.staging_was ({was}) SELECT r.*"
            f" FROM pg_temp.{sent} s, LATERAL (SELECT {was} FROM received_usage r"
            " WHERE r.workspace_id = 1 AND r.provider = s.provider AND r.record_id = s.record_id"
            " OFFSET 0) r"
        )
    )
    return found.rowcount


async def note_touched(connection: AsyncConnection, sent: str) -> None:
    """Remember which accounts' days are to be made anew, and whose they are."""
    for staging in (_WAS, _TOUCHED):
        await staging.fill(connection, ())
    days = ", ".join(name for name, _ in _DAY)
    await connection.execute(
        text(
            f"INSERT INTO pg_temp.staging_touched ({days}, person_id)"
            f" SELECT {days}, {owner_on('t.day', 't.provider', 't.account')}"
            f" FROM (SELECT {days} FROM pg_temp.{sent}"
            f"  UNION SELECT {days} FROM pg_temp.staging_was) t"
        )
    )


async def make_anew(connection: AsyncConnection, sent: str, now: datetime) -> None:
    """Make the days that were noted anew, of all that is kept of them."""
    await _MADE.fill(connection, ())
    await connection.execute(text(_MAKE))
    await connection.execute(text(_DELETE_VANISHED))
    await connection.execute(text(_MERGE))
    await connection.execute(text(_REMEMBER_DAYS.format(sent=sent)), {"now": now})


async def reached(connection: AsyncConnection, providers: Collection[str]) -> dict[str, datetime]:
    """How far each of *providers*' figures reach."""
    rows = await connection.execute(
        text(
            "SELECT provider, max(data_through) AS through FROM provider_days"
            " WHERE workspace_id = 1 AND provider = ANY(CAST(:providers AS text[]))"
            " GROUP BY provider"
        ),
        {"providers": list(providers)},
    )
    return {row.provider: row.through for row in rows}
