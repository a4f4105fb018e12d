"""Facts about the reader's own page, whatever stands on it."""

from __future__ import annotations

import json
import re

import pytest

from bot.blocks.delivery import without_native_blocks
from bot.blocks.digest import render_digest
from bot.domain.messages import Message
from bot.language import ENGLISH
from bot.language.catalogues import TRANSLATED, language_of
from bot.playground.slack.block_kit import violations
from handlers.actions import ACTIONS
from tests.blocks.home_cases import DIGESTS, homes
from tests.blocks.test_every_message import texts_of
from tests.blocks.words import NEVER_SAID

HOMES = homes(ENGLISH)
IN_EVERY_LANGUAGE = {
    f"{name}-{language}": home
    for language in ("en-US", *(f"{known}-{known.upper()}" for known in TRANSLATED))
    for name, home in homes(language_of(language)).items()
}
every_home = pytest.mark.parametrize("home", IN_EVERY_LANGUAGE.values(), ids=IN_EVERY_LANGUAGE)


def said(home) -> str:
    return "\n".join(text["text"] for text in texts_of(home.blocks))


def of_kind(home, kind: str) -> list:
    return [block for block in home.blocks if block["type"] == kind]


@pytest.mark.parametrize("case", IN_EVERY_LANGUAGE)
def test_looks_as_agreed(case, snapshot_json):
    assert list(IN_EVERY_LANGUAGE[case].blocks) == snapshot_json


@every_home
def test_slack_takes_it(home):
    assert violations({"type": "home", "blocks": list(home.blocks)}, "home") == []
    assert len(home.blocks) <= 100


@every_home
def test_slack_takes_it_where_it_draws_no_charts(home):
    plainer = without_native_blocks(Message("", home.blocks)).blocks

    view = {"type": "home", "blocks": list(plainer)}
    assert violations(view, "home", native_charts=False) == []


@every_home
def test_names_each_block_once_and_the_same_every_time(home):
    ids = [block["block_id"] for block in home.blocks]

    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", block_id) for block_id in ids)


@every_home
def test_never_judges_praises_or_compares(home):
    assert not NEVER_SAID.search(said(home))


@every_home
def test_has_no_button_that_nobody_answers(home):
    pressed = {e["action_id"] for row in of_kind(home, "actions") for e in row["elements"]}

    assert {"log_outcome", "settings_open", "usual_restart", "digest_privacy"} <= pressed
    assert pressed <= set(ACTIONS)


@every_home
def test_has_no_text_that_slack_would_make_alive(home):
    texts = [text for text in texts_of(home.blocks) if text["type"] == "mrkdwn"]

    assert all(text["verbatim"] for text in texts)
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00-\x08]", said(home))


@every_home
def test_is_plain_json_without_nan(home):
    json.dumps(home.blocks, allow_nan=False)


def test_says_once_who_sees_it_and_of_the_page_itself():
    for home in HOMES.values():
        assert said(home).count("Only you can see this page.") == 1
        assert "Only you can see this message." not in said(home)


@pytest.mark.parametrize("name", DIGESTS)
def test_says_all_that_the_digest_says(name):
    digest = render_digest(ENGLISH, DIGESTS[name])
    told = [
        text["text"]
        for text in texts_of([b for b in digest.blocks if b["block_id"] != "digest-actions"])
        if text["text"] != "Only you can see this message."
    ]

    assert [line for line in told if line not in said(HOMES[name])] == []


def test_a_chart_has_every_measured_week_and_the_same_in_words():
    home = HOMES["week-so-far"]

    [chart] = of_kind(home, "data_visualization")
    [series] = chart["chart"]["series"]
    [words] = [b for b in home.blocks if b["block_id"] == "digest-weeks"]
    assert len(series["data"]) == 10
    assert all(point["label"] in words["elements"][0]["text"] for point in series["data"])


def test_a_week_without_figures_still_shows_the_weeks_before():
    assert len(of_kind(HOMES["nothing-this-week"], "data_visualization")) == 1
    assert of_kind(HOMES["nothing-yet"], "data_visualization") == []


def test_what_was_chosen_stands_on_it():
    text = said(HOMES["chosen-daily"])

    assert "*Your digest* comes every day." in text
    assert "nothing is said before December 9" in text
    assert "*Your monthly amount:* $100,000." in text
    assert "weeks from October 12, 2026 on" in text


def test_asks_again_before_the_usual_week_starts_anew():
    buttons = [e for row in of_kind(HOMES["week"], "actions") for e in row["elements"]]

    [anew] = [button for button in buttons if button["action_id"] == "usual_restart"]
    assert anew["confirm"]["title"]["text"] == "Start your usual week anew?"
