"""What admins administer in tests: teams that are made up, over a real database."""

from __future__ import annotations

from datetime import date, timedelta

from bot.clock import SetClock
from bot.domain.agreement import Agreement
from bot.domain.health import DIRECTORY
from bot.domain.people import PersonId
from bot.domain.teams import HomeTeam, Team
from bot.services.administration import Administration
from db.administration import AdministrationStore
from db.audit import AuditStore
from db.database import Database
from db.deliveries import DeliveryStore
from db.health import HealthStore
from db.nudges import NudgeStore
from db.people import PeopleStore

A_MINUTE = timedelta(minutes=1)


class FakeTeams:
    """Teams as they are told, and where the one who asks counts."""

    def __init__(self) -> None:
        self.known: list[Team] = []
        self.homes: tuple[HomeTeam, HomeTeam | None] = (
            HomeTeam(team=None, since=date.min),
            None,
        )

    async def all(self) -> list[Team]:
        return self.known

    async def home_of(self, person: PersonId, today: date) -> tuple[HomeTeam, HomeTeam | None]:
        return self.homes


def administered(
    database: Database, clock: SetClock, teams: FakeTeams, agreement: Agreement | None = None
) -> Administration:
    return Administration(
        store=AdministrationStore(database, agreement),
        audit_log=AuditStore(database),
        health=HealthStore(database),
        people=PeopleStore(database),
        teams=teams,
        deliveries=DeliveryStore(database, lease=A_MINUTE, settle=A_MINUTE),
        nudges=NudgeStore(database),
        clock=clock,
        bootstrap=("UFIRST",),
        sources={"anthropic": "Anthropic", "git": "git repositories", DIRECTORY: "Slack directory"},
        weaker=("Only one role.",),
    )
