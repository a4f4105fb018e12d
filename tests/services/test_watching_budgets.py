"""A person hears privately how far a monthly amount has come, each step once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from bot.domain.preferences import Preferences
from db.administration import AdministrationStore
from db.budgets import BudgetStore
from db.health import HealthStore
from db.people import PeopleStore
from db.preferences import PreferenceStore
from tests.factories import NOON, make_member
from tests.services.watched import A_DAY, TENTH, installation, morning_after

MARCH = date(2026, 3, 1)
HALF = "Half of your amount for March 2026 is spent."
MOST = "Most of your amount for March 2026 is spent."
ALL = "Your amount for March 2026 is spent."


@pytest.fixture
async def upshot(database):
    """Everybody has a hundred dollars a month."""
    made = installation(database)
    store = AdministrationStore(database)
    await store.set_threshold("monthly_budget", 100, MARCH, "UBOB", made.clock.now())
    return made


def first_words(messages: list[str]) -> list[str]:
    """What stands below the line that a locked phone shows."""
    return [message.split("\n")[1] for message in messages]


async def told(upshot) -> list[str]:
    return first_words(await upshot.messages("budget"))


async def test_each_step_is_told_in_the_night_after_it_was_reached(upshot):
    [ada] = await upshot.enroll("ada")
    heard = []
    for cost in ("30", "20", "20", "20", "20"):
        day = TENTH + len(heard) * A_DAY
        await upshot.spend({day: cost})
        await upshot.watch(ada, through=day)
        heard.append(await told(upshot))

    assert heard == [[], [HALF], [HALF], [HALF, MOST], [HALF, MOST, ALL]]


async def test_a_first_pull_that_passes_two_steps_makes_one_message_of_the_higher(upshot):
    [ada] = await upshot.enroll("ada")
    await upshot.spend({TENTH: "85"})

    assert await upshot.watch(ada, through=TENTH) == 1

    assert await told(upshot) == [MOST]
    assert await BudgetStore(upshot.database).told([ada.id], MARCH) == {ada.id: {50, 80}}


async def test_figures_that_go_down_and_up_again_tell_no_step_twice(upshot):
    [ada] = await upshot.enroll("ada")
    for night, cost in enumerate(("60", "-40", "49", "60", "81", "10", "90")):
        await upshot.spend({TENTH: cost})
        await upshot.watch(ada, through=TENTH + night * A_DAY)

    assert await told(upshot) == [HALF, MOST]


async def test_says_how_much_of_what_and_where_the_month_may_end(upshot):
    [ada] = await upshot.enroll("ada")
    await upshot.spend(dict.fromkeys(march(2, 3, 4, 5, 6, 9, 10), "8"))

    await upshot.watch(ada, through=TENTH)

    [message] = await upshot.messages("budget")
    assert "So far $56 of $100 is recorded." in message
    assert "it may end at about $176." in message
    assert message.endswith("Only you can see this message.")


async def test_is_about_nobodys_spend_but_ones_own(upshot):
    ada, bob = await upshot.enroll("ada", "bob")
    await upshot.spend({TENTH: "60"}, "ada")
    await upshot.spend({TENTH + A_DAY: "45"}, "bob")

    await upshot.watch(ada, bob, through=TENTH + A_DAY)

    async with upshot.database.for_jobs() as connection:
        rows = await connection.scalars(text("SELECT channel FROM deliveries"))
        assert list(rows) == ["UADA"]


async def test_an_amount_of_ones_own_comes_before_everybodys(upshot):
    [ada] = await upshot.enroll("ada")
    await PreferenceStore(upshot.database).keep(ada.id, Preferences(budget=400))
    await upshot.spend({TENTH: "210"})

    await upshot.watch(ada, through=TENTH)

    assert await told(upshot) == [HALF]


@pytest.mark.parametrize("chosen", [Preferences(budget_notes=False), Preferences(budget=0)])
async def test_whoever_wants_none_hears_none(upshot, chosen):
    [ada] = await upshot.enroll("ada")
    await PreferenceStore(upshot.database).keep(ada.id, chosen)
    await upshot.spend({TENTH: "500"})

    assert await upshot.watch(ada, through=TENTH) == 0


async def test_there_is_no_amount_unless_somebody_sets_one(database):
    upshot = installation(database)
    [ada] = await upshot.enroll("ada")
    await upshot.spend({TENTH: "500"})

    assert await upshot.watch(ada, through=TENTH) == 0


async def test_the_last_days_of_a_month_may_come_in_late(upshot):
    [ada] = await upshot.enroll("ada")
    await upshot.spend({date(2026, 3, 30): "49"})
    await upshot.watch(ada, through=date(2026, 3, 31))
    await upshot.spend({date(2026, 3, 31): "9"})

    await upshot.watch(ada, through=date(2026, 4, 2))

    [message] = await upshot.messages("budget")
    assert HALF in message
    assert "The month is over; its figures may still move a little." in message


async def test_what_comes_in_weeks_after_its_month_is_old_news(upshot):
    [ada] = await upshot.enroll("ada")
    await upshot.spend({date(2026, 3, 31): "90"})

    assert await upshot.watch(ada, through=date(2026, 4, 8)) == 0


async def test_comes_within_the_readers_day(upshot):
    [ada] = await upshot.enroll("ada")
    await PeopleStore(upshot.database).sync(
        [make_member("ada", time_zone="America/Los_Angeles")], today=NOON.date()
    )
    await upshot.spend({TENTH: "60"})

    await upshot.watch(ada, through=TENTH)

    async with upshot.database.for_jobs() as connection:
        due_at = await connection.scalar(text("SELECT due_at FROM deliveries"))
    assert due_at == datetime(2026, 3, 11, 16, tzinfo=UTC)


async def test_comes_once_where_the_bot_was_cut_off_before_it_wrote_that_down(upshot):
    class CutOff(BudgetStore):
        async def keep(self, told, month, on):
            raise ConnectionError

    [ada] = await upshot.enroll("ada")
    await upshot.spend({TENTH: "60"})
    cut_off = replace(upshot, watcher=replace(upshot.watcher, budgets=CutOff(upshot.database)))
    with pytest.raises(ConnectionError):
        await cut_off.watch(ada, through=TENTH)
    unwatched = await PeopleStore(upshot.database).unwatched(TENTH)

    await upshot.watch(ada, through=TENTH)

    assert unwatched == [ada.id]
    assert await told(upshot) == [HALF]
    assert await BudgetStore(upshot.database).told([ada.id], MARCH) == {ada.id: {50}}


async def test_a_source_that_is_late_is_said_to_be(upshot):
    [ada] = await upshot.enroll("ada")
    await upshot.spend({TENTH: "60"})
    await HealthStore(upshot.database).source_succeeded(
        "git", morning_after(TENTH), morning_after(TENTH)
    )

    await upshot.watch(ada, through=TENTH + 2 * A_DAY)

    [message] = await upshot.messages("budget")
    assert "Data through: Anthropic March 10." in message


async def test_a_shard_is_looked_at_once_a_night(upshot):
    people = await upshot.enroll("ada", "bob")
    await upshot.spend({TENTH: "60"}, "ada")
    await upshot.spend({TENTH - A_DAY: "60"}, "bob")
    store = PeopleStore(upshot.database)
    before = await store.unwatched(TENTH)

    await upshot.watch(*people, through=TENTH)

    assert before == [person.id for person in people]
    assert await store.unwatched(TENTH) == []
    assert await store.unwatched(TENTH + A_DAY) == before


def march(*days: int) -> list[date]:
    return [date(2026, 3, day) for day in days]
