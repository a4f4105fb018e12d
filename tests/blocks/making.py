"""Valid values to render, so that a test names only what it is about. Everybody is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.domain.digest import Digest, OutcomeLine, SpendLine
from bot.domain.health import DeliveryCounts, PrivacyFacts, SourceHealth, Status
from bot.domain.outcomes import OutcomeKind
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek
from bot.domain.ratios import SpendPerOutcome
from bot.domain.usage import CostBasis
from bot.domain.usual import Usual
from bot.language.catalogues import language_of

WEEK = IsoWeek(2026, 46)
NOW = datetime(2026, 11, 19, 9, tzinfo=UTC)
MERGED = OutcomeKind.MERGED_CHANGE
LANGUAGES = tuple(language_of(locale) for locale in ("en-US", "de-DE", "es-ES"))
HOSTILE = "<!channel> <@U1> <https://evil.example.com|pay> @here `*x*` \u202eflip\u0007\n& co"


def spend(provider: str = "anthropic", cost: str | None = "30.10", **changes: Any) -> SpendLine:
    values = {
        "provider": provider,
        "cost": None if cost is None else Decimal(cost),
        "bases": frozenset({CostBasis.BILLED}),
        "has_unpriced": False,
    }
    return SpendLine(**values | changes)


def merged(**counts: int) -> OutcomeLine:
    values = {"settled": 3, "pending": 2, "reverted": 1, "with_evidence": 4}
    return OutcomeLine(kind=MERGED, **values | counts)


def usual(low: str = "20", median: str = "31", high: str = "45", weeks: int = 8) -> Usual:
    return Usual(median=Decimal(median), low=Decimal(low), high=Decimal(high), weeks=weeks)


def ratio(**changes: Any) -> SpendPerOutcome:
    values = {
        "kind": MERGED,
        "low": Decimal(22),
        "high": Decimal(82),
        "settled": Decimal(12),
        "weeks": 8,
    }
    return SpendPerOutcome(**values | changes)


def digest(**changes: Any) -> Digest:
    values = {
        "owner": PersonId(1),
        "period": WEEK.period,
        "is_closed": True,
        "spend": (
            spend(),
            spend("openai", "11.10", bases=frozenset({CostBasis.LIST_PRICE})),
        ),
        "active_days": 4,
        "usual": usual(),
        "outcomes": (merged(),),
        "spend_per_outcome": (ratio(),),
        "data_through": (
            ("anthropic", date(2026, 11, 15)),
            ("git", date(2026, 11, 16)),
            ("openai", date(2026, 11, 15)),
        ),
    }
    made = Digest(**values | changes)
    return made if "comparable" in changes else replace(made, comparable=made.total)


def privacy_facts(**changes: Any) -> PrivacyFacts:
    values = {
        "minimum_group_size": 5,
        "dominance_percent": 50,
        "settle_days": 7,
        "retention_days": 180,
        "sources": ("anthropic", "git"),
        "admins": ("U01ADA", "U02BOB"),
        "data_through": (("anthropic", date(2026, 11, 18)), ("git", None)),
    }
    return PrivacyFacts(**values | changes)


def source(**changes: Any) -> SourceHealth:
    values = {
        "name": "anthropic",
        "title": "Anthropic",
        "is_on": True,
        "data_through": date(2026, 11, 18),
        "last_success": NOW,
        "accounts": 60,
        "unmatched_accounts": 3,
    }
    return SourceHealth(**values | changes)


def troubled_source(**changes: Any) -> SourceHealth:
    values = {
        "name": "openai",
        "title": "OpenAI",
        "data_through": None,
        "accounts": 0,
        "unmatched_accounts": 0,
        "last_error": "It refused our credentials.",
        "hint": "Check that the key is an admin key.",
    }
    return source(**values | changes)


def status(**changes: Any) -> Status:
    values = {
        "now": NOW,
        "last_tick": NOW - timedelta(minutes=4),
        "people": 60,
        "sources": (source(), troubled_source(), source(name="git", title="Git", is_on=False)),
        "deliveries": DeliveryCounts(planned=0, sent=60, rejected=0, parked=0, unknown=0),
        "overdue": 0,
    }
    return Status(**values | changes)
