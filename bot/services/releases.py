"""Releasing a week: from one snapshot of the database into the ledger, once and for good."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import structlog

from bot.domain.disclosure.caps import caps_of
from bot.domain.disclosure.figures import WeekRelease, Withheld
from bot.domain.disclosure.parameters import Parameters, p_of
from bot.domain.disclosure.releasing import release_week
from bot.domain.keyed import Key
from bot.domain.ledger_entries import Making, entries_of
from bot.domain.periods import IsoWeek
from bot.domain.teams import ReleasedWeek, Team
from bot.ports import AdministrationStore, Clock, ContributionStore, LedgerStore, TeamStore

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Releases:
    contributions: ContributionStore
    ledger: LedgerStore
    teams: TeamStore
    administration: AdministrationStore
    key: Key
    clock: Clock

    async def release_week(self, week: IsoWeek) -> bool:
        """Write *week* into the ledger; ``False`` where it is there, or is not over.

        What comes in later changes nothing: a week that was released is not looked at again.
        """
        if week.period.end > self.clock.now() or await self.ledger.released(week):
            return False
        is_ours = await self.ledger.keep(entries_of(*await self._made(week)))
        log.info("week_released", week=str(week), by_us=is_ours)
        return is_ours

    async def preview(self, team: Team) -> ReleasedWeek:
        """Last week as it was released, or else as it would be now; nothing is written down."""
        week = IsoWeek.last_closed(self.clock.now())
        for kept in await self.ledger.of_team(team.id, week, 1):
            if kept.week == week:
                return kept
        release, making = await self._made(week)
        return ReleasedWeek(
            team=team.name,
            week=week,
            release=release.teams.get(team.id, Withheld()),
            other=release.other,
            coverage=release.coverage,
            parameters=making.parameters,
        )

    async def _made(self, week: IsoWeek) -> tuple[WeekRelease, Making]:
        thresholds = await self.administration.thresholds(week.monday)
        settle = timedelta(days=thresholds["settle_days"])
        names = {team.id: team.name for team in await self.teams.of_week(week)}
        snapshot = await self.contributions.snapshot(week, settle)
        making = Making(
            snapshot=snapshot,
            names=names,
            caps=caps_of(snapshot.past),
            parameters=parameters_of(thresholds, self.key),
            key=self.key,
            released_at=self.clock.now(),
        )
        # In a thread: with thousands of teams it takes a moment, in which others are answered.
        release = await asyncio.to_thread(
            release_week,
            snapshot.groups,
            making.caps,
            making.parameters,
            key=self.key,
            week=week,
        )
        return release, making


def parameters_of(thresholds: dict[str, int], key: Key) -> Parameters:
    """The rules that *thresholds* ask for; strict mode asks for more than the least of it."""
    strict = bool(thresholds["strict_mode"])
    fewest = Parameters.FEWEST_STRICT if strict else Parameters.FEWEST
    return Parameters(
        minimum=max(thresholds["minimum_group_size"], fewest),
        share=Decimal(thresholds["dominance_share"]) / 100,
        p=p_of(key),
        strict=strict,
    )
