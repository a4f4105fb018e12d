"""What landed on a default branch: which of it took back what, and how pull requests stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import merge

from bot.domain.commits import change_number, subject_of
from bot.domain.reverts import Landing, Reverts, Standing, find_reverts, mention_in
from bot.outcomes.github.wire import BranchLanding, PullRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Mainline:
    """One repository's default branch; *commits* are those of it that were read."""

    commits: frozenset[str]
    reverts: Reverts

    def standing_of(self, pull: PullRequest) -> Standing:
        """A merged one is gone, too, when all that it brought in was taken back one by one."""
        is_whole = pull.commits.total_count == len(pull.commits.nodes)
        parts = _brought_in(pull, self.commits) if is_whole else []
        return self.reverts.standing_of(_landed_as(pull), parts)


def read_mainline(
    project: str, pulls: Sequence[PullRequest], branch: Sequence[BranchLanding]
) -> Mainline:
    """*branch*, oldest first, may lack pull requests: these tell themselves what they take back."""
    commits = frozenset(landed.oid for landed in branch)
    by_commit = {_landed_as(pull): pull for pull in pulls}
    within = {part: sha for sha, pull in by_commit.items() for part in _brought_in(pull, commits)}
    known = (
        _landing_of(pull)
        if (pull := by_commit.get(landed.oid))
        else _bare_landing(landed, project, within)
        for landed in branch
    )
    others = sorted(
        (_landing_of(pull) for sha, pull in by_commit.items() if sha not in commits),
        key=lambda landing: (landing.at, landing.number or 0),
    )
    landings = list(merge(known, others, key=lambda landing: landing.at))
    return Mainline(commits=commits, reverts=find_reverts(landings))


def _brought_in(pull: PullRequest, branch: frozenset[str]) -> list[str]:
    """Its own commits where a merge brought them in; a squash or a rebase leaves them behind."""
    return [
        node.commit.oid
        for node in pull.commits.seen
        if node.commit.oid in branch
        and node.commit.oid != _landed_as(pull)
        and change_number(node.commit.message) is None
    ]


def _bare_landing(landed: BranchLanding, project: str, within: Mapping[str, str]) -> Landing:
    return Landing(
        sha=landed.oid,
        at=landed.committed_date,
        subject=subject_of(landed.message),
        number=change_number(landed.message),
        mention=mention_in(landed.message, repository=project),
        within=within.get(landed.oid),
    )


def _landing_of(pull: PullRequest) -> Landing:
    landed = pull.merge_commit.message if pull.merge_commit else ""
    return Landing(
        sha=_landed_as(pull),
        at=pull.merged_at,
        subject=pull.title,
        number=pull.number,
        mention=mention_in(
            f"{pull.title}\n\n{landed}\n\n{pull.body}",
            branch=pull.head_ref_name,
            repository=pull.project,
        ),
    )


def _landed_as(pull: PullRequest) -> str:
    return pull.merge_commit.oid if pull.merge_commit else pull.source_id
