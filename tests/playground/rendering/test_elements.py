"""Facts about buttons and menus: each sends, without any script, what Slack would report."""

from __future__ import annotations

import pytest

from bot.playground.rendering import Origin
from tests.playground.rendering.making_blocks import (
    CONFIRM,
    HOSTILE,
    ONE,
    TWO,
    acting,
    button,
    element,
    hidden,
    mrkdwn,
    option,
    shown,
    text,
)

OPTIONS = [ONE, TWO]
GROUPS = [
    {"label": text("Few"), "options": OPTIONS},
    {"label": text("More"), "options": [option("ten")]},
]


class TestAButton:
    def test_says_where_it_stands_and_what_it_is(self):
        form = acting(button("Log it")).one("form", "press")

        assert (form.attributes["method"], form.attributes["action"]) == ("post", "/as/U1/press")
        assert hidden(form) == {
            "place": "message:1700000000.000100",
            "block": "row",
            "action": "act",
        }
        assert form.one("button").text == "Log it"

    @pytest.mark.parametrize("style", ["primary", "danger"])
    def test_looks_as_it_is_meant(self, style):
        assert acting(button(style=style)).one("button").classes == {style}

    def test_has_no_looks_that_slack_does_not_have(self):
        assert acting(button(style='"><script>')).one("button").classes == {"plain"}

    def test_is_called_by_its_spoken_name(self):
        page = acting(button("Details", accessibility_label="Details of November"))

        assert page.one("button").attributes["aria-label"] == "Details of November"

    def test_that_opens_a_page_is_a_link_that_tells_the_page_nothing(self):
        page = acting(button(url="https://example.com/a?b=c&d=e"))

        assert page.one("form").attributes["data-url"] == "https://example.com/a?b=c&d=e"
        link = page.one("a").attributes
        assert link["href"] == "https://example.com/a?b=c&d=e"
        assert link["rel"] == "noopener noreferrer"

    @pytest.mark.parametrize("url", ["javascript:alert(1)", " javascript:x", "data:text/html,x"])
    def test_opens_nothing_but_pages(self, url):
        page = acting(button(url=url))

        assert page.all("a") == []
        assert "data-url" not in page.one("form").attributes
        assert page.one("button").text == "Go"


class TestAskingFirst:
    def test_a_press_counts_only_after_the_answer(self):
        form = acting(button("Forget", confirm=CONFIRM)).one("form")
        first, deny, confirm = form.all("button")

        assert (first.attributes["type"], deny.attributes["type"]) == ("button", "button")
        assert confirm.attributes.get("type", "submit") == "submit"
        assert [part.text for part in (first, deny, confirm)] == ["Forget", "Keep", "Forget"]
        assert confirm.classes == {"danger"}

    def test_the_question_is_a_dialog_that_has_a_name(self):
        page = acting(button(confirm=CONFIRM))
        question = page.one(role="dialog")

        assert "popover" in question.attributes
        assert page.all("button")[0].attributes["popovertarget"] == question.attributes["id"]
        title = question.one(id=str(question.attributes["aria-labelledby"]))
        assert title.text == "Forget all?"
        assert question.one("strong").text == "gone"

    def test_no_is_one_key_away(self):
        deny = acting(button(confirm=CONFIRM)).one(role="dialog").all("button")[0]

        assert deny.attributes["popovertargetaction"] == "hide"
        assert "autofocus" in deny.attributes

    def test_a_menu_asks_too(self):
        page = acting(element("static_select", options=OPTIONS, confirm=CONFIRM))

        question = page.one(role="dialog")
        assert page.one("form").attributes["data-confirm"] == question.attributes["id"]
        assert page.one("button", "choose").attributes["type"] == "button"

    def test_every_entry_behind_the_dots_asks_by_itself(self):
        page = acting(element("overflow", options=OPTIONS, confirm=CONFIRM))

        sent = [b.attributes["value"] for b in page.all("button", name="choose")]
        assert len(page.all(role="dialog")) == 2
        assert sent == ["one", "two"]
        assert all("popovertarget" not in b.attributes for b in page.all("button", name="choose"))


