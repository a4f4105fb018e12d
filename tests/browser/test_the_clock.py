"""The clock is moved on by a quarter, and what would have come by then has come."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.browser.demo import running_demo
from tests.browser.passing_time import (
    Said,
    channels_of,
    clock_of,
    conversations,
    is_one_a_week,
    said_in,
    set_off,
    until_it_stands,
)
from tests.browser.watching import watched_window
from tests.browser.workspace import Workspace

TODAY = date(2026, 11, 17)
FEW = (
    *("--people", "23", "--weeks", "3", "--seed", "3", "--today", TODAY.isoformat()),
    *("--sources", "anthropic,git"),
)
"""So that a night is quick."""
MOVES = (
    ("Tomorrow", "Wed 18 Nov 2026, 14:00"),
    ("Next Monday", "Mon 23 Nov 2026, 14:00"),
    ("Next month", "Mon 7 Dec 2026, 14:00"),
    ("Next month", "Mon 4 Jan 2027, 14:00"),
    ("Next month", "Mon 1 Feb 2027, 14:00"),
    ("Next Monday", "Mon 8 Feb 2027, 14:00"),
    ("Next Monday", "Mon 15 Feb 2027, 14:00"),
    ("Tomorrow", "Tue 16 Feb 2027, 14:00"),
    ("Tomorrow", "Wed 17 Feb 2027, 14:00"),
)
"""Thirteen weeks, until the last summary is out in Los Angeles, and where each move ends."""
WEEKS = 13
LAST_MONDAY = date(2027, 2, 15)
THREE_WEEKS = timedelta(weeks=3)
VERDICT = re.compile(r"“.+” \(.+\): (?:it worked|no effect to be seen|could not be told)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """What there was to see on the way, and what there is to read at the end."""

    stops: Sequence[str]
    chooser: int
    """Whose digests are to come on Tuesdays, among those with private conversations."""
    answer_on_the_way: str
    second_move: str
    private: Sequence[Sequence[Said]]
    """Each person's conversation with the app."""
    channels: Sequence[Sequence[Said]]

    def digests(self) -> list[list[Said]]:
        """Of each who reads English and was written to."""
        kept = ([one for one in said if "Your week with AI" in one.title] for said in self.private)
        return [digests for digests in kept if digests]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def quarter(browser: Browser) -> AsyncIterator[Quarter]:
    with running_demo(*FEW) as address:
        async with watched_window(browser, address) as window:
            yield await _lived_through(window, browser, address)


async def _lived_through(window: Page, browser: Browser, address: str) -> Quarter:
    everybody = await conversations(window)
    chooser = await Workspace(window).begin_as("An employee")
    await _have_digests_on(window, "Tuesday")
    stops = [await _moved(window, goal) for goal, _ in MOVES[:2]]
    answer, refusal = await _meanwhile(window, browser, address)
    stops.append(await until_it_stands(window))
    stops += [await _moved(window, goal) for goal, _ in MOVES[3:]]
    channels = [one for person in everybody for one in await channels_of(window, person)]
    each_once = {address.rpartition("/")[2]: address for address in channels}
    return Quarter(
        stops=stops,
        chooser=everybody.index(f"/as/{chooser}/app"),
        answer_on_the_way=answer,
        second_move=refusal,
        private=[await said_in(window, person) for person in everybody],
        channels=[await said_in(window, address) for address in each_once.values()],
    )


async def _have_digests_on(window: Page, day: str) -> None:
    workspace = Workspace(window)
    form = await workspace.ask_for_form("/myusage settings", "Your settings")
    await form.get_by_label("On which day?").select_option(day)
    await form.get_by_role("button", name="Keep it").click()
    await workspace.close(await workspace.form("Upshot"))


async def _moved(window: Page, goal: str) -> str:
    await set_off(window, goal)
    return await until_it_stands(window)


async def _meanwhile(window: Page, browser: Browser, address: str) -> tuple[str, str]:
    """What is answered while the third move is under way: to a command, and to a fourth move."""
    async with watched_window(browser, address, java_script_enabled=False) as unaware:
        await unaware.goto("/")
        await set_off(window, MOVES[2][0])
        answer = await Workspace(window).ask("/myusage help")
        await set_off(unaware, "Tomorrow")
        refusal = await clock_of(unaware).get_by_role("alert").inner_text()
        return await answer.inner_text(), refusal


async def test_every_move_ends_when_it_says(quarter: Quarter) -> None:
    assert quarter.stops == [moment for _, moment in MOVES]


async def test_somebody_is_answered_while_the_clock_moves(quarter: Quarter) -> None:
    assert "/myusage month" in quarter.answer_on_the_way


async def test_everybody_who_is_written_to_has_a_digest_a_week_and_none_twice(
    quarter: Quarter,
) -> None:
    read = quarter.digests()

    assert len(read) > len(quarter.private) / 4
    assert all(is_one_a_week(digests) for digests in read)
    assert {digests[-1].monday for digests in read} == {LAST_MONDAY}
    assert all(len({one.title for one in digests}) == len(digests) for digests in read)


async def test_whoever_chose_a_day_has_them_on_that_day(quarter: Quarter) -> None:
    said = [one for one in quarter.private[quarter.chooser] if one.at.date() > TODAY]
    days = [one.at.weekday() for one in said if "Your week with AI" in one.title]

    assert days == [TODAY.weekday()] * WEEKS


async def test_tips_come_and_three_weeks_later_how_they_went(quarter: Quarter) -> None:
    tried = [
        (tips[0], verdicts[0])
        for digests in quarter.digests()
        if (tips := [one for one in digests if "Not useful" in one.buttons])
        and (verdicts := [one for one in digests if VERDICT.search(one.text)])
    ]

    assert tried
    assert all(verdict.monday - tip.monday >= THREE_WEEKS for tip, verdict in tried)


async def test_every_team_has_one_summary_a_week(quarter: Quarter) -> None:
    summaries = [[one for one in said if one.title] for said in quarter.channels]

    assert len(summaries) == 3
    assert all(is_one_a_week(of_team) for of_team in summaries)
    assert all(of_team[-1].monday == LAST_MONDAY for of_team in summaries)
    assert all(len({one.title for one in of_team}) == len(of_team) for of_team in summaries)


async def test_somebody_is_asked_about_unusual_use(quarter: Quarter) -> None:
    asked = [
        message
        for said in quarter.private
        for message in said
        if "This was expected" in message.buttons and message.at.date() > TODAY
    ]

    assert asked


async def test_a_second_move_meanwhile_is_answered_with_a_sentence(quarter: Quarter) -> None:
    assert "The clock is moving already. Wait until it stands." in quarter.second_move
