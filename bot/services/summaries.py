"""Team summaries: one release a team and week, and the channel hears of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.delivery import DeliveryKind, NewDelivery
from bot.domain.disclosure import Rules, release
from bot.domain.messages import Message
from bot.domain.people import Person
from bot.domain.periods import IsoWeek
from bot.domain.schedule import within_hours
from bot.domain.teams import Team, TeamWeek
from bot.ports import AdministrationStore, Clock, DeliveryStore, TeamStore

SHOWN_WEEKS = 13
RenderSummary = Callable[[TeamWeek, Sequence[TeamWeek]], Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summaries:
    teams: TeamStore
    deliveries: DeliveryStore
    administration: AdministrationStore
    clock: Clock

    async def preview(self, team: Team) -> tuple[TeamWeek, list[TeamWeek]]:
        """Last week as it would be released now, and the weeks before it; nothing is released."""
        now = self.clock.now()
        week = IsoWeek.last_closed(now)
        rules = rules_of(await self.administration.thresholds(now.date()))
        figures = release(await self.teams.contributions(team.id, week), rules)
        earlier = await self.teams.released(team.id, week.back(1), SHOWN_WEEKS - 1)
        return TeamWeek(team=team.name, week=week, outcome=figures), earlier

    async def release(self, team: Team, week: IsoWeek, render: RenderSummary) -> TeamWeek:
        """Release *team*'s *week*, if that was not done, and tell its channel."""
        now = self.clock.now()
        thresholds = await self.administration.thresholds(now.date())
        rules = rules_of(thresholds)
        figures = release(await self.teams.contributions(team.id, week), rules)
        await self.teams.keep_release(team.id, week, figures, rules, now)
        latest, *previous = await self.teams.released(team.id, week, SHOWN_WEEKS)
        if team.channel is not None:
            delivery = NewDelivery(
                kind=DeliveryKind.TEAM_SUMMARY,
                channel=team.channel,
                period_start=week.monday,
                due_at=within_hours(now, team.time_zone, thresholds["summary_hour"]),
                message=render(latest, previous),
                topic=str(team.id),
            )
            await self.deliveries.plan([delivery], now)
        return latest

    async def released_to(self, person: Person) -> list[tuple[Team, list[TeamWeek]]]:
        """The released weeks of the teams that *person* is in or leads, and of no other."""
        until = IsoWeek.last_closed(self.clock.now())
        return [
            (team, await self.teams.released(team.id, until, SHOWN_WEEKS))
            for team in await self.teams.of_person(person.id)
        ]


def rules_of(thresholds: dict[str, int]) -> Rules:
    return Rules(
        minimum_group_size=thresholds["minimum_group_size"],
        dominance_share=Decimal(thresholds["dominance_share"]) / 100,
    )
