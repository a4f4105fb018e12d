"""Understands pull requests: who made them, with which tools, and what they took back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain.commits import Signature, coauthors_of
from bot.domain.crediting import credits_for
from bot.domain.evidence import (
    Nature,
    evidence_in,
    evidence_in_branch,
    fingerprint_of,
    login_in,
    nature_of,
)
from bot.domain.outcomes import Evidence, Outcome, OutcomeKind
from bot.domain.people import normalized_email
from bot.domain.reverts import Landing, Reverts, find_reverts, mention_in
from bot.outcomes.github.wire import Actor, Authored, GitActor, PullRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Who made a pull request: *humans* are accounts, *natures* those of all who took part."""

    author: str | None
    agent: str | None
    humans: tuple[str, ...]
    natures: frozenset[Nature]


def outcome_of(pull: PullRequest, reverts: Reverts) -> Outcome | None:
    """The pull request as finished work; ``None`` where only bots were at work."""
    made = made_by(pull)
    if made.natures == {Nature.BOT}:
        return None
    merger = pull.merged_by
    return Outcome(
        source="github",
        source_id=pull.source_id,
        kind=OutcomeKind.MERGED_CHANGE,
        opened_at=pull.created_at,
        completed_at=pull.merged_at,
        reverted_at=reverts.reverted_at.get(_landed_as(pull)),
        evidence=evidence_of(pull),
        credits=credits_for(
            made.author,
            made.humans,
            assignees=filter(None, map(_account, pull.assignees.nodes)),
            merger=_account(merger) if merger else None,
        ),
        size=pull.additions + pull.deletions,
    )


def made_by(pull: PullRequest) -> Made:
    author = _signature(pull.author) if pull.author else None
    named = [(_signature_in(actor), actor) for one in pull.authored for actor in one.authors.nodes]
    humans = [_account_in(actor) for who, actor in named if nature_of(who) is Nature.HUMAN]
    natures = {nature_of(who) for who, _ in named}
    fingerprint = fingerprint_of(author) if author else None
    return Made(
        author=_account(pull.author) if pull.author else None,
        agent=fingerprint.tool if fingerprint and fingerprint.nature is Nature.AGENT else None,
        humans=tuple(dict.fromkeys(account for account in humans if account)),
        natures=frozenset(natures | ({nature_of(author)} if author else set())),
    )


def evidence_of(pull: PullRequest) -> frozenset[Evidence]:
    author = _signature(pull.author) if pull.author else None
    written = evidence_in(author, coauthors_of(pull.body), pull.body)
    return written.union(
        evidence_in_branch(pull.head_ref_name), *map(_evidence_of_commit, pull.authored)
    )


def reverts_in(pulls: Iterable[PullRequest]) -> Reverts:
    """Which of *pulls*, all of one repository, take which back."""
    return find_reverts([_landing(p) for p in sorted(pulls, key=lambda p: (p.merged_at, p.number))])


def proven_emails(pulls: Iterable[PullRequest]) -> dict[str, str]:
    """Addresses of accounts: GitHub joins a commit to a user by an address the user verified."""
    emails: dict[str, str] = {}
    for actor in _actors(pulls):
        email = normalized_email(actor.email)
        account = _account(actor.user) if actor.user else None
        if account and email and login_in(email) is None:
            emails.setdefault(account, email)
    return emails


def _actors(pulls: Iterable[PullRequest]) -> Iterator[GitActor]:
    for pull in pulls:
        for one in pull.authored:
            yield from one.authors.nodes


def _evidence_of_commit(commit: Authored) -> frozenset[Evidence]:
    signatures = [_signature_in(actor) for actor in commit.authors.nodes]
    return evidence_in(next(iter(signatures), None), signatures[1:], commit.message)


def _landing(pull: PullRequest) -> Landing:
    landed = pull.merge_commit.message if pull.merge_commit else ""
    return Landing(
        sha=_landed_as(pull),
        at=pull.merged_at,
        subject=pull.title,
        number=pull.number,
        mention=mention_in(
            f"{pull.title}\n\n{landed}\n\n{pull.body}",
            branch=pull.head_ref_name,
            repository=pull.repository.name_with_owner,
        ),
    )


def _landed_as(pull: PullRequest) -> str:
    return pull.merge_commit.oid if pull.merge_commit else pull.source_id


def _signature(actor: Actor) -> Signature:
    """As GitHub would sign for the account: it leaves ``[bot]`` off a bot's login."""
    login = f"{actor.login}[bot]" if actor.type == "Bot" else actor.login
    return Signature("", f"{login}@users.noreply.github.com")


def _signature_in(actor: GitActor) -> Signature:
    return Signature((actor.name or "").strip(), (actor.email or "").strip().lower())


def _account(actor: Actor) -> str | None:
    """The immutable id of a human account: logins are given up and taken by others."""
    if actor.type != "User" or nature_of(_signature(actor)) is not Nature.HUMAN:
        return None
    return None if actor.database_id is None else str(actor.database_id)


def _account_in(actor: GitActor) -> str | None:
    return _account(actor.user) if actor.user else normalized_email(actor.email)
