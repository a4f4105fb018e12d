"""The page in a real browser: its script, its keyboard, its looks on a phone, and axe's verdict."""

from __future__ import annotations

import asyncio
import socket

import pytest
from axe_playwright_python.async_playwright import Axe

from bot.playground.page import serve_page
from tests.browser.chromium import running_chromium

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture
async def address(page):
    listener, stop = socket.create_server(("127.0.0.1", 0)), asyncio.Event()
    serving = asyncio.create_task(serve_page(page, listener, stop))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    stop.set()
    await serving


@pytest.fixture
async def opens(chromium, address):
    """Opens windows in which nothing may go wrong unseen."""
    mishaps = []
    async with running_chromium(chromium) as browser:

        async def opens(at, *, viewport=DESK, **how):
            context = await browser.new_context(base_url=address, viewport=viewport, **how)
            window = await context.new_page()
            window.set_default_timeout(10_000)
            window.on("console", lambda said: mishaps.append(said.text))
            window.on("pageerror", lambda error: mishaps.append(str(error)))
            await window.goto(at)
            return window

        yield opens
    assert mishaps == []


async def violations(window) -> list[str]:
    found = await Axe().run(window)
    return [violation["id"] for violation in found.response["violations"]]


async def width_of(window) -> int:
    return await window.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    opens, bot, company, ada, scheme, viewport
):
    await bot.send_digest(ada)
    window = await opens("/", viewport=viewport, color_scheme=scheme)
    channel = next(team.channel_id for team in company.teams if ada in team.members)
    seen = {"/": (await violations(window), await width_of(window))}

    await window.goto(f"/as/{ada}/app")
    await window.fill("#say", "/myusage log")
    await window.press("#say", "Enter")
    await window.wait_for_selector("dialog:modal")
    seen["form"] = (await violations(window), await width_of(window))
    await window.keyboard.press("Escape")
    await window.wait_for_selector("dialog", state="detached")
    for place in ("home", "app/requests", channel):
        await window.goto(f"/as/{ada}/{place}")
        seen[place] = (await violations(window), await width_of(window))

    assert seen == dict.fromkeys(seen, ([], viewport["width"]))


async def test_commands_are_completed_by_keyboard_and_sent_by_enter(opens, ada):
    window = await opens(f"/as/{ada}/app")

    await window.type("#say", "/")
    await window.press("#say", "ArrowDown")
    await window.press("#say", "ArrowDown")
    active = await window.get_attribute("#say", "aria-activedescendant")
    chosen = await window.text_content(f"#{active} .hint-title")
    await window.press("#say", "ArrowUp")
    await window.press("#say", "Enter")
    await window.type("#say", "la")
    await window.press("#say", "Tab")
    completed = await window.input_value("#say")
    await window.press("#say", "Enter")

    await window.wait_for_selector("text=Later.")
    assert (chosen, completed) == ("/teamusage", "/myusage later")
    assert await window.get_attribute("#say", "aria-expanded") == "false"
    assert await window.input_value("#say") == ""
    assert await window.evaluate("document.activeElement.id") == "say"


async def test_no_hint_stays_when_a_command_was_sent_as_it_was_typed(opens, ada):
    window = await opens(f"/as/{ada}/app")

    await window.type("#say", "/myusage")
    offered = await window.is_visible("#hints")
    await window.press("#say", "Enter")

    await window.wait_for_selector("text=You asked:")
    assert offered
    assert await window.is_hidden("#hints")


async def test_the_requests_can_be_shown_beside_the_home_tab_without_opening_it_again(
    opens, bot, ada
):
    window = await opens(f"/as/{ada}/home")
    await window.wait_for_selector("h2:has-text('Your weeks')")

    await window.click("#requests-link")

    await window.wait_for_selector("#exchanges >> text=app_home_opened")
    assert len(bot.heard) == 1


