"""kill -9 of the whole process group, at random moments of collecting, planning and delivering."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from bot.http import real_now
from bot.playground.slack.faults import Stall
from db.embedded import EmbeddedPostgres
from db.embedded.processes import postmaster_pid, server_processes
from tests.faults.bots import Bot, Bots, bots_of
from tests.faults.conftest import IS_SOAK
from tests.faults.ledger import Ledger, ledger_of
from tests.faults.outside import Outside, moments, open_outside, small_company
from tests.faults.verdict import live_to_the_end, tally, wrong_days

KILLS = (
    {"collect": 12, "plan": 6, "deliver": 22}
    if IS_SOAK
    else {"collect": 3, "plan": 2, "deliver": 5}
)
MOST_KILLS = 2 * sum(KILLS.values())
"""Some fall between two phases: the phase was over by the time that the blow fell."""
SEEDS = range(8) if IS_SOAK else (3,)
BOTH_KILLED = 8 if IS_SOAK else 2
WEEKS = 6 if IS_SOAK else 1
SPARED = "spared"
LONGEST_INTO_A_PHASE = 0.06


class Killer:
    """Kills the bot in the middle of a phase that it was not killed in often enough yet."""

    def __init__(self, bots: Bots, ledger: Ledger, rng: Random) -> None:
        self._bots, self._ledger, self._rng = bots, ledger, rng
        self.hits: Counter[str] = Counter()
        self.bot = self._start()

    def live_at(self, moment: datetime) -> None:
        """Live through *moment*, killed and started again as often as the dice say."""
        while True:
            self.bot.begin(moment)
            phase = self._rng.choice([*self._wanted() * 3, SPARED])
            if not self._killed_in(phase):
                break
        assert "jobs" in self.bot.answer()

    def _wanted(self) -> list[str]:
        if self.hits.total() >= MOST_KILLS:
            return []
        return [phase for phase, kills in KILLS.items() if self.hits[phase] < kills]

    def _killed_in(self, phase: str) -> bool:
        while phase != SPARED and not self.bot.has_answered():
            if self._ledger.phase(self._started) == phase:
                time.sleep(self._rng.uniform(0, LONGEST_INTO_A_PHASE))
                self._kill()
                return True
        return False

    def _kill(self) -> None:
        self.bot.kill()
        self.hits[self._ledger.phase(self._started) or "between"] += 1
        self._ledger.let_half_a_minute_pass()
        self.bot = self._start()

    def _start(self) -> Bot:
        self._started = real_now()
        return self._bots.start()


@pytest.mark.parametrize("seed", SEEDS)
def test_kill_9_at_any_moment_loses_nothing_and_sends_nothing_twice(
    urls, given, folder, show, seed
):
    company = small_company(weeks=WEEKS, seed=seed)
    with (
        open_outside(folder, company) as outside,
        bots_of(outside.environment(given), folder) as bots,
        ledger_of(urls.superuser) as ledger,
    ):
        _slow_as_slack_is(outside)
        killer = Killer(bots, ledger, Random(seed))
        for moment in moments(company):
            outside.move_to(moment)
            killer.live_at(moment)
        moment = live_to_the_end(outside, [killer.bot], ledger, moment)
        seen = tally(outside, ledger)
        show(seen.row("kill -9", kills=killer.hits.total(), hits=dict(killer.hits)))

        assert killer.hits["collect"] >= KILLS["collect"] // 2
        assert killer.hits["deliver"] >= KILLS["deliver"] // 2
        assert killer.hits.total() >= sum(KILLS.values())
        assert (seen.twice, seen.lost, seen.parked) == (0, 0, 0)
        assert set(ledger.states()) <= {"sent", "skipped"}
        assert wrong_days(outside, ledger, moment) == []
        killer.bot.leave()


def _slow_as_slack_is(outside: Outside) -> None:
    """Every other post is answered after it took effect, so that a kill can fall in between."""
    outside.world.slack.faults.chance("chat.postMessage", 0.5, Stall(seconds=0.1))


@pytest.mark.parametrize("seed", range(12) if IS_SOAK else (1,))
def test_kill_9_of_the_bot_and_its_database_loses_nothing_and_sends_nothing_twice(
    folder, show, seed
):
    company = small_company(people=23, weeks=WEEKS, seed=seed)
    rng, cluster = Random(seed), folder / "data" / "postgres"
    with open_outside(folder, company) as outside:
        _slow_as_slack_is(outside)
        try:
            kills = _live_and_die(outside, folder, rng)
            with EmbeddedPostgres(folder / "data") as urls, ledger_of(urls.superuser) as ledger:
                seen = tally(outside, ledger)
                show(seen.row("kill -9 with the database", kills=kills))

                assert kills >= BOTH_KILLED // 2
                assert (seen.twice, seen.lost, seen.parked) == (0, 0, 0)
                assert wrong_days(outside, ledger, outside.clock.now()) == []
        finally:
            whoever_leaves_last = EmbeddedPostgres(folder / "data")
            whoever_leaves_last.start()
            whoever_leaves_last.stop()
    assert server_processes(cluster) == set()


def _live_and_die(outside: Outside, folder: Path, rng: Random) -> int:
    """Through all moments with a database that the bot itself starts; how often both died."""
    cluster, kills = folder / "data" / "postgres", 0
    with bots_of(outside.environment({}), folder) as bots:
        bot = bots.start()
        for moment in moments(outside.company):
            outside.move_to(moment)
            bot.begin(moment)
            if (
                kills < BOTH_KILLED
                and rng.random() < 0.4
                and not bot.has_answered(rng.uniform(0, 0.4))
            ):
                _kill_both(bot, cluster)
                kills += 1
                bot = bots.start()
                with EmbeddedPostgres(folder / "data") as urls, ledger_of(urls.superuser) as ledger:
                    ledger.let_a_quarter_of_an_hour_pass()
                bot.begin(moment)
            assert "jobs" in bot.answer()
        with EmbeddedPostgres(folder / "data") as urls, ledger_of(urls.superuser) as ledger:
            ledger.let_half_a_minute_pass()
            moment = live_to_the_end(outside, [bot], ledger, moment)
        bot.leave()
    return kills


def _kill_both(bot: Bot, cluster: Path) -> None:
    postmaster = postmaster_pid(cluster)
    assert postmaster in server_processes(cluster), "the number may be somebody else's by now"
    os.kill(postmaster, signal.SIGKILL)
    bot.kill()
