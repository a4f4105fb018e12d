"""Stand-ins for the ports whose real adapters talk to somebody else's service."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from bot.domain.delivery import NotThere, Posted, PostResult, SearchResult, Unclear
from bot.domain.logged import LoggedOutcome, Tag
from bot.domain.messages import Message
from bot.domain.night import Freshness
from bot.domain.people import DirectoryMember, PersonId
from bot.domain.teams import ChannelProblem
from bot.domain.tiers import Tier
from bot.domain.usage import CostBasis, ProviderDay
from bot.domain.work import OwnWork
from bot.errors import SourceError
from bot.ports import Capabilities, OutcomeBatch
from tests.factories import make_batch, make_day

REAL_START = datetime(2026, 11, 21, 8, tzinfo=UTC)


class RealTime:
    """Real time that passes only while somebody sleeps."""

    def __init__(self, now: datetime = REAL_START) -> None:
        self._now = now
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    def pass_by(self, duration: timedelta) -> None:
        self._now += duration

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._now += timedelta(seconds=seconds)


class FakeProvider:
    """Answers each day as it is told to; a day that it was told nothing of was a quiet one."""

    name: ClassVar[str] = "anthropic"
    title: ClassVar[str] = "Anthropic"
    capabilities: ClassVar[Capabilities] = Capabilities(
        per_person=True,
        tokens=True,
        requests=True,
        cost=(CostBasis.BILLED,),
        freshness="at once",
        identity="e-mail address",
    )
    freshness: ClassVar[Freshness] = Freshness(repull=4, settles_after=31)

    def __init__(self, *answers: ProviderDay, failing: SourceError | None = None) -> None:
        self.answers = {answer.day: answer for answer in answers}
        self.failing = failing
        self.asked: list[date] = []

    @classmethod
    def from_config(cls, config: Any) -> Self:
        return cls()

    async def fetch(self, day: date) -> AsyncIterator[ProviderDay]:
        self.asked.append(day)
        if self.failing is not None:
            raise self.failing
        yield self.answers.get(day, make_day(day=day, provider=self.name))

    @staticmethod
    def parse(day: date, pages: Iterable[ProviderDay]) -> ProviderDay:
        [answer] = pages
        return answer

    async def close(self) -> None:
        pass


class OtherProvider(FakeProvider):
    name: ClassVar[str] = "openai"
    title: ClassVar[str] = "OpenAI"


class FakeSource:
    """A system of record that knows one batch."""

    name: ClassVar[str] = "git"
    title: ClassVar[str] = "git repositories"

    def __init__(
        self, batch: OutcomeBatch | None = None, *, failing: SourceError | None = None
    ) -> None:
        self.batch = batch or make_batch()
        self.failing = failing
        self.asked: list[tuple[datetime | None, Collection[str] | None]] = []

    async def collect(
        self,
        until: datetime,
        *,
        since: datetime | None = None,
        known_addresses: Collection[str] | None = None,
    ) -> OutcomeBatch:
        self.asked.append((since, known_addresses))
        if self.failing is not None:
            raise self.failing
        return self.batch

    async def close(self) -> None:
        pass


class FakeLogged:
    """Keeps what people log, and finds it for its owner alone."""

    def __init__(self) -> None:
        self.kept: dict[UUID, LoggedOutcome] = {}

    async def keep(self, logged: LoggedOutcome) -> None:
        self.kept[logged.id] = logged

    async def find(self, person: PersonId, logged: UUID) -> LoggedOutcome | None:
        found = self.kept.get(logged)
        return found if found is not None and found.owner == person else None

    async def delete(self, person: PersonId, logged: UUID) -> bool:
        if await self.find(person, logged) is None:
            return False
        del self.kept[logged]
        return True

    async def between(self, person: PersonId, first: date, last: date) -> list[LoggedOutcome]:
        own = [logged for logged in self.kept.values() if logged.owner == person]
        return [logged for logged in own if first <= logged.done_on <= last]


class FakeTags:
    """Keeps each person's tags, the latest first; ``tiers`` are of outcomes that people share."""

    def __init__(self) -> None:
        self.kept: defaultdict[PersonId, list[Tag]] = defaultdict(list)
        self.tiers: dict[tuple[PersonId, str, str], Tier | None] = {}
        self._numbers = itertools.count(1)

    async def add(self, person: PersonId, tag: Tag, at: datetime) -> None:
        self.kept[person].insert(0, replace(tag, id=next(self._numbers)))

    async def remove(self, person: PersonId, tag: int) -> bool:
        left = [kept for kept in self.kept[person] if kept.id != tag]
        is_gone = len(left) < len(self.kept[person])
        self.kept[person] = left
        return is_gone

    async def of(self, person: PersonId) -> list[Tag]:
        return list(self.kept[person])

    async def set_tier(self, person: PersonId, source: str, source_id: str, tier: Tier) -> bool:
        if (person, source, source_id) not in self.tiers:
            return False
        self.tiers[person, source, source_id] = tier
        return True