async def test_an_answer_is_gone_on_reload(opens, ada):
    window = await opens(f"/as/{ada}/app")
    await window.fill("#say", "/myusage week")
    await window.press("#say", "Enter")
    await window.wait_for_selector("text=You asked: week")

    assert window.url.endswith(f"/as/{ada}/app")
    await window.reload()

    assert await window.locator("text=You asked: week").count() == 0


async def test_what_is_typed_stays_when_news_come_and_elsewhere_a_dot_tells_of_them(
    opens, bot, company, ada
):
    channel = next(team.channel_id for team in company.teams if ada in team.members)
    window = await opens(f"/as/{ada}/{channel}")
    await window.type("#say", "Half a sen")

    await bot.send_digest(ada)
    await window.wait_for_selector("#sidebar a.unread .dot")
    await window.type("#say", "tence")

    assert await window.input_value("#say") == "Half a sentence"
    assert await window.evaluate("document.activeElement.id") == "say"


async def test_a_form_stands_in_front_keeps_what_is_wrong_and_closes_with_escape(opens, slack, ada):
    window = await opens(f"/as/{ada}/app")
    await window.fill("#say", "/myusage log")
    await window.press("#say", "Enter")
    await window.wait_for_selector("dialog:modal")

    await window.keyboard.type("wrong")
    await window.keyboard.press("Enter")
    await window.wait_for_selector("text=That was not finished.")
    await window.wait_for_timeout(700)  # news of the refusal must not wipe it away

    assert await window.locator("dialog:modal >> text=That was not finished.").count() == 1
    assert await window.evaluate("document.activeElement.value") == "wrong"
    await window.keyboard.press("Escape")
    await window.wait_for_selector("dialog", state="detached")
    assert slack.modals_of(ada) == ()
    assert await window.evaluate("document.activeElement.id") == "say"


async def test_a_menu_sends_itself(opens, bot, ada):
    await bot.send_digest(ada)
    window = await opens(f"/as/{ada}/app")

    await window.select_option(".press select", "daily")

    await window.wait_for_selector("text=often: daily")
    assert await window.locator("button.choose:visible").count() == 0


async def test_the_home_tab_opens_itself(opens, bot, ada):
    window = await opens(f"/as/{ada}/app")

    await window.click("#sidebar >> text=Home")

    await window.wait_for_selector("h2:has-text('Your weeks')")
    assert window.url.endswith(f"/as/{ada}/home")
    await window.go_back()
    await window.wait_for_selector("#say")


async def test_the_clock_is_watched_while_it_moves(opens, clock, ada):
    clock.may_go.clear()
    window = await opens(f"/as/{ada}/app")

    await window.click("text=Next Monday")
    await window.wait_for_selector("#clock progress")
    clock.may_go.set()

    await window.wait_for_selector("#clock time:has-text('Mon 24 Nov 2025')")
    await window.wait_for_selector("#goal-tomorrow")


async def test_on_a_phone_the_places_are_behind_a_button(opens, ada):
    window = await opens(f"/as/{ada}/app", viewport=PHONE)
    hidden = await window.is_visible("#sidebar")

    await window.click("[aria-label=Places] >> visible=true")

    await window.wait_for_selector("#sidebar:popover-open")
    assert hidden is False
    assert await violations(window) == []
    await window.click("#sidebar >> text=Home")
    await window.wait_for_selector("h2:has-text('Your weeks')")


async def test_everything_works_without_script(opens, bot, ada):
    await bot.send_digest(ada)
    window = await opens(f"/as/{ada}/app", java_script_enabled=False)

    await window.select_option(".press select", "daily")
    await window.click("button.choose")
    await window.wait_for_selector("text=often: daily")
    await window.fill("#say", "/myusage log")
    await window.press("#say", "Enter")
    await window.fill("dialog input[type=text]", "A plan")
    await window.click("dialog >> text=Keep")

    await window.wait_for_selector("text=Kept: A plan")
    await window.click(".tabs >> text=Home")
    await window.click("text=Open this tab")
    await window.wait_for_selector("h2:has-text('Your weeks')")
