"""The page keeps to this machine, to its own site, and each person to what is theirs."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.playground.page.little_bot import FORM

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize("host", ["evil.example.com", "127.0.0.1.evil.example.com", "10.0.0.1", ""])
async def test_another_host_is_refused(browser, host):
    assert (await browser.get("/", headers={"host": host})).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "localhost:99"])
async def test_this_machine_is_served(browser, host):
    assert (await browser.get("/", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example.com"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"origin": "http://localhost"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_a_form_of_another_site_does_nothing(browser, bot, clock, ada, headers):
    said = await browser.post(f"/as/{ada}/app/say", data={"text": "/myusage"}, headers=headers)
    moved = await browser.post("/clock", data={"goal": "tomorrow"}, headers=headers)

    assert (said.status_code, moved.status_code) == (403, 403)
    assert bot.heard == []
    assert clock.progress is None


async def test_a_form_of_the_page_itself_is_taken(browser, bot, ada):
    own = {"origin": "http://127.0.0.1", "sec-fetch-site": "same-origin"}

    await browser.post(f"/as/{ada}/app/say", data={"text": "/myusage"}, headers=own)

    assert len(bot.heard) == 1


async def test_every_answer_carries_the_policy(browser, ada):
    answers = [
        await browser.get("/"),
        await browser.get(f"/as/{ada}/app/requests"),
        await browser.get("/static/page.js"),
        await browser.get("/nowhere"),
        await browser.get("/clock"),
        await browser.get("/", headers={"host": "evil.example.com"}),
        await browser.post("/clock", headers={"origin": "null"}),
        await browser.post("/clock", data={"goal": "yesterday"}),
        await browser.post(f"/as/{ada}/app/say", data={"text": "x"}, follow_redirects=False),
    ]

    assert {answer.headers["content-security-policy"] for answer in answers} == {POLICY}
    assert [answer.status_code for answer in answers] == [
        200,
        200,
        200,
        404,
        405,
        400,
        403,
        400,
        303,
    ]


async def test_a_page_that_breaks_says_so_with_the_policy_and_without_the_reason(
    browser, stage, ada
):
    stage.slack.workspace.messages.post(
        stage.slack.workspace.dm_with(ada).id, "U0SOMEBODY", {"text": "by nobody"}
    )

    answer = await browser.get(f"/as/{ada}/app")

    assert answer.status_code == 500
    assert "Something went wrong on this page." in answer.text
    assert "KeyError" not in answer.text
    assert answer.headers["content-security-policy"] == POLICY


async def test_nothing_on_a_page_needs_what_the_policy_forbids(browser, bot, ada):
    await bot.send_digest(ada)
    pages = [
        (await browser.get(at)).text for at in ("/", f"/as/{ada}/app/requests", f"/as/{ada}/home")
    ]

    for page in pages:
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script>|https?://", page)


class TestSomebodyElses:
    @pytest.fixture
    async def of_bob(self, browser, bot, slack, bob):
        """A message, an answer, a form, a Home tab and a file of Bob's."""
        await bot.send_digest(bob)
        await browser.post(f"/as/{bob}/app/say", data={"text": "/myusage export"})
        await browser.post(f"/as/{bob}/home")
        slack.workspace.views.open(bob, FORM)
        bot.heard.clear()
        return {
            "message": f"message:{slack.dms_to(bob)[0].ts}",
            "answer": f"message:{slack.ephemerals_to(bob)[0].ts}",
            "home": f"home:{slack.home_of(bob).id}",
            "modal": slack.modals_of(bob)[0].id,
            "file": slack.files_of(bob)[0].id,
        }

    @pytest.mark.parametrize("what", ["message", "answer", "home"])
    async def test_buttons_cannot_be_pressed(self, browser, bot, of_bob, ada, what):
        blocks = {"home": ("tab", "again")}
        block, action = blocks.get(what, ("controls", "stop"))

        await browser.post(
            f"/as/{ada}/press", data={"place": of_bob[what], "block": block, "action": action}
        )

        assert bot.heard == []

    async def test_message_has_no_shortcuts(self, browser, bot, of_bob, ada):
        ts = of_bob["message"].removeprefix("message:")

        await browser.post(f"/as/{ada}/shortcut", data={"ts": ts, "callback_id": "log_shortcut"})

        assert bot.heard == []

    @pytest.mark.parametrize("verb", ["submit", "close", "press"])
    async def test_form_is_neither_sent_nor_closed(
        self, browser, bot, slack, of_bob, ada, bob, verb
    ):
        fields = {"view": of_bob["modal"], "place": f"modal:{of_bob['modal']}", "field:what": "x"}

        await browser.post(f"/as/{ada}/{verb}", data=fields)

        assert bot.heard == []
        assert len(slack.modals_of(bob)) == 1

    async def test_file_is_not_there(self, browser, of_bob, ada, bob):
        taken = await browser.get(f"/as/{ada}/files/{of_bob['file']}")
        own = await browser.get(f"/as/{bob}/files/{of_bob['file']}")

        assert (taken.status_code, own.status_code) == (404, 200)
        assert "There is no such file for you." in taken.text

    async def test_page_shows_nothing_of_it(self, browser, of_bob, ada):
        pages = [
            await browser.get(f"/as/{ada}/{at}", params={"since": "0"})
            for at in ("app", "home", "app/requests")
        ]

        shown = "".join(page.text for page in pages)
        for word in ("Your week", "All of yours", "It is on its way", "Log an outcome"):
            assert word not in shown


async def test_everything_that_reaches_the_bot_is_signed(browser, bot, slack, ada):
    await bot.send_digest(ada)
    ts = slack.dms_to(ada)[0].ts
    fields = {"place": f"message:{ts}", "block": "controls", "action": "stop"}

    await browser.post(f"/as/{ada}/app/say", data={"text": "/myusage log"})
    await browser.post(f"/as/{ada}/press", data=fields)
    await browser.post(f"/as/{ada}/home")
    await browser.post(f"/as/{ada}/shortcut", data={"ts": ts, "callback_id": "log_shortcut"})
    await browser.post(
        f"/as/{ada}/submit", data={"view": slack.modals_of(ada)[0].id, "field:what": "A plan"}
    )

    assert len(bot.heard) == 5
    assert bot.strangers == 0


@pytest.mark.parametrize("verb", ["press", "shortcut", "submit", "close", "home", "app/say"])
async def test_nobody_does_nothing(browser, bot, verb):
    answer = await browser.post(f"/as/U0NOBODY/{verb}", data={"text": "/myusage"})

    assert answer.status_code == 404
    assert bot.heard == []


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"text=" + b"x" * 300_000, 413), (b"text=\xff", 400), (b"&".join([b"a=1"] * 2_000), 400)],
)
async def test_a_form_that_no_page_sends_is_refused(browser, ada, body, status):
    assert (await browser.post(f"/as/{ada}/app/say", content=body)).status_code == status


async def test_odd_addresses_lead_to_the_app(browser, ada):
    where = {"at": "//evil.example.com", "since": "javascript:1", "requests": "2"}

    answer = await browser.post(f"/as/{ada}/close", params=where, data={"view": "V1"})

    assert answer.url.path == f"/as/{ada}/app"
    assert re.fullmatch(r"since=[\d.]+", answer.url.query.decode())


async def test_a_note_in_an_address_is_one_of_ours(browser, ada):
    answer: httpx.Response = await browser.get(
        f"/as/{ada}/app", params={"note": "<b>You have won</b>"}
    )

    assert "You have won" not in answer.text
