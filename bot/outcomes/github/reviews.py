"""Understands reviews: one for each person who judged somebody else's pull request."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.outcomes import Credit, Outcome, OutcomeKind, Role, link_of, title_of
from bot.outcomes.github.accounts import account_of
from bot.outcomes.github.wire import ReviewedPullRequest


def reviews_of(pull: ReviewedPullRequest) -> Iterator[Outcome]:
    """Reviews given by people, from the first that approves or asks for changes.

    One that was dismissed later was one of these. What an agent wrote is its assignees' own.
    """
    reviews = pull.reviews.seen if pull.reviews else []
    given = [(r.submitted_at, r.author) for r in reviews if r.submitted_at and r.author]
    given.sort(key=lambda review: review[0])
    judged = _behind(pull)
    for at, reviewer in given:
        account = account_of(reviewer)
        if account is None or account in judged:
            continue
        judged.add(account)
        yield Outcome(
            source="github",
            source_id=f"{pull.source_id}/review/{account}",
            kind=OutcomeKind.REVIEW_GIVEN,
            opened_at=None,
            completed_at=at,
            reverted_at=None,
            evidence=frozenset(),
            credits=(Credit(account, Role.REVIEWER),),
            title=title_of(pull.title),
            url=link_of(pull.url),
            project=pull.project,
        )


def _behind(pull: ReviewedPullRequest) -> set[str]:
    """The people whose work it is."""
    author = account_of(pull.author) if pull.author else None
    if author is not None:
        return {author}
    return {account for actor in pull.assignees.seen if (account := account_of(actor))}
