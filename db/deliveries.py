"""The outbox: what is to be sent, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.channels import seen_by
from bot.domain.delivery import (
    CannotLook,
    Delivery,
    DeliveryKind,
    DeliveryState,
    NewDelivery,
    NotNow,
    NotThere,
    Posted,
    PostResult,
    Refused,
    SearchResult,
    Unclear,
    digest_topic,
)
from bot.domain.health import DeliveryCounts
from bot.domain.messages import Message
from bot.domain.periods import Period
from bot.domain.preferences import Cadence
from bot.domain.schedule import DigestTime
from bot.domain.teams import ChannelProblem
from db.channels import note_posts
from db.database import Database
from db.digest_times import IS_READ_THEN, TIMES, as_arrays

_PLAN = text(
    "INSERT INTO deliveries (id, dedup_key, person_id, channel, kind, period_start, state, text,"
    " blocks, planned_at, due_at)"
    " SELECT id, dedup_key, person_id, channel, kind, period_start, CASE WHEN channel IN"
    f"  (SELECT channel FROM teams WHERE channel_problem = '{ChannelProblem.SHARED}')"
    "  THEN 'skipped' ELSE 'planned' END, text, blocks, :planned_at, due_at"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(id uuid, dedup_key text,"
    " person_id bigint, channel text, kind text, period_start date, text text, blocks jsonb,"
    " due_at timestamptz)"
    " ON CONFLICT DO NOTHING"
)
_TOPIC = "split_part({}.dedup_key, ':', 4)"
DIGEST_END = (
    f"(d.period_start + CASE {_TOPIC.format('d')} WHEN '{Cadence.DAILY}' THEN interval '1 day'"
    f" WHEN '{Cadence.MONTHLY}' THEN interval '1 month' ELSE interval '1 week' END)::date"
)
"""The first day after what the digest *d* is about: its topic is its cadence, unless weekly."""
_SKIP_OVERTAKEN = text(
    "UPDATE deliveries d SET state = 'skipped' FROM deliveries newer"
    " WHERE d.state = 'planned' AND d.kind = 'digest' AND newer.kind = d.kind"
    f" AND {_TOPIC.format('newer')} = {_TOPIC.format('d')}"
    " AND newer.person_id = d.person_id AND newer.period_start > d.period_start"
    " AND d.person_id = ANY(CAST(:people AS bigint[]))"
)
_SKIP_BEFORE = text(
    "UPDATE deliveries d SET state = 'skipped' FROM people p, unnest(CAST(:topics AS text[]),"
    f"  CAST(:first_days AS date[]), {TIMES}) AS due(topic, first_day, zone, own_day)"
    " WHERE d.state = 'planned' AND d.kind = 'digest' AND d.period_start < due.first_day"
    f" AND {_TOPIC.format('d')} = due.topic AND p.id = d.person_id AND {IS_READ_THEN}"
)
_SKIP_NOTES = text(
    "UPDATE deliveries SET state = 'skipped' WHERE state = 'planned' AND due_at < :due_before"
    f" AND kind IN ('{DeliveryKind.NUDGE}', '{DeliveryKind.BUDGET}', '{DeliveryKind.TEAM_BUDGET}')"
)
_POSTPONE = text(
    "UPDATE deliveries d SET due_at = asleep.until FROM people p, unnest(CAST(:zones AS text[]),"
    "  CAST(:mornings AS timestamptz[])) AS asleep(zone, until)"
    " WHERE d.person_id = p.id AND p.time_zone = asleep.zone AND d.due_at <= :now"
    " AND d.state IN ('planned', 'posting', 'ambiguous')"
)
# Chosen once, as a part by itself: within the join it may be chosen anew for each row.
_CLAIM = text(
    "WITH before AS MATERIALIZED (SELECT id, state FROM deliveries WHERE"
    "  (state = 'planned' AND due_at <= :now AND (lease_until IS NULL OR lease_until <= :real_now))"
    "  OR (state IN ('posting', 'ambiguous') AND due_at <= :now AND lease_until <= :real_now)"
    "  ORDER BY due_at, id LIMIT :most FOR UPDATE SKIP LOCKED)"
    " UPDATE deliveries d SET state = 'posting', attempt = attempt + 1, posting_at ="
    " CASE WHEN before.state = 'planned' THEN :real_now ELSE d.posting_at END,"
    " lease_until = :lease_until FROM before WHERE d.id = before.id"
    " RETURNING d.id, d.channel, d.text, d.blocks, before.state <> 'planned', d.posting_at,"
    " d.attempt"
)
_RESULTS = text(
    "UPDATE deliveries d SET state = r.state, lease_until = r.lease_until, error = r.error,"
    " slack_channel = r.slack_channel, slack_ts = r.slack_ts"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(id uuid, attempt int, state text,"
    "  lease_until timestamptz, error text, slack_channel text, slack_ts text)"
    " WHERE d.id = r.id AND d.state = 'posting' AND d.attempt = r.attempt"
)
_WELCOMED = text(
    "UPDATE people SET welcomed_at = :now FROM deliveries d"
    " WHERE d.id = ANY(CAST(:posted AS uuid[])) AND d.kind = 'welcome'"
    " AND people.id = d.person_id AND people.welcomed_at IS NULL"
)
_OPEN = "state IN ('planned', 'posting', 'ambiguous')"


class DeliveryStore:
    def __init__(self, database: Database, *, lease: timedelta, settle: timedelta) -> None:
        """*lease*: how long an attempt may take; *settle*: how long Slack may take to show it."""
        self._database = database
        self._lease = lease
        self._settle = settle

    async def plan(self, deliveries: Sequence[NewDelivery], now: datetime) -> int:
        """Put them in the outbox, each once for good; how many were new."""
        if not deliveries:
            return 0
        async with self._database.for_jobs() as connection:
            return await plan_in(connection, deliveries, now)

    async def skip_before(self, due: Mapping[tuple[Cadence, Period], Sequence[DigestTime]]) -> None:
        """Drop the digests of periods before those that are *due* at their readers' times."""
        rows = [
            (digest_topic(cadence), period.first_day, at)
            for (cadence, period), times in due.items()
            for at in times
        ]
        overtaken = {
            "topics": [topic for topic, _, _ in rows],
            "first_days": [first_day for _, first_day, _ in rows],
            **as_arrays([at for _, _, at in rows]),
        }
        async with self._database.for_jobs() as connection:
            await connection.execute(_SKIP_BEFORE, overtaken)

    async def skip_notes(self, due_before: datetime) -> None:
        """Drop the nudges and budget notes that should have been sent by then, and were not."""
        async with self._database.for_jobs() as connection:
            await connection.execute(_SKIP_NOTES, {"due_before": due_before})

    async def postpone(self, mornings: Mapping[str, datetime], now: datetime) -> None:
        """Let what is overdue for people in these zones wait until it is day there again.

        What may have gone through as well: where it has not, it is posted anew at once.
        """
        asleep = {"zones": list(mornings), "mornings": list(mornings.values())}
        async with self._database.for_jobs() as connection:
            await connection.execute(_POSTPONE, {**asleep, "now": now})

    async def claim(self, most: int, now: datetime, real_now: datetime) -> list[Delivery]:
        """Take up to *most* that are due, for as long as the lease; nobody else gets them."""
        async with self._database.for_jobs() as connection:
            rows = await connection.execute(
                _CLAIM,
                {
                    "most": most,
                    "now": now,
                    "real_now": real_now,
                    "lease_until": real_now + self._lease,
                },
            )
            return [
                Delivery(
                    id=row[0],
                    channel=row[1],
                    message=Message(row[2], tuple(row[3])),
                    is_ambiguous=row[4],
                    posting_at=row[5],
                    attempt=row[6],
                    post_before=real_now + self._lease / 2,
                )
                for row in rows
            ]

    async def record(
        self,
        results: Sequence[tuple[Delivery, PostResult | SearchResult]],
        now: datetime,
        real_now: datetime,
    ) -> None:
        """Write down what became of claimed deliveries."""
        rows = [self._change(delivery, result, real_now) for delivery, result in results]
        posted = [delivery.id for delivery, result in results if isinstance(result, Posted)]
        async with self._database.for_jobs() as connection:
            await connection.execute(_RESULTS, {"rows": json.dumps(rows)})
            if posted:
                await connection.execute(_WELCOMED, {"posted": posted, "now": now})
            seen = ((d.channel, seen_by(d.channel, result)) for d, result in results)
            told = {channel: look.problem for channel, look in seen if look is not None}
            await note_posts(connection, told)

    async def counts(self, now: datetime) -> DeliveryCounts:
        async with self._database.for_jobs() as connection:
            rows = await connection.execute(
                text("SELECT state, count(*) FROM deliveries WHERE due_at <= :now GROUP BY state"),
                {"now": now},
            )
            by_state: dict[str, int] = {row[0]: row[1] for row in rows}
        return DeliveryCounts(
            planned=by_state.get(DeliveryState.PLANNED, 0),
            sent=by_state.get(DeliveryState.SENT, 0),
            rejected=by_state.get(DeliveryState.REJECTED, 0),
            parked=by_state.get(DeliveryState.PARKED, 0),
            unknown=by_state.get(DeliveryState.AMBIGUOUS, 0)
            + by_state.get(DeliveryState.POSTING, 0),
        )

    async def open_count(self, now: datetime, real_now: datetime) -> int:
        """How many could be claimed at this moment."""
        async with self._database.for_jobs() as connection:
            count: int | None = await connection.scalar(
                text(
                    f"SELECT count(*) FROM deliveries WHERE {_OPEN} AND due_at <= :now"
                    " AND (lease_until IS NULL OR lease_until <= :real_now)"
                ),
                {"now": now, "real_now": real_now},
            )
            return count or 0

    def _change(
        self, delivery: Delivery, result: PostResult | SearchResult, real_now: datetime
    ) -> dict[str, Any]:
        # What may have gone through is never planned again before somebody has looked.
        again = DeliveryState.AMBIGUOUS if delivery.is_ambiguous else DeliveryState.PLANNED
        match result:
            case Posted(channel, ts):
                return _row(delivery, DeliveryState.SENT, slack_channel=channel, slack_ts=ts)
            case Refused(code):
                return _row(delivery, DeliveryState.REJECTED, error=code)
            case NotThere():
                return _row(delivery, DeliveryState.PLANNED)
            case CannotLook():
                return _row(delivery, DeliveryState.PARKED, error="may not look")
            case NotNow(seconds):
                return _row(delivery, again, lease_until=real_now + timedelta(seconds=seconds))
            case Unclear(reason):
                look_at = real_now + self._settle
                return _row(delivery, DeliveryState.AMBIGUOUS, lease_until=look_at, error=reason)


