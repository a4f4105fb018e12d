"""What the database says, asked from outside and as its superuser, so that nothing is hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg

from db.migrate import driver_url

COLLECTING = frozenset({"collect_day", "collect_outcomes", "sync_directory", "settle_outcomes"})
PLANNING = frozenset({"plan_welcomes", "plan_digests", "release_week", "tell_team"})
LEASE = timedelta(seconds=2)


class Ledger:
    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def phase(self, started: datetime) -> str | None:
        """What the bot that was *started* then is in the middle of, by its own tables."""
        [(tasks, posting)] = self._rows(
            "SELECT array(SELECT j.task_name FROM procrastinate.procrastinate_jobs j"
            " JOIN procrastinate.procrastinate_workers w ON w.id = j.worker_id"
            " WHERE j.status = 'doing' AND w.last_heartbeat >= %s),"
            " EXISTS (SELECT FROM deliveries WHERE state = 'posting' AND lease_until >= %s)",
            started,
            started + LEASE,
        )
        if posting:
            return "deliver"
        if not PLANNING.isdisjoint(tasks):
            return "plan"
        return None if COLLECTING.isdisjoint(tasks) else "collect"

    def let_half_a_minute_pass(self) -> None:
        """Whoever was killed counts as dead now, not thirty seconds later.

        So does whoever lives, until its heart beats again: its jobs are done twice, which has to
        be harmless too.
        """
        self.execute(
            "UPDATE procrastinate.procrastinate_workers"
            " SET last_heartbeat = last_heartbeat - interval '31 seconds'"
        )

    def let_a_quarter_of_an_hour_pass(self) -> None:
        """The same, and the sources that failed have rested as long as they ever do."""
        self.let_half_a_minute_pass()
        self.execute("UPDATE source_health SET not_before = not_before - interval '15 minutes'")

    def open_deliveries(self, now: datetime) -> int:
        [(count,)] = self._rows(
            "SELECT count(*) FROM deliveries"
            " WHERE state IN ('planned', 'posting', 'ambiguous') AND due_at <= %s",
            now,
        )
        return int(count)

    def jobs_under_way(self) -> int:
        [(count,)] = self._rows(
            "SELECT count(*) FROM procrastinate.procrastinate_jobs WHERE status = 'doing'"
        )
        return int(count)

    def states(self, kind: str | None = None) -> Counter[str]:
        return Counter(
            state
            for (state,) in self._rows(
                "SELECT state FROM deliveries WHERE kind = coalesce(%s, kind)", kind
            )
        )

    def ids(self, states: str) -> set[str]:
        return {
            name
            for (name,) in self._rows(
                "SELECT id::text FROM deliveries WHERE state = ANY(string_to_array(%s, ' '))",
                states,
            )
        }

    def digests_missing(self, mondays: list[Any]) -> int:
        """People and weeks for which there should be a digest, and none was planned."""
        [(count,)] = self._rows(
            "SELECT count(*) FROM people p, unnest(%s::date[]) monday"
            " WHERE p.is_active AND p.welcomed_at <= monday::timestamp AT TIME ZONE 'UTC'"
            " AND NOT EXISTS (SELECT FROM deliveries d WHERE d.person_id = p.id"
            " AND d.kind = 'digest' AND d.period_start = monday)",
            mondays,
        )
        return int(count)

    def kept(self) -> dict[tuple[str, str], tuple[Decimal, Decimal | None]]:
        """For each provider and day, what its rows add up to, and what it says was billed."""
        return {
            (provider, day): (total, billed)
            for provider, day, total, billed in self._rows(
                "SELECT d.provider, d.day::text, d.unattributed + coalesce(sum(u.cost), 0),"
                " d.billed FROM provider_days d LEFT JOIN usage_records u"
                " USING (workspace_id, provider, day)"
                " GROUP BY d.provider, d.day, d.unattributed, d.billed"
            )
        }

    def execute(self, statement: str, *parameters: Any) -> None:
        self._connection.execute(statement.encode(), parameters)

    def _rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(query.encode(), parameters).fetchall()


@contextmanager
def ledger_of(superuser_url: str) -> Iterator[Ledger]:
    with psycopg.connect(driver_url(superuser_url), autocommit=True) as connection:
        yield Ledger(connection)
