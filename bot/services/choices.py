"""What one person chooses: settings, tips, answers to a nudge. Each row is looked for as theirs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta

from bot.domain.coaching.nudges import Answer, NudgeKind
from bot.domain.logged import Tag
from bot.domain.people import Person
from bot.domain.preferences import Cadence, Preferences
from bot.domain.settings_draft import (
    SettingsDraft,
    SettingsFaults,
    read_settings,
    with_usual_anew,
)
from bot.domain.tiers import Tier
from bot.ports import Clock, NudgeStore, PreferenceStore, TagStore, TipStore

MUTED_FOR = timedelta(days=30)
_LESS_OFTEN = {Cadence.DAILY: Cadence.WEEKLY, Cadence.WEEKLY: Cadence.MONTHLY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    preferences: PreferenceStore
    tips: TipStore
    nudges: NudgeStore
    tags: TagStore
    rules: Collection[str]
    """The names of all tips that there are."""
    clock: Clock

    async def own(self, person: Person) -> Preferences:
        """As they hold today: a rest that is over is none."""
        chosen = await self.preferences.own(person.id)
        is_over = chosen.muted_until is not None and chosen.muted_until <= self._today()
        return replace(chosen, muted_until=None) if is_over else chosen

    async def choose(self, person: Person, draft: SettingsDraft) -> Preferences | SettingsFaults:
        read = read_settings(draft, await self.own(person), today=self._today())
        if isinstance(read, Preferences):
            await self.preferences.keep(person.id, read)
        return read

    async def stop(self, person: Person) -> None:
        """No word comes any more that was not asked for."""
        own = await self.own(person)
        silent = replace(own, cadence=Cadence.OFF, tips=False, nudges=False, budget_notes=False)
        await self.preferences.keep(person.id, silent)

    async def start(self, person: Person) -> None:
        own = await self.own(person)
        usual = replace(own, cadence=Cadence.WEEKLY, tips=True, nudges=True, budget_notes=True)
        await self.preferences.keep(person.id, usual)

    async def less_often(self, person: Person) -> Preferences:
        """Daily becomes weekly and weekly monthly; what is rarer stays."""
        own = await self.own(person)
        rarer = replace(own, cadence=_LESS_OFTEN.get(own.cadence, own.cadence))
        await self.preferences.keep(person.id, rarer)
        return rarer

    async def usual_anew(self, person: Person) -> Preferences:
        anew = with_usual_anew(await self.own(person), self._today())
        await self.preferences.keep(person.id, anew)
        return anew

    async def mute_tip(self, person: Person, rule: str) -> bool:
        """``False`` where there is no such tip."""
        if rule not in self.rules:
            return False
        await self.tips.mute(person.id, rule, self.clock.now())
        return True

    async def tip_again(self, person: Person, rule: str) -> bool:
        """``False`` where the person has not muted such a tip."""
        if rule not in await self.tips.own_muted(person.id):
            return False
        await self.tips.unmute(person.id, rule)
        return True

    async def answer_nudge(
        self, person: Person, kind: NudgeKind, first_day: date, answer: Answer
    ) -> tuple[date, date] | None:
        """The days that it is about, ``None`` where the person got no such nudge."""
        days = await self.nudges.find(person.id, kind, first_day)
        if days is None:
            return None
        match answer:
            case Answer.EXPECTED:
                await self._rest(person, first_day)
            case Answer.EXPLORATION:
                # Experiments are no part of what is usual, which so need not start anew.
                await self._explore(person, *days)
                own = await self.own(person)
                await self.preferences.keep(person.id, self._muted(own))
            case Answer.NEVER:
                own = await self.own(person)
                await self.preferences.keep(person.id, replace(own, nudges=False))
        # last, so that an answer that broke off is carried out when it is given again
        await self.nudges.answer(person.id, kind, first_day, answer, self.clock.now())
        return days

    async def _rest(self, person: Person, first_day: date) -> None:
        """No nudge for a while, and what was seen from *first_day* on is what is usual."""
        anew = with_usual_anew(await self.own(person), first_day)
        await self.preferences.keep(person.id, self._muted(anew))

    def _muted(self, chosen: Preferences) -> Preferences:
        return replace(chosen, muted_until=self._today() + MUTED_FOR)

    async def _explore(self, person: Person, first: date, last: date) -> None:
        tag = Tag(tier=Tier.EXPLORATION, provider=None, first_day=first, last_day=last)
        if tag not in [replace(kept, id=None) for kept in await self.tags.of(person.id)]:
            await self.tags.add(person.id, tag, self.clock.now())

    def _today(self) -> date:
        return self.clock.now().astimezone(UTC).date()