class FakeWork:
    """Everybody's work and tools, with what was asked for."""

    def __init__(self, work: Sequence[OwnWork] = (), tools: Sequence[str] = ()) -> None:
        self._work = list(work)
        self._tools = list(tools)
        self.asked: list[tuple[date, ...]] = []

    async def own(self, person: PersonId, first: date, last: date) -> list[OwnWork]:
        self.asked.append((first, last))
        return [work for work in self._work if work.owner == person]

    async def tools_of(self, person: PersonId, first: date) -> list[str]:
        self.asked.append((first,))
        return self._tools


class FakeDirectory:
    def __init__(
        self, members: Sequence[DirectoryMember] = (), *, failing: SourceError | None = None
    ) -> None:
        self._members = list(members)
        self.failing = failing

    async def workspace(self) -> str:
        return "T1"

    async def members(self) -> list[DirectoryMember]:
        if self.failing is not None:
            raise self.failing
        return self._members


class FakeUserGroups:
    """Groups by their id; ``None`` is one that was disabled."""

    def __init__(
        self,
        groups: Mapping[str, Collection[str] | None] | None = None,
        *,
        failing: SourceError | None = None,
    ) -> None:
        self.groups = dict(groups or {})
        self.failing = failing

    async def members(self, groups: Collection[str]) -> dict[str, frozenset[str] | None]:
        if self.failing is not None:
            raise self.failing
        found = {group: self.groups.get(group) for group in groups}
        return {group: None if us is None else frozenset(us) for group, us in found.items()}


class FakeChannels:
    """What there is against each channel; nothing, where nothing was said."""

    def __init__(
        self,
        problems: Mapping[str, ChannelProblem] | None = None,
        *,
        failing: SourceError | None = None,
    ) -> None:
        self.problems = dict(problems or {})
        self.failing = failing
        self.asked: list[str] = []

    async def problem_of(self, channel: str) -> ChannelProblem | None:
        self.asked.append(channel)
        if self.failing is not None:
            raise self.failing
        return self.problems.get(channel)


class FakeMessenger:
    """A chat that keeps what it accepts; ``answers`` are given first, one a call.

    With ``Unclear`` as the answer the message is kept where ``accepts_unclear`` says so: that is
    what makes it unclear.
    """

    def __init__(self, *answers: PostResult | Exception, accepts_unclear: bool = True) -> None:
        self._answers = list(answers)
        self._accepts_unclear = accepts_unclear
        self.found: list[SearchResult] = []
        """What looking gives, one a call, before the truth is told."""
        self.accepted: defaultdict[str, list[UUID]] = defaultdict(list)
        self.calls: list[tuple[str, str]] = []

    async def post(self, channel: str, message: Message, delivery: UUID) -> PostResult:
        self.calls.append(("post", channel))
        answer = self._answers.pop(0) if self._answers else None
        if isinstance(answer, Exception):
            raise answer
        if answer is None or (self._accepts_unclear and _may_have_arrived(answer)):
            self.accepted[channel].append(delivery)
        return answer or Posted(channel, f"{len(self.calls)}.0")

    async def find(self, channel: str, delivery: UUID, since: datetime) -> SearchResult:
        self.calls.append(("find", channel))
        if self.found:
            return self.found.pop(0)
        return Posted(channel, "1.0") if delivery in self.accepted[channel] else NotThere()


def _may_have_arrived(answer: PostResult) -> bool:
    return isinstance(answer, Unclear)
