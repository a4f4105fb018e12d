"""Slack accepts and does not say so, breaks off in the middle, or asks for patience."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

import pytest

from bot.playground.slack.faults import Drop, RateLimited, ServerError, Truncation
from tests.faults.bots import Bot, bots_of
from tests.faults.conftest import IS_SOAK
from tests.faults.ledger import Ledger, ledger_of
from tests.faults.outside import Outside, moments, open_outside, small_company
from tests.faults.verdict import live_to_the_end, tally

PEOPLE, WEEKS = (200, 6) if IS_SOAK else (30, 1)
MAY_HAVE_ARRIVED = (Drop(), ServerError(accepts=True), Truncation())
UNDER_WAY = 0.25
"""A call that comes so soon after a 429 was sent before the 429 could be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    outside: Outside
    ledger: Ledger
    bot: Bot

    def live(self, most: int | None = None) -> datetime:
        for moment in islice(moments(self.outside.company), most):
            self.outside.move_to(moment)
            self.bot.live_at(moment)
        return live_to_the_end(self.outside, [self.bot], self.ledger, moment)

    def hits(self, method: str = "chat.postMessage") -> int:
        injected = self.outside.world.slack.faults.injected
        return sum(hit.method == method for hit in injected)


@pytest.fixture
def season(urls, given, folder: Path) -> Iterator[Season]:
    with _season(urls, given, folder) as opened:
        yield opened
        opened.bot.leave()


@contextmanager
def _season(urls, given, folder: Path) -> Iterator[Season]:
    company = small_company(people=PEOPLE, weeks=WEEKS)
    with (
        open_outside(folder, company) as outside,
        bots_of(outside.environment(given), folder) as bots,
        ledger_of(urls.superuser) as ledger,
    ):
        yield Season(outside=outside, ledger=ledger, bot=bots.start())


def test_a_post_that_was_accepted_and_not_confirmed_is_found_and_not_repeated(season, show):
    for fault in MAY_HAVE_ARRIVED:
        season.outside.world.slack.faults.chance("chat.postMessage", 0.1, fault)
    season.live()
    seen = tally(season.outside, season.ledger)
    show(seen.row("accepted, then dropped/500/cut", ambiguous=season.hits()))

    assert season.hits() >= 5
    assert (seen.twice, seen.lost, seen.parked) == (0, 0, 0)
    assert set(season.ledger.states()) <= {"sent", "skipped"}


def test_a_post_that_was_lost_on_the_way_is_sent_again(season, show):
    season.outside.world.slack.faults.chance(
        "chat.postMessage", 0.3, Drop(accepts=False), ServerError(accepts=False), Drop()
    )
    season.live()
    seen = tally(season.outside, season.ledger)
    show(seen.row("lost or dropped, nobody knows", ambiguous=season.hits()))

    assert (seen.twice, seen.lost, seen.parked) == (0, 0, 0)


def test_without_the_scope_to_look_the_unknown_is_parked_and_shown(season, show):
    slack = season.outside.world.slack
    slack.workspace.scopes -= {"im:history", "channels:history"}
    for fault in MAY_HAVE_ARRIVED:
        slack.faults.chance("chat.postMessage", 0.1, fault)
    season.live()
    seen = tally(season.outside, season.ledger)
    show(seen.row("the same, without im:history", ambiguous=season.hits()))
    season.bot.begin("status")
    status = json.dumps(season.bot.answer()["status"])

    assert 0 < seen.parked <= season.hits()
    assert (seen.twice, seen.lost) == (0, 0)
    assert f"{seen.parked} parked" in status
    assert "im:history" in status


def test_in_a_storm_of_429_everything_arrives_once_and_nothing_is_posted_early(season, show):
    season.outside.world.slack.faults.chance(
        "chat.postMessage", 0.5, RateLimited(retry_after="1"), RateLimited(retry_after="0")
    )
    season.live(None if IS_SOAK else 8)
    seen = tally(season.outside, season.ledger)
    early = [
        call
        for call in season.outside.world.slack.early_calls(ceiling=900)
        if call.waited_seconds > UNDER_WAY
    ]
    show(seen.row("429 storm", refused=season.hits(), early=len(early)))

    assert season.hits() >= 5
    assert (seen.twice, seen.lost, seen.parked) == (0, 0, 0)
    assert early == []
