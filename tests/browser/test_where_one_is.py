"""One always sees where one is, and news change nothing of it."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Page, Route, expect

from tests.browser.cast import Cast
from tests.browser.workspace import Workspace

READER, WRITER = 7, 8
MOST_STOPS = 80
STOP = """() => {
  const stop = document.activeElement;
  if (stop === document.body) return ["the browser itself", true];
  const box = stop.getBoundingClientRect();
  const within = (at, length, most) => Math.min(Math.max(at + length / 2, 1), most - 1);
  const [x, y] = [within(box.x, box.width, innerWidth), within(box.y, box.height, innerHeight)];
  const isCovered = !stop.contains(document.elementFromPoint(x, y));
  const { outlineStyle, outlineWidth } = getComputedStyle(stop);
  const isOutlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  const isWithin = !stop.matches(":focus-visible"); // a button of the browser's own, with its mark
  // the box for messages has its mark all round, with the button in it
  const isMarked = getComputedStyle(stop.closest("form") ?? stop).boxShadow !== "none";
  const told = `${[...document.all].indexOf(stop)}: ${stop.outerHTML.split(">")[0]}`;
  return [told, !isCovered && (isOutlined || isWithin || isMarked)];
}"""
"""What has the focus, and whether it can be seen."""


async def seen_stops(window: Page) -> dict[str, bool]:
    """Where Tab leads to, once round, and whether one sees that it does."""
    seen: dict[str, bool] = {}
    before = None
    for _ in range(MOST_STOPS):
        await window.keyboard.press("Tab")
        stop, is_seen = await window.evaluate(STOP)
        if stop in seen and stop != before:  # a date is a stop for each of its parts
            break
        seen[stop], before = is_seen, stop
    return seen


async def test_one_sees_where_one_is_at_every_stop(workspace: Workspace, cast: Cast) -> None:
    page = workspace.page
    await workspace.be(cast.engineers[READER])
    await page.get_by_role("link", name="Requests").click()
    await expect(page.get_by_role("complementary", name="Requests")).to_be_visible()

    seen = await seen_stops(page)

    assert len(seen) > 20
    assert [stop for stop, is_seen in seen.items() if not is_seen] == []


async def test_one_sees_where_one_is_in_a_form(workspace: Workspace, cast: Cast) -> None:
    page = workspace.page
    await workspace.be(cast.engineers[WRITER])
    form = await workspace.ask_for_form("/myusage log", "Log an outcome")

    seen = await seen_stops(page)

    assert len(seen) > 8
    assert [stop for stop, is_seen in seen.items() if not is_seen] == []
    await workspace.close(form)


async def test_news_leave_what_is_being_typed_and_where(workspace: Workspace, cast: Cast) -> None:
    page = workspace.page
    await workspace.be(cast.engineers[WRITER])
    await workspace.box.press_sequentially("Half sentence")
    for _ in "sentence":
        await page.keyboard.press("ArrowLeft")

    elsewhere = Workspace(await page.context.new_page())
    await elsewhere.be(cast.engineers[WRITER])
    await elsewhere.ask("/myusage privacy")
    await expect(workspace.answers()).to_have_count(1)
    await page.keyboard.type("a ")

    await expect(workspace.box).to_have_value("Half a sentence")
    await expect(workspace.box).to_be_focused()


async def test_news_leave_a_form_as_it_is(workspace: Workspace, cast: Cast) -> None:
    page = workspace.page
    await workspace.be(cast.engineers[READER])
    form = await workspace.ask_for_form("/myusage log", "Log an outcome")
    await form.get_by_label("What did you finish, or try?").press_sequentially("Half a ")

    reader = cast.engineers[READER]
    colleague = Workspace(await page.context.new_page())
    await colleague.be(next(one for one in cast.engineers if one.team == reader.team))
    await colleague.open_channel(cast.team_channel(reader))
    await colleague.say("Anybody there?")
    await expect(page.get_by_text(", new messages")).to_be_attached()
    await page.keyboard.type("sentence")

    await expect(form.get_by_label("What did you finish")).to_have_value("Half a sentence")
    await workspace.close(form)


async def test_news_do_not_take_back_a_click(workspace: Workspace, cast: Cast) -> None:
    page, writer, may_go = workspace.page, cast.engineers[WRITER], asyncio.Event()
    await workspace.be(writer)
    channel = cast.team_channel(writer)

    async def slowly(route: Route) -> None:
        await may_go.wait()
        await route.continue_()

    await page.route(re.compile(r"/as/\w+/C\w+"), slowly)
    await page.get_by_role("link", name=channel).click()
    elsewhere, witness = [Workspace(await page.context.new_page()) for _ in range(2)]
    await elsewhere.be(writer)
    await witness.be(writer)
    await elsewhere.ask("/myusage privacy")
    await expect(witness.answers()).to_have_count(1)
    may_go.set()

    await expect(page.get_by_role("heading", level=1)).to_contain_text(channel)
