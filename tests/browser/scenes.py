"""What the pictures in the papers show: who looks, at what, and how large."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from playwright.async_api import Locator, Page, expect

from tests.browser.workspace import Workspace

ARGUMENTS = (
    *("--people", "30", "--weeks", "6", "--seed", "2", "--today", "2026-11-17"),
    *("--sources", "anthropic,openai,git,jira,zendesk"),
)
READER, TIPPED = "Luca Fernandes", "Your week with AI, Nov 2"
"""Somebody who works with two providers, and a week with a tip."""
FORGETFUL = "Joana Cruz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """*shown* leads there and gives what the picture is of."""

    name: str
    shown: Callable[[Page], Awaitable[Locator]]
    width: int = 1280
    height: int = 800
    is_whole: bool = False
    """Whether all of the window is in the picture, and not only what it is of."""
    scheme: Literal["light", "dark"] = "light"
    sharpness: float = 2
    """Pixels of the picture for one of the page."""


async def start(page: Page) -> Locator:
    await page.goto("/")
    return page.locator("#page")


async def digest(page: Page) -> Locator:
    workspace = await _be(page, READER)
    return workspace.digests().filter(has_text=TIPPED)


async def home(page: Page) -> Locator:
    workspace = await _be(page, READER)
    shown = await workspace.open_home()
    await expect(shown.get_by_role("heading", name="This week so far")).to_be_visible()
    return shown


async def nudge(page: Page) -> Locator:
    workspace = Workspace(page)
    await workspace.begin_as("An employee")
    return workspace.line("higher than usual")


async def log(page: Page) -> Locator:
    workspace = await _be(page, FORGETFUL)
    form = await workspace.ask_for_form("/myusage log", "Log an outcome")
    await form.get_by_label("What kind of work was it?").select_option("Data cleaned")
    await form.get_by_label("What did you finish, or try?").fill("Two years of old invoices")
    await form.get_by_label("When?").fill("2026-12-24")
    await form.get_by_role("button", name="Keep it").click()
    await expect(form.get_by_role("alert")).to_be_visible()
    return form


async def summary(page: Page) -> Locator:
    workspace = Workspace(page)
    await workspace.begin_as("A manager")
    await workspace.open_channel("team-")
    return workspace.messages().last


async def teamusage(page: Page) -> Locator:
    workspace = Workspace(page)
    await workspace.begin_as("A manager")
    return await workspace.ask("/teamusage")


async def thresholds(page: Page) -> Locator:
    workspace = Workspace(page)
    await workspace.begin_as("The admin")
    return await workspace.ask("/usageadmin thresholds")


async def requests(page: Page) -> Locator:
    workspace = Workspace(page)
    await workspace.begin_as("A guest")
    await page.get_by_role("link", name="Requests").click()
    panel = page.get_by_role("complementary", name="Requests")
    await expect(panel).to_be_visible()
    await workspace.ask("/myusage")
    await panel.get_by_text("/myusage").first.click()
    await expect(panel.get_by_role("heading", name="Answer")).to_be_visible()
    return panel


async def dark(page: Page) -> Locator:
    workspace = await _be(page, READER)
    return workspace.digests().last


async def _be(page: Page, name: str) -> Workspace:
    await page.goto("/")
    everybody = page.get_by_role("region", name="Or be anybody")
    await everybody.get_by_role("link", name=name).click()
    await page.wait_for_url("**/as/*/app")
    return Workspace(page)


SCENES = (
    Scene(name="start", shown=start, height=568, is_whole=True, sharpness=1.5),
    Scene(name="digest", shown=digest, width=1100, height=1600),
    Scene(name="home", shown=home, height=900, is_whole=True, sharpness=1.5),
    Scene(name="nudge", shown=nudge, width=1100),
    Scene(name="log", shown=log, width=900, height=1300, sharpness=1.5),
    Scene(name="summary", shown=summary, width=1100, height=1400, sharpness=1.5),
    Scene(name="teamusage", shown=teamusage, width=1100, height=1400),
    Scene(
        name="thresholds", shown=thresholds, width=1100, height=640, is_whole=True, sharpness=1.5
    ),
    Scene(name="requests", shown=requests, height=900, is_whole=True, sharpness=1.5),
    Scene(name="phone", shown=nudge, width=390, height=850, is_whole=True, sharpness=1),
    Scene(name="dark", shown=dark, is_whole=True, scheme="dark", sharpness=1.5),
)
