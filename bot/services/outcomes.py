"""One's own work: what the sources tell of it, what one logs oneself, and what it was for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from uuid import UUID, uuid5

from bot.domain.drafts import Fault, Faults, LogDraft, TagDraft, read_log, read_tag
from bot.domain.logged import LoggedOutcome, Tag
from bot.domain.people import Person
from bot.domain.periods import IsoWeek
from bot.domain.schedule import zone_named
from bot.domain.tiers import Tier
from bot.domain.work import OwnWork
from bot.ports import Clock, LoggedStore, TagStore, WorkStore

LISTED = timedelta(weeks=4)
TOOLS_WITHIN = timedelta(weeks=13)
_FORMS = UUID("5b0c9f5e-6a5d-4b77-9d0e-2f3d8a1c7e46")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentWork:
    """What a person finished in the last weeks, and how they tagged their use."""

    work: tuple[OwnWork, ...]
    logged: tuple[LoggedOutcome, ...]
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    logged: LoggedStore
    tags: TagStore
    work: WorkStore
    clock: Clock

    async def recent(self, person: Person) -> RecentWork:
        last = max(self.today(person), self.clock.now().astimezone(UTC).date())
        first = last - LISTED + timedelta(days=1)
        return RecentWork(
            work=tuple(await self.work.own(person.id, first, last)),
            logged=tuple(await self.logged.between(person.id, first, last)),
            tags=tuple(await self.tags.of(person.id)),
        )

    def today(self, person: Person) -> date:
        """Where the person is."""
        return self.clock.now().astimezone(zone_named(person.time_zone)).date()

    async def tools(self, person: Person) -> list[str]:
        """The providers of which the person lately used something."""
        return await self.work.tools_of(person.id, self.today(person) - TOOLS_WITHIN)

    async def find(self, person: Person, logged: UUID) -> LoggedOutcome | None:
        return await self.logged.find(person.id, logged)

    async def log(self, person: Person, draft: LogDraft, *, form: str) -> LoggedOutcome | Faults:
        """Keep what was filled into *form*, once however often that form is sent."""
        logged = uuid5(_FORMS, f"{person.id}:{form}")
        read = await self._read(person, draft, logged, tuple(await self.tools(person)))
        if isinstance(read, LoggedOutcome):
            await self.logged.keep(read)
        return read

    async def edit(self, person: Person, logged: UUID, draft: LogDraft) -> LoggedOutcome | Faults:
        """Change what is the person's own; ``GONE`` says of *what* that there is no such thing."""
        before = await self.logged.find(person.id, logged)
        if before is None:
            return Faults({"what": Fault.GONE})
        tools = (*await self.tools(person), *before.helped_by)
        read = await self._read(person, draft, logged, tools)
        if isinstance(read, Faults):
            return read
        edited = replace(read, logged_at=before.logged_at, edited_at=self.clock.now())
        await self.logged.keep(edited)
        return edited

    async def delete(self, person: Person, logged: UUID) -> bool:
        return await self.logged.delete(person.id, logged)

    async def tag(self, person: Person, draft: TagDraft) -> Tag | Faults:
        """Keep the person's word on what some use was, and give it with its number."""
        today = self.today(person)
        read = read_tag(draft, today=today, tools=await self.tools(person))
        if isinstance(read, Faults):
            return read
        await self.tags.add(person.id, read, self.clock.now())
        kept = [tag for tag in await self.tags.of(person.id) if replace(tag, id=None) == read]
        return next(iter(kept), read)

    async def tag_this_week(self, person: Person, tier: Tier, provider: str | None) -> Tag | Faults:
        week = IsoWeek.of(self.today(person)).period
        draft = TagDraft(
            tier=tier,
            provider=provider,
            first_day=week.first_day.isoformat(),
            last_day=week.last_day.isoformat(),
        )
        return await self.tag(person, draft)

    async def untag(self, person: Person, tag: int) -> bool:
        return await self.tags.remove(person.id, tag)

    async def set_tier(self, person: Person, source: str, source_id: str, tier: Tier) -> bool:
        return await self.tags.set_tier(person.id, source, source_id, tier)

    async def _read(
        self, person: Person, draft: LogDraft, logged: UUID, tools: tuple[str, ...]
    ) -> LoggedOutcome | Faults:
        return read_log(
            draft,
            logged=logged,
            owner=person.id,
            at=self.clock.now(),
            today=self.today(person),
            tools=tools,
        )