class TestAMenu:
    def test_offers_its_options_and_has_chosen_what_it_came_with(self):
        menu = element(
            "static_select", options=OPTIONS, initial_option=TWO, placeholder=text("Tier")
        )
        select = acting(menu).one("select")

        assert (select.attributes["name"], select.attributes["aria-label"]) == ("choose", "Tier")
        assert [
            (o.attributes["value"], o.text, "selected" in o.attributes)
            for o in select.all("option")
        ] == [("one", "One", False), ("two", "Two", True)]

    def test_with_nothing_chosen_shows_its_placeholder_and_sends_nothing(self):
        select = acting(element("static_select", options=OPTIONS, placeholder=text("Tier"))).one(
            "select"
        )
        first = select.all("option")[0]

        assert (first.text, first.attributes["value"]) == ("Tier", "")
        assert "required" in select.attributes

    def test_can_be_sent_without_script(self):
        assert acting(element("static_select", options=OPTIONS)).one("button", "choose")

    def test_keeps_its_groups(self):
        page = acting(element("static_select", option_groups=GROUPS))

        assert [
            (group.attributes["label"], [o.text for o in group.all("option")])
            for group in page.all("optgroup")
        ] == [("Few", ["One", "Two"]), ("More", ["Ten"])]

    def test_says_what_an_option_is(self):
        described = option("one", description=text("the first"))
        page = acting(element("static_select", options=[described]))

        assert page.all("option")[1].text == "One (the first)"

    def test_at_the_side_of_a_text_is_described_by_it(self):
        menu = element("static_select", options=OPTIONS)
        page = shown(
            {"type": "section", "block_id": "work", "text": text("A change"), "accessory": menu}
        )

        name = page.one("select").attributes["aria-describedby"]
        assert page.one(id=str(name)).text.strip() == "A change"

    @pytest.mark.parametrize(
        ("kind", "initial", "names"),
        [
            ("users_select", {"initial_user": "U2"}, ["Ada", "Bob"]),
            ("channels_select", {"initial_channel": "C1"}, ["sales"]),
            ("conversations_select", {"initial_conversation": "C1"}, ["x"]),
        ],
    )
    def test_of_people_or_places_offers_those_there_are(self, kind, initial, names):
        select = acting(element(kind, **initial)).one("select")

        assert [option.text for option in select.all("option")] == names
        [chosen] = [o for o in select.all("option") if "selected" in o.attributes]
        assert chosen.attributes["value"] in initial.values()

    def test_of_people_keeps_one_whom_nobody_knows(self):
        select = acting(element("users_select", initial_user="U404")).one("select")

        assert select.all("option")[-1].text == "U404"


class TestAListOfOptions:
    @pytest.mark.parametrize(
        ("kind", "initial", "type_"),
        [
            ("radio_buttons", {"initial_option": TWO}, "radio"),
            ("checkboxes", {"initial_options": [TWO]}, "checkbox"),
            ("multi_static_select", {"initial_options": [TWO]}, "checkbox"),
        ],
    )
    def test_has_chosen_what_it_came_with(self, kind, initial, type_):
        page = acting(element(kind, options=OPTIONS, **initial))

        assert [
            (box.attributes["name"], box.attributes["value"], "checked" in box.attributes)
            for box in page.all("input", type=type_)
        ] == [("choose", "one", False), ("choose", "two", True)]
        assert page.one("button").text == "Choose"

    def test_keeps_its_groups(self):
        page = acting(element("multi_static_select", option_groups=GROUPS))

        assert [title.text for title in page.all("p", "choices-title")] == ["Few", "More"]
        assert len(page.all("input", type="checkbox")) == 3

    def test_says_what_an_option_is_with_its_marks(self):
        described = {"text": mrkdwn("*One*"), "value": "one", "description": text("the first")}
        choice = acting(element("checkboxes", options=[described])).one("label")

        assert choice.one("strong").text == "One"
        assert choice.one("small").text == "the first"

    def test_of_people_offers_those_there_are(self):
        page = acting(element("multi_users_select", initial_users=["U2"]))

        assert ["checked" in box.attributes for box in page.all("input", type="checkbox")] == [
            False,
            True,
        ]


