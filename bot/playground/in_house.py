"""The company's own agent platform, which sends its usage to Upshot every night."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import httpx

from bot.playground.company import Company, ToolFact
from bot.playground.company.delivery import midnight

INGEST_TOKEN = "playground-ingest-token-0123456789"
SOURCE = "acme-agents"
DAYS_SENT_AGAIN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class InHousePlatform:
    """Sends the last days anew each time: what changed takes the place of what was sent before."""

    company: Company
    ingest_url: str

    async def send(self, now: datetime) -> int:
        """How many records were accepted; raises ``httpx.HTTPError`` where none of them was."""
        accepted = 0
        if lines := list(self._records(now)):
            async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
                answer = await client.post(
                    self.ingest_url,
                    content="\n".join(lines),
                    headers={
                        "authorization": f"Bearer {INGEST_TOKEN}",
                        "content-type": "application/x-ndjson",
                    },
                )
            answer.raise_for_status()
            accepted = answer.json()["accepted"]
        return accepted

    def _records(self, now: datetime) -> Iterator[str]:
        for back in range(DAYS_SENT_AGAIN, 0, -1):
            day = now.date() - timedelta(days=back)
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
