"""Facts about mrkdwn on the page: what Slack brings to life, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.blocks.escaping import escape as escaped_by_the_bot
from bot.playground.rendering.markup import mrkdwn, plain
from tests.playground.rendering.html_seen import Seen
from tests.playground.rendering.known_names import NAMES

TAGS = {"a", "blockquote", "br", "code", "em", "pre", "s", "span", "strong", "time"}
ATTRIBUTES = {
    "a": {"href", "rel", "target"},
    "span": {"class"},
    "time": {"datetime"},
}
ALIVE = [
    *("*b*", "_i_", "~s~", "`c`", "```p```", ">", "\n", '"', "'", "&lt;", "&gt;", "&amp;"),
    *("<@U1>", "<@U1|x>", "<#C1|x>", "<!subteam^S1>", "<!here>", "<!channel>"),
    "<!date^1392734382^{date}^https://example.com|18 Feb>",
    *("<https://example.com|x>", "https://example.com", "<mailto:ada@example.com>"),
    *("javascript:alert(1)", "<javascript:alert(1)|x>", "<img src=x onerror=y>", "<!-- x"),
]
INPUTS = st.one_of(
    st.text(), st.text("*_~`<>|!@#^&;ab \n"), st.lists(st.sampled_from(ALIVE)).map(" ".join)
)


def shown(text: str, *, verbatim: bool = False) -> str:
    return str(mrkdwn(text, NAMES, verbatim=verbatim))


def link(url: str, label: str) -> str:
    return f'<a href="{url}" rel="noopener noreferrer" target="_blank">{label}</a>'


class TestMarks:
    @pytest.mark.parametrize(
        ("typed", "seen"),
        [
            ("*bold*", "<strong>bold</strong>"),
            ("_italic_", "<em>italic</em>"),
            ("~struck~", "<s>struck</s>"),
            ("`code`", "<code>code</code>"),
            ("(*bold*), _it_.", "(<strong>bold</strong>), <em>it</em>."),
            ("*a _b ~c~_*", "<strong>a <em>b <s>c</s></em></strong>"),
            ("_snake_case_", "<em>snake_case</em>"),
            ("*a `b*` c*", "<strong>a <code>b*</code> c</strong>"),
            ("**twice**", "*<strong>twice</strong>*"),
        ],
    )
    def test_stand_around_words(self, typed, seen):
        assert shown(typed) == seen

    @pytest.mark.parametrize(
        "typed",
        [
            "2*3*4",
            "snake_case_name",
            "* spaced *",
            "*open",
            "*not*closed",
            "*over\nlines*",
            "**",
            "a`b`c",
            "- a list\n1. is text",
            ":smile:",
            "@here #general",
            "[markdown](https://no)",
        ],
    )
    def test_are_text_elsewhere(self, typed):
        seen = Seen(shown(typed, verbatim=True))

        assert set(seen.tags) <= {"br"}
        assert seen.text == typed

    def test_have_no_meaning_in_code(self):
        assert shown("`*a* <@U1> &lt;`") == "<code>*a* &lt;@U1&gt; &lt;</code>"
        assert shown("```*a*\n<!here>```") == "<pre>*a*\n&lt;!here&gt;</pre>"

    def test_a_block_of_code_takes_the_line_breaks_around_it(self):
        assert shown("a\n```\nb\n```\nc") == "a<pre>b</pre>c"

    def test_quoted_lines_that_follow_each_other_are_one_quote(self):
        assert shown("> a\n&gt; *b*\nc > d") == (
            "<blockquote>a<br><strong>b</strong></blockquote>c &gt; d"
        )


class TestPointers:
    @pytest.mark.parametrize(
        ("typed", "kind", "seen"),
        [
            ("<@U1>", "user", "@Ada <b>"),
            ("<@U404|ada>", "user", "@ada"),
            ("<#C1>", "channel", "#sales"),
            ("<#C404|left>", "channel", "#left"),
            ("<!subteam^S1>", "group", "@leads"),
            ("<!subteam^S404|@old>", "group", "@old"),
            ("<!here>", "broadcast", "@here"),
            ("<!channel|everybody>", "broadcast", "@channel"),
            ("<!everyone>", "broadcast", "@everyone"),
        ],
    )
    def test_mentions_show_names(self, typed, kind, seen):
        page = Seen(shown(typed))

        assert page.text == seen
        assert [dict(found.attributes) for found in page.elements] == [
            {"class": f"mention mention-{kind}"}
        ]

    @pytest.mark.parametrize(
        "typed", ["<@U404>", "<#C404>", "<!subteam^S404>", "<!nobody>", "<@u1>", "<>", "< x >"]
    )
    def test_what_is_nobodys_stays_as_written(self, typed):
        page = Seen(shown(typed))

        assert (page.tags, page.text) == ([], typed)

    @pytest.mark.parametrize(
        ("typed", "seen"),
        [
            ("<https://example.com/?a=1&amp;b=2>", "https://example.com/?a=1&amp;b=2"),
            ("<http://example.com>", "http://example.com"),
        ],
    )
    def test_a_link_without_a_label_shows_its_address(self, typed, seen):
        assert shown(typed) == link(seen, seen)

    def test_a_label_is_text(self):
        assert shown("<https://example.com|*a* &lt;b&gt;>") == link(
            "https://example.com", "*a* &lt;b&gt;"
        )

    def test_addresses_of_mail_and_telephones_are_links(self):
        assert shown("<mailto:ada@example.com>") == link(
            "mailto:ada@example.com", "ada@example.com"
        )
        assert shown("<tel:+123|call>") == link("tel:+123", "call")

    @pytest.mark.parametrize(
        "url",
        ["javascript:alert(1)", "data:text/html,x", "//example.com", "file:///x", "slack://x"],
    )
    def test_no_other_scheme_becomes_a_link(self, url):
        assert Seen(shown(f"<{url}|press me>")).tags == []

    def test_a_mark_around_a_link_does_not_end_inside_of_it(self):
        assert shown("*<https://example.com/*a*|x>*") == (
            f"<strong>{link('https://example.com/*a*', 'x')}</strong>"
        )

    def test_a_date_shows_what_its_sender_wrote_for_it(self):
        typed = "<!date^1392734382^{date_short} {time}|18 Feb 2014>"

        assert shown(typed) == '<time datetime="2014-02-18T14:39:42+00:00">18 Feb 2014</time>'

    def test_a_date_may_be_a_link(self):
        page = Seen(shown("<!date^1392734382^{date}^https://example.com|then>"))

        assert (page.tags, page.text) == (["a", "time"], "then")

    def test_a_date_beyond_the_calendar_is_its_text(self):
        assert shown(f"<!date^{'9' * 18}^{{date}}|long hence>") == "long hence"


class TestBareAddresses:
    def test_are_links_without_the_punctuation_behind_them(self):
        one, two = "https://example.com/a_b_?x=1&amp;y=2", "https://example.com"

        assert shown(f"see ({one}), *{two}*") == (
            f"see ({link(one, one)}), <strong>{link(two, two)}</strong>"
        )

    def test_end_before_an_escaped_angle(self):
        assert Seen(shown("&lt;https://example.com&gt;")).all("a")[0].text == "https://example.com"

    def test_stay_text_where_the_sender_says_verbatim(self):
        assert shown("https://example.com", verbatim=True) == "https://example.com"

    def test_of_other_schemes_stay_text(self):
        assert shown("ftp://example.com xhttps://example.com example.com").count("<a") == 0


class TestEntities:
    @pytest.mark.parametrize(
        ("typed", "seen"),
        [
            ("&lt;!channel&gt;", "<!channel>"),
            ("&lt;@U1&gt;", "<@U1>"),
            ("&amp;lt;", "&lt;"),
            ("&amp;amp;", "&amp;"),
            ("&quot;&#60;&copy;", "&quot;&#60;&copy;"),
            ("&", "&"),
        ],
    )
    def test_are_three_and_decoded_once(self, typed, seen):
        page = Seen(shown(typed))

        assert (page.tags, page.text) == ([], seen)

    def test_plain_text_knows_none(self):
        page = Seen(plain("&lt;!here&gt; *a*\n<@U1>"))

        assert (page.tags, page.text) == (["br"], "&lt;!here&gt; *a*\n<@U1>")


@given(text=INPUTS, verbatim=st.booleans())
@example(text='<https://example.com/"onclick="x|y>', verbatim=False)
@example(text="<https://example.com|<img src=x>>", verbatim=False)
@example(text="`<script>` <script>", verbatim=True)
def test_every_tag_and_attribute_is_of_our_making(text, verbatim):
    page = Seen(mrkdwn(text, NAMES, verbatim=verbatim))

    assert not page.comments
    assert set(page.tags) <= TAGS
    for element in page.elements:
        assert set(element.attributes) == ATTRIBUTES.get(element.tag, set())
    for found in page.all("a"):
        assert re.match(r"(https?://|mailto:|tel:)", found.attributes["href"] or "", re.IGNORECASE)


@given(INPUTS)
def test_no_text_is_lost(text):
    """Without pointers, what is left once the marks are gone is what was there without them."""
    written = re.sub(r"[<>]|&[lg]t;", "", text)

    assert letters(Seen(mrkdwn(written, NAMES)).text) == letters(written.replace("&amp;", "&"))


def letters(text: str) -> str:
    return re.sub(r"[*_~`\n ]", "", text)


@given(st.text(st.characters(exclude_characters="*_~`<>&:", codec="utf-8")))
def test_text_without_markup_comes_back_as_it_was(text):
    page = Seen(mrkdwn(text, NAMES))

    assert page.text == text
    assert set(page.tags) <= {"br"}


@given(st.text())
def test_plain_text_always_comes_back_as_it_was(text):
    page = Seen(plain(text))

    assert page.text == text
    assert set(page.tags) <= {"br"}


@given(INPUTS)
def test_what_the_bot_escapes_never_points_anywhere(text):
    page = Seen(mrkdwn(escaped_by_the_bot(text), NAMES, verbatim=True))

    assert not {"a", "span", "time"} & set(page.tags)
