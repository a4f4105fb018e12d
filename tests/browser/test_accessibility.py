"""axe-core finds nothing to object to, whatever is open, in light, in dark and on a phone."""

from __future__ import annotations

from playwright.async_api import Browser, Page, expect

from tests.browser.cast import Cast
from tests.browser.objections import LOOKS, PHONE, objections
from tests.browser.workspace import Workspace

READER, FORGETFUL = 7, 8


async def test_where_one_chooses_whom_to_be(page: Page) -> None:
    await page.goto("/")

    assert await objections(page) == []


async def test_a_conversation_with_digests(workspace: Workspace, cast: Cast) -> None:
    await workspace.be(cast.engineers[READER])
    await expect(workspace.digests().last).to_be_visible()

    assert await objections(workspace.page) == []


async def test_what_stands_behind_a_chart(workspace: Workspace, cast: Cast) -> None:
    await workspace.be(cast.engineers[READER])
    figures = workspace.digests().last.get_by_role("group").filter(has_text="Figures")
    await figures.get_by_text("Figures").click()
    await expect(figures.get_by_role("table")).to_be_visible()

    assert await objections(workspace.page) == []


async def test_the_home_tab_and_the_question_before_a_change(
    workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.engineers[READER])
    home = await workspace.open_home()
    await expect(home.get_by_role("heading", name="Your settings")).to_be_visible()

    assert await objections(workspace.page) == []

    await home.get_by_role("button", name="Start my usual week anew").click()
    await workspace.form("Start your usual week anew?")

    assert await objections(workspace.page) == []


async def test_a_channel_with_summaries_and_the_menu_of_a_message(
    workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.manager)
    await workspace.open_channel(cast.team_channel(cast.manager))
    summary = workspace.messages().last
    await expect(summary.get_by_role("heading", name="AI and finished work")).to_be_visible()

    assert await objections(workspace.page) == []

    await summary.get_by_role("button", name="More actions").click()
    await expect(summary.get_by_role("button", name="Log as outcome")).to_be_visible()

    assert await objections(workspace.page) == []


async def test_commands_being_offered(workspace: Workspace, cast: Cast) -> None:
    await workspace.be(cast.engineers[READER])
    await workspace.box.press_sequentially("/")
    await workspace.box.press("ArrowDown")
    await expect(workspace.page.get_by_role("option", selected=True)).to_be_visible()

    assert await objections(workspace.page) == []


async def test_menus_in_an_answer_and_the_requests_behind_it(
    workspace: Workspace, cast: Cast
) -> None:
    page = workspace.page
    await workspace.be(cast.engineers[READER])
    await page.get_by_role("link", name="Requests").click()
    requests = page.get_by_role("complementary", name="Requests")
    await expect(requests).to_be_visible()
    answer = await workspace.ask("/myusage outcomes")
    await expect(answer.get_by_label("What was it for?").first).to_be_visible()
    await requests.get_by_text("/myusage outcomes").first.click()
    await expect(requests.get_by_role("heading", name="Answer")).to_be_visible()

    assert await objections(page) == []


async def test_a_form_with_something_wrong_in_it(workspace: Workspace, cast: Cast) -> None:
    await workspace.be(cast.engineers[FORGETFUL])
    form = await workspace.log_on_a_day_to_come("Old invoices")

    assert await objections(workspace.page) == []

    await workspace.close(form)


async def test_the_table_that_only_the_admin_gets(workspace: Workspace, cast: Cast) -> None:
    await workspace.be(cast.admin)
    answer = await workspace.ask("/usageadmin providers")
    await expect(answer.get_by_role("table")).to_be_visible()

    assert await objections(workspace.page) == []


async def test_the_places_on_a_phone_and_when_it_is_turned(
    workspace: Workspace, cast: Cast
) -> None:
    page = workspace.page
    await workspace.be(cast.engineers[READER])
    await page.set_viewport_size(PHONE)
    await page.get_by_role("button", name="Places").click()
    await expect(page.get_by_role("navigation", name="Places")).to_be_visible()

    assert await objections(page) == []


async def test_an_address_where_there_is_nothing(browser: Browser, demo: str) -> None:
    window = await browser.new_page(base_url=demo)
    await window.goto("/as/nobody/app")
    await expect(window.get_by_role("heading", name="Not here")).to_be_visible()

    assert await objections(window) == []
    await window.context.close()


async def test_what_is_wrong_is_found_in_every_look(workspace: Workspace, cast: Cast) -> None:
    await workspace.be(cast.engineers[READER])
    main = workspace.page.get_by_role("main")
    await main.evaluate("main => main.append(document.createElement('button'))")

    found = await objections(workspace.page)

    assert len(found) == len(LOOKS)
    assert all("button-name" in objection for objection in found)
