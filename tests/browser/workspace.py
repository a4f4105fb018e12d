"""The playground as somebody uses it: who they are, what they type, press and read."""

from __future__ import annotations

import re
from collections.abc import Awaitable

from playwright.async_api import Download, Locator, Page, expect

from tests.browser.cast import Somebody

ONLY_YOU = re.compile("Only visible to you|Nur für dich sichtbar|Solo visible para ti")


class Workspace:
    """A window on the playground, found its way about in by what it says."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def be(self, person: Somebody) -> None:
        """In the direct messages with the app, nothing of what was answered before in sight."""
        await self.page.goto(f"/as/{person.slack_id}/app")

    async def begin_as(self, title: str) -> str:
        """Be the one whom the start page offers under *title*; their id."""
        await self.page.goto("/")
        starts = self.page.get_by_role("region", name="Begin with one of these")
        await starts.get_by_role("link", name=title).click()
        await self.page.wait_for_url("**/as/*/app")
        return self.page.url.split("/")[-2]

    async def open_home(self) -> Locator:
        await self._go("Home")
        return self.page.get_by_role("main")

    async def open_messages(self) -> None:
        await self._go("Messages")

    async def open_channel(self, name: str) -> None:
        await self._go(name)
        await expect(self.page.get_by_role("heading", level=1)).to_contain_text(name)

    @property
    def box(self) -> Locator:
        """What commands and messages are typed into."""
        return self.page.get_by_role("combobox", name=re.compile("command", re.IGNORECASE))

    async def say(self, text: str) -> None:
        await self.box.fill(text)
        await self.box.press("Enter")
        await expect(self.box).to_have_value("")

    async def ask(self, command: str) -> Locator:
        """What is answered to *command*."""
        return await self._answer_to(self.say(command))

    async def press(self, button: Locator) -> Locator:
        """What is answered to a press of *button*."""
        return await self._answer_to(button.click())

    def answers(self) -> Locator:
        """What was said to this person alone since the page was loaded."""
        return self._lines().filter(has_text=ONLY_YOU)

    def messages(self) -> Locator:
        """What the app has said here, to everybody or in private."""
        return self._lines().filter(has=self.page.get_by_text("App", exact=True))

    def digests(self) -> Locator:
        title = self.page.get_by_role("heading", name="Your week with AI")
        return self.messages().filter(has=title)

    def line(self, text: str) -> Locator:
        """The message that says *text*, whoever wrote it."""
        return self._lines().filter(has_text=text).first

    async def shortcut(self, message: Locator, name: str) -> Locator:
        """The form that the menu of *message* opens."""
        await message.hover()
        await message.get_by_role("button", name="More actions").click()
        await message.get_by_role("button", name=name).click()
        return await self.form()

    async def form(self, title: str | None = None) -> Locator:
        """The one that stands in front."""
        shown = self.page.get_by_role("dialog", name=title)
        await expect(shown).to_be_visible()
        return shown

    async def ask_for_form(self, command: str, title: str) -> Locator:
        await self.say(command)
        return await self.form(title)

    async def log_on_a_day_to_come(self, work: str) -> Locator:
        """The form for finished work, still open, for its day is wrong."""
        form = await self.ask_for_form("/myusage log", "Log an outcome")
        await form.get_by_label("What kind of work was it?").select_option("Data cleaned")
        await form.get_by_label("What did you finish, or try?").fill(work)
        await form.get_by_label("When?").fill("2099-01-01")
        await form.get_by_role("button", name="Keep it").click()
        await expect(form.get_by_role("alert")).to_have_text("This day is still to come.")
        return form

    async def close(self, form: Locator) -> None:
        await form.get_by_role("button", name="Close").last.click()
        await expect(self.page.get_by_role("dialog")).to_have_count(0)

    async def download(self, link: Locator) -> Download:
        async with self.page.expect_download() as downloading:
            await link.click()
        return await downloading.value

    async def _go(self, place: str) -> None:
        places = self.page.get_by_role("navigation", name="Places")
        await places.get_by_role("link", name=place).click()
        await expect(places.get_by_role("link", name=place)).to_have_attribute(
            "aria-current", "page"
        )

    async def _answer_to(self, doing: Awaitable[None]) -> Locator:
        """The first of it, where more follows."""
        answer = self.answers().nth(await self.answers().count())
        await doing
        await expect(answer).to_be_visible()
        return answer

    def _lines(self) -> Locator:
        return self.page.get_by_role("region", name="Messages").get_by_role("listitem")
