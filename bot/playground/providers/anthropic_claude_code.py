"""Claude Code's analytics of one day: what each person used, committed and opened with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from bot.playground.company import Company
from bot.playground.company.delivery import midnight
from bot.playground.company.people import ProviderAccount
from bot.playground.company.suggestions import suggested
from bot.playground.company.usage import UsageFact
from bot.playground.providers import parameters
from bot.playground.providers.cursors import Position, Query, encode, position_of
from bot.playground.providers.errors import RefusedError

PRODUCT = TOOL = "claude_code"
ORGANIZATION = "0d7c3b1e-5a41-4c58-9a53-3f6d2a1b9c70"
REQUESTS_A_SESSION, REQUESTS_AN_EDIT, EDITS_A_CHANGE = 40, 6, 5
IN_A_CENT = 10**7
"""Nanodollars."""


def claude_code_page(company: Company, query: Query, now: datetime) -> dict[str, Any]:
    """Answer /usage_report/claude_code: one UTC day, an hour after it happened."""
    parameters.refuse_unknown(query, {"starting_at", "limit", "page"})
    size = parameters.limit(query, default=20, most=1000)
    position = position_of(query, now)
    day = _day(parameters.one(query, "starting_at"))
    rows = _rows(company, day, position.as_of)
    after = Position(offset=position.offset + size, as_of=position.as_of)
    has_more = after.offset < len(rows)
    return {
        "data": rows[position.offset : after.offset],
        "has_more": has_more,
        "next_page": encode(after, query) if has_more else None,
    }


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise RefusedError(400, "starting_at: not a date") from None


def _rows(company: Company, day: date, as_of: datetime) -> list[dict[str, Any]]:
    used: defaultdict[str | None, list[UsageFact]] = defaultdict(list)
    for fact in company.facts("anthropic", day, as_of):
        if fact.product == PRODUCT:
            used[fact.person].append(fact)
    made = _changes(company, day, as_of)
    return [
        _row(day, account, used[person.slack_id], made[person.slack_id])
        for person in company.employees
        if (account := person.account_at("anthropic"))
        and (used[person.slack_id] or made[person.slack_id])
    ]


def _changes(company: Company, day: date, as_of: datetime) -> Counter[str | None]:
    """How many changes each person made with it, of which each is one commit here."""
    last = min(midnight(day) + timedelta(days=1), as_of - timedelta(hours=1))
    return Counter(
        change.credited_to
        for change in company.merged_changes
        if TOOL in change.ai_tools and midnight(day) <= change.merged_at < last
    )


def _row(
    day: date, account: ProviderAccount, used: list[UsageFact], changes: int
) -> dict[str, Any]:
    requests = sum(fact.requests for fact in used)
    edits = requests // REQUESTS_AN_EDIT + EDITS_A_CHANGE * changes
    return {
        "date": f"{day}T00:00:00Z",
        "actor": {"type": "user_actor", "email_address": account.email},
        "organization_id": ORGANIZATION,
        "customer_type": "api",
        "subscription_type": None,
        "terminal_type": "vscode",
        "is_remote": False,
        "core_metrics": {
            "num_sessions": max(1, requests // REQUESTS_A_SESSION),
            "lines_of_code": {"added": 40 * changes, "removed": 15 * changes},
            "commits_by_claude_code": changes,
            "pull_requests_by_claude_code": changes,
        },
        "tool_actions": _tool_actions(day, account, edits),
        "model_breakdown": [_use(fact) for fact in used],
    }


def _tool_actions(day: date, account: ProviderAccount, edits: int) -> dict[str, Any]:
    """A third of the edits are whole files that are written anew."""
    tools = {"edit_tool": edits - edits // 3, "write_tool": edits // 3}
    told = {tool: suggested(tool, account.email, day, count) for tool, count in tools.items()}
    nothing = {"accepted": 0, "rejected": 0}
    return {"multi_edit_tool": nothing, "notebook_edit_tool": nothing} | {
        tool: {"accepted": accepted, "rejected": offered - accepted}
        for tool, (offered, accepted) in told.items()
    }


def _use(fact: UsageFact) -> dict[str, Any]:
    uncached, read, short, long, output = fact.tokens
    return {
        "model": fact.model,
        "tokens": {
            "input": uncached,
            "output": output,
            "cache_read": read,
            "cache_creation": short + long,
        },
        "estimated_cost": {"currency": "USD", "amount": fact.nanodollars / IN_A_CENT},
    }
