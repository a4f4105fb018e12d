"""Whose accounts are, as each person may see it, as admins may count and as they may say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import text

from bot.domain.account_lines import AccountLine, LineFault
from bot.domain.accounts import AccountCounts, AccountLink, Assertion
from bot.domain.audit import Action, AuditEntry
from bot.domain.delivery import NewDelivery
from bot.domain.people import Person, PersonId, Proof
from db.account_links import IS_OPEN
from db.assertions import (
    ASSERTION,
    DISPUTED,
    WAITS,
    Kept,
    Tell,
    assert_owner,
    assertion_of,
    object_to,
    settle,
)
from db.audit import append_in
from db.database import Database
from db.deliveries import plan_in

_OWN = text(
    "SELECT l.source, l.account, l.proof, l.valid_from, l.valid_to FROM account_links l"
    " WHERE l.workspace_id = 1 AND l.person_id = :person ORDER BY l.source, l.account, l.valid_from"
)
_OWN_ASSERTIONS = text(
    f"SELECT {ASSERTION} FROM assertions s WHERE {WAITS} AND s.person_id = :person"
    " ORDER BY s.source, s.account"
)
_OWN_DISPUTED = text(
    f"SELECT {ASSERTION} FROM assertions s WHERE {WAITS} AND s.person_id <> :person"
    f" AND {DISPUTED} ORDER BY s.source, s.account"
)
_COUNTS = text(
    "SELECT a.source, l.proof, count(*) AS accounts, count(s.id) AS waiting FROM accounts a"
    f" LEFT JOIN account_links l ON {IS_OPEN} AND l.source = a.source AND l.account = a.account"
    f" LEFT JOIN assertions s ON {WAITS} AND s.source = a.source AND s.account = a.account"
    " WHERE a.workspace_id = 1 GROUP BY a.source, l.proof ORDER BY a.source, l.proof"
)


class _FaultsError(Exception):
    """Nothing is kept, as something is wrong with these lines."""

    def __init__(self, faults: Mapping[int, LineFault]) -> None:
        super().__init__("lines are wrong")
        self.faults = faults


class AccountStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def own(self, person: PersonId) -> list[AccountLink]:
        """The accounts that are or were *person*'s."""
        async with self._database.for_person(person) as connection:
            rows = await connection.execute(_OWN, {"person": person})
            return [
                AccountLink(
                    source=source,
                    account=account,
                    proof=Proof(proof),
                    valid_from=valid_from,
                    valid_to=valid_to,
                )
                for source, account, proof, valid_from, valid_to in rows
            ]

    async def own_assertions(self, person: PersonId) -> list[Assertion]:
        """What admins say is *person*'s, as long as it can be refused."""
        async with self._database.for_person(person) as connection:
            rows = await connection.execute(_OWN_ASSERTIONS, {"person": person})
            return [assertion_of(*row) for row in rows]

    async def own_disputed(self, person: PersonId) -> list[Assertion]:
        """What admins say is somebody else's of *person*'s accounts."""
        async with self._database.for_jobs() as connection:
            rows = await connection.execute(_OWN_DISPUTED, {"person": person})
            return [assertion_of(*row) for row in rows]

    async def counts(self) -> list[AccountCounts]:
        """How many accounts of each source there are, for admins."""
        async with self._database.for_jobs() as connection:
            rows = (await connection.execute(_COUNTS)).all()
        return [
            AccountCounts(
                source=source,
                by_proof={row.proof and Proof(row.proof): row.accounts for row in of_source},
                waiting=sum(row.waiting for row in of_source),
            )
            for source, grouped in groupby(rows, key=lambda row: str(row.source))
            for of_source in [list(grouped)]
        ]

    async def assert_owners(
        self,
        lines: Sequence[AccountLine],
        *,
        by: str,
        at: datetime,
        id_of: Callable[[AccountLine], UUID],
        tell: Tell,
    ) -> Mapping[int, LineFault]:
        """Take *by*'s word for all *lines*, or for none where something is wrong with any.

        Those concerned are told in the same transaction. What waits already is left as it is.
        """
        try:
            await self._assert(lines, by, at, id_of, tell)
        except _FaultsError as wrong:
            return wrong.faults
        return {}

    async def _assert(
        self,
        lines: Sequence[AccountLine],
        by: str,
        at: datetime,
        id_of: Callable[[AccountLine], UUID],
        tell: Tell,
    ) -> None:
        faults: dict[int, LineFault] = {}
        kept: list[Kept] = []
        database = self._database
        async with database.for_jobs() as connection:
            # In one order, so that no two admins wait for each other.
            for line in sorted(lines, key=lambda line: (line.source, line.account)):
                taken = await assert_owner(connection, line, by=by, at=at, named=id_of(line))
                if isinstance(taken, LineFault):
                    faults[line.number] = taken
                elif taken is not None:
                    kept.append(taken)
            if faults:
                raise _FaultsError(faults)
            await plan_in(connection, [told for one in kept for told in one.notices(tell)], at)
            for one in kept:
                entry = AuditEntry(
                    at=at,
                    actor=by,
                    action=Action.ACCOUNTS_ASSERTED,
                    detail={"source": one.assertion.source},
                    people={"target": one.person.slack_user_id},
                )
                await append_in(connection, database.key, entry)

    async def object(
        self,
        person: Person,
        assertion: UUID,
        at: datetime,
        tell: Callable[[Assertion, Person], NewDelivery],
    ) -> bool:
        """End what waits, for the one it names or for the present owner; the admin is told so.

        ``False`` where nothing of that kind waits that *person* could say no to.
        """
        database = self._database
        async with database.for_jobs() as connection:
            ended = await object_to(connection, person.id, assertion, at)
            if ended is None:
                return False
            if ended.admin is not None:
                await plan_in(connection, [tell(ended.assertion, ended.admin)], at)
            entry = AuditEntry(
                at=at,
                actor=person.slack_user_id,
                action=Action.ACCOUNT_REFUSED,
                detail={"source": ended.assertion.source},
            )
            await append_in(connection, database.key, entry)
        return True

    async def settle_assertions(self, now: datetime) -> int:
        """Link what stood a day without an objection since those concerned were told; how many."""
        async with self._database.for_jobs() as connection:
            return await settle(connection, now)
