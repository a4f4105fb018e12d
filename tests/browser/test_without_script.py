"""With JavaScript switched off all of it is plain forms, one page at a time."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.cast import Cast
from tests.browser.passing_time import clock_of, until_it_stands
from tests.browser.watching import watched_window
from tests.browser.workspace import Workspace

READER, WORKER = 7, 8


@pytest_asyncio.fixture(loop_scope="session")
async def workspace(browser: Browser, demo: str) -> AsyncIterator[Workspace]:
    """In a window that runs no script."""
    async with watched_window(browser, demo, java_script_enabled=False) as window:
        yield Workspace(window)


async def test_a_command_is_answered_in_private_until_the_page_is_opened_anew(
    workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.engineers[READER])
    address = workspace.page.url

    await workspace.ask("/myusage privacy")
    await expect(workspace.answers()).to_contain_text("Only visible to you")
    await workspace.page.goto(address)

    await expect(workspace.answers()).to_have_count(0)


async def test_the_commands_that_there_are_stand_below_the_box(
    workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.engineers[READER])
    below = workspace.page.get_by_text("/teamusage", exact=True).last

    await expect(below).to_be_in_viewport()


async def test_a_button_is_pressed(workspace: Workspace, cast: Cast) -> None:
    await workspace.be(cast.engineers[READER])

    answer = await workspace.press(
        workspace.page.get_by_role("button", name="Who can see what").last
    )

    await expect(answer).to_contain_text("Who can see what")


async def test_a_menu_has_a_button_of_its_own(workspace: Workspace, cast: Cast) -> None:
    await workspace.be(cast.engineers[WORKER])
    outcomes = await workspace.ask("/myusage outcomes")
    await outcomes.get_by_label("What was it for?").first.select_option(
        "Exploration: trying things out"
    )

    answer = await workspace.press(outcomes.get_by_role("button", name="Choose").first)

    await expect(answer).to_contain_text("Kept. Exploration")
    outcomes = await workspace.ask("/myusage outcomes")
    menu = outcomes.get_by_label("What was it for?").first
    await expect(menu).to_have_value(re.compile("^exploration:"))


async def test_the_home_tab_is_opened_and_asks_before_a_change(
    workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.engineers[READER])
    await (
        workspace.page.get_by_role("navigation", name="Places")
        .get_by_role("link", name="Home")
        .click()
    )
    await workspace.page.get_by_role("button", name="Open").click()
    await workspace.page.get_by_role("button", name="Start my usual week anew").click()
    question = workspace.page.get_by_role("dialog", name="Start your usual week anew?")
    await expect(question).to_be_visible()

    await question.get_by_role("button", name="Leave it").click()

    await expect(question).to_be_hidden()


async def test_a_form_is_refused_corrected_and_sent(workspace: Workspace, cast: Cast) -> None:
    await workspace.be(cast.engineers[WORKER])
    form = await workspace.log_on_a_day_to_come("Old offers sorted")
    await expect(form.get_by_label("What did you finish")).to_have_value("Old offers sorted")

    await form.get_by_label("When?").fill("2026-11-10")
    await form.get_by_role("button", name="Keep it").click()

    kept = await workspace.form("Upshot")
    await expect(kept).to_contain_text("Old offers sorted")
    await workspace.close(kept)


@pytest.mark.parametrize("way", ["Close", "Cancel"])
async def test_a_form_is_closed(workspace: Workspace, cast: Cast, way: str) -> None:
    await workspace.be(cast.engineers[WORKER])
    form = await workspace.ask_for_form("/myusage log", "Log an outcome")

    await form.get_by_role("button", name=way).click()

    await expect(form).to_have_count(0)
    await expect(workspace.box).to_be_visible()


async def test_the_clock_goes_on_by_a_day(workspace: Workspace, cast: Cast) -> None:
    await workspace.be(cast.engineers[READER])
    before = await moment(workspace.page)

    await clock_of(workspace.page).get_by_role("button", name="Tomorrow").click()
    await until_it_stands(workspace.page)

    assert (await moment(workspace.page)).date() == before.date() + timedelta(days=1)


async def moment(window: Page) -> datetime:
    shown = clock_of(window).get_by_role("time")
    return datetime.fromisoformat(await shown.get_attribute("datetime") or "")
