"""Amounts and counts that are nobody else's, given to some people, and looked for everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import httpx

from bot.domain.outcomes import Credit, Outcome, OutcomeKind, Role
from bot.domain.people import Identity, Proof
from bot.domain.periods import midnight
from bot.playground.company import Company, Employee
from bot.playground.in_house import INGEST_TOKEN
from bot.ports import OutcomeBatch

DAYS_BEFORE_THE_END = 20
SOURCE_OF_REVIEWS = "github"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """What the employee in that *place* spent on one day, and reviewed on it."""

    place: int
    amount: str
    requests: int
    reviews: int


PLANTS = (
    Plant(place=1, amount="1234.57", requests=7_321, reviews=137),
    Plant(place=6, amount="2345.68", requests=8_432, reviews=139),
    Plant(place=15, amount="3456.79", requests=9_543, reviews=0),
)
"""In the smallest team, which is always withheld, and in two that are shown."""


def planted_on(company: Company) -> date:
    return company.end - timedelta(days=DAYS_BEFORE_THE_END)


def planted(company: Company) -> Iterator[tuple[Employee, Plant]]:
    for plant in PLANTS:
        yield company.employees[plant.place], plant


def usage_line(person: Employee, day: date, *, of: str, requests: int, amount: str) -> str:
    """What a platform of one's own says *person* used on *day*."""
    line = {
        "record_id": f"{of}:{person.handle}",
        "source": "runaway",
        "kind": "usage_daily",
        "period_start": midnight(day).isoformat(),
        "period_end": midnight(day + timedelta(days=1)).isoformat(),
        "user": {"email": person.email},
        "requests": requests,
        "cost": {"amount": amount, "currency": "USD", "basis": "billed"},
    }
    return json.dumps(line)


def planted_lines(company: Company) -> list[str]:
    return [
        usage_line(
            person,
            planted_on(company),
            of="planted",
            requests=plant.requests,
            amount=plant.amount,
        )
        for person, plant in planted(company)
    ]


async def send_usage(client: httpx.AsyncClient, url: str, lines: Sequence[str]) -> dict[str, Any]:
    answer = await client.post(
        url,
        content="\n".join(lines),
        headers={
            "authorization": f"Bearer {INGEST_TOKEN}",
            "content-type": "application/x-ndjson",
        },
    )
    told: dict[str, Any] = answer.json()
    return told


def planted_reviews(company: Company, now: datetime) -> OutcomeBatch:
    reviewed = [(person, plant) for person, plant in planted(company) if plant.reviews]
    at = midnight(planted_on(company)) + timedelta(hours=11)
    return OutcomeBatch(
        outcomes=tuple(
            Outcome(
                source=SOURCE_OF_REVIEWS,
                source_id=f"{person.handle}#{number}",
                kind=OutcomeKind.REVIEW_GIVEN,
                opened_at=at,
                completed_at=at,
                reverted_at=None,
                evidence=frozenset(),
                credits=(Credit(person.handle, Role.REVIEWER),),
            )
            for person, plant in reviewed
            for number in range(plant.reviews)
        ),
        data_through=now,
        complete=False,
        report={},
        identities={
            person.handle: Identity(email=person.email, proof=Proof.ADMIN_EMAIL)
            for person, _ in reviewed
        },
    )


def counts() -> frozenset[str]:
    """What was planted and is no amount, as it is written, with and without a group's mark."""
    planted = {plant.requests for plant in PLANTS} | {plant.reviews for plant in PLANTS}
    marks = ("", ",", ".", "\u00a0", "\u202f")
    return frozenset(f"{n:,}".replace(",", mark) for n in planted if n for mark in marks)
