"""The reader's own tab: made for whoever opens it, and anew after what they change."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx
import pytest

from bot.listening import make_app_of_web
from bot.playground.slack.person import Person
from bot.ports import HomePublisher
from db.usage import UsageStore
from tests.factories import MONDAY, NOON, make_day, make_record

EVENTS = "http://upshot.example/slack/events"
TODAY = NOON.date()
PUBLISH = "views.publish"


@pytest.fixture(autouse=True)
async def use(upshot):
    """Ada's and Bob's, of today."""
    day = make_day(make_record("ada"), make_record("bob", cost=None), day=TODAY)
    await UsageStore(upshot.database).replace_day(day, NOON)


@pytest.fixture
def opens(person, slack):
    async def opens(user_id: str = "UADA"):
        ack = await person.open_home(user_id=user_id)
        assert (ack.status, ack.error) == (200, None)
        return await shown(slack, user_id)

    return opens


@pytest.fixture
def press(person, slack):
    """Presses a button of somebody's tab, and gives the form or the word that opens."""

    async def press(action: str, user_id: str = "UADA"):
        before = len(slack.modals_of(user_id))
        ack = await person.press(action, user_id=user_id, on=slack.home_of(user_id))
        assert (ack.status, ack.error) == (200, None)
        return await until(lambda: slack.modals_of(user_id)[before:])

    return press


async def until(there):
    for _ in range(1000):
        if found := there():
            return found[-1] if isinstance(found, tuple) else found
        await asyncio.sleep(0.01)
    raise AssertionError("nothing came")


async def shown(slack, user_id: str, *, after: int = 0):
    return await until(lambda: slack.call_count(PUBLISH) > after and slack.home_of(user_id))


def words(view) -> str:
    return str(view.payload["blocks"])


async def test_shows_ones_own_week_settings_and_privacy(opens):
    page = words(await opens())

    assert "Only you can see this page." in page
    assert "Anthropic $1.25" in page
    assert "*Your digest* comes every week." in page
    assert "in Upshot nobody else does" in page


async def test_is_made_for_whoever_opens_it_and_for_nobody_else(opens, slack):
    page = words(await opens("UBOB"))

    assert "$1.25" not in page
    assert slack.home_of("UADA") is None
    assert slack.call_count(PUBLISH) == 1


async def test_shows_last_week_while_this_one_has_nothing(opens, upshot):
    day = make_day(make_record("cyd"), day=MONDAY)
    await UsageStore(upshot.database).replace_day(day, NOON)

    assert "Your week with AI" in words(await opens("UCYD"))


async def test_says_so_where_nothing_is_known_yet(opens):
    assert "Nothing is recorded for you yet." in words(await opens("UEVE"))


@pytest.mark.parametrize("stranger", ["UGUEST", "WOUT"])
async def test_says_kindly_that_somebody_is_not_known(opens, stranger):
    assert "I do not know you." in words(await opens(stranger))


async def test_is_not_made_while_the_messages_are_open(person, slack):
    ack = await person.open_home(user_id="UADA", tab="messages")

    assert ack.status == 200
    assert slack.call_count(PUBLISH) == 0


async def test_comes_without_a_chart_where_slack_draws_none(opens, slack, upshot):
    slack.workspace.native_charts = False
    await UsageStore(upshot.database).replace_day(make_day(make_record("ada"), day=MONDAY), NOON)

    page = await opens()

    kinds = {block["type"] for block in page.payload["blocks"]}
    assert "data_visualization" not in kinds
    assert "Your spend on AI by week:" in words(page)


class TestAButton:
    async def test_opens_the_settings(self, opens, press):
        await opens()

        assert (await press("settings_open")).payload["callback_id"] == "settings_form"

    async def test_opens_the_form_for_an_outcome(self, opens, press):
        await opens()

        assert (await press("log_outcome")).payload["callback_id"] == "log_form"

    async def test_shows_what_it_leads_to_over_the_page(self, opens, press, slack):
        await opens()

        assert "What we cannot promise" in words(await press("digest_privacy"))
        assert slack.ephemerals_to("UADA") == ()

    async def test_that_changes_something_makes_the_page_anew(self, opens, press, slack):
        await opens()

        await press("usual_restart")

        page = await shown(slack, "UADA", after=1)
        assert "is made of weeks from March 23, 2026 on" in words(page)


async def test_what_is_logged_is_on_it_at_once(opens, press, person, slack):
    await opens()
    form = await press("log_outcome")

    await person.fill(form, {"log-kind": "data_cleaned", "log-what": "The list"})

    page = await shown(slack, "UADA", after=1)
    assert "1 outcome that you logged yourself" in words(page)


async def test_trouble_with_it_is_said_on_it_with_a_reference(upshot, slack):
    class NobodyAnswers:
        async def find(self, _: str) -> None:
            raise ConnectionError("a secret detail")

    services = replace(upshot.services, people=NobodyAnswers())
    transport = httpx.ASGITransport(make_app_of_web(replace(upshot, services=services)))
    async with httpx.AsyncClient(transport=transport) as client:
        await Person(slack, EVENTS, client=client).open_home(user_id="UADA")
        page = words(await shown(slack, "UADA"))

    assert "give an admin of Upshot this reference" in page
    assert "secret detail" not in page


async def test_a_button_answers_where_the_page_cannot_be_shown(upshot, slack, opens):
    await opens()
    services = replace(upshot.services, home=None)
    transport = httpx.ASGITransport(make_app_of_web(replace(upshot, services=services)))
    async with httpx.AsyncClient(transport=transport) as client:
        person = Person(slack, EVENTS, client=client)
        await person.press("usual_restart", user_id="UADA", on=slack.home_of("UADA"))
        await until(lambda: slack.modals_of("UADA"))

    assert slack.call_count(PUBLISH) == 1


def test_whoever_shows_it_fits_the_port(upshot):
    publisher: HomePublisher = upshot.services.home

    assert publisher is upshot.slack.home
