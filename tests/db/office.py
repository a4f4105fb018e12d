"""An admin called boss, who says whose accounts are, and the outbox that tells those concerned."""

# ruff: noqa: S608 - the names of the users are our own

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import text

from bot.domain.account_lines import AccountLine, LineFault
from bot.domain.delivery import DeliveryKind, NewDelivery
from db.account_store import AccountStore
from db.people import PeopleStore
from db.usage import UsageStore
from tests.factories import NOON, make_day, make_message, make_record

SPACE = UUID(int=7)


class Office:
    """An admin called boss, whose words reach people through the outbox."""

    def __init__(self, database) -> None:
        self.database = database
        self.store = AccountStore(database)
        self.people = PeopleStore(database)

    async def sees(self, account: str = "user_1", email: str | None = None) -> None:
        emails = {} if email is None else {account: email}
        answer = make_day(make_record(account), emails=emails)
        await UsageStore(self.database).replace_day(answer, NOON)

    async def says(
        self,
        who: str = "UADA",
        account: str = "user_1",
        *,
        by: str = "UBOSS",
        at: datetime = NOON,
        source: str = "anthropic",
    ) -> LineFault | None:
        user, email = (None, who) if "@" in who else (who, None)
        line = AccountLine(
            number=1, source=source, account=account, email=email, slack_user_id=user
        )
        faults = await self.store.assert_owners(
            [line],
            by=by,
            at=at,
            id_of=lambda line: uuid5(SPACE, f"{line} {by} {at}"),
            tell=lambda person, assertion, is_owner: NewDelivery(
                kind=DeliveryKind.ACCOUNT,
                channel=person.slack_user_id,
                person=person.id,
                period_start=at.date(),
                due_at=at,
                message=make_message("owner" if is_owner else "target"),
                topic=str(assertion.id),
            ),
        )
        return faults.get(1)

    async def says_no(self, user: str, at: datetime = NOON, assertion: UUID | None = None) -> bool:
        waiting = await self.ask("SELECT id FROM assertions")
        return await self.store.object(
            await self.people.find(user),
            assertion or waiting[-1][0],
            at,
            lambda ended, admin: NewDelivery(
                kind=DeliveryKind.ACCOUNT,
                channel=admin.slack_user_id,
                person=admin.id,
                period_start=at.date(),
                due_at=at,
                message=make_message("refused"),
                topic=f"{ended.id}:refused",
            ),
        )

    async def sends(self, *users: str) -> None:
        """What waits in the outbox reaches *users*, or everybody."""
        await self.ask(
            "UPDATE deliveries SET state = 'sent' WHERE true"
            + (f" AND channel = ANY(ARRAY{list(users)})" if users else "")
            + " RETURNING 1"
        )

    async def told(self) -> set[tuple[str, str]]:
        return set(await self.ask("SELECT channel, text FROM deliveries"))

    async def ask(self, query: str) -> list[tuple]:
        async with self.database.for_jobs() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]

    async def links(self) -> list[tuple]:
        return await self.ask(
            "SELECT p.slack_user_id, l.proof, l.valid_from, l.valid_to FROM account_links l"
            " JOIN people p ON p.id = l.person_id ORDER BY l.valid_from"
        )

    async def owner_of_rows(self) -> list[str | None]:
        return [
            owner
            for (owner,) in await self.ask(
                "SELECT p.slack_user_id FROM usage_records u LEFT JOIN people p"
                " ON p.id = u.person_id"
            )
        ]
