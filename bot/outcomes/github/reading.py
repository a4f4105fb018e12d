"""Understands pull requests: who made them, with which tools, and whether they still stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.domain.commits import coauthors_of
from bot.domain.crediting import credits_for
from bot.domain.evidence import (
    Nature,
    evidence_in,
    evidence_in_branch,
    evidence_in_labels,
    fingerprint_of,
    login_in,
    nature_of,
)
from bot.domain.mentions import change_name, commit_name, tickets_in
from bot.domain.outcomes import Evidence, Outcome, OutcomeKind, link_of, title_of
from bot.domain.people import Identity, Proof, normalized_email
from bot.domain.reverts import Standing
from bot.outcomes.github.accounts import account_in, account_of, signature_in, signature_of
from bot.outcomes.github.wire import Authored, GitActor, Issue, PullRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Who made a pull request: *humans* are accounts, *natures* those of all who took part."""

    author: str | None
    agent: str | None
    humans: tuple[str, ...]
    natures: frozenset[Nature]


def outcome_of(pull: PullRequest, standing: Standing) -> Outcome | None:
    """The pull request as finished work; ``None`` where only bots were at work."""
    made = made_by(pull)
    if made.natures == {Nature.BOT}:
        return None
    merger, landed = pull.merged_by, pull.merge_commit
    return Outcome(
        source="github",
        source_id=pull.source_id,
        kind=OutcomeKind.MERGED_CHANGE,
        opened_at=pull.created_at,
        completed_at=pull.merged_at,
        reverted_at=standing.reverted_at,
        restored_at=standing.restored_at,
        reopened_at=min(filter(None, (_open_again(pull, i) for i in pull.issues)), default=None),
        evidence=evidence_of(pull),
        credits=credits_for(
            made.author,
            made.humans,
            assignees=filter(None, map(account_of, pull.assignees.seen)),
            merger=account_of(merger) if merger else None,
        ),
        size=pull.additions + pull.deletions,
        title=title_of(pull.title),
        url=link_of(pull.url),
        project=pull.project,
        names=frozenset(
            {
                change_name("github", pull.project, pull.number),
                *([commit_name(landed.oid)] if landed else []),
            }
        ),
        closes=tickets_in(pull.title, branch=pull.head_ref_name).union(
            change_name("github", issue.repository.name_with_owner, issue.number)
            for issue in pull.issues
        ),
    )


def made_by(pull: PullRequest) -> Made:
    author = signature_of(pull.author) if pull.author else None
    named = [(signature_in(actor), actor) for one in pull.written for actor in one.authors.seen]
    humans = [account_in(actor) for who, actor in named if nature_of(who) is Nature.HUMAN]
    natures = {nature_of(who) for who, _ in named}
    fingerprint = fingerprint_of(author) if author else None
    return Made(
        author=account_of(pull.author) if pull.author else None,
        agent=fingerprint.tool if fingerprint and fingerprint.nature is Nature.AGENT else None,
        humans=tuple(dict.fromkeys(account for account in humans if account)),
        natures=frozenset(natures | ({nature_of(author)} if author else set())),
    )


def evidence_of(pull: PullRequest) -> frozenset[Evidence]:
    author = signature_of(pull.author) if pull.author else None
    written = evidence_in(author, coauthors_of(pull.body), pull.body)
    labels = pull.labels.seen if pull.labels else []
    commits = [*pull.written, *([pull.merge_commit] if pull.merge_commit else [])]
    return written.union(
        evidence_in_branch(pull.head_ref_name),
        evidence_in_labels(label.name for label in labels),
        *map(_evidence_of_commit, commits),
    )


def identities_in(pulls: Iterable[PullRequest]) -> dict[str, Identity]:
    """Addresses of accounts: GitHub joins a commit to a user by an address the user verified."""
    found: dict[str, Identity] = {}
    for actor in _actors(pulls):
        email = normalized_email(actor.email)
        account = account_of(actor.user) if actor.user else None
        if account and email and login_in(email) is None:
            found.setdefault(account, Identity(email=email, proof=Proof.ADMIN_EMAIL))
    return found


def _actors(pulls: Iterable[PullRequest]) -> Iterator[GitActor]:
    for pull in pulls:
        for one in pull.written:
            yield from one.authors.seen


def _evidence_of_commit(commit: Authored) -> frozenset[Evidence]:
    signatures = [signature_in(actor) for actor in commit.authors.seen]
    coauthors = [*signatures[1:], *coauthors_of(commit.message)]
    return evidence_in(next(iter(signatures), None), coauthors, commit.message)


def _open_again(pull: PullRequest, issue: Issue) -> datetime | None:
    """Since when an issue that the pull request closed is open, if it was reopened afterwards."""
    reopenings = [found.created_at for found in issue.timeline_items.seen]
    return next((at for at in reopenings if not issue.closed and at > pull.merged_at), None)
