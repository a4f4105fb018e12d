"""Counts of what was read, for the operator to compare with what they know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from bot.domain.outcomes import Outcome, OutcomeKind
from bot.domain.periods import Period
from bot.domain.reverts import Reverts
from bot.outcomes.github.reading import made_by
from bot.outcomes.github.wire import PullRequest


def report_on(
    window: Period,
    repositories: Collection[str],
    pulls: Sequence[PullRequest],
    outcomes: Sequence[Outcome],
    reverts: Iterable[Reverts],
) -> dict[str, Any]:
    """Counts of pull requests; those of agents are told by who opened them."""
    by_agents = [made for made in map(made_by, pulls) if made.agent]
    tools = Counter(tool for o in outcomes for tool in {e.tool for e in o.evidence})
    return {
        "from": window.start.isoformat(),
        "to": window.end.isoformat(),
        "repositories": len(repositories),
        "merged_changes": len(pulls),
        "outcomes": len(outcomes),
        "reviews_given": sum(o.kind is OutcomeKind.REVIEW_GIVEN for o in outcomes),
        "outcomes_credited": sum(bool(outcome.credits) for outcome in outcomes),
        "outcomes_reverted": sum(outcome.reverted_at is not None for outcome in outcomes),
        "outcomes_reopened": sum(outcome.reopened_at is not None for outcome in outcomes),
        "changes_with_ai_evidence": sum(bool(outcome.evidence) for outcome in outcomes),
        "ai_changes_by_tool": dict(tools),
        "agent_authored": len(by_agents),
        "agent_authored_by_tool": dict(Counter(made.agent for made in by_agents)),
        "credited_to_one_human": sum(len(made.humans) == 1 for made in by_agents),
        "reverted": sum(len(found.first_targets) for found in reverts),
    }
