"""The query of Anthropic's unified analytics, read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.playground.providers import parameters
from bot.playground.providers.anthropic_dimensions import SPLITS
from bot.playground.providers.cursors import Position, Query, position_of
from bot.playground.providers.errors import RefusedError

Kind = Literal["usage", "cost"]
LONGEST_RANGE = timedelta(days=31)
LONGEST_AGO = timedelta(days=365)
MOST_DIMENSIONS = 5
DIMENSIONS = (
    *("actor", "actor_type", "agent_id", "api_key_id", "claude_tag_category"),
    *("claude_tag_user_id", "context_window", "deployment_id", "environment_id"),
    *("inference_geo", "model", "organization_id", "product", "rbac_group_id", "service_tier"),
    *("session_id", "slack_channel_id", "speed", "user_profile_id", "workspace_id"),
)
FILTERS = {
    "actor_ids[]": "actor",
    "claude_tag_categories[]": "claude_tag_category",
} | {f"{name}s[]": name for name in DIMENSIONS if name not in {"actor", "claude_tag_category"}}
KNOWN = {
    *("starting_at", "ending_at", "time_bucket_width", "group_by[]", "order_by", "order"),
    *("limit", "page", "exclude_deleted_users", "beta", *FILTERS),
}
ORDERS: dict[Kind, tuple[str, ...]] = {
    "usage": ("total_tokens", "output_tokens", "requests", "time", "uncached_input_tokens"),
    "cost": ("amount", "list_amount", "time"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsQuery:
    """A valid query; `splits` are the dimensions that do not count towards a page's size."""

    kind: Kind
    raw: Query
    position: Position
    start: datetime
    end: datetime
    bucketed: bool
    names: tuple[str, ...]
    splits: tuple[str, ...]
    order_by: str
    descending: bool
    limit: int


def read_query(raw: Query, now: datetime, kind: Kind) -> AnalyticsQuery:
    """Refuse what the API refuses; give the rest with its defaults."""
    parameters.refuse_unknown(raw, KNOWN)
    bucketed = bool(parameters.choices(raw, "time_bucket_width", among=("1d",)))
    position = position_of(raw, now)
    start, end = _range(raw, position.as_of, bucketed=bucketed)
    names, splits = _group_by(raw, kind)
    orders = ORDERS[kind]
    order = parameters.choice(raw, "order", among=("asc", "desc"), default="desc")
    return AnalyticsQuery(
        kind=kind,
        raw=raw,
        position=position,
        start=start,
        end=end,
        bucketed=bucketed,
        names=names,
        splits=splits,
        order_by=parameters.choice(raw, "order_by", among=orders, default=orders[0]),
        descending=order == "desc",
        limit=parameters.limit(raw, default=20, most=1000),
    )


def _range(raw: Query, now: datetime, *, bucketed: bool) -> tuple[datetime, datetime]:
    start = parameters.required(parameters.rfc3339(raw, "starting_at"), "starting_at")
    end = parameters.rfc3339(raw, "ending_at")
    if bucketed:
        end = parameters.required(end, "ending_at")
    end = end or min(now, start + LONGEST_RANGE)
    if end - start > LONGEST_RANGE:
        raise RefusedError(400, "ending_at: the range must be at most 31 days")
    if start < now - LONGEST_AGO or start.year < 2026:
        raise RefusedError(400, "starting_at: too long ago")
    return start, end


def _group_by(raw: Query, kind: Kind) -> tuple[tuple[str, ...], tuple[str, ...]]:
    among = (*DIMENSIONS, *SPLITS) if kind == "cost" else DIMENSIONS
    chosen = parameters.choices(raw, "group_by[]", among=among)
    names = tuple(name for name in chosen if name not in SPLITS)
    if len(names) > MOST_DIMENSIONS:
        raise RefusedError(400, "group_by[]: at most 5 dimensions")
    return names, tuple(name for name in chosen if name in SPLITS)