async def plan_in(
    connection: AsyncConnection, deliveries: Sequence[NewDelivery], now: datetime
) -> int:
    """The same in the transaction of *connection*, which is one of the jobs'."""
    rows = json.dumps([_to_row(delivery) for delivery in deliveries])
    people = [d.person for d in deliveries if d.person is not None]
    result = await connection.execute(_PLAN, {"rows": rows, "planned_at": now})
    await connection.execute(_SKIP_OVERTAKEN, {"people": people})
    return result.rowcount


def _row(
    delivery: Delivery,
    state: DeliveryState,
    *,
    lease_until: datetime | None = None,
    error: str | None = None,
    slack_channel: str | None = None,
    slack_ts: str | None = None,
) -> dict[str, Any]:
    return {
        "id": str(delivery.id),
        "attempt": delivery.attempt,
        "state": state.value,
        "lease_until": lease_until and lease_until.isoformat(),
        "error": error,
        "slack_channel": slack_channel,
        "slack_ts": slack_ts,
    }


def _to_row(delivery: NewDelivery) -> dict[str, Any]:
    return {
        "id": str(delivery.id),
        "dedup_key": delivery.dedup_key,
        "person_id": delivery.person,
        "channel": delivery.channel,
        "kind": delivery.kind.value,
        "period_start": delivery.period_start.isoformat(),
        "text": delivery.message.text,
        "blocks": list(delivery.message.blocks),
        "due_at": delivery.due_at.isoformat(),
    }
