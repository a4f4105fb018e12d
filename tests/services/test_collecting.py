"""A source is asked, what it said is kept, and how it went is noted."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.clock import SetClock
from bot.domain.periods import midnight
from bot.errors import SourceUnauthorizedError, SourceUnavailableError
from bot.pricing import usual_rates
from bot.services.collect import Collector
from bot.services.price_levels import PriceLevels
from db.administration import AdministrationStore
from db.health import HealthStore
from db.linking import LinkStore
from db.outcomes import OutcomeStore
from db.people import PeopleStore
from db.prices import PriceStore
from db.usage import UsageStore
from tests.factories import (
    MONDAY,
    NOON,
    enroll,
    make_batch,
    make_day,
    make_outcome,
    make_record,
)
from tests.fakes import FakeProvider, FakeSource, OtherProvider, RealTime

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def health(database):
    return HealthStore(database)


@pytest.fixture
def real():
    return RealTime()


@pytest.fixture
def clock():
    return SetClock(NOON)


@pytest.fixture
def collector(database, health, real, clock):
    return Collector(
        usage=UsageStore(database),
        outcomes=OutcomeStore(database),
        links=LinkStore(database),
        prices=PriceLevels(store=PriceStore(database), rates=usual_rates),
        people=PeopleStore(database),
        administration=AdministrationStore(database),
        health=health,
        clock=clock,
        real_now=real.now,
    )


async def costs(database) -> list[Decimal]:
    async with database.for_jobs() as connection:
        return list(await connection.scalars(text("SELECT cost FROM usage_records")))


class TestADay:
    async def test_is_kept_and_told_as_known(self, collector, database, health):
        answer = await collector.collect_day(FakeProvider(make_day(make_record())), MONDAY)

        assert answer == make_day(make_record())
        assert await costs(database) == [Decimal("1.25")]
        assert await health.data_through() == (("anthropic", MONDAY),)

    async def test_is_never_known_further_than_the_moment_it_was_asked(self, collector, clock):
        clock.move_to(midnight(MONDAY) + timedelta(hours=3))

        answer = await collector.collect_day(FakeProvider(make_day()), MONDAY)

        assert answer.data_through == clock.now()

    @pytest.mark.parametrize(("after", "known"), [(3, MONDAY - timedelta(days=1)), (5, MONDAY)])
    async def test_of_which_nothing_is_told_is_late_at_first_and_quiet_later(
        self, collector, health, clock, after, known
    ):
        clock.move_to(midnight(MONDAY + timedelta(days=after)))
        nothing = make_day(data_through=midnight(MONDAY))

        await collector.collect_day(FakeProvider(nothing), MONDAY)

        assert await health.data_through() == (("anthropic", known),)

    async def test_from_a_file_takes_the_place_of_what_was_known(self, collector, database, health):
        await collector.keep(make_day(make_record(), make_record("bob")))
        await collector.keep(make_day(make_record(cost=Decimal("0.75"))))

        assert await costs(database) == [Decimal("0.75")]
        assert await health.data_through() == (("anthropic", MONDAY),)

    async def test_keeps_its_figures_when_the_provider_fails(self, collector, database):
        await collector.collect_day(FakeProvider(make_day(make_record())), MONDAY)

        with pytest.raises(SourceUnavailableError):
            await collector.collect_day(FakeProvider(failing=SourceUnavailableError()), MONDAY)

        assert await costs(database) == [Decimal("1.25")]

    async def test_that_failed_is_written_down_with_what_to_do(self, collector, health, real):
        failing = FakeProvider(failing=SourceUnauthorizedError("anthropic, 2026-03-16: refused"))

        with pytest.raises(SourceUnauthorizedError):
            await collector.collect_day(failing, MONDAY)

        known = (await health.sources())["anthropic"]
        assert known.last_error == "anthropic, 2026-03-16: refused"
        assert known.hint == SourceUnauthorizedError.hint
        assert await health.resting(real.now()) == frozenset({"anthropic"})


class TestAProviderThatKeepsFailing:
    async def test_is_left_alone_after_five_times_and_tried_again_later(self, collector, real):
        failing = FakeProvider(failing=SourceUnavailableError())
        left_alone = []

        for _ in range(5):
            left_alone.append(await collector.is_left_alone(failing))
            with pytest.raises(SourceUnavailableError):
                await collector.collect_day(failing, MONDAY)
        left_alone.append(await collector.is_left_alone(failing))
        real.pass_by(timedelta(minutes=16))
        left_alone.append(await collector.is_left_alone(failing))

        assert left_alone == [False] * 5 + [True, False]

    async def test_leaves_the_other_providers_alone(self, collector):
        for _ in range(5):
            with pytest.raises(SourceUnavailableError):
                await collector.collect_day(FakeProvider(failing=SourceUnavailableError()), MONDAY)

        assert not await collector.is_left_alone(OtherProvider())

    async def test_is_well_again_after_one_good_day(self, collector):
        failing = FakeProvider(failing=SourceUnavailableError())
        for _ in range(5):
            with pytest.raises(SourceUnavailableError):
                await collector.collect_day(failing, MONDAY)

        await collector.collect_day(FakeProvider(make_day()), TUESDAY)

        assert not await collector.is_left_alone(failing)


class TestFinishedWork:
    async def test_is_kept_and_told_as_known(self, collector, database, health):
        await collector.collect_outcomes(FakeSource(make_batch(make_outcome(1, "ada"))))

        async with database.for_jobs() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM outcomes")) == 1
        assert dict(await health.data_through()) == {"git": NOON.date() - timedelta(days=1)}

    async def test_is_asked_for_with_whom_the_directory_knows(self, collector, database):
        await enroll(database, "ada", "bob")
        source = FakeSource()

        await collector.collect_outcomes(source)

        assert source.asked == [(None, {"ada@example.com", "bob@example.com"})]

    async def test_is_asked_for_from_where_it_was_read_before(self, collector):
        source = FakeSource()

        await collector.collect_outcomes(source)
        await collector.collect_outcomes(source)

        assert source.asked[1][0] == midnight(NOON.date() - timedelta(days=1))

    async def test_stays_when_the_source_fails(self, collector, database, health):
        await collector.collect_outcomes(FakeSource(make_batch(make_outcome(1, "ada"))))

        with pytest.raises(SourceUnavailableError):
            await collector.collect_outcomes(FakeSource(failing=SourceUnavailableError()))

        async with database.for_jobs() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM outcomes")) == 1
        assert (await health.sources())["git"].last_error is not None

    @pytest.mark.parametrize(("days", "state"), [(9, "settled"), (10, "done")])
    async def test_settles_with_the_days_that_are_set(self, collector, database, days, state):
        await AdministrationStore(database).set_threshold(
            "settle_days", days, NOON.date(), "UADA", NOON
        )

        await collector.collect_outcomes(FakeSource(make_batch(make_outcome(1, "ada"))))
        await collector.settle()

        async with database.for_jobs() as connection:
            assert await connection.scalar(text("SELECT state FROM outcomes")) == state


class TestWhatNobodyThoughtOf:
    """A character that no database keeps, say: the source rests, so that nobody waits for it."""

    async def test_in_a_day_makes_the_provider_rest(self, collector, health, real):
        strange = FakeProvider(make_day(make_record("a\0da")))

        with pytest.raises(DBAPIError) as error:
            await collector.collect_day(strange, MONDAY)

        assert "example.com" not in str(error.value)

        assert await health.resting(real.now()) == frozenset({"anthropic"})

    async def test_in_finished_work_makes_the_source_rest(self, collector, health, real):
        with pytest.raises(DBAPIError):
            await collector.collect_outcomes(FakeSource(make_batch(make_outcome(1, "a\0da"))))

        assert await health.resting(real.now()) == frozenset({"git"})
