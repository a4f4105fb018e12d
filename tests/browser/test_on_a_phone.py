"""At 360 pixels everything fits its width, is in reach, and is large enough for a finger."""

from __future__ import annotations

import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.browser.cast import Cast
from tests.browser.objections import PHONE
from tests.browser.workspace import Workspace

READER, FORGETFUL = 8, 9
LEAST_PIXELS = 24

OVERHANG = "() => document.scrollingElement.scrollWidth - innerWidth"
LINES = "cell => cell.clientHeight / parseFloat(getComputedStyle(cell).lineHeight)"
TOO_SMALL = """least => [...document.querySelectorAll(
  "button, select, summary, input:not([type=hidden]), a.button, nav a, li > a, [role=option]"
)].filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .map((one) => [one, (one.closest("label") ?? one).getBoundingClientRect()])
  .filter(([, { width, height }]) => width < least || height < least)
  .map(([one, { width, height }]) => `${one.outerHTML.slice(0, 120)}: ${width} x ${height}`)"""


@pytest_asyncio.fixture(loop_scope="session")
async def phone(page: Page) -> Page:
    await page.set_viewport_size(PHONE)
    return page


async def faults(window: Page) -> list[str]:
    """What would make one scroll sideways or miss."""
    overhang: int = await window.evaluate(OVERHANG)
    too_small: list[str] = await window.evaluate(TOO_SMALL, LEAST_PIXELS)
    return [f"{overhang} pixels too wide"] * (overhang > 0) + too_small


async def open_place(window: Page, name: str) -> None:
    await window.get_by_role("button", name="Places").click()
    places = window.get_by_role("navigation", name="Places")
    await expect(places).to_be_in_viewport()
    await places.get_by_role("link", name=name).click()
    await expect(places).to_be_hidden()


async def fits(part: Locator) -> bool:
    """Whether all its width is on the screen."""
    box = await part.bounding_box()
    return box is not None and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]


async def test_where_one_chooses_whom_to_be(phone: Page) -> None:
    await phone.goto("/")

    assert await faults(phone) == []


async def test_a_conversation_with_digests_has_its_box_in_reach(
    phone: Page, workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.engineers[READER])
    await expect(workspace.digests().last).to_be_visible()

    await expect(workspace.box).to_be_in_viewport(ratio=1)
    await expect(phone.get_by_role("button", name="Send", exact=True)).to_be_in_viewport(ratio=1)
    assert await faults(phone) == []


async def test_the_places_are_behind_a_button_and_each_holds_its_width(
    phone: Page, workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.engineers[READER])
    places = phone.get_by_role("navigation", name="Places", include_hidden=True)
    await expect(places).to_be_hidden()

    await open_place(phone, "team-")
    await expect(phone.get_by_role("heading", level=1)).to_contain_text("team-")
    assert await faults(phone) == []

    await open_place(phone, "Home")
    await expect(phone.get_by_role("heading", name="Your settings")).to_be_attached()
    assert await faults(phone) == []

    await phone.get_by_role("button", name="Places").click()
    assert await faults(phone) == []
    await phone.mouse.click(PHONE["width"] - 5, PHONE["height"] - 5)
    await expect(places).to_be_hidden()


async def test_commands_being_offered(phone: Page, workspace: Workspace, cast: Cast) -> None:
    await workspace.be(cast.engineers[READER])
    await workspace.box.press_sequentially("/")
    offered = phone.get_by_role("listbox", name="Commands")
    await expect(offered).to_be_in_viewport(ratio=1)

    assert await faults(phone) == []
    await offered.get_by_role("option").first.click()
    await expect(workspace.box).to_be_focused()


async def test_the_requests_stand_below_the_conversation(
    phone: Page, workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.engineers[READER])
    await phone.get_by_role("link", name="Requests").click()
    requests = phone.get_by_role("complementary", name="Requests")
    await expect(requests).to_be_in_viewport()
    await workspace.ask("/myusage privacy")
    await requests.get_by_text("/myusage privacy").first.click()
    await expect(requests.get_by_role("heading", name="Answer").first).to_be_attached()

    await expect(workspace.box).to_be_in_viewport(ratio=1)
    assert await faults(phone) == []


async def test_a_form_with_something_wrong_in_it(
    phone: Page, workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.engineers[FORGETFUL])
    form = await workspace.ask_for_form("/myusage log", "Log an outcome")
    await form.get_by_label("What kind of work was it?").select_option("Data cleaned")
    await form.get_by_label("What did you finish, or try?").fill("Old invoices " * 10)
    await form.get_by_label("When?").fill("2099-01-01")
    keep = form.get_by_role("button", name="Keep it")
    await expect(keep).to_be_in_viewport(ratio=1)
    await keep.click()
    await expect(form.get_by_role("alert")).to_be_in_viewport()

    assert await fits(form)
    assert await faults(phone) == []
    await workspace.close(form)


async def test_the_question_before_a_change(phone: Page, workspace: Workspace, cast: Cast) -> None:
    await workspace.be(cast.engineers[READER])
    await open_place(phone, "Home")
    await phone.get_by_role("button", name="Start my usual week anew").click()
    question = phone.get_by_role("dialog", name="Start your usual week anew?")
    await expect(question).to_be_in_viewport(ratio=1)

    assert await faults(phone) == []


async def test_the_menu_of_a_message(phone: Page, workspace: Workspace, cast: Cast) -> None:
    await workspace.be(cast.engineers[READER])
    await workspace.messages().last.get_by_role("button", name="More actions").click()
    await expect(phone.get_by_role("button", name="Log as outcome")).to_be_in_viewport(ratio=1)

    assert await faults(phone) == []


async def test_a_wide_table_scrolls_within_its_box(
    phone: Page, workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.admin)
    answer = await workspace.ask("/usageadmin providers")
    last = answer.get_by_role("cell").last
    source = answer.get_by_role("cell", name="Slack directory")
    holder = answer.get_by_role("group").filter(has=phone.get_by_role("table"))
    await last.scroll_into_view_if_needed()

    assert await holder.evaluate("holder => holder.scrollWidth > holder.clientWidth")
    assert await holder.evaluate("holder => holder.scrollLeft") > 0
    assert await source.evaluate(LINES) < 3
    assert await fits(holder)
    assert await faults(phone) == []
