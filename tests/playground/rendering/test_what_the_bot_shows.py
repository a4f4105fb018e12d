"""Facts about all that the bot says, on the page: whole, usable, and nothing of it alive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from bot.playground.rendering import Origin, Refused
from bot.playground.slack.filling import inputs
from bot.playground.slack.messages import Block
from bot.playground.slack.slack_requests import interactive
from bot.playground.slack.views import View
from handlers.modals import view_of
from tests.blocks import settings_cases
from tests.blocks.cases import CASES, IN_EVERY_LANGUAGE
from tests.blocks.form_cases import MODALS_IN_EVERY_LANGUAGE
from tests.blocks.home_cases import homes
from tests.blocks.making import LANGUAGES
from tests.playground.rendering.making_blocks import ORIGIN, RENDERER, hidden, opened, shown
from tests.playground.rendering.page_tree import Part, page_of

HOMES = {
    f"{say.locale.language}-{name}": home for say in LANGUAGES for name, home in homes(say).items()
}
FORMS = {
    **MODALS_IN_EVERY_LANGUAGE,
    **{
        f"{say.locale.language}-{name}": modal
        for say in LANGUAGES
        for name, modal in settings_cases.modals(say).items()
    },
}
every_message = pytest.mark.parametrize(
    "message", IN_EVERY_LANGUAGE.values(), ids=IN_EVERY_LANGUAGE
)
every_home = pytest.mark.parametrize("home", HOMES.values(), ids=HOMES)
every_modal = pytest.mark.parametrize("modal", FORMS.values(), ids=FORMS)


@every_message
def test_every_message_is_shown_whole(message):
    page = shown(*message.blocks)

    assert_whole(page)
    assert pressable(page) == wanted(message.blocks)


@every_message
def test_every_message_without_blocks_is_shown_too(message):
    assert_whole(page_of(RENDERER.text(message.text)))


@every_home
def test_every_home_tab_is_shown_whole(home):
    page = shown(*home.blocks, origin=Origin(user="U1", kind="home", id="V1", action="/p"))

    assert_whole(page)
    assert pressable(page) == wanted(home.blocks)


@every_modal
def test_every_form_is_shown_whole(modal):
    form = View(id="V1", user_id="U1", hash="1", payload=view_of(modal))
    page = opened(form)

    assert_whole(page)
    assert fields(page) == [f"field:{block['block_id']}" for block in inputs(form)]


@every_modal
def test_every_form_says_what_was_wrong_with_each_field(modal):
    form = View(id="V1", user_id="U1", hash="1", payload=view_of(modal))
    errors = {block["block_id"]: "Not so." for block in inputs(form)}
    page = opened(form, Refused(given={}, errors=errors))

    assert_whole(page)
    assert len(page.all(role="alert")) == len(errors)


def test_a_page_of_all_messages_has_every_name_once():
    html = "".join(
        RENDERER.blocks(
            message.blocks, Origin(user="U1", kind="message", id=f"17.{number:06}", action="/p")
        )
        for number, message in enumerate(CASES.values())
    )

    assert_whole(page_of(html))


def test_the_words_of_a_message_are_those_that_the_bot_wrote():
    message = CASES["digest-week"]
    words = page_of(RENDERER.blocks(message.blocks, ORIGIN)).text

    assert "Your week with AI, Nov 9" in words
    assert "Spent: $41.20" in words


def assert_whole(page: Part) -> None:
    assert page.all(class_="unknown") == []
    assert page.all("script") == page.all("style") == []
    named = {name for part in page for name in part.attributes}
    assert not {name for name in named if name == "style" or name.startswith("on")}


def wanted(blocks: Sequence[Block]) -> Counter[tuple[str, str]]:
    return Counter((block["block_id"], part["action_id"]) for block, part in interactive(blocks))


def pressable(page: Part) -> Counter[tuple[str | None, str | None]]:
    """What can be sent, each with something to press."""
    forms = page.all("form", "press")
    assert all(form.all("button") or form.all("a") for form in forms)
    return Counter((hidden(form)["block"], hidden(form)["action"]) for form in forms)


def fields(page: Part) -> list[str | None]:
    names = (part.attributes.get("name") for part in page)
    return list(dict.fromkeys(name for name in names if (name or "").startswith("field:")))
