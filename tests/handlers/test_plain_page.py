"""The playground's page with the real bot behind it: forms are filled in and buttons pressed."""

from __future__ import annotations

import re
from html import unescape

import pytest

from bot.blocks.controls import delete_button, edit_button
from bot.blocks.kit import actions, message, section
from bot.language import ENGLISH
from db.logged import LoggedStore
from tests.factories import NOON, make_logged

TODAY = NOON.date()
FORM = {"field:log-kind": "data_cleaned", "field:log-what": "Cleaned <b>the</b> list"}


@pytest.fixture
def entries(upshot):
    async def entries():
        ada = await upshot.services.people.find("UADA")
        return await LoggedStore(upshot.database).between(ada.id, TODAY, TODAY)

    return entries


def view_of(page: str) -> str:
    return re.search(r'name="view" value="(\w+)"', page)[1]


async def test_shows_a_form_that_was_opened_with_a_label_for_every_input(sends):
    page = await sends(command="/myusage log")

    named = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'label for="([^"]+)"', page)) <= named
    assert {i for ids in re.findall(r'aria-describedby="([^"]+)"', page) for i in ids.split()} <= (
        named
    )
    assert len(re.findall("<label for=|<legend>", page)) == page.count('class="field"') == 7
    assert 'value="2026-03-25"' in page


async def test_keeps_what_is_filled_in_and_shows_it(sends, entries):
    page = await sends(command="/myusage log")

    shown = await sends(
        "submit",
        view=view_of(page),
        **FORM,
        **{"field:log-done-on": "2026-03-25", "field:log-visibility": "counted"},
    )

    assert "Kept." in shown
    assert "Cleaned &lt;b&gt;the&lt;/b&gt; list" in shown
    [logged] = await entries()
    assert (logged.what, logged.visibility) == ("Cleaned <b>the</b> list", "counted")


async def test_says_what_is_wrong_beside_its_field_and_keeps_what_was_typed(sends, entries):
    page = await sends(command="/myusage log")
    future = {"field:log-done-on": "2026-03-30", "field:log-visibility": "only_me"}

    refused = await sends("submit", view=view_of(page), **FORM, **future)

    assert "This day is still to come." in refused
    assert re.search(r'aria-describedby="[\w-]*done-on-error" aria-invalid="true"', refused)
    assert "Cleaned &lt;b&gt;the&lt;/b&gt; list" in refused
    assert 'value="data_cleaned" selected' in refused
    assert await entries() == []


async def test_says_it_itself_where_slack_would_not_send_the_form(sends, entries):
    page = await sends(command="/myusage log")

    refused = await sends("submit", view=view_of(page), **{"field:log-what": "Something"})

    assert 'role="alert">log-kind has to be filled in.' in unescape(refused)
    assert await entries() == []


async def test_closes_a_form(sends):
    page = await sends(command="/myusage log")

    assert 'class="modal"' not in await sends("close", view=view_of(page))


@pytest.mark.parametrize("verb", ["submit", "close", "press", "shortcut"])
async def test_lets_nonsense_be(sends, browser, verb):
    assert "Ada &lt;i&gt;" in await sends(verb)
    assert (await browser.post(f"/as/UNOBODY/{verb}")).status_code == 303


class TestAMessage:
    @pytest.fixture
    async def listed(self, upshot, slack):
        ada = await upshot.services.people.find("UADA")
        logged = make_logged(ada.id, what='"><script>', done_on=TODAY)
        await LoggedStore(upshot.database).keep(logged)
        row = actions("entry", edit_button(ENGLISH, logged), delete_button(ENGLISH, logged))
        shown = message("Your work.", section("work", "Your work"), row)
        dm = slack.workspace.channels.dm_with("UADA").id
        payload = {"text": shown.text, "blocks": list(shown.blocks)}
        return slack.workspace.messages.post(dm, slack.workspace.bot.id, payload)

    async def test_has_buttons_and_one_that_asks_again(self, browser, listed):
        page = (await browser.get("/as/UADA")).text

        assert "<script>" not in page
        assert 'aria-label="Change: &quot;&gt;&lt;script&gt;"' in page
        assert re.search("<details><summary[^>]*>Delete</summary><p>Delete this entry", page)

    async def test_answers_when_a_button_is_pressed(self, sends, listed, entries):
        page = await sends("press", ts=listed.ts, block="entry", action="log_delete")

        assert "Deleted." in page
        assert await entries() == []

    async def test_opens_a_form_when_a_button_is_pressed(self, sends, listed):
        page = await sends("press", ts=listed.ts, block="entry", action="log_edit")

        assert "Change an outcome" in page

    async def test_can_be_logged_by_the_shortcut(self, sends, listed):
        page = await sends("shortcut", ts=listed.ts, callback_id="log_outcome_shortcut")

        assert 'value="Your work. Your work"' in page

    async def test_that_changed_meanwhile_is_let_be(self, sends, listed):
        assert "Ada" in await sends("press", ts=listed.ts, block="entry", action="gone")
