"""What one does on the page reaches the bot as Slack would send it, and its outcome is seen."""

from __future__ import annotations

import re

import httpx
import pytest

from bot.playground.page import make_page
from bot.playground.page.stage import Progress
from tests.playground.page.little_bot import FORM, SHORTCUT, menu, section

NOTE = re.compile(r'id="notes"[^>]*>\s*(?:<p>(.*?)</p>)?', re.DOTALL)


@pytest.fixture
def posts(browser):
    async def posts(user: str, to: str, /, **fields: str | list[str]) -> httpx.Response:
        answer = await browser.post(f"/as/{user}/{to}", data=fields)
        assert answer.status_code == 200
        return answer

    return posts


@pytest.fixture
def note():
    return lambda answer: NOTE.search(answer.text)[1]


async def pressed(posts, user: str, on: str, block: str, action: str, **more):
    return await posts(user, "press", place=on, block=block, action=action, **more)


class TestTheBox:
    async def test_sends_a_command_with_its_words_from_where_one_is(self, posts, bot, ada, slack):
        await posts(ada, "app/say", text="/myusage week")

        [heard] = bot.heard
        assert (heard["command"], heard["text"], heard["user_id"]) == ("/myusage", "week", ada)
        assert heard["channel_id"] == slack.workspace.channels.opened_dm(ada).id

    async def test_sends_mentions_and_addresses_as_slack_does(self, posts, bot, company, ada, bob):
        handle, channel = company.people[bob].handle, company.teams[0]
        typed = f"/myusage @{handle}, #{channel.channel_name} <!channel> https://example.com/?a&b"

        await posts(ada, "app/say", text=typed)

        assert bot.heard[0]["text"] == (
            f"<@{bob}|{handle}>, <#{channel.channel_id}|{channel.channel_name}>"
            " &lt;!channel&gt; <https://example.com/?a&amp;b>"
        )

    async def test_knows_no_other_commands(self, posts, note, bot, ada):
        answer = await posts(ada, "app/say", text="/remind me")

        assert note(answer).startswith("There is no such command here.")
        assert bot.heard == []

    async def test_tells_kindly_that_the_app_takes_commands_only(self, posts, note, bot, ada):
        answer = await posts(ada, "app/say", text="Hello")

        assert note(answer).startswith("Upshot answers to commands, not to messages")
        assert bot.heard == []

    async def test_sends_nothing_of_nothing_and_nothing_too_long(self, posts, note, bot, ada):
        assert note(await posts(ada, "app/say", text="  ")) is None
        assert note(await posts(ada, "app/say", text="/myusage " + "x" * 3_000)).startswith(
            "That is longer"
        )
        assert bot.heard == []

    async def test_says_in_a_channel_what_is_typed_and_the_bot_hears_nothing(
        self, posts, bot, company, ada
    ):
        team = next(team for team in company.teams if ada in team.members)
        colleague = next(one for one in team.members if one != ada)

        await posts(ada, f"{team.channel_id}/say", text="Ship <b>it</b> & go")
        seen = await posts(colleague, f"{team.channel_id}/say", text="")

        assert "Ship &lt;b&gt;it&lt;/b&gt; &amp; go" in seen.text
        assert company.people[ada].name in seen.text
        assert bot.heard == []

    async def test_says_so_where_the_bot_fails(self, posts, note, ada):
        answer = await posts(ada, "app/say", text="/myusage broken")

        assert note(answer).endswith("dispatch_failed. The requests show more.")

    async def test_does_not_stand_on_the_home_tab(self, browser, ada):
        answer = await browser.post(f"/as/{ada}/home/say", data={"text": "/myusage"})

        assert answer.status_code == 404

    async def test_what_is_queued_happens_before_the_answer_is_shown(self, posts, ada):
        answer = await posts(ada, "app/say", text="/myusage later")

        assert "Your week" in answer.text

    async def test_what_cannot_be_done_now_does_not_keep_the_answer(self, posts, bot, ada):
        async def fails():
            raise OSError

        bot.due.append(fails)

        answer = await posts(ada, "app/say", text="/myusage week")

        assert "You asked: week" in answer.text

    async def test_while_the_clock_moves_what_is_queued_waits_for_it(self, posts, bot, clock, ada):
        clock.progress = Progress(done=0, total=1, at=clock.now)

        answer = await posts(ada, "app/say", text="/myusage later")

        assert "Later." in answer.text
        assert len(bot.due) == 1


