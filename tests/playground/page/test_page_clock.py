"""The clock of the made-up company: moved from the page, which tells how far it has got."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta

import pytest

from bot.playground.page.changes import stream
from bot.playground.page.stage import Goal
from tests.playground.page.conftest import MONDAY


@pytest.fixture
def moves(browser):
    async def moves(goal: str, **where: str) -> str:
        answer = await browser.post("/clock", data={"goal": goal, **where})
        assert answer.status_code == 200
        return answer.text

    return moves


def told(event: str) -> tuple[str, str]:
    kind, data = re.fullmatch(r"(?:retry: \d+\n\n)?event: (\w+)\ndata: (.*)\n\n", event).groups()
    return kind, data


async def test_every_page_says_what_time_it_is_there_and_for_whom_one_is(browser, company, ada):
    page = (await browser.get(f"/as/{ada}/app")).text

    city = company.people[ada].time_zone.rpartition("/")[2].replace("_", " ")
    assert f'<time datetime="{MONDAY.isoformat()}">Mon 17 Nov 2025, 14:00</time>' in page
    assert f" in {city}" in page
    assert "Mon 17 Nov 2025, 14:00" in (await browser.get("/")).text


async def test_it_moves_on_and_what_is_due_happens(moves, clock, bot, ada, slack):
    async def due():
        await bot.send_digest(ada)

    bot.due.append(due)

    await moves("tomorrow", user=ada, at="app")

    await clock.stands.wait()
    assert clock.now == MONDAY + timedelta(days=1)
    assert len(slack.dms_to(ada)) == 1


async def test_while_it_moves_a_page_shows_how_far_it_is_and_reloads_itself(moves, clock, ada):
    clock.may_go.clear()

    page = await moves("next_monday", user=ada, at="app")

    clock.may_go.set()
    await clock.stands.wait()
    assert '<progress value="0" max="7"' in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert 'name="goal"' not in page


async def test_it_leads_back_to_where_one_was(browser, clock, company, ada):
    channel = next(team.channel_id for team in company.teams if ada in team.members)
    where = {"user": ada, "at": channel, "requests": "1"}

    answer = await browser.post("/clock", data={"goal": "tomorrow", **where})
    nobody = await browser.post("/clock", data={"goal": "tomorrow", "user": "U0NOBODY"})

    await clock.stands.wait()
    assert answer.url.path == f"/as/{ada}/{channel}/requests"
    assert nobody.url.path == "/"


async def test_it_is_not_moved_twice_at_once(moves, clock, ada):
    clock.may_go.clear()
    await moves("next_monday", user=ada)

    page = await moves("tomorrow", user=ada)

    clock.may_go.set()
    await clock.stands.wait()
    assert "The clock is moving already. Wait until it stands." in page
    assert clock.now == MONDAY + timedelta(days=7)


async def test_somebody_else_may_be_moving_it(moves, clock, ada):
    clock.may_go.clear()
    elsewhere = asyncio.create_task(clock.move(Goal.TOMORROW))
    await asyncio.sleep(0)

    page = await moves("tomorrow", user=ada)

    clock.may_go.set()
    await elsewhere
    assert "The clock is moving already." in page


async def test_it_ends_where_the_company_ends(moves, clock, ada):
    clock.last_moment = MONDAY

    page = await moves("tomorrow", user=ada)

    assert "The made-up company ends on 17 November 2025, and so does its clock." in page
    assert clock.now == MONDAY


async def test_a_move_that_fails_says_so_and_the_page_goes_on(moves, browser, clock, ada):
    clock.fails = True
    page = await moves("tomorrow", user=ada)
    clock.fails = False

    again = await moves("tomorrow", user=ada)

    assert "The clock stopped on the way." in page
    assert "The clock stopped" not in again
    assert clock.now == MONDAY + timedelta(days=1)


class TestNews:
    @pytest.fixture
    def changes(self, page):
        return page.state.changes

    async def test_begins_with_how_much_has_changed(self, changes, clock, ada):
        changes.happened([ada])
        news = stream(changes, clock, ada)

        assert told(await anext(news)) == ("changed", "1")

    async def test_tells_of_what_one_could_have_noticed_and_of_nothing_else(
        self, changes, clock, bot, ada, bob
    ):
        news, others = stream(changes, clock, ada), stream(changes, clock, bob)
        await anext(news)
        await anext(others)

        await bot.send_digest(ada)

        assert told(await anext(news)) == ("changed", "1")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(others), 0.6)

    async def test_tells_how_far_the_clock_is_and_that_it_stands(self, moves, changes, clock, ada):
        news = stream(changes, clock, ada)
        await anext(news)
        clock.may_go.clear()
        await moves("next_monday", user=ada)

        kind, data = told(await anext(news))
        clock.may_go.set()
        await clock.stands.wait()

        assert (kind, json.loads(data)) == (
            "clock",
            {"done": 0, "total": 7, "at": "Mon 17 Nov 2025, 14:00"},
        )
        assert told(await anext(news))[0] == "changed"

    async def test_ends_with_the_page(self, changes, clock, ada):
        news = stream(changes, clock, ada)
        await anext(news)

        changes.end()

        assert [event async for event in news] == []
