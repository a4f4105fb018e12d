"""Moving the playground's clock, and reading all that was said by the end of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from playwright.async_api import Locator, Page, expect

from tests.browser.workspace import Workspace

LONGEST_MOVE_MILLISECONDS = 400_000
A_WEEK = timedelta(weeks=1)

_READ = """lines => lines.map(line => ({
    at: line.querySelector("time").dateTime,
    title: line.querySelector("h2")?.innerText ?? "",
    text: line.innerText,
    buttons: [...line.querySelectorAll("button")].map(button => button.innerText),
}))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message of the app, as its reader has it on the screen."""

    at: datetime
    title: str
    text: str
    buttons: Sequence[str]

    @property
    def monday(self) -> date:
        """When the week began in which it came."""
        day = self.at.date()
        return day - timedelta(days=day.weekday())


def clock_of(window: Page) -> Locator:
    return window.get_by_role("banner", name="The clock")


async def set_off(window: Page, goal: str) -> None:
    await clock_of(window).get_by_role("button", name=goal).click()
    await expect(clock_of(window).get_by_role("progressbar")).to_be_visible()


async def until_it_stands(window: Page) -> str:
    """What the clock says then."""
    button = clock_of(window).get_by_role("button", name="Tomorrow")
    await expect(button).to_be_visible(timeout=LONGEST_MOVE_MILLISECONDS)
    return await clock_of(window).get_by_role("time").inner_text()


async def conversations(window: Page) -> list[str]:
    """Where each of those whom one can be talks with the app."""
    await window.goto("/")
    people = window.get_by_role("region", name="Or be anybody").get_by_role("link")
    addresses: list[str] = await people.evaluate_all("all => all.map(link => link.pathname)")
    return addresses


async def said_in(window: Page, address: str) -> list[Said]:
    await window.goto(address)
    lines = await Workspace(window).messages().evaluate_all(_READ)
    return [Said(**{**line, "at": datetime.fromisoformat(line["at"])}) for line in lines]


async def channels_of(window: Page, address: str) -> list[str]:
    """Those of whoever talks with the app at *address*."""
    await window.goto(address)
    channels = window.get_by_role("list", name="Channels").get_by_role("link")
    addresses: list[str] = await channels.evaluate_all("all => all.map(link => link.pathname)")
    return addresses


def is_one_a_week(messages: Iterable[Said]) -> bool:
    """Whether there is one in each week from the first to the last, and never two."""
    mondays = [message.monday for message in messages]
    return all(later - earlier == A_WEEK for earlier, later in pairwise(mondays))
