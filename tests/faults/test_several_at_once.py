"""Several bots over one database, none of which knows of the others."""

from __future__ import annotations

from random import Random

from bot.playground.slack.faults import Drop, Stall
from tests.faults.bots import bots_of
from tests.faults.conftest import IS_SOAK
from tests.faults.ledger import ledger_of
from tests.faults.outside import moments, open_outside, small_company
from tests.faults.verdict import live_to_the_end, tally, wrong_days

BOTS = 3
PEOPLE, WEEKS, KILLS = (300, 5, 12) if IS_SOAK else (40, 1, 2)
LEASE = {"UPSHOT_DELIVERY__LEASE_SECONDS": "8"}
"""Longer than a machine with few cores may keep one of several processes waiting."""


def test_three_that_plan_and_work_at_once_send_nothing_twice(urls, given, folder, show):
    company, rng, kills = small_company(people=PEOPLE, weeks=WEEKS), Random(5), 0
    with (
        open_outside(folder, company) as outside,
        bots_of(outside.environment(given, **LEASE), folder) as bots,
        ledger_of(urls.superuser) as ledger,
    ):
        faults = outside.world.slack.faults
        faults.chance("chat.postMessage", 0.5, Stall(seconds=0.1))
        faults.chance("chat.postMessage", 0.1, Drop())
        crew = [bots.start_soon() for _ in range(BOTS)]
        assert all(bot.answer() == {"ready": True} for bot in crew)
        for moment in moments(company):
            outside.move_to(moment)
            for bot in crew:
                bot.begin(moment)
            if kills < KILLS and rng.random() < 0.2 and not crew[0].has_answered(rng.random() / 5):
                crew.pop(0).kill()
                kills += 1
                crew.append(bots.start())
                crew[-1].begin(moment)
                ledger.let_half_a_minute_pass()
            assert all("jobs" in bot.answer() for bot in crew), [bot.log() for bot in crew]
        moment = live_to_the_end(outside, crew, ledger, moment)
        seen = tally(outside, ledger)
        show(seen.row("three bots at once", kills=kills))

        assert kills >= KILLS // 2
        assert (seen.twice, seen.lost, seen.parked) == (0, 0, 0)
        assert wrong_days(outside, ledger, moment) == []
        for bot in crew:
            bot.leave()
