"""What Anthropic answers, and days made of it."""

from __future__ import annotations

import httpx

from bot.domain.usage import CostBasis, ProviderDay, SessionCount, TokenUsage, UsageRecord
from bot.providers.anthropic import Anthropic
from tests.providers.case import CASES
from tests.providers.recorded import DAY, Recorded, load_page, read_day, reading

page_name = CASES["anthropic"].page_name

ANALYTICS = ("cost", "usage_by_actor", "cost_by_actor")
CONSOLE = ("messages_by_account_id", "cost_report", "claude_code", "users", "api_keys")
ENTERPRISE = (
    "user_usage_report_by_model",
    "user_cost_report_by_model",
    "analytics_cost_report",
)
NOTHING = {"data": [], "has_more": False, "next_page": None}


def make_record(**changes) -> UsageRecord:
    record = {
        "provider": "anthropic",
        "account": None,
        "day": DAY,
        "product": None,
        "model": None,
        "cost_type": "tokens",
        "tokens": None,
        "requests": None,
        "cost": None,
        "cost_basis": CostBasis.BILLED if "cost" in changes else None,
    }
    return UsageRecord(**(record | changes))


def make_count(
    account: str, sessions: int, commits: int, pull_requests: int, offered: int, accepted: int
) -> SessionCount:
    return SessionCount(
        account=account,
        tool="claude",
        sessions=sessions,
        commits=commits,
        pull_requests=pull_requests,
        offered=offered,
        accepted=accepted,
    )


def tokens(uncached=0, read=0, written=0, output=0) -> TokenUsage:
    return TokenUsage(input_uncached=uncached, cache_read=read, cache_write=written, output=output)


def refusing(status: int, *names: str) -> dict[str, httpx.Response]:
    return {name: httpx.Response(status) for name in names}


def without_analytics(status: int, **instead) -> Recorded:
    return Recorded("anthropic", **(refusing(status, *ANALYTICS) | instead))


def without_console(status: int, **instead) -> Recorded:
    return Recorded("anthropic", **(refusing(status, *ANALYTICS, *CONSOLE) | instead))


async def of_analytics(**instead) -> ProviderDay:
    return await read_day(reading(Anthropic, Recorded("anthropic", **instead)))


async def of_reports(**instead) -> ProviderDay:
    return await read_day(reading(Anthropic, without_analytics(404, **instead)))


async def of_enterprise(**instead) -> ProviderDay:
    return await read_day(reading(Anthropic, without_console(404, **instead)))


def the_first(name: str, number: int = 1) -> dict:
    """The recorded page with no more than its first rows."""
    page = load_page("anthropic", name)
    return {**page, "data": page["data"][:number]}
