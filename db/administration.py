"""What admins set and who they are; each change with its announcement and its audit entry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.agreement import GUARDS, Agreement
from bot.domain.audit import Action, AuditEntry
from bot.domain.delivery import NewDelivery
from bot.domain.health import ThresholdValue
from bot.domain.in_force import (
    AGREEMENT,
    Word,
    bound_name,
    bound_takes_effect,
    takes_effect,
    threshold_values,
    values_on,
)
from bot.domain.thresholds import find
from db.audit import append_in
from db.database import Database
from db.deliveries import plan_in

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('upshot thresholds', 0))")
_SAID = text("SELECT name, value, effective_on FROM thresholds ORDER BY id")
_SAY = text(
    "INSERT INTO thresholds (name, value, effective_on) VALUES (:name, :value, :effective_on)"
    " RETURNING id"
)

Announce = Callable[[ThresholdValue, int], Sequence[NewDelivery]]
"""What is sent of a change, which has a number of its own."""


def in_silence(_changed: ThresholdValue, _number: int) -> Sequence[NewDelivery]:
    return ()


class AdministrationStore:
    def __init__(self, database: Database, agreement: Agreement | None = None) -> None:
        """*agreement* bounds every threshold that is read here, whatever the table says."""
        self._database = database
        self.agreement = agreement

    async def thresholds(self, on: date) -> dict[str, int]:
        """Every threshold's value in force that day."""
        async with self._database.for_one_statement() as connection:
            return values_on(on, await _said(connection), self.agreement)

    async def threshold_values(self, today: date) -> list[ThresholdValue]:
        """The same with what waits for its day, and what the agreement fixes."""
        async with self._database.for_one_statement() as connection:
            return threshold_values(today, await _said(connection), self.agreement)

    async def set_threshold(
        self,
        name: str,
        value: int,
        today: date,
        actor: str,
        at: datetime,
        announce: Announce = in_silence,
    ) -> ThresholdValue:
        """From the day on that its kind of change takes effect; what is announced is sent with it.

        Nothing is announced where nothing changes, now or later.
        """
        threshold = find(name)
        async with self._database.for_jobs() as connection:
            await connection.execute(_LOCK)
            said = await _said(connection)
            before = _of(name, threshold_values(today, said, self.agreement))
            of_it = [word for word in said if word.name == name]
            effective_on = takes_effect(threshold, value, of_it, today)
            word = Word(name=name, value=value, effective_on=effective_on)
            number = await _say(connection, word)
            after = _of(name, threshold_values(today, [*said, word], self.agreement))
            if after != before:
                await plan_in(connection, announce(after, number), at)
            await append_in(connection, self._database.key, _set(word, actor, at))
        return after

    async def note_agreement(
        self, at: datetime, announce: Callable[[int], Sequence[NewDelivery]]
    ) -> bool:
        """Write down that there is another agreement than was last seen, or none; whether so.

        What it no longer fixes is kept to the end of the quarter.
        """
        today = at.date()
        async with self._database.for_jobs() as connection:
            await connection.execute(_LOCK)
            said = await _said(connection)
            mark = 0 if self.agreement is None else self.agreement.mark
            if mark == _last(said, AGREEMENT, unsaid=0):
                return False
            number = await _say(connection, Word(name=AGREEMENT, value=mark, effective_on=today))
            for word in _new_bounds(said, self.agreement, today):
                await _say(connection, word)
            await plan_in(connection, announce(number), at)
            await append_in(connection, self._database.key, _noted(self.agreement, at))
            return True

    async def admins(self) -> list[str]:
        async with self._database.for_one_statement() as connection:
            rows = await connection.scalars(
                text("SELECT slack_user_id FROM admins ORDER BY slack_user_id")
            )
            return list(rows)

    async def add_admin(self, slack_user_id: str, actor: str, at: datetime) -> None:
        async with self._database.unscoped() as connection:
            await connection.execute(
                text("INSERT INTO admins (slack_user_id) VALUES (:user) ON CONFLICT DO NOTHING"),
                {"user": slack_user_id},
            )
            entry = _of_admin(Action.ADMIN_ADDED, slack_user_id, actor, at)
            await append_in(connection, self._database.key, entry)

    async def remove_admin(self, slack_user_id: str, actor: str, at: datetime) -> None:
        async with self._database.unscoped() as connection:
            await connection.execute(
                text("DELETE FROM admins WHERE slack_user_id = :user"), {"user": slack_user_id}
            )
            entry = _of_admin(Action.ADMIN_REMOVED, slack_user_id, actor, at)
            await append_in(connection, self._database.key, entry)


async def _said(connection: AsyncConnection) -> list[Word]:
    rows = await connection.execute(_SAID)
    return [Word(name=name, value=value, effective_on=day) for name, value, day in rows]


async def _say(connection: AsyncConnection, word: Word) -> int:
    said = {"name": word.name, "value": word.value, "effective_on": word.effective_on}
    number: int = await connection.scalar(_SAY, said) or 0
    return number


def _new_bounds(said: Sequence[Word], agreement: Agreement | None, today: date) -> list[Word]:
    bounds = {} if agreement is None else agreement.bounds
    changed = []
    for name, threshold in GUARDS.items():
        kept = bound_name(name)
        bound = bounds.get(name, threshold.laxest)
        if bound != _last(said, kept, unsaid=threshold.laxest):
            before = [word for word in said if word.name == kept]
            effective_on = bound_takes_effect(threshold, bound, before, today)
            changed.append(Word(name=kept, value=bound, effective_on=effective_on))
    return changed


def _last(said: Sequence[Word], name: str, *, unsaid: int) -> int:
    return next((word.value for word in reversed(said) if word.name == name), unsaid)


def _of(name: str, values: Sequence[ThresholdValue]) -> ThresholdValue:
    return next(value for value in values if value.name == name)


def _set(word: Word, actor: str, at: datetime) -> AuditEntry:
    return AuditEntry(
        at=at,
        actor=actor,
        action=Action.THRESHOLD_SET,
        detail={
            "name": word.name,
            "value": word.value,
            "effective_on": word.effective_on.isoformat(),
        },
    )


def _noted(agreement: Agreement | None, at: datetime) -> AuditEntry:
    detail: dict[str, str | int] = {}
    if agreement is not None:
        dated = {"title": agreement.title, "date": agreement.signed_on.isoformat()}
        detail = {**dated, "sha256": agreement.sha256, **agreement.bounds}
    return AuditEntry(at=at, actor=None, action=Action.AGREEMENT_CHANGED, detail=detail)


def _of_admin(action: Action, slack_user_id: str, actor: str, at: datetime) -> AuditEntry:
    return AuditEntry(at=at, actor=actor, action=action, people={"admin": slack_user_id})
