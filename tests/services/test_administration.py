"""What admins may set and see: within bounds, in the open, and no person's figure."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import text

from bot.blocks.agreement import render_agreement_announced
from bot.blocks.announcement import render_threshold_announced
from bot.clock import SetClock
from bot.domain.agreement import Agreement
from bot.domain.audit import SOMEBODY, Action, AuditEntry
from bot.domain.health import ThresholdValue, Waiting
from bot.domain.teams import ChannelProblem
from bot.errors import FixedByAgreementError, InvalidThresholdError, NotAllowedError
from bot.language import ENGLISH
from tests.factories import NOON, enroll, make_team
from tests.services.administered import FakeTeams, administered

NEXT_MONDAY = date(2026, 3, 30)
APRIL = NOON.replace(month=4, day=8)
SUMMER = date(2026, 6, 29)
"""When the quarter begins that follows."""
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock():
    return SetClock(NOON)


@pytest.fixture
def teams():
    return FakeTeams()


@pytest.fixture
def agreement():
    return None


@pytest.fixture
async def ada(database):
    [person] = await enroll(database, "ada")
    return person


@pytest.fixture
def administration(database, clock, teams, agreement):
    return administered(database, clock, teams, agreement)


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


@pytest.fixture
def set_threshold(administration):
    async def set_threshold(name: str, value: str) -> ThresholdValue:
        return await administration.set_threshold(
            name, value, by="UFIRST", render=partial(render_threshold_announced, ENGLISH)
        )

    return set_threshold


class TestSettingAThreshold:
    async def test_takes_effect_today_where_nobodys_privacy_is_touched(
        self, set_threshold, database, teams
    ):
        teams.known = [make_team()]

        assert await set_threshold("settle_days", "10") == ThresholdValue(
            name="settle_days", value=10
        )
        assert await announcements(database) == []

    @pytest.mark.parametrize("name", ["minimum_group_size", "dominance_share"])
    async def test_waits_for_the_next_week_where_it_guards_more(self, set_threshold, name):
        changed = await set_threshold(name, "30")

        assert changed.waiting == (Waiting(value=30, effective_on=NEXT_MONDAY),)

    async def test_waits_for_the_next_quarter_where_it_guards_less(self, set_threshold, clock):
        clock.move_to(APRIL)

        changed = await set_threshold("retention_days", "400")

        assert changed.waiting == (Waiting(value=400, effective_on=SUMMER),)

    async def test_is_announced_in_every_teams_channel(self, set_threshold, teams, database):
        teams.known = [make_team("A", channel="C1"), make_team("B", channel="C2"),
                       make_team("C", channel=None)]  # fmt: skip

        await set_threshold("minimum_group_size", "8")

        told = await announcements(database)
        assert {channel for channel, _ in told} == {"C1", "C2"}
        assert all("minimum_group_size" in words and "8" in words for _, words in told)

    async def test_is_not_announced_to_another_organization(self, set_threshold, teams, database):
        teams.known = [make_team(channel_problem=ChannelProblem.SHARED)]

        await set_threshold("minimum_group_size", "8")

        assert await announcements(database) == []

    async def test_is_announced_once_however_often_it_is_said(self, set_threshold, teams, database):
        teams.known = [make_team()]

        for value in ("8", "8", "9"):
            await set_threshold("minimum_group_size", value)

        assert len(await announcements(database)) == 2

    async def test_loosens_nothing_at_once_however_often_it_is_said(
        self, set_threshold, administration, clock
    ):
        await set_threshold("minimum_group_size", "8")
        clock.move_to(APRIL)
        for value in ("5", "8", "5", "20", "5"):
            await set_threshold("minimum_group_size", value)

        [size] = [v for v in await administration.thresholds() if v.name == "minimum_group_size"]
        assert size.value == 8
        assert size.waiting == (
            Waiting(value=20, effective_on=APRIL.date() + timedelta(days=5)),
            Waiting(value=5, effective_on=SUMMER),
        )

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

    async def test_leaves_a_trace(self, set_threshold, administration):
        await set_threshold("settle_days", "10")

        [trace] = await administration.audit(9)
        assert (trace.actor, trace.action) == ("UFIRST", Action.THRESHOLD_SET)


AGREEMENT = Agreement(
    title="Works agreement",
    signed_on=date(2026, 3, 1),
    bounds={"minimum_group_size": 8},
    sha256="ab" * 32,
)


class TestAnAgreement:
    @pytest.fixture
    def agreement(self):
        return AGREEMENT

    async def test_cannot_be_weakened(self, set_threshold, administration):
        with pytest.raises(FixedByAgreementError) as refusal:
            await set_threshold("minimum_group_size", "7")

        assert (refusal.value.title, refusal.value.bound) == ("Works agreement", 8)
        assert await administration.audit(9) == []

    async def test_can_be_gone_beyond(self, set_threshold):
        changed = await set_threshold("minimum_group_size", "9")

        assert changed.waiting == (Waiting(value=9, effective_on=NEXT_MONDAY),)

    async def test_is_in_force_at_once_and_shown(self, administration, ada):
        [size] = [v for v in await administration.thresholds() if v.name == "minimum_group_size"]
        facts = await administration.privacy(ada)

        assert (size.value, size.fixed) == (8, 8)
        assert (facts.minimum_group_size, facts.agreement) == (8, AGREEMENT)
        assert (await administration.status()).agreement == AGREEMENT

    async def test_that_is_new_is_told_in_every_channel_once(self, administration, teams, database):
        teams.known = [make_team("A", channel="C1"), make_team("B", channel="C2")]
        render = partial(render_agreement_announced, ENGLISH)

        assert await administration.note_agreement(render)
        assert not await administration.note_agreement(render)

        told = await announcements(database)
        assert [channel for channel, _ in told] == ["C1", "C2"]
        assert all("Works agreement" in words and "at least 8" in words for _, words in told)


class TestTheAuditLog:
    async def test_names_admins_and_nobody_who_used_a_right(self, administration):
        await administration.add_admin("UADA", by="UFIRST")
        await administration.audit_log.append(
            AuditEntry(at=NOON, actor="UBOB", action=Action.EXPORTED)
        )

        exported, added = await administration.audit(9)

        assert (exported.actor, exported.people) == (SOMEBODY, {})
        assert (added.actor, added.people) == ("UFIRST", {"admin": "UADA"})

    async def test_is_cut_to_what_was_asked_for(self, administration):
        for user in ("UADA", "UBOB", "UCYD"):
            await administration.add_admin(user, by="UFIRST")

        assert [e.people["admin"] for e in await administration.audit(2)] == ["UCYD", "UBOB"]
