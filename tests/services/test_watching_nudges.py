"""Unusual use is told to its owner alone, at most once in two weeks, and to nobody who minds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.domain.coaching.nudges import NudgeKind
from bot.domain.periods import days
from bot.domain.preferences import Cadence, Preferences
from db.health import HealthStore
from db.outcomes import OutcomeStore
from db.preferences import PreferenceStore
from tests.factories import make_batch, make_outcome, wish
from tests.services.watched import A_DAY, TENTH, WORDING, installation, morning_after

GUARD, TWO_WEEKS = NudgeKind.COST_GUARD, NudgeKind.TWO_WEEKS
USUAL = dict.fromkeys(days(TENTH - 20 * A_DAY, TENTH - A_DAY), "8")


@pytest.fixture
def upshot(database):
    return installation(database)


async def a_costly_day(upshot):
    """Ada spends eight dollars a day, and three hundred on the tenth."""
    people = await upshot.enroll("ada", "bob")
    await upshot.spend({**USUAL, TENTH: "300"})
    return people


class TestACostlyDay:
    async def test_is_told_to_its_owner_the_morning_after(self, upshot):
        ada, bob = await a_costly_day(upshot)

        assert await upshot.watch(ada, bob, through=TENTH) == 1

        assert await upshot.nudges() == [(GUARD, TENTH)]
        [message] = await upshot.messages("nudge")
        assert "$300" in message

    async def test_is_told_once(self, upshot):
        ada, _ = await a_costly_day(upshot)
        for night in range(4):
            await upshot.watch(ada, through=TENTH + night * A_DAY)

        assert len(await upshot.messages("nudge")) == 1

    async def test_is_followed_by_two_quiet_weeks(self, upshot):
        ada, _ = await a_costly_day(upshot)
        await upshot.watch(ada, through=TENTH)
        await upshot.spend(dict.fromkeys(days(TENTH + A_DAY, TENTH + 15 * A_DAY), "8"))
        told = []
        for later in (5, 12, 15):
            costly = TENTH + later * A_DAY
            await upshot.spend({costly: "900"})
            told.append(await upshot.watch(ada, through=costly))

        assert told == [0, 0, 1]

    @pytest.mark.parametrize(
        "chosen",
        [Preferences(nudges=False), Preferences(muted_until=TENTH + 9 * A_DAY)],
        ids=["off", "resting"],
    )
    async def test_is_nothing_to_tell_whoever_wants_no_nudge(self, upshot, chosen):
        ada, _ = await a_costly_day(upshot)
        await PreferenceStore(upshot.database).keep(ada.id, chosen)

        assert await upshot.watch(ada, through=TENTH) == 0

    async def test_is_not_told_before_all_of_it_is_in(self, upshot):
        """Two days later it is, and then it is told."""
        ada, _ = await a_costly_day(upshot)
        health = HealthStore(upshot.database)
        now = upshot.clock.now()
        await health.source_succeeded("anthropic", now.replace(hour=0, day=10), now)

        late = await upshot.watch(ada, through=TENTH)
        await upshot.spend({TENTH + A_DAY: "8"})

        assert late == 0
        assert await upshot.watch(ada, through=TENTH + 2 * A_DAY) == 1


class TestTwoHighWeeks:
    async def of_ada(self, upshot, through: date) -> None:
        """Forty dollars and three merged changes a week, then three hundred and none."""
        monday = date(2026, 3, 2)
        weeks = [monday - timedelta(weeks=back) for back in range(12)]
        costs = {
            day: "60" if week in weeks[:2] else "8"
            for week in weeks
            for day in days(week, week + 4 * A_DAY)
        }
        await upshot.spend(dict(sorted(costs.items())))
        work = [
            make_outcome(
                number,
                "ada",
                completed_at=morning_after(week),
                source_id=f"app#{week}:{number}",
            )
            for week in weeks[2:]
            for number in range(3)
        ]
        await OutcomeStore(upshot.database).replace("git", make_batch(*work))
        health = HealthStore(upshot.database)
        for source in ("git", "anthropic"):
            await health.source_succeeded(source, morning_after(through), upshot.clock.now())

    async def test_are_told_in_the_night_after_the_second_closed(self, upshot):
        [ada] = await upshot.enroll("ada")
        sunday = date(2026, 3, 8)
        await self.of_ada(upshot, sunday)

        assert await upshot.watch(ada, through=sunday) == 1

        assert await upshot.nudges() == [(TWO_WEEKS, date(2026, 2, 23))]

    async def test_are_told_after_a_night_that_was_missed(self, upshot):
        [ada] = await upshot.enroll("ada")
        await self.of_ada(upshot, TENTH)

        assert await upshot.watch(ada, through=TENTH) == 1

    async def test_are_not_told_while_finished_work_is_late(self, upshot):
        [ada] = await upshot.enroll("ada")
        sunday = date(2026, 3, 8)
        await self.of_ada(upshot, sunday - A_DAY)

        assert await upshot.watch(ada, through=sunday) == 0

    async def test_are_as_far_above_the_usual_ones_as_an_admin_wishes(self, upshot):
        [ada] = await upshot.enroll("ada")
        sunday = date(2026, 3, 8)
        await self.of_ada(upshot, sunday)
        store = upshot.watcher.administration
        await store.set_threshold("nudge_times_usual", 10, TENTH, "UBOB", upshot.clock.now())
        upshot.clock.move_to(morning_after(TENTH))

        assert await upshot.watch(ada, through=sunday) == 0


class TestToday:
    @pytest.fixture
    async def ada(self, upshot):
        [ada] = await upshot.enroll("ada")
        await upshot.send(USUAL)
        upshot.clock.move_to(morning_after(TENTH - A_DAY))
        return ada

    async def test_is_told_while_there_is_time_to_look(self, upshot, ada):
        await upshot.send({TENTH: "120"})

        assert await upshot.watcher.watch_today(WORDING) == 1

        assert await upshot.nudges() == [(GUARD, TENTH)]

    async def test_is_told_once_however_often_it_is_looked_at(self, upshot, ada):
        for cost in ("120", "240", "480"):
            await upshot.send({TENTH: cost})
            await upshot.watcher.watch_today(WORDING)
        await upshot.watch(ada, through=TENTH)

        assert len(await upshot.messages("nudge")) == 1

    async def test_is_an_ordinary_one_until_much_is_spent(self, upshot, ada):
        await upshot.send({TENTH: "45"})

        assert await upshot.watcher.watch_today(WORDING) == 0

    async def test_is_left_alone_for_whoever_stopped_before_there_were_settings(
        self, upshot, ada, database
    ):
        await upshot.send({TENTH: "120"})
        await wish(database, ada.id, Cadence.OFF)

        assert await upshot.watcher.watch_today(WORDING) == 0

    async def test_is_left_alone_for_whoever_wants_no_nudge(self, upshot, ada):
        await upshot.send({TENTH: "120"})
        await PreferenceStore(upshot.database).keep(ada.id, Preferences(nudges=False))

        assert await upshot.watcher.watch_today(WORDING) == 0

    async def test_is_known_by_telemetry_alone(self, upshot, ada):
        """What a provider tells of a day that is running is not all of it."""
        await upshot.spend({TENTH: "500"})

        assert await upshot.watcher.watch_today(WORDING) == 0
