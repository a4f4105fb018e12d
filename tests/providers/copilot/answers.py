"""What GitHub answers about Copilot, and days made of it."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import msgspec

from bot.domain.usage import ChargeCategory, CostBasis, ProviderDay, SessionCount, UsageRecord
from bot.providers.copilot import Copilot
from tests.providers.case import CASES
from tests.providers.recorded import DAY, FIXTURES, Recorded, read_day, reading

CASE = CASES["copilot"]
page_name = CASE.page_name

EMAILS = {"4001": "ana.ruiz@example.com", "4002": "ben@example.com"}
ORGANIZATION = {"enterprise": None, "organization": "octodemo"}


def make_record(**changes) -> UsageRecord:
    record = {
        "provider": "copilot",
        "account": None,
        "day": DAY,
        "product": "copilot",
        "cost_basis": CostBasis.BILLED if "cost" in changes else None,
    }
    return UsageRecord(**(record | changes))


def make_seat(account: str, cost: str | None = "0.7") -> UsageRecord:
    return make_record(
        account=account,
        cost_type="seat",
        charge_category=ChargeCategory.PURCHASE,
        cost=cost and Decimal(cost),
        cost_basis=cost and CostBasis.BILLED,
    )


def make_charge(account: str | None, model: str, cost: str, sku="copilot_ai_credit") -> UsageRecord:
    return make_record(account=account, model=model, cost_type=sku, cost=Decimal(cost))


CHARGED = (
    make_charge(None, "Claude Sonnet 5", "0.03", "coding_agent_ai_credit"),
    make_record(account="4001", requests=24),
    make_seat("4001"),
    make_charge("4001", "Claude Sonnet 5", "1.329"),
    make_charge("4001", "GPT-6 Astra", "0.5", "coding_agent_ai_credit"),
    make_record(account="4002", requests=7),
    make_seat("4002"),
    make_charge("4002", "GPT-6 Astra", "0"),
    make_record(account="4003", requests=0),
    make_seat("4003"),
    make_charge("4003", "Claude Sonnet 5", "0.125"),
    make_charge("login:dana-left", "Claude Sonnet 5", "0.01"),
)


SUGGESTIONS = tuple(
    SessionCount(account=account, tool="copilot", offered=25, accepted=24)
    for account in ("4001", "4002", "4003")
)


def text_of(name: str) -> bytes:
    return (FIXTURES / "copilot" / name).read_bytes()


def lines_of(*rows: dict[str, Any]) -> httpx.Response:
    """A report file with these in place of the first recorded line's fields."""
    first = json.loads(text_of("part-1.ndjson").splitlines()[0])
    return httpx.Response(200, text="".join(json.dumps(first | row) + "\n" for row in rows))


async def day_of(day: date = DAY, *, config: Any = (), **instead) -> ProviderDay:
    recorded = Recorded("copilot", **{name.replace("_", "-"): a for name, a in instead.items()})
    recorded.instead |= instead
    return await read_day(reading(Copilot, recorded, **dict(config)), day)


async def requests_of(**config: Any) -> list[httpx.Request]:
    recorded = Recorded("copilot")
    await read_day(reading(Copilot, recorded, **config))
    return recorded.requests


def cost_of(day: ProviderDay, account: str | None) -> list[Decimal | None]:
    return [r.cost for r in day.records if r.account == account]


def decoded(name: str, into: type) -> Any:
    return msgspec.json.decode(text_of(f"{name}.json"), type=into)
