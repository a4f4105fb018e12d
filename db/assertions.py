"""An admin's word on whose an account is: it waits for an objection, and only then it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.account_lines import AccountLine, LineFault
from bot.domain.accounts import OBJECTION, Assertion
from bot.domain.delivery import DeliveryKind, NewDelivery
from bot.domain.people import Person, PersonId, Proof
from db.account_links import IS_OPEN, give_to, hold_links

NOT_ASKED_AGAIN = timedelta(days=30)
"""So long nobody is asked again for an account that was refused."""
GIVEN_UP = timedelta(days=14)
"""After so long without having reached those concerned, an admin's word is dropped."""
LOOKED_EVERY = timedelta(hours=1)
"""So late we may notice that somebody was told."""

WAITS = "s.workspace_id = 1 AND s.linked_at IS NULL AND s.objected_at IS NULL"
ASSERTION = "s.id, s.source, s.account, s.person_id, s.asserted_by, s.asserted_at"
DISPUTED = (
    f"EXISTS (SELECT FROM account_links l WHERE {IS_OPEN} AND l.person_id = :person"
    " AND l.source = s.source AND l.account = s.account)"
)
"""That it is about an account which is the asking person's."""
_PERSON = "p.id, p.slack_user_id, p.time_zone, p.locale"
_MAY_BE_GIVEN = "p.workspace_id = 1 AND p.is_active AND p.opted_out_on IS NULL"

_ONE_AT_A_TIME = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('assertion ' || :source || ' ' || :account, 0))"
)
# Whose address it has, if it is somebody's, is more than an admin's word.
_STANDING = text(
    f"SELECT {_PERSON}, l.proof, EXISTS (SELECT FROM people named WHERE named.email = a.email"
    "  AND named.is_active AND named.id <> :person) AS is_anothers_address"
    " FROM accounts a"
    f" LEFT JOIN account_links l ON {IS_OPEN} AND l.source = a.source AND l.account = a.account"
    " LEFT JOIN people p ON p.id = l.person_id"
    " WHERE a.workspace_id = 1 AND a.source = :source AND a.account = :account"
)
_NAMED = text(
    f"SELECT {_PERSON} FROM people p WHERE {_MAY_BE_GIVEN}"
    " AND (p.slack_user_id = :slack_user_id OR p.email = :email)"
)
_STILL_HERE = text(f"SELECT {_PERSON} FROM people p WHERE {_MAY_BE_GIVEN} AND p.id = :person")
_WAITING = text(
    f"SELECT s.person_id FROM assertions s WHERE {WAITS}"
    " AND s.source = :source AND s.account = :account"
)
_WAS_REFUSED = text(
    "SELECT EXISTS (SELECT FROM assertions s WHERE s.workspace_id = 1 AND s.source = :source"
    " AND s.account = :account AND s.person_id = :person AND s.objected_at > :since)"
)
_ASSERT = text(
    "INSERT INTO assertions"
    " (id, source, account, person_id, asserted_by, asserted_at, effective_at) VALUES"
    " (:id, :source, :account, :person, :asserted_by, :asserted_at, :effective_at)"
)
_OBJECT = text(
    f"UPDATE assertions s SET objected_at = :at WHERE s.id = :id AND {WAITS}"
    f" AND (s.person_id = :person OR {DISPUTED}) RETURNING {ASSERTION}"
)
_WAS_TOLD = (
    "EXISTS (SELECT FROM deliveries d WHERE d.person_id = {person} AND d.state = 'sent'"
    f" AND d.kind = '{DeliveryKind.ACCOUNT}' AND d.dedup_key LIKE '%:' || s.id::text)"
)
_ALL_WERE_TOLD = (
    f"{_WAS_TOLD.format(person='s.person_id')} AND NOT EXISTS (SELECT FROM account_links l"
    f" WHERE {IS_OPEN} AND l.source = s.source AND l.account = s.account"
    f" AND l.person_id <> s.person_id AND NOT {_WAS_TOLD.format(person='l.person_id')})"
)
_WAIT_LONGER = text(
    f"UPDATE assertions s SET effective_at = :later WHERE {WAITS} AND NOT ({_ALL_WERE_TOLD})"
)
_GIVE_UP = text(
    f"DELETE FROM assertions s WHERE {WAITS} AND (s.asserted_at < :before"
    f" OR EXISTS (SELECT FROM account_links l WHERE {IS_OPEN} AND l.source = s.source"
    f"  AND l.account = s.account AND l.proof <> '{Proof.ASSERTED}'))"
)
_DUE = text(
    f"SELECT {ASSERTION} FROM assertions s WHERE {WAITS} AND s.effective_at <= :now"
    f" AND {_ALL_WERE_TOLD} ORDER BY s.asserted_at, s.id FOR UPDATE OF s"
)
_LINKED = text("UPDATE assertions SET linked_at = :now WHERE id = :id")
_DROP = text("DELETE FROM assertions WHERE id = :id")

