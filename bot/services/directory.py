"""Who is here: the workspace's members from Slack, and after them the teams."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from bot.domain.health import DIRECTORY
from bot.errors import SettingsError, SourceError, UpshotError
from bot.ports import Clock, Directory, HealthStore, PeopleStore
from bot.services.team_upkeep import TeamUpkeep

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectorySync:
    """Where Slack or the file fails, who was known stays known, and `status` says so."""

    directory: Directory
    people: PeopleStore
    upkeep: TeamUpkeep
    health: HealthStore
    clock: Clock
    real_now: Callable[[], datetime]

    async def run(self) -> int:
        """Bring people and teams up to date; how many people there are.

        Raises ``SourceError`` where nobody can be known, and ``SettingsError`` for a file that
        cannot be used, when all else is done. What else fails about teams waits for the next night.
        """
        now = self.clock.now()
        try:
            members = await self.directory.members()
        except SourceError as error:
            await self._failed([error])
            raise
        count = await self.people.sync(members, today=now.astimezone(UTC).date())
        troubles = await self.upkeep.run()
        await self.health.source_succeeded(DIRECTORY, now, now)
        if troubles:
            await self._failed(troubles)
        for trouble in troubles:
            if isinstance(trouble, SettingsError):
                raise trouble
        return count

    async def _failed(self, troubles: Sequence[UpshotError]) -> None:
        told = " ".join(map(str, troubles))
        hints = " ".join(filter(None, (trouble.hint for trouble in troubles)))
        await self.health.failed(DIRECTORY, told, hints, self.real_now())
        log.warning("directory_failed", errors=[type(trouble).__name__ for trouble in troubles])
