"""What admins may set and see: within bounds, in the open, and no person's figure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import text

from bot.blocks.announcement import render_threshold_announced
from bot.clock import SetClock
from bot.domain.coaching.nudges import Nudge, NudgeKind
from bot.domain.health import DIRECTORY, ThresholdValue
from bot.errors import InvalidThresholdError, NotAllowedError
from bot.language import ENGLISH
from bot.services.administration import Administration
from db.administration import AdministrationStore
from db.deliveries import DeliveryStore
from db.health import HealthStore
from db.nudges import NudgeStore
from db.people import PeopleStore
from db.teams import TeamStore
from tests.factories import NOON, enroll, make_delivery, make_team

NEXT_MONDAY = date(2026, 3, 30)
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock():
    return SetClock(NOON)


@pytest.fixture
def administration(database, clock):
    return Administration(
        store=AdministrationStore(database),
        health=HealthStore(database),
        people=PeopleStore(database),
        teams=TeamStore(database),
        deliveries=DeliveryStore(database, lease=A_MINUTE, settle=A_MINUTE),
        nudges=NudgeStore(database),
        clock=clock,
        bootstrap=("UFIRST",),
        sources={"anthropic": "Anthropic", "git": "git repositories", DIRECTORY: "Slack directory"},
        weaker=("Only one role.",),
    )


class TestAdmins:
    async def test_are_those_of_the_settings_first(self, administration):
        assert await administration.admins() == ("UFIRST",)
        await administration.require_admin("UFIRST")

    async def test_are_those_that_were_added_too_each_once(self, administration):
        for user in ("UADA", "UFIRST"):
            await administration.add_admin(user, by="UFIRST")

        assert await administration.admins() == ("UFIRST", "UADA")

    async def test_are_nobody_else(self, administration):
        with pytest.raises(NotAllowedError) as refusal:
            await administration.require_admin("UADA")

        assert "admins" in refusal.value.hint

    async def test_that_were_removed_are_refused_from_that_moment_on(self, administration):
        await administration.add_admin("UADA", by="UFIRST")
        await administration.require_admin("UADA")

        assert await administration.remove_admin("UADA", by="UFIRST")

        with pytest.raises(NotAllowedError):
            await administration.require_admin("UADA")

    async def test_of_the_settings_cannot_be_removed(self, administration):
        assert not await administration.remove_admin("UFIRST", by="UFIRST")

        await administration.require_admin("UFIRST")


async def announcements(database) -> list[tuple[str, str]]:
    async with database.for_jobs() as connection:
        rows = await connection.execute(
            text("SELECT channel, text FROM deliveries WHERE kind = 'announcement'")
        )
        return [tuple(row) for row in rows]


class TestSettingAThreshold:
    @pytest.fixture
    def set_threshold(self, administration):
        async def set_threshold(name: str, value: str) -> ThresholdValue:
            return await administration.set_threshold(
                name, value, by="UFIRST", render=partial(render_threshold_announced, ENGLISH)
            )

        return set_threshold

    async def test_takes_effect_today_where_nobodys_privacy_is_touched(
        self, set_threshold, database
    ):
        assert await set_threshold("settle_days", "10") == ThresholdValue(
            name="settle_days", value=10
        )
        assert await announcements(database) == []

    @pytest.mark.parametrize("name", ["minimum_group_size", "dominance_share"])
    async def test_waits_for_the_next_week_where_it_touches_privacy(self, set_threshold, name):
        changed = await set_threshold(name, "30")

        assert (changed.next_value, changed.effective_on) == (30, NEXT_MONDAY)

    async def test_is_announced_in_every_teams_channel(
        self, set_threshold, administration, database
    ):
        teams = [make_team("A", channel="C1"), make_team("B", channel="C2"),
                 make_team("C", channel=None)]  # fmt: skip
        await administration.teams.sync(teams, [])

        await set_threshold("minimum_group_size", "8")

        told = await announcements(database)
        assert {channel for channel, _ in told} == {"C1", "C2"}
        assert all("minimum_group_size" in words and "8" in words for _, words in told)

    async def test_is_announced_once_however_often_it_is_said(
        self, set_threshold, administration, database
    ):
        await administration.teams.sync([make_team()], [])

        for value in ("8", "8", "9"):
            await set_threshold("minimum_group_size", value)

        assert len(await announcements(database)) == 2

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("minimum_group_size", "4"),
            ("minimum_group_size", "51"),
            ("dominance_share", "51"),
            ("minimum_outcomes", "4"),
            ("settle_days", "0"),
            ("settle_days", "-1"),
            ("settle_days", "٣"),
            ("settle_days", "1e1"),
            ("settle_days", "9" * 400),
            ("digest_day", "0"),
            ("digest_day", "someday"),
            ("digest_hour", "25"),
            ("nonsense", "5"),
            ("", ""),
        ],
    )
    async def test_out_of_bounds_changes_nothing(self, set_threshold, administration, name, value):
        before = await administration.thresholds()

        with pytest.raises(InvalidThresholdError):
            await set_threshold(name, value)

        assert await administration.thresholds() == before

    async def test_leaves_a_trace(self, set_threshold, database):
        await set_threshold("settle_days", "10")

        async with database.unscoped() as connection:
            trace = (await connection.execute(text("SELECT actor, action FROM audit_log"))).one()
        assert tuple(trace) == ("UFIRST", "threshold_set")


class TestStatus:
    async def test_tells_what_is_on_also_where_nothing_came_in_yet(self, administration):
        status = await administration.status()

        assert [source.title for source in status.sources] == [
            "Anthropic",
            "git repositories",
            "Slack directory",
        ]
        assert all(source.is_on and source.last_success is None for source in status.sources)

    async def test_counts_what_is_due_and_not_done(self, administration, database):
        await enroll(database, "ada", "bob")
        await administration.deliveries.plan([make_delivery(), make_delivery("UBOB")], NOON)

        status = await administration.status()

        assert (status.people, status.overdue, status.deliveries.planned) == (2, 2, 2)

    async def test_tells_when_the_clock_ticked_and_what_is_weaker(self, administration):
        await administration.health.ticked(NOON)

        status = await administration.status()

        assert (status.last_tick, status.weaker) == (NOON, ("Only one role.",))


async def test_the_privacy_page_tells_the_rules_in_force_and_through_when(administration):
    await administration.health.source_succeeded("git", NOON, NOON)
    await administration.health.source_succeeded(DIRECTORY, NOON, NOON)

    facts = await administration.privacy()

    assert (facts.minimum_group_size, facts.dominance_percent, facts.settle_days) == (5, 50, 7)
    assert facts.admins == ("UFIRST",)
    assert facts.sources == ("Anthropic", "git repositories")
    assert facts.data_through == (("anthropic", None), ("git", date(2026, 3, 24)))


class TestNudges:
    async def nudge(self, database, *names: str) -> None:
        people = await enroll(database, *names)
        seen = Nudge(
            kind=NudgeKind.TWO_WEEKS,
            first_day=date(2026, 11, 2),
            last_day=date(2026, 11, 15),
            spend=(Decimal(80), Decimal(90)),
            low=Decimal(10),
            high=Decimal(20),
        )
        await NudgeStore(database).keep([(person.id, seen) for person in people], NOON.date())

    async def test_are_not_even_counted_for_admins_below_five_people(
        self, administration, database
    ):
        await self.nudge(database, "ada", "bob", "cyd", "dan")

        assert (await administration.status()).nudged is None

    async def test_are_counted_from_five_people_on(self, administration, database):
        await self.nudge(database, "ada", "bob", "cyd", "dan", "eve")

        assert (await administration.status()).nudged == 5
