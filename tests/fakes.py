"""Stand-ins for the ports whose real adapters talk to somebody else's service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from bot.domain.delivery import NotThere, Posted, PostResult, SearchResult, Unclear
from bot.domain.messages import Message
from bot.domain.night import Freshness
from bot.domain.people import DirectoryMember
from bot.domain.usage import CostBasis, ProviderDay
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
