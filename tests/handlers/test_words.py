"""What was typed or said in Slack, read as a person reads it."""

from __future__ import annotations

import pytest

from handlers.outcomes import permalink
from handlers.words import readable

PAYLOAD = {
    "team": {"domain": "example"},
    "channel": {"id": "C1"},
    "message_ts": "1773403200.000100",
}


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Sent it &lt;today&gt; &amp; told them", "Sent it <today> & told them"),
        ("<https://x.example.com|the report>", "the report"),
        ("<https://x.example.com>", "https://x.example.com"),
        ("<mailto:ada@example.com|ada@example.com>", "ada@example.com"),
        ("<@U1> and <@U1|ada>", "@… and @ada"),
        ("<#C1|general> and <#C1>", "#general and #…"),
        ("<!here> <!subteam^S1|@data>", "@here @data"),
        ("<!date^1773403200^{date}|13 March>", "13 March"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("a < b", "a < b"),
        (None, ""),
    ],
)
def test_marks_are_read_as_slack_shows_them(said, read):
    assert readable(said) == read


def test_a_message_has_an_address():
    assert permalink(PAYLOAD) == "https://example.slack.com/archives/C1/p1773403200000100"


@pytest.mark.parametrize(
    "changes",
    [
        {"team": None},
        {"team": {"domain": "evil.example.com/"}},
        {"channel": {}},
        {"channel": {"id": "C1/../.."}},
        {"message_ts": "now"},
        {"message_ts": None},
    ],
)
def test_a_message_has_none_where_a_part_of_it_is_missing(changes):
    assert permalink({**PAYLOAD, **changes}) is None
