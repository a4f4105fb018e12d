"""Team summaries: what a team's channel is told of a released week, and who may ask for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.delivery import DeliveryKind, NewDelivery
from bot.domain.messages import Message
from bot.domain.people import Person
from bot.domain.periods import IsoWeek
from bot.domain.schedule import within_hours
from bot.domain.team_budget import TeamBudgetNote, team_budget_note
from bot.domain.team_report import OwnTeams, TeamReport, report_of
from bot.domain.teams import ReleasedWeek, Team
from bot.ports import (
    AdministrationStore,
    Clock,
    DeliveryStore,
    LedgerStore,
    TeamBudgetStore,
    TeamStore,
)

SHOWN_WEEKS = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamWording:
    """How a team's channel is told."""

    summary: Callable[[TeamReport], Message]
    budget: Callable[[TeamBudgetNote], Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summaries:
    """All of it is made of what the ledger holds; nothing here can read more."""

    teams: TeamStore
    ledger: LedgerStore
    budgets: TeamBudgetStore
    deliveries: DeliveryStore
    administration: AdministrationStore
    clock: Clock

    async def tell(self, team: Team, week: IsoWeek, wording: TeamWording) -> int:
        """Tell *team*'s channel of *week*, each thing once; how many messages that made."""
        weeks = await self.ledger.of_team(team.id, week, SHOWN_WEEKS)
        if team.channel is None or team.channel_problem is not None:
            return 0
        if not weeks or weeks[0].week != week:
            return 0
        now = self.clock.now()
        thresholds = await self.administration.thresholds(now.date())
        report = report_of(weeks, adoption_target=thresholds["adoption_target"])
        due_at = within_hours(now, team.time_zone, thresholds["summary_hour"])
        summary = NewDelivery(
            kind=DeliveryKind.TEAM_SUMMARY,
            channel=team.channel,
            period_start=week.monday,
            due_at=due_at,
            message=wording.summary(report),
            topic=str(team.id),
        )
        count = await self.deliveries.plan([summary], now)
        note = await self._budget_note(team, weeks, week.monday, thresholds["team_budget"])
        if note is not None:
            count += await self._tell_budget(team, note, due_at, wording.budget(note))
        return count

    async def _budget_note(
        self, team: Team, weeks: list[ReleasedWeek], month: date, amount: int
    ) -> TeamBudgetNote | None:
        told = await self.budgets.told(team.id, month)
        return team_budget_note(weeks, month, amount=amount, told=told)

    async def _tell_budget(
        self, team: Team, note: TeamBudgetNote, due_at: datetime, message: Message
    ) -> int:
        """Planned first, written down then: cut off in between, the outbox keeps it single."""
        assert team.channel is not None
        now = self.clock.now()
        delivery = NewDelivery(
            kind=DeliveryKind.TEAM_BUDGET,
            channel=team.channel,
            period_start=note.month,
            due_at=due_at,
            message=message,
            topic=f"{team.id}:{note.step}",
        )
        count = await self.deliveries.plan([delivery], now)
        for step in note.reached:
            await self.budgets.keep(team.id, note.month, step, now.date())
        return count

    async def preview(self, team: Team, latest: ReleasedWeek) -> TeamReport:
        """*latest* as the channel would be told of it, after what the ledger holds before it."""
        earlier = await self.ledger.of_team(team.id, latest.week.back(1), SHOWN_WEEKS - 1)
        thresholds = await self.administration.thresholds(self.clock.now().date())
        return report_of([latest, *earlier], adoption_target=thresholds["adoption_target"])

    async def released_to(self, person: Person) -> OwnTeams:
        """What *person* may read today: of the teams that the person is in or leads, no other.

        The home team comes first. Whoever left a team sees nothing of it any more.
        """
        now = self.clock.now()
        home, later = await self.teams.home_of(person.id, now.date())
        teams = await self.teams.of_person(person.id, now.date())
        until = IsoWeek.last_closed(now)
        at_home = home.team and home.team.id
        shown = [
            (team.name, tuple(await self.ledger.of_team(team.id, until, SHOWN_WEEKS)))
            for team in sorted(teams, key=lambda team: team.id != at_home)
        ]
        return OwnTeams(home=home, later=later, teams=tuple(shown))
