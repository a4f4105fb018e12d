"""What admins see: how Upshot is doing; and what everybody sees of the rules in force."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.clock import SetClock
from bot.domain.coaching.nudges import Nudge, NudgeKind
from bot.domain.health import DIRECTORY
from bot.domain.teams import ChannelProblem, HomeTeam
from db.nudges import NudgeStore
from tests.factories import NOON, enroll, make_delivery, make_team
from tests.services.administered import FakeTeams, administered

NEXT_MONDAY = date(2026, 3, 30)


@pytest.fixture
def clock():
    return SetClock(NOON)


@pytest.fixture
def teams():
    return FakeTeams()


@pytest.fixture
async def ada(database):
    [person] = await enroll(database, "ada")
    return person


@pytest.fixture
def administration(database, clock, teams):
    return administered(database, clock, teams)


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

    async def test_names_the_teams_whose_channels_cannot_be_told(self, administration, teams):
        teams.known = [make_team("A"), make_team("B", channel_problem=ChannelProblem.NOT_IN)]

        assert (await administration.status()).silent == (("B", "not_in"),)


class TestThePrivacyPage:
    async def test_tells_the_rules_in_force_and_through_when(self, administration, ada):
        await administration.health.source_succeeded("git", NOON, NOON)
        await administration.health.source_succeeded(DIRECTORY, NOON, NOON)

        facts = await administration.privacy(ada)

        assert (facts.minimum_group_size, facts.dominance_percent, facts.settle_days) == (5, 50, 7)
        assert (facts.retention_days, facts.is_strict, facts.agreement) == (180, False, None)
        assert facts.admins == ("UFIRST",)
        assert facts.sources == ("Anthropic", "git repositories")
        assert facts.data_through == (("anthropic", None), ("git", date(2026, 3, 24)))

    async def test_tells_its_reader_where_they_count_and_will_count(
        self, administration, ada, teams
    ):
        now = HomeTeam(team=make_team(), since=date.min)
        soon = HomeTeam(team=None, since=NEXT_MONDAY)

        teams.homes = (now, None)
        assert (await administration.privacy(ada)).homes == (now,)

        teams.homes = (now, soon)
        assert (await administration.privacy(ada)).homes == (now, soon)

    async def test_tells_of_strict_mode_from_its_day_on(self, administration, ada, clock):
        store = administration.store
        await store.set_threshold("strict_mode", 1, NOON.date(), "UFIRST", NOON)
        clock.move_to(NOON + timedelta(weeks=1))

        facts = await administration.privacy(ada)

        assert (facts.is_strict, facts.minimum_group_size) == (True, 10)


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
