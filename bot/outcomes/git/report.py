"""Counts of what a history holds, for the operator to compare with what they know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.evidence import TOOLS_OUTSIDE_THE_TABLE, fingerprint_of
from bot.domain.outcomes import Evidence, Mark, Outcome
from bot.outcomes.git.changes import History
from bot.outcomes.git.log import Commit
from bot.outcomes.git.people import People


def report_on(
    histories: Sequence[History], outcomes: Sequence[Outcome], people: People
) -> dict[str, Any]:
    """All counts are of commits but those that say otherwise.

    ``ai_commits_by_tool`` counts co-author trailers, as other counters do; every kind of mark is
    in ``ai_commits_by_mark``. ``reverted`` counts one target for each revert, before re-lands are
    counted back; ``reverted_with_further_targets`` all that reverts name.
    """
    commits = [commit for history in histories for commit in history.commits]
    nothing: frozenset[Evidence] = frozenset()
    marks = [c.evidence | h.noted.get(c.sha, nothing) for h in histories for c in h.commits]
    addresses = {commit.author.email for commit in commits}
    by_mark = {mark: _by_tool(marks, mark) for mark in Mark}
    return {
        "repositories": [
            {"name": h.name, "commits": len(h.commits), "newest_commit": _newest(h)}
            for h in histories
        ],
        "merged_changes": sum(len(history.changes) for history in histories),
        "outcomes": len(outcomes),
        "outcomes_credited": sum(bool(outcome.credits) for outcome in outcomes),
        "outcomes_reverted": sum(outcome.reverted_at is not None for outcome in outcomes),
        "commits": len(commits),
        "commits_with_ai_evidence": sum(any(map(_is_in_the_table, found)) for found in marks),
        "commits_with_ai_evidence_or_other_generated_lines": sum(map(bool, marks)),
        "ai_commits_by_tool": by_mark[Mark.COAUTHOR],
        "ai_commits_by_mark": {mark.value: tools for mark, tools in by_mark.items()},
        "session_link_commits": sum(
            any(evidence.mark is Mark.SESSION_LINK for evidence in found) for found in marks
        ),
        **_agents(commits, people),
        "reverted": sum(len(h.reverts.first_targets) for h in histories),
        "reverted_with_further_targets": sum(len(h.reverts.all_targets) for h in histories),
        "reverted_and_not_landed_again": sum(
            len(h.reverts.all_targets & h.reverts.reverted_at.keys()) for h in histories
        ),
        "author_addresses": len(addresses),
        "author_addresses_resolved": (
            sum(map(people.is_known, addresses)) if people.is_told else None
        ),
    }


@dataclass(frozen=True, slots=True)
class _Written:
    tool: str
    addresses: frozenset[str]
    persons: frozenset[str]


def _agents(commits: Iterable[Commit], people: People) -> dict[str, Any]:
    written = [_written(commit, people) for commit in commits if commit.is_agents]
    return {
        "agent_authored": len(written),
        "agent_authored_by_tool": dict(Counter(one.tool for one in written)),
        "credited_to_one_human": sum(len(one.addresses) == 1 for one in written),
        "credited_to_one_human_by_person": sum(len(one.persons) == 1 for one in written),
    }


def _written(commit: Commit, people: People) -> _Written:
    fingerprint = fingerprint_of(commit.author)
    assert fingerprint is not None
    addresses = frozenset(who.email for who in commit.human_coauthors)
    return _Written(fingerprint.tool, addresses, frozenset(map(people.account, addresses)))


def _is_in_the_table(evidence: Evidence) -> bool:
    return evidence.tool not in TOOLS_OUTSIDE_THE_TABLE


def _by_tool(marks: Iterable[frozenset[Evidence]], mark: Mark) -> dict[str, int]:
    return dict(Counter(e.tool for found in marks for e in found if e.mark is mark))


def _newest(history: History) -> str | None:
    newest = max((commit.at for commit in history.commits), default=None)
    return newest.isoformat() if newest else None
