"""The page while the clock moves: as accessible as ever, and nothing that one does is lost."""

from __future__ import annotations

from playwright.async_api import Route, expect

from tests.browser.cast import Cast
from tests.browser.objections import objections
from tests.browser.passing_time import clock_of, set_off, until_it_stands
from tests.browser.workspace import Workspace

READER, WRITER = 7, 8


async def test_there_is_nothing_to_object_to(workspace: Workspace, cast: Cast) -> None:
    page = workspace.page
    await page.route("**/changes?*", _says_nothing)
    await workspace.be(cast.engineers[READER])
    await set_off(page, "Tomorrow")

    assert await objections(page) == []

    await page.unroute("**/changes?*")
    await page.reload()
    await until_it_stands(page)


async def _says_nothing(route: Route) -> None:
    """Without news the page stays as it was when the clock set off."""
    await route.fulfill(content_type="text/event-stream", body="retry: 3600000\n\n")


async def test_what_one_types_is_left_alone(workspace: Workspace, cast: Cast) -> None:
    page = workspace.page
    await workspace.be(cast.engineers[WRITER])
    await set_off(page, "Tomorrow")
    await workspace.box.press_sequentially("Half a ")
    await until_it_stands(page)
    await page.keyboard.type("sentence")

    await expect(workspace.box).to_have_value("Half a sentence")


async def test_it_can_be_moved_again_and_again_by_keyboard(
    workspace: Workspace, cast: Cast
) -> None:
    page = workspace.page
    await workspace.be(cast.engineers[READER])
    tomorrow = clock_of(page).get_by_role("button", name="Tomorrow")
    await tomorrow.focus()
    await page.keyboard.press("Enter")
    await expect(clock_of(page).get_by_role("progressbar")).to_be_visible()
    await until_it_stands(page)

    await page.keyboard.press("Tab")

    await expect(tomorrow).to_be_focused()
