"""Facts about all that Upshot says, whatever it says."""

from __future__ import annotations

import json
import re

import pytest

from bot.blocks.delivery import without_native_blocks
from bot.domain.messages import Message
from bot.playground.slack.block_kit import violations
from tests.blocks.cases import IN_EVERY_LANGUAGE
from tests.blocks.words import NEVER_SAID

every_message = pytest.mark.parametrize(
    "message", IN_EVERY_LANGUAGE.values(), ids=IN_EVERY_LANGUAGE
)
TOO_LONG_TO_READ_OUT = {"work-full", "work-full-and-huge"}
WHOLE = {
    name: message
    for name, message in IN_EVERY_LANGUAGE.items()
    if name.partition("-")[2] not in TOO_LONG_TO_READ_OUT
}
OWN_WORK = re.compile(r"<https://github\.com/acme/web/pull/\d+\|")
"""The only links there are: to one's own work."""
FIGURE = re.compile(r"\d[\d,.]*\d|\d")


@pytest.mark.parametrize("case", IN_EVERY_LANGUAGE)
def test_looks_as_agreed(case, snapshot_json):
    message = IN_EVERY_LANGUAGE[case]

    assert {"text": message.text.split("\n"), "blocks": list(message.blocks)} == snapshot_json


@every_message
def test_slack_takes_it(message):
    payload = {"channel": "U01ADA", "text": message.text, "blocks": list(message.blocks)}

    assert violations(payload, "message") == []


@every_message
def test_a_workspace_without_charts_and_tables_takes_it_too(message):
    plain = without_native_blocks(message)

    payload = {"channel": "U01ADA", "text": plain.text, "blocks": list(plain.blocks)}

    assert violations(payload, "message", native_charts=False) == []


@every_message
def test_is_short_enough_not_to_arrive_twice(message):
    assert 0 < len(message.text) < 3_900
    assert len(message.blocks) <= 50


@every_message
def test_shows_no_figure_on_a_locked_phone(message):
    preview = message.text.split("\n")[0]

    assert preview.endswith(".")
    assert not FIGURE.search(preview)


@pytest.mark.parametrize("message", WHOLE.values(), ids=WHOLE)
def test_reads_out_every_figure_that_it_shows(message):
    spoken = set(FIGURE.findall(message.text))

    assert set(FIGURE.findall(seen(message))) <= spoken


@every_message
def test_never_judges_praises_or_compares(message):
    assert not NEVER_SAID.search(message.text)


@every_message
def test_names_each_block_once_and_the_same_every_time(message):
    ids = [block["block_id"] for block in message.blocks]

    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", block_id) for block_id in ids)


@every_message
def test_is_plain_json_without_nan(message):
    json.dumps(message.blocks, allow_nan=False)


@every_message
def test_mentions_nobody_but_admins(message):
    parsed = [text["text"] for text in texts_of(message.blocks) if text["type"] == "mrkdwn"]

    alive = set(re.findall(r"<[^>]{0,40}", "\n".join((message.text, *parsed))))
    assert {part for part in alive if not OWN_WORK.match(part)} <= {
        *("<@U01ADA", "<@U02BOB", "<#C01DATA"),
        *(f"<@U{n:010}" for n in range(500)),
    }


@every_message
def test_turns_no_text_around(message):
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00-\x08]", message.text)
    assert not re.search(r"\\u20(2[a-e]|6[6-9])", json.dumps(message.blocks))


@every_message
def test_lets_slack_make_no_links_of_what_others_typed(message):
    texts = [text for text in texts_of(message.blocks) if text["type"] == "mrkdwn"]

    assert all(text["verbatim"] for text in texts)


def seen(message: Message) -> str:
    """What the eye reads: of a link its title, not its address."""
    charts_aside = [b for b in message.blocks if b["type"] != "data_visualization"]
    text = "\n".join(text["text"] for text in texts_of(charts_aside))
    return re.sub(r"<https?://[^|>]*\|([^>]*)>", r"\1", text)


def texts_of(part):
    if isinstance(part, dict):
        if part.get("type") in {"mrkdwn", "plain_text", "raw_text"}:
            yield part
        else:
            yield from texts_of(list(part.values()))
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from texts_of(inner)
