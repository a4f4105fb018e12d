"""What admins set: kept with its announcement and its audit entry, or not at all."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.agreement import Agreement
from bot.domain.audit import Action, AuditEntry
from bot.domain.delivery import DeliveryKind
from bot.domain.health import ThresholdValue, Waiting
from bot.domain.thresholds import THRESHOLDS
from db.administration import AdministrationStore
from db.audit import AuditStore
from tests.factories import NOON, make_delivery

TODAY = NOON.date()
NEXT_MONDAY = date(2026, 3, 30)
APRIL, SUMMER = date(2026, 4, 8), date(2026, 6, 29)
A_DAY = timedelta(days=1)


@pytest.fixture
def store(database):
    return AdministrationStore(database)


def agreed(mark: str = "ab", **bounds: int) -> Agreement:
    return Agreement(title="Works agreement", signed_on=TODAY, bounds=bounds, sha256=mark * 32)


def announced(_changed: ThresholdValue, number: int):
    return [make_delivery("C1", kind=DeliveryKind.ANNOUNCEMENT, topic=f"threshold-{number}")]


def failing(_changed: ThresholdValue, _number: int):
    raise ZeroDivisionError


async def outbox(database) -> list[str]:
    async with database.for_jobs() as connection:
        return list(await connection.scalars(text("SELECT dedup_key FROM deliveries")))


class TestThresholds:
    async def test_have_their_defaults_until_they_are_set(self, store):
        defaults = {name: threshold.default for name, threshold in THRESHOLDS.items()}

        assert await store.thresholds(TODAY) == defaults

    async def test_are_in_effect_from_their_day_on(self, store):
        await store.set_threshold("minimum_group_size", 9, TODAY, "UADA", NOON)

        before = await store.thresholds(NEXT_MONDAY - A_DAY)
        after = await store.thresholds(NEXT_MONDAY)
        assert (before["minimum_group_size"], after["minimum_group_size"]) == (5, 9)

    async def test_tell_what_waits_for_its_day(self, store):
        changed = await store.set_threshold("minimum_group_size", 9, TODAY, "UADA", NOON)

        assert changed == ThresholdValue(
            name="minimum_group_size",
            value=5,
            waiting=(Waiting(value=9, effective_on=NEXT_MONDAY),),
        )
        values = await store.threshold_values(TODAY)
        assert [value for value in values if value.waiting] == [changed]

    async def test_are_loosened_with_the_quarter_unless_taken_back(self, store):
        await store.set_threshold("minimum_group_size", 9, TODAY, "UADA", NOON)
        await store.set_threshold("minimum_group_size", 6, APRIL, "UADA", NOON)
        assert (await store.thresholds(SUMMER - A_DAY))["minimum_group_size"] == 9
        assert (await store.thresholds(SUMMER))["minimum_group_size"] == 6

        await store.set_threshold("minimum_group_size", 9, APRIL, "UADA", NOON)

        assert (await store.thresholds(SUMMER))["minimum_group_size"] == 9

    async def test_that_are_no_longer_known_are_left_out(self, store, database):
        async with database.unscoped() as connection:
            await connection.execute(
                text(
                    "INSERT INTO thresholds (name, value, effective_on)"
                    " VALUES ('abolished', 9, :today)"
                ),
                {"today": TODAY},
            )

        assert "abolished" not in await store.thresholds(TODAY)

    async def test_are_announced_in_the_same_breath(self, store, database):
        await store.set_threshold("minimum_group_size", 9, TODAY, "UADA", NOON, announced)

        assert len(await outbox(database)) == 1

    async def test_are_announced_anew_whenever_they_change_again(self, store, database):
        for value in (9, 12, 9):
            await store.set_threshold("settle_days", value, TODAY, "UADA", NOON, announced)

        assert len(await outbox(database)) == 3

    async def test_are_not_announced_where_nothing_changes(self, store, database):
        await store.set_threshold("settle_days", 7, TODAY, "UADA", NOON, announced)

        assert await outbox(database) == []
        assert len(await AuditStore(database).latest(9)) == 1

    async def test_do_not_change_where_they_cannot_be_announced(self, store, database):
        with pytest.raises(ZeroDivisionError):
            await store.set_threshold("settle_days", 9, TODAY, "UADA", NOON, failing)

        assert (await store.thresholds(TODAY))["settle_days"] == 7
        assert await AuditStore(database).latest(9) == []

    async def test_do_not_change_where_no_trace_can_be_left(self, store, database):
        with pytest.raises(SQLAlchemyError):
            await store.set_threshold("settle_days", 9, TODAY, "U\0", NOON, announced)

        assert (await store.thresholds(TODAY))["settle_days"] == 7
        assert await outbox(database) == []

    async def test_set_by_several_at_once_are_said_one_after_the_other(self, store):
        sizes = range(6, 16)

        await asyncio.gather(
            *(
                store.set_threshold("minimum_group_size", size, TODAY, "UADA", NOON)
                for size in sizes
            )
        )

        assert (await store.thresholds(NEXT_MONDAY))["minimum_group_size"] in sizes


class TestAnAgreement:
    @pytest.fixture
    def bound(self, database):
        return AdministrationStore(database, agreed(minimum_group_size=8, strict_mode=1))

    async def test_holds_whatever_the_table_says(self, bound, database):
        async with database.unscoped() as connection:
            await connection.execute(
                text(
                    "INSERT INTO thresholds (name, value, effective_on) VALUES"
                    " ('minimum_group_size', 5, :today), ('strict_mode', 0, :today)"
                ),
                {"today": TODAY},
            )

        values = await bound.thresholds(TODAY)

        assert (values["minimum_group_size"], values["strict_mode"]) == (10, 1)

    async def test_is_noted_once_with_its_fingerprint(self, bound, database):
        def announce(number: int):
            return announced(ThresholdValue(name="", value=0), number)

        assert await bound.note_agreement(NOON, announce)
        assert not await bound.note_agreement(NOON, announce)

        assert await AuditStore(database).latest(9) == [
            AuditEntry(
                at=NOON,
                actor=None,
                action=Action.AGREEMENT_CHANGED,
                detail={
                    "title": "Works agreement",
                    "date": "2026-03-25",
                    "sha256": "ab" * 32,
                    "minimum_group_size": 8,
                    "strict_mode": 1,
                },
            )
        ]
        assert len(await outbox(database)) == 1

    async def test_that_is_taken_away_holds_to_the_end_of_the_quarter(self, bound, database):
        await bound.note_agreement(NOON, lambda _: [])
        without = AdministrationStore(database)
        assert (await without.thresholds(APRIL))["minimum_group_size"] == 10

        assert await without.note_agreement(NOON + timedelta(weeks=2), lambda _: [])

        assert (await without.thresholds(SUMMER - A_DAY))["minimum_group_size"] == 10
        assert (await without.thresholds(SUMMER))["minimum_group_size"] == 5
        [gone, _] = await AuditStore(database).latest(9)
        assert (gone.action, gone.detail) == (Action.AGREEMENT_CHANGED, {})

    async def test_that_comes_back_holds_on(self, bound, database):
        for moment, store in enumerate((bound, AdministrationStore(database), bound)):
            await store.note_agreement(NOON + moment * timedelta(days=8), lambda _: [])

        without = AdministrationStore(database)
        assert (await without.thresholds(SUMMER))["minimum_group_size"] == 10

    async def test_that_was_never_there_is_nothing_to_note(self, store, database):
        assert not await store.note_agreement(NOON, lambda _: [])

        assert await AuditStore(database).latest(9) == []


class TestAdmins:
    async def test_are_whoever_was_added_and_not_removed(self, store):
        for user in ("UBOB", "UADA", "UADA", "UCYD"):
            await store.add_admin(user, "UADA", NOON)
        await store.remove_admin("UCYD", "UADA", NOON)

        assert await store.admins() == ["UADA", "UBOB"]

    async def test_leave_a_trace_with_everything_they_change(self, store, database):
        await store.add_admin("UBOB", "UADA", NOON)
        await store.remove_admin("UBOB", "UADA", NOON)
        await store.set_threshold("settle_days", 9, TODAY, "UADA", NOON)

        removed, added = (
            AuditEntry(at=NOON, actor="UADA", action=action, people={"admin": "UBOB"})
            for action in (Action.ADMIN_REMOVED, Action.ADMIN_ADDED)
        )
        detail = {"name": "settle_days", "value": 9, "effective_on": "2026-03-25"}
        change = AuditEntry(at=NOON, actor="UADA", action=Action.THRESHOLD_SET, detail=detail)
        assert await AuditStore(database).latest(9) == [change, removed, added]
