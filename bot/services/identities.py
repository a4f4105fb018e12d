"""Which accounts are whose: what people see of it and say no to, what admins count and assert."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid5

from bot.domain.account_lines import AccountLine, AccountLines, read_lines
from bot.domain.accounts import AccountCounts, AccountLink, Assertion
from bot.domain.delivery import DeliveryKind, NewDelivery
from bot.domain.messages import Message
from bot.domain.people import Person
from bot.ports import AccountStore, Clock

_NAMESPACE = UUID("8d1b1d4a-53d8-4c5e-9a67-2f1f6b7b64a2")

RenderAsserted = Callable[[Person, Assertion, bool], Message]
"""For the present owner, or else for the one whom the assertion names."""
RenderRefused = Callable[[Person, Assertion], Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccounts:
    """``asserted`` would become this person's; ``disputed`` would be this person's no more."""

    links: tuple[AccountLink, ...]
    asserted: tuple[Assertion, ...]
    disputed: tuple[Assertion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    accounts: AccountStore
    clock: Clock

    async def own(self, person: Person) -> OwnAccounts:
        return OwnAccounts(
            links=tuple(await self.accounts.own(person.id)),
            asserted=tuple(await self.accounts.own_assertions(person.id)),
            disputed=tuple(await self.accounts.own_disputed(person.id)),
        )

    async def counts(self) -> list[AccountCounts]:
        return await self.accounts.counts()

    async def assert_lines(
        self, text: str, *, by: str, form: str, render: RenderAsserted
    ) -> AccountLines:
        """Take an admin's word for what *text* says, all of it or, with any fault, nothing.

        A *form* that is sent twice says it once.
        """
        read = read_lines(text)
        if read.faults:
            return read
        now = self.clock.now()

        def id_of(line: AccountLine) -> UUID:
            return uuid5(_NAMESPACE, f"{form} {line.number} {now.isoformat()}")

        def tell(person: Person, assertion: Assertion, is_owner: bool) -> NewDelivery:  # noqa: FBT001
            return self._to(person, str(assertion.id), render(person, assertion, is_owner))

        faults = await self.accounts.assert_owners(
            read.lines, by=by, at=now, id_of=id_of, tell=tell
        )
        return AccountLines(lines=read.lines, faults=faults)

    async def object(self, person: Person, assertion: UUID, *, render: RenderRefused) -> bool:
        """Say no for *person*, in whose matters the assertion is looked for; the admin hears it.

        ``False`` where there is nothing of that kind to say no to, any more or at all.
        """

        def tell(ended: Assertion, admin: Person) -> NewDelivery:
            return self._to(admin, f"{ended.id}:refused", render(admin, ended))

        return await self.accounts.object(person, assertion, self.clock.now(), tell)

    async def settle(self) -> int:
        """Link what stands; how many accounts."""
        return await self.accounts.settle_assertions(self.clock.now())

    def _to(self, person: Person, topic: str, message: Message) -> NewDelivery:
        now = self.clock.now()
        return NewDelivery(
            kind=DeliveryKind.ACCOUNT,
            channel=person.slack_user_id,
            person=person.id,
            period_start=now.date(),
            due_at=now,
            message=message,
            topic=topic,
        )
