"""Tips: which one a digest carries, how an earlier one went, and all that fit, for whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date
from functools import cache

from bot.domain.coaching.choosing import all_fitting, choose
from bot.domain.coaching.facts import Facts
from bot.domain.coaching.judging import judge
from bot.domain.coaching.rules import Finding, ShownTip
from bot.domain.coaching.tips import RULES
from bot.domain.history import PersonalHistory, finished_in, used_in
from bot.domain.people import Person, PersonId
from bot.domain.periods import IsoWeek, Period, midnight
from bot.domain.ratios import RATIO_WEEKS
from bot.domain.reach import concerning
from bot.domain.unit_rates import RatesOf
from bot.ports import (
    AdministrationStore,
    Clock,
    FactsStore,
    PersonalStore,
    PreferenceStore,
    TipStore,
)

Coached = tuple[Finding | None, ShownTip | None]
"""The tip for a digest, and the earlier one whose verdict it tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTips:
    fitting: tuple[Finding, ...]
    shown: tuple[ShownTip, ...]
    muted: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coach:
    personal: PersonalStore
    facts: FactsStore
    tips: TipStore
    preferences: PreferenceStore
    administration: AdministrationStore
    clock: Clock
    rates_of: Callable[[date], RatesOf]
    """What models cost on a day."""
    sources: frozenset[str]
    """Those that are on."""
    work_sources: frozenset[str] = frozenset()
    """Those of them that tell of finished work, and not of use."""

    async def prepare(
        self, histories: Sequence[PersonalHistory], week: IsoWeek, minimum_saving: int
    ) -> dict[PersonId, Coached]:
        """What to say in the digests of *week*, written down first: asked again, it is the same."""
        people = [history.owner for history in histories]
        chosen = await self.preferences.of(people)
        wanted = [history for history in histories if chosen[history.owner].tips]
        readers = [history.owner for history in wanted]
        shown, muted = await self.tips.shown(readers), await self.tips.muted(readers)
        coached: dict[PersonId, Coached] = dict.fromkeys(people, (None, None))
        news: list[tuple[PersonId, ShownTip]] = []
        for facts in await self._facts_of(wanted, week):
            reader = facts.history.owner
            judged = list(_judged(shown[reader], facts, week))
            tip = choose(
                facts, shown[reader], muted[reader], week=week, minimum_saving=minimum_saving
            )
            coached[reader] = tip, _told_in(week, [*shown[reader], *judged])
            news += ((reader, verdict) for verdict in judged)
            if tip is not None:
                news.append((reader, _shown_in(week, tip)))
        await self.tips.keep(news)
        return coached

    async def own_tips(self, person: Person) -> OwnTips:
        """All that fits *person*'s last closed weeks, asked in person, and what was shown."""
        now = self.clock.now()
        week = IsoWeek.last_closed(now)
        thresholds = await self.administration.thresholds(now.astimezone(UTC).date())
        known = _known_in(week)
        history = await self.personal.history_of(person.id, known.first_day, known.last_day)
        facts = await self.facts.own_facts(self._concerning(history, week), week, self._rates())
        muted = await self.tips.own_muted(person.id)
        fitting = all_fitting(facts, muted, minimum_saving=thresholds["tip_minimum_saving"])
        return OwnTips(
            fitting=tuple(fitting), shown=await self.tips.own_shown(person.id), muted=muted
        )

    async def _facts_of(self, histories: Sequence[PersonalHistory], week: IsoWeek) -> list[Facts]:
        closed = [self._concerning(history, week) for history in histories]
        return await self.facts.facts_of(closed, week, self._rates())

    def _concerning(self, history: PersonalHistory, week: IsoWeek) -> PersonalHistory:
        """Its weeks up to *week*, with the sources that its owner's figures come from."""
        known = _known_in(week)
        closed = replace(
            history,
            use=tuple(used_in(known, history.use)),
            work=tuple(finished_in(known, history.work)),
            logged=tuple(log for log in history.logged if midnight(log.done_on) in known),
        )
        return concerning(closed, self.sources, self.work_sources)

    def _rates(self) -> RatesOf:
        """Those of today, each found once for a whole shard."""
        return cache(self.rates_of(self.clock.now().astimezone(UTC).date()))


def _known_in(week: IsoWeek) -> Period:
    """As far as facts reach back."""
    return Period.of_days(week.back(RATIO_WEEKS - 1).monday, week.period.last_day)


def _judged(shown: Sequence[ShownTip], facts: Facts, week: IsoWeek) -> Iterator[ShownTip]:
    """Those of *shown* whose verdict is due."""
    for tip in shown:
        if (verdict := judge(tip, facts, week)) is not None:
            yield verdict


def _told_in(week: IsoWeek, judged: Sequence[ShownTip]) -> ShownTip | None:
    """Of several that were judged in *week*, the latest; of a rule that there still is."""
    told = [tip for tip in judged if tip.judged_in == week and tip.rule in RULES]
    return max(told, key=lambda tip: tip.week, default=None)


def _shown_in(week: IsoWeek, tip: Finding) -> ShownTip:
    return ShownTip(week=week, rule=tip.rule, saving=tip.saving, measure=tip.measure, goal=tip.goal)
