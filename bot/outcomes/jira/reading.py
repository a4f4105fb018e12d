"""Understands tickets: which were done and by whom, and which are open again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC

from bot.domain.mentions import ticket_name
from bot.domain.outcomes import Credit, Outcome, OutcomeKind, Role, link_of, title_of
from bot.domain.people import Identity, Proof, normalized_email
from bot.outcomes.jira.history import Rules, Turn
from bot.outcomes.jira.wire import Change, ChangesPage, Issue, IssuesPage, Site, Status, User

PERSON, APP = "atlassian", "app"
SERVICE_PROJECT = "service_desk"

Answer = Site | list[Status] | IssuesPage | ChangesPage


class Tickets:
    """All that was answered: tickets that were changed meanwhile come again, the latest counts."""

    def __init__(self) -> None:
        self._site = Site("", frozenset())
        self._categories: dict[str, str] = {}
        self._issues: dict[str, Issue] = {}
        self._changes: defaultdict[str, dict[str, Change]] = defaultdict(dict)

    def add(self, answer: Answer) -> None:
        match answer:
            case Site():
                self._site = answer
            case IssuesPage(issues=issues):
                for issue in issues:
                    self._add_issue(issue)
            case ChangesPage(issue_change_logs=logs):
                for log in logs:
                    self._changes[log.issue_id] |= {c.id: c for c in log.change_histories}
            case statuses:
                self._categories |= {s.id: s.status_category.key for s in statuses}

    def outcomes(self) -> Iterator[Outcome]:
        rules = Rules(categories=self._categories, not_done=self._site.not_done)
        for issue in self._issues.values():
            if turns := list(rules.turns(issue, self._changes[issue.id].values())):
                yield _outcome(issue, turns, self._site.url)

    def identities(self) -> dict[str, Identity]:
        """Atlassian has people confirm their addresses; customers of a portal need not."""
        users = [issue.fields.assignee for issue in self._issues.values()]
        return {
            user.account_id: Identity(email=email, proof=Proof.ADMIN_EMAIL)
            for user in users
            if user and user.account_type == PERSON
            if (email := normalized_email(user.email_address))
        }

    def _add_issue(self, issue: Issue) -> None:
        known = self._issues.get(issue.id)
        if known is None or known.fields.updated <= issue.fields.updated:
            self._issues[issue.id] = issue
        status = issue.fields.status
        self._categories[status.id] = status.status_category.key


def _outcome(issue: Issue, turns: Sequence[Turn], site: str) -> Outcome:
    """*turns* has one at least; the last one that is no completion took the one before it back."""
    last = turns[-1]
    completed_at = last.at if last.is_done else turns[-2].at
    return Outcome(
        source="jira",
        source_id=issue.id,
        kind=_kind(issue),
        opened_at=min(issue.fields.created.astimezone(UTC), completed_at),
        completed_at=completed_at,
        reverted_at=None,
        reopened_at=None if last.is_done else last.at,
        evidence=frozenset(),
        credits=_credits(issue.fields.assignee),
        title=title_of(issue.fields.summary),
        url=link_of(f"{site}/browse/{issue.key}"),
        project=issue.fields.project.key,
        names=frozenset({ticket_name(issue.key)}),
    )


def _kind(issue: Issue) -> OutcomeKind:
    is_request = issue.fields.project.project_type_key == SERVICE_PROJECT
    if is_request and not issue.fields.type.subtask:
        return OutcomeKind.TICKET_SOLVED
    return OutcomeKind.TASK_DONE


def _credits(assignee: User | None) -> tuple[Credit, ...]:
    if assignee is None or assignee.account_type == APP:
        return ()
    return (Credit(assignee.account_id, Role.ASSIGNEE),)
