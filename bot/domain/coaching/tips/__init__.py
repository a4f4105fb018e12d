"""The tips, one rule each, in the order in which they come first."""

from __future__ import annotations

from types import MappingProxyType

from bot.domain.coaching.rules import Rule
from bot.domain.coaching.tips import (
    batch,
    cache_prompt,
    celebrate,
    clear_context,
    effort,
    flat_plan,
    included_quota,
    log_invisible,
    parallel_agents,
    review_first,
    right_size,
    smaller_changes,
    smaller_tasks,
    stay_in_session,
    trim_context,
    two_subscriptions,
    unused_seat,
)

_IN_ORDER = (
    celebrate.RULE,
    unused_seat.RULE,
    two_subscriptions.RULE,
    flat_plan.RULE,
    included_quota.RULE,
    right_size.RULE,
    stay_in_session.RULE,
    clear_context.RULE,
    trim_context.RULE,
    parallel_agents.RULE,
    effort.RULE,
    cache_prompt.RULE,
    batch.RULE,
    smaller_tasks.RULE,
    review_first.RULE,
    smaller_changes.RULE,
    log_invisible.RULE,
)
RULES = MappingProxyType[str, Rule]({rule.name: rule for rule in _IN_ORDER})