class TestPickers:
    @pytest.mark.parametrize(
        ("kind", "initial", "type_", "value"),
        [
            ("datepicker", {"initial_date": "2026-03-25"}, "date", "2026-03-25"),
            ("timepicker", {"initial_time": "09:30"}, "time", "09:30"),
        ],
    )
    def test_are_the_browsers_own(self, kind, initial, type_, value):
        field = acting(element(kind, **initial)).one("input", name="choose")

        assert (field.attributes["type"], field.attributes["value"]) == (type_, value)
        assert field.attributes["aria-label"]


class TestTheMenuBehindTheDots:
    def test_sends_the_entry_that_was_pressed(self):
        page = acting(element("overflow", options=OPTIONS))
        menu = page.one("div", "menu")

        assert page.one("button", "more").attributes["popovertarget"] == menu.attributes["id"]
        assert [(b.text, b.attributes["value"]) for b in menu.all("button")] == [
            ("One", "one"),
            ("Two", "two"),
        ]

    def test_has_links_where_an_entry_is_one(self):
        web = option("web", url="https://example.com", description=text("outside"))
        link = acting(element("overflow", options=[ONE, web])).one("a")

        assert (link.attributes["href"], link.text) == ("https://example.com", "Weboutside")


class TestWhatCannotBeUsed:
    @pytest.mark.parametrize("kind", ["external_select", "workflow_button", "feedback_buttons"])
    def test_is_a_box_that_says_what_it_is(self, kind):
        box = acting(element(kind, text=text("Words of it"))).one(role="note")

        assert box.one("code").text == kind
        assert "Words of it" in box.text

    def test_is_a_button_that_nothing_can_come_of(self):
        box = acting({"type": "button", "text": text("Go")}).one(role="note")

        assert "no action_id" in box.text
        assert "Go" in box.text


@pytest.mark.parametrize(
    "hostile",
    [
        button(HOSTILE, accessibility_label=HOSTILE, url=f"https://example.com/{HOSTILE}"),
        button(confirm={**CONFIRM, "title": text(HOSTILE), "deny": text(HOSTILE)}),
        element("static_select", options=[option(HOSTILE)], placeholder=text(HOSTILE)),
        element("static_select", option_groups=[{"label": text(HOSTILE), "options": [ONE]}]),
        element("checkboxes", options=[option(HOSTILE, description=text(HOSTILE))]),
        element("overflow", options=[option(HOSTILE, url=f"https://example.com/{HOSTILE}")]),
        element("datepicker", initial_date=HOSTILE, placeholder=text(HOSTILE)),
        element("users_select", initial_user=HOSTILE),
        element(HOSTILE, text=text(HOSTILE)),
        {**button(), "action_id": HOSTILE},
    ],
)
def test_nothing_that_others_wrote_comes_alive(hostile):
    page = acting(hostile)

    assert page.all("script") == []
    assert not {"onclick", "style"} & {name for part in page for name in part.attributes}


def test_names_of_two_never_meet():
    def buttons(block: str, action: str) -> dict:
        one = {**button(confirm=CONFIRM), "action_id": action}
        return {"type": "actions", "block_id": block, "elements": [one]}

    names = ("a", "a b", "a_b", "a-b", "a:title", "a__b", "a_20_b", "", "b")
    origin = Origin(user="U1", kind="home", id="V1", action="/p")
    page = shown(*(buttons(block, action) for block in names for action in names), origin=origin)

    assert len(page.all(role="dialog")) == len(names) ** 2
