"""What people ask for about themselves: everything that is kept, to be left out, or forgotten."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from typing import BinaryIO
from uuid import uuid4

from bot.domain.audit import Action, AuditEntry
from bot.domain.export import as_json
from bot.domain.messages import Message
from bot.domain.people import Person
from bot.domain.rights import Everything, Refusal
from bot.ports import AuditStore, Clock, Messenger, PrivateFiles, RightsStore
from bot.services.archive import write_archive

MOST_LETTERS = 10_000
"""So much of everything can be told in messages; the rest takes a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    store: RightsStore
    audit: AuditStore
    clock: Clock
    bootstrap: Collection[str]
    """The admins of the settings, whom only the operator can take out."""
    files: PrivateFiles | None = None
    messenger: Messenger | None = None

    async def send_everything(self, person: Person, name: str, said: str) -> bool:
        """Whether it is in *person*'s own conversation with Upshot, as a file called *name*."""
        if self.files is None:
            return False
        with tempfile.TemporaryFile() as target:
            await write_archive(self.store.everything(person), target)
            target.seek(0)
            sent = await self.files.send(person.slack_user_id, name, target, said)
        if sent:
            await self._note(person, "file", by_operator=False)
        return sent

    async def tell_everything(self, person: Person) -> Everything:
        """The same in words, as much of it as can be told, small tables first."""
        lines: list[tuple[str, str]] = []
        letters, left_out = 0, 0
        async for table, row in self.store.everything(person):
            line = as_json({k: v for k, v in row.items() if v not in (None, "", [])})
            letters += len(line)
            if letters > MOST_LETTERS:
                left_out += 1
            else:
                lines.append((table, line))
        await self._note(person, "text", by_operator=False)
        return Everything(lines=tuple(lines), left_out=left_out)

    async def write_everything(self, person: Person, target: BinaryIO) -> int:
        """For the operator, who hands it to *person*; how many rows there are."""
        counts = await write_archive(self.store.everything(person), target)
        await self._note(person, "file", by_operator=True)
        return sum(counts.values())

    async def find(self, slack_user_id: str) -> Person | None:
        return await self.store.find(slack_user_id)

    def is_admin_of_the_settings(self, person: Person) -> bool:
        return person.slack_user_id in self.bootstrap

    async def forget(self, person: Person) -> None:
        await self.store.forget(person, self.clock.now())

    async def opt_out(self, person: Person) -> None:
        await self.store.opt_out(person, self.clock.now())

    async def opt_in(self, slack_user_id: str) -> bool:
        """Whether there was anything to take back."""
        return await self.store.opt_in(slack_user_id, self.clock.now())

    async def refusal_of(self, slack_user_id: str) -> Refusal | None:
        return await self.store.refusal_of(slack_user_id)

    async def say_privately(self, slack_user_id: str, message: Message) -> None:
        """At once and past the outbox, which keeps what it sends: not for whoever is forgotten."""
        if self.messenger is not None:
            await self.messenger.post(slack_user_id, message, uuid4())

    async def _note(self, person: Person, form: str, *, by_operator: bool) -> None:
        entry = AuditEntry(
            at=self.clock.now(),
            actor=None if by_operator else person.slack_user_id,
            action=Action.EXPORTED,
            detail={"as": form},
            people={"of": person.slack_user_id},
        )
        await self.audit.append(entry)
