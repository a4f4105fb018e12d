"""Understands merge requests: who made them, with which tools, and what they took back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.domain.commits import Signature, coauthors_of
from bot.domain.crediting import credits_for
from bot.domain.evidence import Nature, evidence_in, evidence_in_branch, nature_of
from bot.domain.mentions import change_name, commit_name, tickets_in
from bot.domain.outcomes import (
    Credit,
    Evidence,
    Mark,
    Outcome,
    OutcomeKind,
    link_of,
    title_of,
)
from bot.domain.periods import Period
from bot.domain.reverts import Landing, Reverts, find_reverts, mention_in
from bot.outcomes.gitlab.cast import Cast, is_ghost
from bot.outcomes.gitlab.wire import Commit, MergeRequest, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A merge request that landed on the default branch of *project*, with its commits."""

    request: MergeRequest
    project: Project
    merged_at: datetime
    commits: Sequence[Commit]

    @property
    def coauthors(self) -> list[Signature]:
        """Those that trailers name. Nobody shares with themselves, whatever their addresses."""
        texts = [self.request.description or "", *(commit.message for commit in self.commits)]
        return self._others(signature for text in texts for signature in coauthors_of(text))

    @property
    def signers(self) -> list[Signature]:
        """Those that commits name as their authors."""
        return self._others(_signature(commit) for commit in self.commits)

    def _others(self, signatures: Iterable[Signature]) -> list[Signature]:
        own = self.request.author.name.strip().casefold() if self.request.author else None
        return [who for who in signatures if who.name.casefold() != own]


def changes_in(
    requests: Iterable[MergeRequest],
    projects: Mapping[int, Project],
    commits: Mapping[int, Sequence[Commit]],
    window: Period,
) -> list[Change]:
    """Those that landed in *window*, in order; a remark puts older ones among them as well."""
    once = {request.id: request for request in requests}
    found = (
        Change(
            request=request,
            project=project,
            merged_at=request.merged_at.astimezone(UTC),
            commits=commits.get(request.id, ()),
        )
        for request in once.values()
        if (project := projects.get(request.project_id))
        and request.merged_at is not None
        and request.target_branch == project.default_branch
    )
    landed = [change for change in found if change.merged_at in window]
    return sorted(landed, key=lambda change: (change.merged_at, change.request.id))


def outcomes_of(changes: Iterable[Change], cast: Cast) -> Iterator[Outcome]:
    by_project: dict[int, list[Change]] = {}
    for change in changes:
        by_project.setdefault(change.project.id, []).append(change)
    for own in by_project.values():
        reverts = _reverts_in(own)
        for change in own:
            if not _is_by_bots_alone(change, cast):
                yield _outcome_of(change, reverts, cast)


def _outcome_of(change: Change, reverts: Reverts, cast: Cast) -> Outcome:
    request, project = change.request, change.project.path_with_namespace
    standing = reverts.standing_of(_stands_for(request))
    return Outcome(
        source="gitlab",
        source_id=str(request.id),
        kind=OutcomeKind.MERGED_CHANGE,
        opened_at=min(request.created_at.astimezone(UTC), change.merged_at),
        completed_at=change.merged_at,
        reverted_at=standing.reverted_at,
        restored_at=standing.restored_at,
        evidence=_evidence_of(change, cast),
        credits=_credits_of(change, cast),
        title=title_of(request.title),
        url=link_of(request.web_url),
        project=project,
        names=frozenset(
            {change_name("gitlab", project, request.iid), *map(commit_name, request.landed_as)}
        ),
        closes=tickets_in(request.title, branch=request.source_branch),
    )


def _credits_of(change: Change, cast: Cast) -> tuple[Credit, ...]:
    author = change.request.author
    if author is None or is_ghost(author):
        return ()
    person = cast.person(author)
    # A person may sign by another name, and then would share with themselves.
    others = change.coauthors if person else [*change.coauthors, *change.signers]
    return credits_for(
        person,
        filter(None, map(cast.person_who_signed, others)),
        assignees=filter(None, map(cast.person, change.request.assignees)),
        merger=cast.person(change.request.merger),
    )


def _evidence_of(change: Change, cast: Cast) -> frozenset[Evidence]:
    request = change.request
    text = request.description or ""
    author = cast.signature_of(request.author) if request.author else None
    tool = cast.tool_of(request.author) if request.author else None
    return evidence_in(author, coauthors_of(text), text).union(
        [Evidence(tool, Mark.AGENT_AUTHOR)] if tool else [],
        evidence_in_branch(request.source_branch),
        *(
            evidence_in(_signature(commit), coauthors_of(commit.message), commit.message)
            for commit in change.commits
        ),
    )


def _is_by_bots_alone(change: Change, cast: Cast) -> bool:
    """An unknown service account passes for an agent's where there are traces of one."""
    author = change.request.author
    if author is None:
        return False
    natures = {cast.nature_of(author), *map(nature_of, [*change.signers, *change.coauthors])}
    if natures != {Nature.BOT}:
        return False
    return not (cast.is_unknown_machine(author) and _evidence_of(change, cast))


def _reverts_in(changes: Collection[Change]) -> Reverts:
    """Which of *changes*, all of one project and in order, take which back."""
    standing = {
        sha: _stands_for(change.request) for change in changes for sha in change.request.landed_as
    }
    return find_reverts([_landing(change, standing) for change in changes])


def _landing(change: Change, standing: Mapping[str, str]) -> Landing:
    request = change.request
    mention = mention_in(
        f"{request.title}\n\n{request.description or ''}", branch=request.source_branch
    )
    if mention is not None:
        shas = tuple(standing.get(sha, sha) for sha in mention.shas)
        mention = replace(mention, shas=shas)
    return Landing(
        sha=_stands_for(request),
        at=change.merged_at,
        subject=request.title,
        number=request.iid,
        mention=mention,
    )


def _stands_for(request: MergeRequest) -> str:
    return next(iter(request.landed_as), f"!{request.iid}")


def _signature(commit: Commit) -> Signature:
    return Signature(commit.author_name.strip(), commit.author_email.strip().lower())
