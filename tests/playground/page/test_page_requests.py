"""The requests behind the page, both ways, as they were and without what would open a door."""

from __future__ import annotations

import json
import re
from html import unescape

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.page.journal import HIDDEN, MOST_KEPT, Journal, pretty
from bot.playground.slack.person import Ack
from bot.playground.slack.signing import SignedRequest
from tests.playground.page.conftest import MONDAY


@pytest.fixture
def panel(browser):
    async def panel(user: str, **query: str) -> str:
        return (await browser.get(f"/as/{user}/app/requests", params=query)).text

    return panel


def titles(page: str) -> list[str]:
    return re.findall(r'<span class="what">(.*?)</span>', page)


async def test_show_what_was_typed_and_what_the_bot_asked_for_newest_first(browser, panel, ada):
    await browser.post(f"/as/{ada}/app/say", data={"text": "/myusage log"})

    assert titles(await panel(ada)) == ["/myusage log", "views.open", "users.info"]


async def test_show_the_payload_the_answer_and_how_long_it_took(browser, panel, ada):
    await browser.post(f"/as/{ada}/app/say", data={"text": "/myusage <week>"})

    page = unescape(await panel(ada))

    assert '"text": "&lt;week&gt;"' in page
    assert '"response_type": "ephemeral"' in page
    assert re.search(r"200 · \d+ ms · Mon ", page)


async def test_show_a_press_with_what_came_of_it(browser, bot, slack, panel, ada):
    await bot.send_digest(ada)
    place = f"message:{slack.dms_to(ada)[0].ts}"

    await browser.post(
        f"/as/{ada}/press", data={"place": place, "block": "controls", "action": "stop"}
    )

    shown = titles(await panel(ada))
    assert sorted(shown) == ["block_actions: stop", "chat.postMessage", "response_url"]
    assert shown[-1] == "chat.postMessage"


async def test_show_forms_events_and_shortcuts_by_their_names(browser, bot, slack, panel, ada):
    await bot.send_digest(ada)
    ts = slack.dms_to(ada)[0].ts
    await browser.post(f"/as/{ada}/home")
    await browser.post(f"/as/{ada}/shortcut", data={"ts": ts, "callback_id": "log_shortcut"})
    view = slack.modals_of(ada)[0].id
    await browser.post(f"/as/{ada}/submit", data={"view": view, "field:what": "wrong"})

    shown = titles(await panel(ada))

    assert {"app_home_opened", "message_action: log_shortcut", "view_submission"} <= set(shown)


async def test_show_what_went_wrong(browser, panel, ada):
    await browser.post(f"/as/{ada}/app/say", data={"text": "/myusage broken"})

    assert 'class="failed">dispatch_failed</span>' in await panel(ada)


async def test_show_each_person_only_their_own(browser, bot, company, panel, ada, bob):
    team = next(team for team in company.teams if ada in team.members)
    await browser.post(f"/as/{ada}/app/say", data={"text": "/myusage"})
    await bot.call("chat.postMessage", channel=team.channel_id, text="To the team")

    assert titles(await panel(bob)) == []
    colleague = next(one for one in team.members if one != ada)
    assert titles(await panel(colleague)) == ["chat.postMessage"]


async def test_hide_tokens_signatures_and_secret_addresses(browser, slack, panel, ada):
    await browser.post(f"/as/{ada}/app/say", data={"text": "/myusage export"})

    page = unescape(await panel(ada))

    assert titles(page)[0] == "/myusage export"
    assert HIDDEN in page
    for secret in (slack.bot_token, slack.signing_secret, "/response/", "/upload/", "v0="):
        assert secret not in page


async def test_stay_beside_the_conversation_while_one_goes_on(browser, ada):
    answer = await browser.post(
        f"/as/{ada}/app/say", params={"requests": "1"}, data={"text": "/myusage"}
    )

    assert answer.url.path == f"/as/{ada}/app/requests"
    assert 'id="requests"' in answer.text


async def test_are_shown_a_page_at_a_time_and_all_on_demand(bot, panel, ada):
    for number in range(45):
        await bot.call("chat.postMessage", channel=ada, text=f"{number}")

    some, every = await panel(ada), await panel(ada, all="")

    assert len(titles(some)) == 40
    assert "5 older ones" in some
    assert len(titles(every)) == 45


def test_are_kept_only_so_many():
    journal = Journal(calendar=lambda: MONDAY, concerns=lambda _: (), changed=lambda _: None)
    for number in range(MOST_KEPT + 5):
        body = json.dumps({"user_id": "U1", "command": f"/{number}", "text": ""}).encode()
        request = SignedRequest(headers={"Content-Type": "application/json"}, body=body)
        journal.acknowledged(Ack(request=request, seconds=0.0014))

    kept = journal.of("U1")

    assert len(kept) == MOST_KEPT
    assert (kept[0].title, kept[-1].title) == (f"/{MOST_KEPT + 4}", "/5")
    assert (kept[0].status, kept[0].milliseconds, kept[0].answered) == (None, 1, None)


async def test_tell_of_no_call_that_is_about_nobody(bot, panel, ada):
    answer = await bot.call("users.list")

    assert answer["ok"]
    assert titles(await panel(ada)) == []


async def test_outlive_an_answer_to_an_address_that_is_none(slack, panel, ada):
    async with httpx.AsyncClient() as client:
        await client.post(f"{slack.base_url}/response/0123", json={"text": "x"})

    assert titles(await panel(ada)) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values, st.sampled_from(["token", "response_url", "upload_url"]))
def test_no_secret_is_shown_wherever_it_stands(value, key):
    secret = "xoxb-0123456789-secret"

    shown = pretty([{key: secret, "in": {"deep": [f"see {secret}"]}}, value])

    assert secret not in shown


@given(json_values)
def test_what_holds_no_secret_is_shown_as_it_is(value):
    assert json.loads(pretty({"value": value})) == {"value": value}
