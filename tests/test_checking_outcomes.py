"""A project that a source may not read any more: what stays, what waits, and who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from bot.app import usual_rates
from bot.checking import findings
from bot.clock import SetClock
from bot.domain.outcomes import OutcomeState
from bot.errors import SourceForbiddenError
from bot.services.collect import Collector
from bot.services.price_levels import PriceLevels
from bot.settings import Settings
from db.administration import AdministrationStore
from db.health import HealthStore
from db.linking import LinkStore
from db.outcomes import OutcomeStore
from db.people import PeopleStore
from db.prices import PriceStore
from db.usage import UsageStore
from tests.db.linked_work import LinkedWork
from tests.factories import NOON, make_batch, make_outcome
from tests.fakes import FakeSource

DAY = timedelta(days=1)
REAL_NOW = datetime(2026, 12, 29, 6, tzinfo=UTC)
OLD = make_outcome(1, project="acme/old", completed_at=NOON - 9 * DAY)
NEW = make_outcome(2, project="acme/old", completed_at=NOON - 2 * DAY)
OTHER = make_outcome(3, project="acme/web", completed_at=NOON - 2 * DAY)
BOTH = frozenset({"acme/old", "acme/web"})
SETTLED, DONE = OutcomeState.SETTLED.value, OutcomeState.DONE.value


class Week:
    """A bot that collects from one source, night after night."""

    def __init__(self, database) -> None:
        self.database = database
        self.clock = SetClock(NOON)
        self.source = FakeSource(make_batch(OLD, NEW, OTHER, complete=False, readable=BOTH))
        self.collector = Collector(
            usage=UsageStore(database),
            outcomes=OutcomeStore(database),
            links=LinkStore(database),
            prices=PriceLevels(store=PriceStore(database), rates=usual_rates),
            people=PeopleStore(database),
            administration=AdministrationStore(database),
            health=HealthStore(database),
            clock=self.clock,
            real_now=lambda: REAL_NOW,
        )

    async def collect(self, *outcomes, readable=BOTH, days=0):
        """A night that is *days* later."""
        self.clock.move_to(self.clock.now() + days * DAY)
        facts = {"complete": False, "readable": readable, "data_through": self.clock.now()}
        self.source.batch = make_batch(*outcomes, **facts)
        await self.collector.collect_outcomes(self.source)
        await self.collector.settle()

    async def states(self) -> dict[str, str]:
        return await LinkedWork(self.database).states()

    async def said(self):
        """What ``upshot check`` says of the source."""
        upshot = SimpleNamespace(
            clock=self.clock,
            collector=self.collector,
            database=self.database,
            settings=Settings(),
            administration=SimpleNamespace(agreement=None),
            slack=None,
            sources=SimpleNamespace(providers=[], outcomes=[self.source]),
        )
        [found] = [finding async for finding in findings(upshot) if finding.what == "git"]
        return found


@pytest.fixture
def week(database):
    return Week(database)


async def test_what_was_settled_stays_and_what_was_not_is_done_for_ever(week):
    await week.collect(OLD, NEW, OTHER)
    await week.collect(OTHER, readable=frozenset({"acme/web"}), days=1)

    await week.collect(OTHER, readable=frozenset({"acme/web"}), days=300)

    assert await week.states() == {"app#1": SETTLED, "app#2": DONE, "app#3": SETTLED}


async def test_what_had_time_to_settle_before_it_was_lost_settles(week):
    await week.collect(OLD, NEW, OTHER)

    await week.collect(OTHER, readable=frozenset({"acme/web"}), days=6)

    assert (await week.states())["app#2"] == SETTLED


async def test_it_counts_from_the_first_night_that_it_could_not_be_read(week):
    await week.collect(OLD, NEW, OTHER)
    for _ in range(12):
        await week.collect(OTHER, readable=frozenset({"acme/web"}), days=1)

    assert (await week.states())["app#2"] == DONE
    assert (await OutcomeStore(week.database).known_projects("git"))["acme/old"] == NOON + DAY


async def test_it_goes_on_when_it_can_be_read_again(week):
    await week.collect(OLD, NEW, OTHER)
    await week.collect(OTHER, readable=frozenset({"acme/web"}), days=1)

    await week.collect(OTHER, days=20)

    assert await week.states() == {"app#1": SETTLED, "app#2": SETTLED, "app#3": SETTLED}


async def test_what_happened_meanwhile_shows_when_it_can_be_read_again(week):
    await week.collect(OLD, NEW, OTHER)
    await week.collect(OTHER, readable=frozenset({"acme/web"}), days=1)
    reverted = replace(NEW, reverted_at=NOON + 2 * DAY)

    await week.collect(reverted, OTHER, days=20)

    assert (await week.states())["app#2"] == OutcomeState.REVERTED


async def test_a_source_that_does_not_tell_what_it_may_read_loses_nothing(week):
    await week.collect(OLD, NEW, OTHER, readable=None)
    await week.collect(readable=None, days=20)

    assert set((await week.states()).values()) == {SETTLED}


class TestCheck:
    async def test_says_nothing_of_projects_that_can_be_read(self, week):
        await week.collect(OLD, NEW, OTHER)

        found = await week.said()

        assert (found.is_fine, found.said) == (True, "3 outcomes")

    async def test_names_what_cannot_be_read_any_more(self, week):
        await week.collect(OLD, NEW, OTHER)
        week.source.batch = make_batch(OTHER, readable=frozenset({"acme/web"}))

        found = await week.said()

        assert found.is_fine
        assert "acme/old cannot be read any more: what had settled stays" in found.said

    async def test_says_so_for_as_long_as_it_is_so(self, week):
        await week.collect(OLD, NEW, OTHER)
        await week.collect(OTHER, readable=frozenset({"acme/web"}), days=1)
        await week.collect(OTHER, readable=frozenset({"acme/web"}), days=30)

        assert "acme/old cannot be read any more" in (await week.said()).said

    async def test_says_no_more_of_it_when_it_can_be_read_again(self, week):
        await week.collect(OLD, NEW, OTHER)
        await week.collect(OTHER, readable=frozenset({"acme/web"}), days=1)
        await week.collect(OLD, OTHER, days=1)

        assert "any more" not in (await week.said()).said

    async def test_remembers_it_of_a_source_that_does_not_tell_now(self, week):
        await week.collect(OLD, NEW, OTHER)
        await week.collect(OTHER, readable=frozenset({"acme/web"}), days=1)
        week.source.batch = make_batch(OTHER, readable=None)

        assert "acme/old cannot be read any more" in (await week.said()).said

    async def test_changes_nothing(self, week):
        await week.collect(OLD, NEW, OTHER)
        before = await week.states(), await OutcomeStore(week.database).known_projects("git")
        week.source.batch = make_batch(readable=frozenset())

        await week.said()

        assert before == (
            await week.states(),
            await OutcomeStore(week.database).known_projects("git"),
        )

    async def test_of_a_source_that_may_read_nothing_tells_the_error_and_what_to_do(self, week):
        week.source.failing = SourceForbiddenError("the token may read nothing")

        found = await week.said()

        assert (found.is_fine, found.said) == (False, "the token may read nothing")
        assert found.hint
