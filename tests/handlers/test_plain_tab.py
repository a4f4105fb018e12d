"""The playground's page with the real bot behind it: the app's own tab is opened and used."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.domain.preferences import Cadence
from db.preferences import PreferenceStore
from db.usage import UsageStore
from tests.factories import MONDAY, NOON, make_day, make_record


@pytest.fixture
async def presses(sends, slack):
    """Opens the tab, and gives a way to press its buttons."""
    await sends("home")

    async def presses(block: str, action: str) -> str:
        return await sends("press", view=slack.home_of("UADA").id, block=block, action=action)

    return presses


def form_of(page: str) -> str:
    return re.search(r'name="view" value="(\w+)"', page)[1]


async def test_can_be_opened(browser, sends):
    before = (await browser.get("/as/UADA")).text

    page = await sends("home")

    assert "Open this tab" in before
    assert "Only you can see this page." not in before
    assert "Only you can see this page." in page
    assert "<h3>Your settings</h3>" in page


async def test_has_the_weeks_in_words(upshot, sends):
    for day in (MONDAY, NOON.date()):
        answer = make_day(make_record("ada"), day=day)
        await UsageStore(upshot.database).replace_day(answer, NOON)

    assert "Your spend on AI by week:" in await sends("home")


async def test_has_a_button_that_opens_the_settings_with_boxes_to_tick(presses):
    page = await presses("home-settings-actions", "settings_open")

    assert page.count('type="checkbox"') == 4
    assert len(re.findall('type="checkbox"[^>]* checked', page)) == 3
    assert 'value="weekly" checked' in page


async def test_keeps_what_is_ticked(presses, sends, upshot):
    page = await presses("home-settings-actions", "settings_open")

    said = {"field:settings-cadence": "daily", "field:settings-topics": ["tips", "nudges"]}
    kept = await sends("submit", view=form_of(page), **said)

    ada = await upshot.services.people.find("UADA")
    chosen = await PreferenceStore(upshot.database).own(ada.id)
    assert "Kept." in kept
    assert (chosen.cadence, chosen.tips, chosen.budget_notes) == (Cadence.DAILY, True, False)


async def test_is_made_anew_after_a_change(presses, browser):
    await presses("home-settings-actions", "usual_restart")

    for _ in range(500):
        page = (await browser.get("/as/UADA")).text
        if "is made of weeks from March 23, 2026 on" in page:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the page stayed as it was")


async def test_shows_the_privacy_page_over_it(presses):
    assert "What we cannot promise." in await presses("home-privacy-actions", "digest_privacy")


async def test_lets_nonsense_be(presses, sends, browser):
    assert "Ada" in await presses("home-settings-actions", "gone")
    assert "Ada" in await sends("press", view="V999", block="x", action="settings_open")
    assert (await browser.post("/as/UNOBODY/home")).status_code == 303