class TestPressing:
    async def test_a_button_says_which_it_is_and_its_answer_is_seen(self, posts, bot, slack, ada):
        await bot.send_digest(ada)
        [message] = slack.dms_to(ada)

        answer = await pressed(posts, ada, f"message:{message.ts}", "controls", "stop")

        assert "stop: now" in answer.text
        assert bot.heard[-1]["message"]["ts"] == message.ts

    async def test_a_menu_sends_what_was_chosen(self, posts, bot, slack, ada):
        await bot.send_digest(ada)
        [message] = slack.dms_to(ada)

        answer = await pressed(
            posts, ada, f"message:{message.ts}", "controls", "often", choose="weekly"
        )

        assert "often: weekly" in answer.text

    async def test_a_menu_of_many_sends_the_list(self, posts, bot, slack, ada):
        many = menu("which", "one", "two", "three") | {"type": "multi_static_select"}
        blocks = [{**section("Which?"), "accessory": many}]
        await bot.call("chat.postMessage", channel=ada, text="Which?", blocks=blocks)
        [message] = slack.dms_to(ada)

        await pressed(
            posts, ada, f"message:{message.ts}", "words", "which", choose=["one", "three"]
        )

        chosen = bot.heard[-1]["actions"][0]["selected_options"]
        assert [option["value"] for option in chosen] == ["one", "three"]

    @pytest.mark.parametrize(
        ("block", "action", "choose"),
        [("controls", "gone", ""), ("gone", "stop", ""), ("controls", "often", "hourly")],
    )
    async def test_what_is_not_there_any_more_is_not_sent(
        self, posts, note, bot, slack, ada, block, action, choose
    ):
        await bot.send_digest(ada)
        [message] = slack.dms_to(ada)

        answer = await pressed(posts, ada, f"message:{message.ts}", block, action, choose=choose)

        assert note(answer).startswith("What you pressed has changed")
        assert bot.heard == []

    @pytest.mark.parametrize("place", ["", "message:1.000001", "home:V9", "modal:V9", "x:y"])
    async def test_what_was_never_there_is_not_sent(self, posts, note, bot, ada, place):
        answer = await pressed(posts, ada, place, "controls", "stop")

        assert note(answer).startswith("What you pressed has changed")
        assert bot.heard == []

    async def test_a_shortcut_is_sent_with_the_message_and_may_open_a_form(
        self, posts, bot, slack, ada
    ):
        await bot.call("chat.postMessage", channel=ada, text="Done")
        [message] = slack.dms_to(ada)

        answer = await posts(ada, "shortcut", ts=message.ts, callback_id=SHORTCUT)

        assert bot.heard[-1]["message"]["text"] == "Done"
        assert '<dialog class="modal" open' in answer.text

    async def test_only_a_shortcut_of_the_app_is_sent(self, posts, note, bot, slack, ada):
        await bot.call("chat.postMessage", channel=ada, text="Done")

        answer = await posts(ada, "shortcut", ts=slack.dms_to(ada)[0].ts, callback_id="other")

        assert note(answer).startswith("What you pressed has changed")
        assert bot.heard == []


class TestHome:
    async def test_is_opened_by_an_event_and_shows_what_the_bot_publishes(self, posts, bot, ada):
        answer = await posts(ada, "home")

        assert bot.heard[-1]["event"]["type"] == "app_home_opened"
        assert answer.url.path == f"/as/{ada}/home"
        assert "Your weeks</h2>" in answer.text

    async def test_says_how_to_open_it_before(self, browser, ada):
        assert "Open this tab" in (await browser.get(f"/as/{ada}/home")).text

    async def test_can_be_pressed(self, posts, slack, ada):
        await posts(ada, "home")
        view = slack.home_of(ada)

        await pressed(posts, ada, f"home:{view.id}", "tab", "again")

        assert len(slack.dms_to(ada)) == 1


class TestForms:
    @pytest.fixture
    async def view(self, posts, slack, ada):
        await posts(ada, "app/say", text="/myusage log")
        return slack.modals_of(ada)[0].id

    async def test_what_is_wrong_stands_beside_its_field_with_what_was_typed(
        self, browser, posts, view, ada
    ):
        refused = await posts(ada, "submit", view=view, **{"field:what": "wrong"})

        assert re.search(r'role="alert">That was not finished\.</p>', refused.text)
        assert 'value="wrong"' in refused.text
        assert "That was not finished." in (await browser.get(f"/as/{ada}/app")).text

    async def test_slacks_own_rules_come_first(self, posts, bot, view, ada):
        heard = len(bot.heard)

        refused = await posts(ada, "submit", view=view)

        assert "Please fill in this field." in refused.text
        assert len(bot.heard) == heard

    async def test_what_is_right_is_kept_and_the_form_is_gone(self, posts, view, ada):
        await posts(ada, "submit", view=view, **{"field:what": "wrong"})

        kept = await posts(ada, "submit", view=view, **{"field:what": "A plan"})

        assert "Kept: A plan" in kept.text
        assert "<dialog" not in kept.text

    async def test_can_be_closed(self, posts, note, view, ada):
        closed = await posts(ada, "close", view=view)
        again = await posts(ada, "submit", view=view, **{"field:what": "A plan"})

        assert "<dialog" not in closed.text
        assert note(again).startswith("What you pressed has changed")

    async def test_a_bot_that_does_not_answer_leaves_it_open(self, stage, ada, bot):
        stage.slack.workspace.views.open(ada, FORM)
        bot.app.routes.clear()
        transport = httpx.ASGITransport(make_page(stage))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", follow_redirects=True
        ) as browser:
            view = stage.slack.modals_of(ada)[0].id
            answer = await browser.post(
                f"/as/{ada}/submit", data={"view": view, "field:what": "Kept in mind"}
            )

        assert "We had some trouble connecting. Try again?" in answer.text
        assert 'value="Kept in mind"' in answer.text
