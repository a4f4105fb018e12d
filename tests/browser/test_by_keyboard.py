"""Everything can be done by keyboard alone, and one always sees where one is."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect

from tests.browser.cast import Cast
from tests.browser.workspace import Workspace

READER, WRITER = 7, 8
MOST_STOPS = 80


async def tab_to(target: Locator) -> None:
    """As far as Tab has to be pressed; fails where it does not lead to *target*."""
    for _ in range(MOST_STOPS):
        if await target.evaluate("target => target === document.activeElement"):
            return
        await target.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {target}")


async def go_to_and_enter(target: Locator) -> None:
    await tab_to(target)
    await target.page.keyboard.press("Enter")


def button(window: Page, name: str) -> Locator:
    return window.get_by_role("button", name=name, exact=True).last


async def open_form_from_its_button(window: Page) -> Locator:
    opener = button(window, "Log an outcome")
    await go_to_and_enter(opener)
    await expect(window.get_by_role("dialog", name="Log an outcome")).to_be_visible()
    return opener


async def test_the_first_stop_leads_past_the_clock_and_the_places(
    workspace: Workspace, cast: Cast
) -> None:
    page = workspace.page
    await workspace.be(cast.engineers[READER])
    await workspace.ask("/myusage privacy")
    await page.evaluate("document.activeElement.blur()")
    skip = page.get_by_role("link", name="Skip to the content")

    await tab_to(skip)
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")

    await expect(page.get_by_role("main").locator(":focus")).to_have_count(1)
    await expect(workspace.answers()).to_have_count(1)


async def test_a_button_is_reached_and_pressed_and_keeps_the_focus(
    workspace: Workspace, cast: Cast
) -> None:
    page = workspace.page
    await workspace.be(cast.engineers[READER])
    asks = button(page, "Who can see what")

    await go_to_and_enter(asks)

    await expect(workspace.answers()).to_contain_text("Who can see what")
    await expect(asks).to_be_focused()


async def test_whom_to_be_is_chosen(page: Page) -> None:
    await page.goto("/")

    await go_to_and_enter(page.get_by_role("link", name="A manager"))

    await expect(page.get_by_role("heading", level=1, name="Upshot")).to_be_visible()


async def test_a_place_is_changed_and_its_title_has_the_focus(
    workspace: Workspace, cast: Cast
) -> None:
    page = workspace.page
    await workspace.be(cast.engineers[READER])
    channel = page.get_by_role("navigation", name="Places").get_by_role("link", name="team-")

    await go_to_and_enter(channel)

    await expect(page.get_by_role("heading", level=1, name="team-")).to_be_focused()


async def test_commands_are_completed_by_tab_chosen_by_arrows_and_put_away_by_escape(
    workspace: Workspace, cast: Cast
) -> None:
    page = workspace.page
    await workspace.be(cast.engineers[READER])
    hints = page.get_by_role("listbox", name="Commands")
    await tab_to(workspace.box)

    await page.keyboard.type("/my")
    await expect(hints.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(workspace.box).to_have_value("/myusage ")

    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowUp")
    first = hints.get_by_role("option", selected=True)
    await expect(workspace.box).to_have_attribute(
        "aria-activedescendant", await first.get_attribute("id") or ""
    )
    await page.keyboard.press("Enter")
    await expect(workspace.box).to_have_value(re.compile(r"^/myusage \w+$"))
    await expect(hints).to_be_hidden()

    await workspace.box.fill("/myusage h")
    await expect(hints).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(hints).to_be_hidden()
    await expect(workspace.box).to_have_value("/myusage h")
    await expect(workspace.box).to_be_focused()


async def test_a_command_is_sent_by_enter_and_the_box_is_ready_for_the_next(
    workspace: Workspace, cast: Cast
) -> None:
    page = workspace.page
    await workspace.be(cast.engineers[READER])
    await tab_to(workspace.box)

    await page.keyboard.type("/myusage privacy")
    await page.keyboard.press("Enter")

    await expect(workspace.answers()).to_have_count(1)
    await expect(workspace.box).to_have_value("")
    await expect(workspace.box).to_be_focused()


async def test_a_form_holds_the_focus_until_escape_gives_it_back_and_sends_nothing(
    workspace: Workspace, cast: Cast
) -> None:
    page = workspace.page
    await workspace.be(cast.engineers[WRITER])
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    opener = await open_form_from_its_button(page)
    form = page.get_by_role("dialog")
    await expect(form.get_by_label("What kind of work was it?")).to_be_focused()
    await tab_to(form.get_by_label("What did you finish, or try?"))
    await page.keyboard.type("Not to be kept")

    for _ in range(30):
        await page.keyboard.press("Tab")
        # Between its last stop and its first one the browser itself has the focus.
        assert await form.evaluate(
            "form => [form, document.body].some(one => one.contains(document.activeElement)"
            " && (one === form || document.activeElement === one))"
        )
    await page.keyboard.press("Escape")

    await expect(form).to_have_count(0)
    await expect(opener).to_be_focused()
    assert not [one for one in sent if "/submit" in one]


async def test_a_form_is_filled_in_corrected_and_sent(workspace: Workspace, cast: Cast) -> None:
    page = workspace.page
    await workspace.be(cast.engineers[WRITER])
    opener = await open_form_from_its_button(page)
    form = page.get_by_role("dialog")
    await page.keyboard.type("Data")
    await tab_to(form.get_by_label("What did you finish, or try?"))
    await page.keyboard.type("Old invoices sorted")
    await tab_to(form.get_by_label("When?"))
    await page.keyboard.type("01012099")
    await page.keyboard.press("Enter")
    await expect(form.get_by_role("alert")).to_have_text("This day is still to come.")
    await expect(form.get_by_label("When?")).to_be_focused()

    await page.keyboard.type("11102026")
    await page.keyboard.press("Enter")

    await expect(form).to_contain_text("Old invoices sorted")
    await page.keyboard.press("Escape")
    await expect(form).to_have_count(0)
    await expect(opener).to_be_focused()


async def test_the_menu_of_a_message_opens_offers_and_closes(
    workspace: Workspace, cast: Cast
) -> None:
    page = workspace.page
    await workspace.be(cast.engineers[WRITER])
    more = page.get_by_role("button", name="More actions").last
    await go_to_and_enter(more)
    await page.keyboard.press("Tab")
    await expect(button(page, "Log as outcome")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(button(page, "Log as outcome")).to_be_hidden()
    await expect(more).to_be_focused()

    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Log an outcome")).to_be_visible()
    await page.keyboard.press("Escape")

    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(more).to_be_focused()


async def test_a_question_is_asked_before_a_change_and_no_is_what_enter_says(
    workspace: Workspace, cast: Cast
) -> None:
    page = workspace.page
    await workspace.be(cast.engineers[READER])
    home = await workspace.open_home()
    asks = home.get_by_role("button", name="Start my usual week anew")
    await go_to_and_enter(asks)
    question = page.get_by_role("dialog", name="Start your usual week anew?")
    await expect(question.get_by_role("button", name="Leave it")).to_be_focused()

    await page.keyboard.press("Enter")

    await expect(question).to_be_hidden()
    await expect(asks).to_be_focused()
