"""A week of the workspace goes from the database to the ledger exactly once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from bot.clock import SetClock
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Banded, Rounded, Withheld
from bot.domain.disclosure.parameters import Parameters, p_of
from bot.domain.periods import midnight
from bot.services.releases import Releases, parameters_of
from db.administration import AdministrationStore
from db.contributions import ContributionStore
from db.ledger import LedgerStore
from db.teams import TeamStore
from tests.db.released_work import Company
from tests.factories import MONDAY, WEEK
from tests.releases import COMPILERS, KEY

A_DAY = timedelta(days=1)
ON_TUESDAY = datetime(2026, 3, 24, 10, tzinfo=UTC)
NAMES = tuple(f"p{n}" for n in range(12))


@pytest.fixture
def clock():
    return SetClock(ON_TUESDAY)


@pytest.fixture
def releases(database, clock):
    return Releases(
        contributions=ContributionStore(database),
        ledger=LedgerStore(database),
        teams=TeamStore(database),
        administration=AdministrationStore(database),
        key=database.key,
        clock=clock,
    )


@pytest.fixture
async def company(database):
    """Twelve people in one team, of whom each spent something and finished something."""
    company = Company(database)
    await company.found(*NAMES)
    for number, name in enumerate(NAMES):
        await company.use(name, Decimal(20 + number))
        await company.finish(name)
    return company


@pytest.fixture
def compilers(database):
    async def compilers(week=WEEK):
        [found] = await LedgerStore(database).of_team(COMPILERS, week, 1)
        return found

    return compilers


async def bodies(database) -> list[str]:
    async with database.unscoped() as connection:
        return list(await connection.scalars(text("SELECT body FROM ledger ORDER BY id")))


class TestAWeek:
    async def test_is_released(self, releases, company, compilers):
        assert await releases.release_week(WEEK)

        found = await compilers()
        assert isinstance(found.release.figures[Cell.SPEND], Rounded)
        assert Cell.MERGED_CHANGE in found.release.figures
        assert found.other == Withheld()
        assert found.team == "Compilers"

    async def test_is_released_once(self, releases, company, database):
        await releases.release_week(WEEK)
        before = await bodies(database)

        assert not await releases.release_week(WEEK)
        assert await bodies(database) == before

    async def test_is_released_by_one_of_several_who_try_at_once(self, releases, company, database):
        won = await asyncio.gather(*(releases.release_week(WEEK) for _ in range(3)))

        assert sorted(won) == [False, False, True]
        assert len(await bodies(database)) == 3

    async def test_stays_as_it_was_released_whatever_comes_in_later(
        self, releases, company, database, clock
    ):
        await releases.release_week(WEEK)
        before = await bodies(database)
        for name in NAMES:
            await company.use(name, Decimal(900))
        await company.found(*NAMES[:6], today=ON_TUESDAY.date())
        clock.move_to(ON_TUESDAY + timedelta(weeks=5))

        assert not await releases.release_week(WEEK)
        assert await bodies(database) == before

    async def test_is_not_released_before_it_is_over(self, releases, company, clock, database):
        clock.move_to(midnight(MONDAY + 7 * A_DAY) - timedelta(microseconds=1))
        assert not await releases.release_week(WEEK)
        assert await bodies(database) == []

        clock.move_to(midnight(MONDAY + 7 * A_DAY))
        assert await releases.release_week(WEEK)

    async def test_is_withheld_from_too_few(self, releases, database, compilers):
        company = Company(database)
        await company.found("ada", "bob", "cyd")
        await company.use("ada", Decimal(20))

        await releases.release_week(WEEK)

        assert (await compilers()).release == Withheld()

    async def test_is_released_where_nobody_is_in_a_team(self, releases, database):
        assert await releases.release_week(WEEK)
        assert len(await bodies(database)) == 2


class TestTheRules:
    async def test_are_those_of_the_week(self, releases, company, compilers, database):
        """What is set in it or after it is for the weeks to come."""
        store = AdministrationStore(database)
        for name, value in {"minimum_group_size": 50, "strict_mode": 1}.items():
            await store.set_threshold(name, value, MONDAY, "UADA", midnight(MONDAY))

        await releases.release_week(WEEK)

        found = await compilers()
        assert found.parameters == Parameters(p=p_of(database.key))
        assert found.release != Withheld()

    async def test_in_strict_mode_show_bands(self, releases, company, compilers, database):
        before = MONDAY - 7 * A_DAY
        store = AdministrationStore(database)
        await store.set_threshold("strict_mode", 1, before, "UADA", midnight(before))

        await releases.release_week(WEEK)

        found = await compilers()
        assert found.parameters.strict
        assert found.parameters.minimum == Parameters.FEWEST_STRICT
        assert {type(figure) for figure in found.release.figures.values()} == {Banded}

    @pytest.mark.parametrize(
        ("minimum", "strict", "asked"), [(5, 0, 5), (7, 0, 7), (5, 1, 10), (12, 1, 12)]
    )
    def test_ask_for_as_many_as_both_thresholds_do(self, minimum, strict, asked):
        thresholds = {"minimum_group_size": minimum, "dominance_share": 40, "strict_mode": strict}

        assert parameters_of(thresholds, KEY) == Parameters(
            minimum=asked, share=Decimal("0.4"), p=p_of(KEY), strict=bool(strict)
        )


class TestAPreview:
    async def test_is_last_week_as_it_would_be_released(
        self, releases, company, compilers, database
    ):
        [team] = await TeamStore(database).all()

        shown = await releases.preview(team)
        assert await bodies(database) == []
        await releases.release_week(WEEK)

        assert shown == await compilers()

    async def test_is_what_was_released_where_it_was(self, releases, company, database, compilers):
        """Of a second version one could tell what came in between."""
        [team] = await TeamStore(database).all()
        await releases.release_week(WEEK)
        for name in NAMES:
            await company.use(name, Decimal(900))

        assert await releases.preview(team) == await compilers()

    async def test_is_of_last_week_only(self, releases, company, database, clock):
        [team] = await TeamStore(database).all()
        await releases.release_week(WEEK)
        clock.move_to(ON_TUESDAY + timedelta(weeks=1))

        assert (await releases.preview(team)).week == WEEK.back(-1)

    async def test_is_withheld_from_a_team_that_has_not_begun(self, releases, database, clock):
        company = Company(database)
        await company.found("ada", today=ON_TUESDAY.date())
        [team] = await TeamStore(database).all()

        assert (await releases.preview(team)).release == Withheld()
