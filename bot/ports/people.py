"""Who is here, and what is kept of each for that person's own eyes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from bot.domain.account_lines import AccountLine, LineFault
from bot.domain.accounts import AccountCounts, AccountLink, Assertion
from bot.domain.delivery import NewDelivery
from bot.domain.history import PersonalHistory
from bot.domain.logged import LoggedOutcome, Tag
from bot.domain.people import DirectoryMember, Person, PersonId
from bot.domain.periods import Period
from bot.domain.preferences import Cadence
from bot.domain.retention import Cutoffs
from bot.domain.rights import Refusal
from bot.domain.schedule import DigestTime
from bot.domain.tiers import Tier
from bot.domain.work import OwnWork


class PeopleStore(Protocol):
    async def sync(self, members: Sequence[DirectoryMember], *, today: date) -> int: ...

    async def find(self, slack_user_id: str) -> Person | None: ...

    async def has_left(self, slack_user_id: str) -> bool: ...

    async def unwelcomed(self) -> list[Person]: ...

    async def digest_times(self) -> list[DigestTime]: ...

    async def without_digest(
        self, due: Mapping[tuple[Cadence, Period], Sequence[DigestTime]]
    ) -> dict[tuple[Cadence, Period], list[PersonId]]: ...

    async def by_ids(self, ids: Sequence[PersonId]) -> list[Person]: ...

    async def unwatched(self, through: date) -> list[PersonId]: ...

    async def watched(self, people: Sequence[PersonId], through: date) -> None: ...

    async def count(self) -> int: ...

    async def addresses(self) -> frozenset[str]: ...


class PersonalStore(Protocol):
    async def history_of(self, person: PersonId, first: date, last: date) -> PersonalHistory: ...

    async def histories_of(
        self, people: Sequence[PersonId], first: date, last: date
    ) -> list[PersonalHistory]: ...

    async def spending_now(self, day: date, at_least: Decimal) -> list[PersonId]: ...


class LoggedStore(Protocol):
    """What people log themselves, each through that person's own door."""

    async def keep(self, logged: LoggedOutcome) -> None: ...

    async def find(self, person: PersonId, logged: UUID) -> LoggedOutcome | None: ...

    async def delete(self, person: PersonId, logged: UUID) -> bool: ...

    async def between(self, person: PersonId, first: date, last: date) -> list[LoggedOutcome]: ...


class TagStore(Protocol):
    async def add(self, person: PersonId, tag: Tag, at: datetime) -> None: ...

    async def remove(self, person: PersonId, tag: int) -> bool: ...

    async def of(self, person: PersonId) -> list[Tag]: ...

    async def set_tier(self, person: PersonId, source: str, source_id: str, tier: Tier) -> bool: ...


class WorkStore(Protocol):
    """One's own finished work, piece by piece."""

    async def own(self, person: PersonId, first: date, last: date) -> list[OwnWork]: ...

    async def tools_of(self, person: PersonId, first: date) -> list[str]: ...


class AccountStore(Protocol):
    """Whose accounts they are, as each person may see it and as admins may count and say it."""

    async def own(self, person: PersonId) -> list[AccountLink]: ...

    async def own_assertions(self, person: PersonId) -> list[Assertion]: ...

    async def own_disputed(self, person: PersonId) -> list[Assertion]: ...

    async def counts(self) -> list[AccountCounts]: ...

    async def assert_owners(
        self,
        lines: Sequence[AccountLine],
        *,
        by: str,
        at: datetime,
        id_of: Callable[[AccountLine], UUID],
        tell: Callable[[Person, Assertion, bool], NewDelivery],
    ) -> Mapping[int, LineFault]: ...

    async def object(
        self,
        person: Person,
        assertion: UUID,
        at: datetime,
        tell: Callable[[Assertion, Person], NewDelivery],
    ) -> bool: ...

    async def settle_assertions(self, now: datetime) -> int: ...


class RightsStore(Protocol):
    """What everybody may ask for about themselves."""

    async def find(self, slack_user_id: str) -> Person | None: ...

    def everything(self, person: Person) -> AsyncIterator[tuple[str, Mapping[str, Any]]]: ...

    async def forget(self, person: Person, at: datetime) -> None: ...

    async def opt_out(self, person: Person, at: datetime) -> None: ...

    async def opt_in(self, slack_user_id: str, at: datetime) -> bool: ...

    async def refusal_of(self, slack_user_id: str) -> Refusal | None: ...


class RetentionStore(Protocol):
    async def delete_before(self, cutoffs: Cutoffs) -> Mapping[str, int]: ...
