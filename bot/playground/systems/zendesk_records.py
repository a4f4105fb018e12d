"""Tickets, articles and people as Zendesk shows them at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.playground.company import Employee, Page, Ticket
from bot.playground.company.tickets import CLOSED_AFTER, REMOVED_AFTER

SITE = "https://acme.zendesk.com"
FIRST_CUSTOMER = 500_000
IMPOSTOR = FIRST_CUSTOMER
"""A customer who wrote in under the address of somebody of the company."""


def updated_at(ticket: Ticket, now: datetime) -> datetime | None:
    """When it last changed as far as is known; ``None`` before there is such a ticket."""
    changes = [at for at, _ in _statuses(ticket) if at <= now]
    return changes[-1] if changes else None


def ticket_at(ticket: Ticket, numbers: Mapping[str, int], now: datetime) -> dict[str, Any]:
    at, status = [each for each in _statuses(ticket) if each[0] <= now][-1]
    subject = "SCRUBBED" if status == "deleted" else ticket.subject
    return {
        "url": f"{SITE}/api/v2/tickets/{ticket.number}.json",
        "id": ticket.number,
        "type": "question",
        "subject": subject,
        "raw_subject": subject,
        "description": f"Hello, {ticket.subject.lower()}, and here is all that I tried.",
        "status": status,
        "priority": "normal",
        "requester_id": FIRST_CUSTOMER + ticket.customer,
        "submitter_id": FIRST_CUSTOMER + ticket.customer,
        "assignee_id": numbers[ticket.assignee] if ticket.assignee else None,
        "created_at": _written(ticket.course.opened_at),
        "updated_at": _written(at),
        "generated_timestamp": int(at.timestamp()),
        "tags": [],
    }


def metric_set(ticket: Ticket, now: datetime) -> dict[str, Any]:
    """How often it was opened again, and since when it is what it is."""
    known = ticket.course.until(now)
    at, _ = [each for each in _statuses(ticket) if each[0] <= now][-1]
    return {
        "id": 800_000 + ticket.number,
        "ticket_id": ticket.number,
        "created_at": _written(known.opened_at),
        "reopens": len(known.turns) // 2,
        "replies": 1 + len(known.turns),
        "solved_at": _written(known.completed_at) if known.completed_at else None,
        "status_updated_at": _written(at),
    }


def article(page: Page, numbers: Mapping[str, int]) -> dict[str, Any]:
    return {
        "id": page.number,
        "url": f"{SITE}/api/v2/help_center/en-us/articles/{page.number}.json",
        "html_url": f"{SITE}/hc/en-us/articles/{page.number}",
        "author_id": numbers[page.author] if page.author else -1,
        "title": page.title,
        "name": page.title,
        "body": f"<p>{page.title}, step by step.</p>",
        "draft": page.is_draft,
        "created_at": _written(page.published_at),
        "updated_at": _written(page.published_at),
        "locale": "en-us",
    }


def users_of(
    employees: Sequence[Employee], numbers: Mapping[str, int], wanted: Collection[int]
) -> list[dict[str, Any]]:
    """Those of *wanted*: employees are agents, all others customers."""
    agents = [_agent(p, numbers[p.slack_id]) for p in employees if numbers[p.slack_id] in wanted]
    customers = sorted(number for number in wanted if number >= FIRST_CUSTOMER)
    return agents + [_customer(number, employees) for number in customers]


def _statuses(ticket: Ticket) -> list[tuple[datetime, str]]:
    """What it came to be, oldest first; what stays solved is closed by itself."""
    opened = ticket.course.opened_at
    if ticket.is_spam:
        return [(opened, "new"), (opened + REMOVED_AFTER, "deleted")]
    statuses = [(opened, "new")]
    for place, at in enumerate(ticket.course.turns):
        statuses.append((at, "open" if place % 2 else "solved"))
    if ticket.course.is_finished:
        statuses.append((ticket.course.turns[-1] + CLOSED_AFTER, "closed"))
    return statuses


def _agent(person: Employee, number: int) -> dict[str, Any]:
    return _user(number, person.name, person.email, "agent", verified=True)


def _customer(number: int, employees: Sequence[Employee]) -> dict[str, Any]:
    email = employees[0].email if number == IMPOSTOR else f"customer{number}@example.com"
    return _user(number, f"Customer {number}", email, "end-user", verified=False)


def _user(number: int, name: str, email: str, role: str, *, verified: bool) -> dict[str, Any]:
    return {
        "id": number,
        "name": name,
        "email": email,
        "role": role,
        "verified": verified,
        "active": True,
        "suspended": False,
    }


def _written(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
