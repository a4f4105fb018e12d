"""The company's own agent platform, which sends its usage to Upshot every night."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import httpx

from bot.playground.company import Company, ToolFact
from bot.playground.company.delivery import midnight

INGEST_TOKEN = "playground-ingest-token-0123456789"
SOURCE = "acme-agents"
DAYS_SENT_AGAIN = 5
LINES_AT_ONCE = 5_000


@dataclass(slots=True, kw_only=True)
class InHousePlatform:
    """Sends the last days anew each time: what changed takes the place of what was sent before.

    The first time it also sends all that was before the bot came.
    """

    company: Company
    ingest_url: str
    _has_told: bool = field(default=False, init=False)

    async def send(self, now: datetime) -> int:
        """How many records were accepted; raises ``httpx.HTTPError`` where none of them was."""
        lines = [line for day in self._days(now.date()) for line in self._records(day, now)]
        accepted = 0
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            for first in range(0, len(lines), LINES_AT_ONCE):
                accepted += await self._post(client, lines[first : first + LINES_AT_ONCE])
        self._has_told = True
        return accepted

    async def _post(self, client: httpx.AsyncClient, lines: Sequence[str]) -> int:
        answer = await client.post(
            self.ingest_url,
            content="\n".join(lines),
            headers={
                "authorization": f"Bearer {INGEST_TOKEN}",
                "content-type": "application/x-ndjson",
            },
        )
        answer.raise_for_status()
        accepted: int = answer.json()["accepted"]
        return accepted

    def _days(self, today: date) -> list[date]:
        last = [today - timedelta(days=back) for back in range(DAYS_SENT_AGAIN, 0, -1)]
        history = range((self.company.installed_on - self.company.start).days)
        before = [] if self._has_told else [self.company.start + timedelta(days=n) for n in history]
        return sorted({*before, *last})

    def _records(self, day: date, now: datetime) -> Iterator[str]:
        for fact in self.company.tool_facts("in_house", day, now):
            yield json.dumps(_record(fact, day))


def _record(fact: ToolFact, day: date) -> dict[str, object]:
    start, end = midnight(day), midnight(day + timedelta(days=1))
    return {
        "record_id": f"{SOURCE}:{day}:{fact.user.handle}:{fact.model}",
        "source": SOURCE,
        "kind": "usage_daily",
        "period_start": start.isoformat(),
        "period_end": end.isoformat(),
        "user": {"email": fact.user.email},
        "product": "triage",
        "model": fact.model,
        "provider": "anthropic",
        "requests": fact.requests,
        "tokens": {
            "input_uncached": fact.input_uncached,
            "cache_read": fact.cache_read,
            "cache_write": fact.cache_write,
            "output": fact.output,
        },
        "cost": {"amount": f"{fact.charged:f}", "currency": "USD", "basis": "billed"},
        "final": False,
    }