Tell = Callable[[Person, Assertion, bool], NewDelivery]
"""What somebody is told of an assertion: the present owner, or else the one it names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """*owner* is whoever has the account by an earlier word of an admin."""

    assertion: Assertion
    person: Person
    owner: Person | None

    def notices(self, tell: Tell) -> Iterator[NewDelivery]:
        yield tell(self.person, self.assertion, False)  # noqa: FBT003 - not the owner
        if self.owner is not None:
            yield tell(self.owner, self.assertion, True)  # noqa: FBT003 - the owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """*admin* is who asserted it, if that one is still here."""

    assertion: Assertion
    admin: Person | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """How it stands with an account: whose it is, and by which proof."""

    owner: Person | None
    proof: Proof | None
    is_anothers_address: bool

    @property
    def is_proven(self) -> bool:
        """That it is somebody's by more than another admin's word."""
        return self.proof not in (None, Proof.ASSERTED) or self.is_anothers_address


async def assert_owner(
    connection: AsyncConnection, line: AccountLine, *, by: str, at: datetime, named: UUID
) -> Kept | LineFault | None:
    """What was kept of *line*, what is wrong with it, or ``None``: it says nothing new."""
    await connection.execute(_ONE_AT_A_TIME, {"source": line.source, "account": line.account})
    person = await _find(connection, slack_user_id=line.slack_user_id, email=line.email)
    if person is None:
        return LineFault.NO_PERSON
    if person.slack_user_id == by:
        return LineFault.ONESELF
    assertion = Assertion(
        id=named,
        source=line.source,
        account=line.account,
        person=person.id,
        asserted_by=by,
        asserted_at=at,
    )
    standing = await _standing(connection, line.source, line.account, person.id)
    if standing is None:
        return LineFault.NO_ACCOUNT
    return await _assert(connection, assertion, person, standing)


async def _assert(
    connection: AsyncConnection, assertion: Assertion, person: Person, standing: _Standing
) -> Kept | LineFault | None:
    about = {"source": assertion.source, "account": assertion.account, "person": person.id}
    waiting = (await connection.scalars(_WAITING, about)).all()
    if standing.owner == person or person.id in waiting:
        return None
    if standing.is_proven:
        return LineFault.PROVEN
    if waiting:
        return LineFault.WAITING
    since = assertion.asserted_at - NOT_ASKED_AGAIN
    if await connection.scalar(_WAS_REFUSED, {**about, "since": since}):
        return LineFault.REFUSED
    await _keep(connection, assertion)
    return Kept(assertion=assertion, person=person, owner=standing.owner)


async def object_to(
    connection: AsyncConnection, person: PersonId, assertion: UUID, at: datetime
) -> Ended | None:
    """End what waits, if it is about *person* or about an account of *person*'s."""
    asked = {"id": assertion, "person": person, "at": at}
    row = (await connection.execute(_OBJECT, asked)).first()
    if row is None:
        return None
    ended = assertion_of(*row)
    return Ended(
        assertion=ended, admin=await _find(connection, slack_user_id=ended.asserted_by, email=None)
    )


async def settle(connection: AsyncConnection, now: datetime) -> int:
    """Link what stood long enough without an objection; how many."""
    await connection.execute(_GIVE_UP, {"before": now - GIVEN_UP})
    await connection.execute(_WAIT_LONGER, {"later": now + OBJECTION + LOOKED_EVERY})
    if (await connection.execute(_DUE, {"now": now})).first() is None:
        return 0
    # Whose an account is may have changed up to the moment at which nobody can change it any more.
    await hold_links(connection)
    due = (await connection.execute(_DUE, {"now": now})).all()
    return sum([await _link(connection, assertion_of(*row), now) for row in due])


async def _link(connection: AsyncConnection, assertion: Assertion, now: datetime) -> bool:
    """Do so if the one it names is here and it is nobody's by a better proof, or else drop it."""
    source, account, person = assertion.source, assertion.account, assertion.person
    standing = await _standing(connection, source, account, person)
    here = (await connection.execute(_STILL_HERE, {"person": person})).first()
    if standing is None or standing.is_proven or here is None:
        await connection.execute(_DROP, {"id": assertion.id})
        return False
    if standing.owner is None or standing.owner.id != person:
        today = now.astimezone(UTC).date()
        await give_to(connection, source, account, person, Proof.ASSERTED, today)
    await connection.execute(_LINKED, {"id": assertion.id, "now": now})
    return True


async def _keep(connection: AsyncConnection, assertion: Assertion) -> None:
    await connection.execute(
        _ASSERT,
        {
            "id": assertion.id,
            "source": assertion.source,
            "account": assertion.account,
            "person": assertion.person,
            "asserted_by": assertion.asserted_by,
            "asserted_at": assertion.asserted_at,
            "effective_at": assertion.effective_at,
        },
    )


async def _find(
    connection: AsyncConnection, *, slack_user_id: str | None, email: str | None
) -> Person | None:
    """The one active person who is named: nobody who opted out, and none of several."""
    who = {"slack_user_id": slack_user_id, "email": email}
    found = (await connection.execute(_NAMED, who)).all()
    return _person(*found[0]) if len(found) == 1 else None


async def _standing(
    connection: AsyncConnection, source: str, account: str, person: PersonId
) -> _Standing | None:
    """``None`` where no such account is known."""
    which = {"source": source, "account": account, "person": person}
    row = (await connection.execute(_STANDING, which)).first()
    if row is None:
        return None
    *owner, proof, is_anothers_address = row
    return _Standing(
        owner=None if owner[0] is None else _person(*owner),
        proof=proof and Proof(proof),
        is_anothers_address=is_anothers_address,
    )


def _person(person_id: int, slack_user_id: str, time_zone: str, locale: str) -> Person:
    return Person(
        id=PersonId(person_id), slack_user_id=slack_user_id, time_zone=time_zone, locale=locale
    )


def assertion_of(
    assertion_id: UUID,
    source: str,
    account: str,
    person: int,
    asserted_by: str,
    asserted_at: datetime,
) -> Assertion:
    """A row of what ``ASSERTION`` selects."""
    return Assertion(
        id=assertion_id,
        source=source,
        account=account,
        person=PersonId(person),
        asserted_by=asserted_by,
        asserted_at=asserted_at,
    )
