"""Reads commits from git's own log and keeps only what they say about work, never the text."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.commits import (
    Signature,
    change_number,
    coauthors_of,
    lines_of,
    merged_branch,
    subject_of,
)
from bot.domain.evidence import Nature, evidence_in, evidence_in_branch, nature_of
from bot.domain.outcomes import Evidence, title_of
from bot.domain.reverts import Mention, mention_in
from bot.outcomes.git.problems import BrokenRepositoryError
from bot.outcomes.git.repository import Repository

_FIELDS = ("%H", "%P", "%ct", "%an", "%ae", "%cn", "%ce", "%B")
_FORMAT = "%x00".join(_FIELDS)
_OWN_NUMBER = re.compile(r"\s*\(#\d{1,10}\)$")
_REFERENCE = "See merge request "
_SHA = re.compile(r"[0-9a-f]{40,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit of the default branch; *subject* is for finding reverts and is kept nowhere.

    *title* and *branch* are of the change that it landed, where it tells.
    """

    sha: str
    parents: tuple[str, ...]
    at: datetime
    author: Signature
    committer: Signature
    coauthors: tuple[Signature, ...]
    subject: str
    number: int | None
    title: str | None
    branch: str | None
    evidence: frozenset[Evidence]
    mention: Mention | None

    @property
    def is_agents(self) -> bool:
        return nature_of(self.author) is Nature.AGENT

    @property
    def human_coauthors(self) -> tuple[Signature, ...]:
        return tuple(who for who in self.coauthors if nature_of(who) is Nature.HUMAN)


async def read_log(
    repository: Repository, tip: str, known: MutableMapping[str, Commit]
) -> AsyncIterator[Commit]:
    """Every commit that *tip* has behind it, parents before children.

    *known* holds what was understood before, by the commits' ids, and is added to.
    """
    record: list[str] = []
    try:
        async for field in repository.git.fields(
            "log",
            "-z",
            "--topo-order",
            "--reverse",
            "--no-notes",
            "--no-patch",
            f"--format=tformat:{_FORMAT}",
            "--end-of-options",
            tip,
            "--",
        ):
            record.append(field)
            if len(record) == len(_FIELDS):
                sha = record[0]
                if sha not in known:
                    known[sha] = _commit(record)
                yield known[sha]
                record = []
    except (OSError, ValueError):
        raise BrokenRepositoryError(repository.address) from None
    if record:
        raise BrokenRepositoryError(repository.address)


def _commit(record: list[str]) -> Commit:
    sha, parents, seconds, name, email, committer_name, committer_email, message = record
    if not _SHA.fullmatch(sha):
        raise ValueError("not a record of git's log")
    author = Signature(name.strip(), email.strip().lower())
    coauthors = coauthors_of(message)
    branch = merged_branch(message)
    return Commit(
        sha=sha,
        parents=tuple(parents.split()),
        at=datetime.fromtimestamp(int(seconds), UTC),
        author=author,
        committer=Signature(committer_name.strip(), committer_email.strip().lower()),
        coauthors=coauthors,
        subject=subject_of(message),
        number=change_number(message),
        title=_title_in(message, branch),
        branch=branch,
        evidence=evidence_in(author, coauthors, message) | evidence_in_branch(branch),
        mention=mention_in(message),
    )


def _title_in(message: str, branch: str | None) -> str | None:
    """A squash has its change's title as the subject, a merge in the first line after it."""
    subject = subject_of(message)
    if branch is None:
        return title_of(_OWN_NUMBER.sub("", subject))
    others = (line for line in lines_of(message) if line and line != subject)
    return title_of(next((line for line in others if not line.startswith(_REFERENCE)), branch))
