"""Facts about forms: a browser can fill them in, and what was typed is not lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.rendering import Refused, complaints, given_in
from bot.playground.rendering.slack_words import IN_ENGLISH
from bot.playground.slack.block_kit import violations
from bot.playground.slack.filling import filled
from tests.playground.rendering.making_blocks import (
    HOSTILE,
    ONE,
    TWO,
    asked,
    button,
    hidden,
    opened,
    option,
    text,
    view,
)

OPTIONS = [ONE, TWO]
FORM = view(
    asked("what", "plain_text_input", max_length=10),
    asked("when", "datepicker", initial_date="2026-03-25"),
    asked("link", "url_text_input", optional=True),
    asked("kind", "static_select", options=OPTIONS, initial_option=TWO),
    asked("some", "multi_static_select", optional=True, options=OPTIONS),
    asked("who", "radio_buttons", options=OPTIONS, initial_option=ONE),
)


def test_the_form_is_one_that_slack_takes():
    assert violations(FORM.payload, "modal") == []


class TestAModal:
    def test_is_a_dialog_named_by_its_title(self):
        dialog = opened(FORM).one("dialog", "modal")

        title = dialog.one(id=str(dialog.attributes["aria-labelledby"]))
        assert (title.tag, title.text) == ("h2", "Form")
        assert "open" in dialog.attributes

    def test_is_sent_and_closed_by_forms_that_name_it(self):
        page = opened(FORM)
        submit, close = page.one("form", "submit"), page.one("form", "close")

        assert submit.attributes["id"] == "submit-V1"
        assert submit.attributes["action"] == "/as/U1/submit"
        assert (hidden(submit), submit.one("button").text) == ({"view": "V1"}, "Send")
        assert (close.attributes["action"], hidden(close)) == ("/as/U1/close", {"view": "V1"})

    def test_can_be_left_from_both_ends(self):
        page = opened(view(asked("what", "plain_text_input"), close=text("Not now")))

        leave = page.one("button", "modal-leave")
        assert leave.attributes["form"] == page.one("form", "close").attributes["id"]
        assert leave.attributes["aria-label"] == "Close"
        assert page.one("form", "close").one("button").text == "Not now"

    def test_without_anything_to_send_can_only_be_closed(self):
        told = view({"type": "section", "text": text("Kept.")})
        payload = {key: value for key, value in told.payload.items() if key != "submit"}
        page = opened(type(told)(id="V1", user_id="U1", hash="1", payload=payload))

        assert page.all("form", "submit") == []
        assert page.one("form", "close").one("button").text == "Close"

    def test_has_every_field_in_the_form_that_is_sent(self):
        page = opened(FORM)

        fields = [part for part in page if "field:" in (part.attributes.get("name") or "")]
        assert {part.attributes["form"] for part in fields} == {"submit-V1"}
        assert list(dict.fromkeys(part.attributes["name"] for part in fields)) == [
            f"field:{block['block_id']}" for block in FORM.payload["blocks"]
        ]

    def test_has_buttons_of_its_own_that_do_not_send_it(self):
        page = opened(view({"type": "actions", "block_id": "row", "elements": [button()]}))

        press = page.one("form", "press")
        assert press.attributes["action"] == "/p"
        assert hidden(press)["place"] == "modal:V1"

    def test_has_headings_below_its_title(self):
        page = opened(view({"type": "header", "text": text("Part")}))

        assert page.one("h3").text == "Part"


class TestAField:
    def test_has_a_label_and_says_whether_it_may_stay_empty(self):
        page = opened(FORM)

        labels = [label.text for label in page.all("label") if "for" in label.attributes]
        assert labels == ["What", "When", "Link (optional)", "Kind"]
        assert [legend.text for legend in page.all("legend")] == ["Some (optional)", "Who"]
        wanted = {part.attributes["name"] for part in page if "required" in part.attributes}
        assert wanted == {"field:what", "field:when", "field:kind", "field:who"}

    def test_is_of_its_kind(self):
        page = opened(FORM)

        assert page.one("input", name="field:what").attributes["maxlength"] == "10"
        assert page.one("input", name="field:when").attributes["type"] == "date"
        assert page.one("input", name="field:when").attributes["value"] == "2026-03-25"
        assert page.one("input", name="field:link").attributes["type"] == "url"
        assert page.one("fieldset", role="radiogroup").attributes["aria-required"] == "true"

    @pytest.mark.parametrize(
        ("kind", "more", "wanted"),
        [
            (
                "number_input",
                {"is_decimal_allowed": False, "min_value": "1", "max_value": "9"},
                {"type": "number", "step": "1", "min": "1", "max": "9"},
            ),
            ("number_input", {"is_decimal_allowed": True}, {"type": "number", "step": "any"}),
            ("email_text_input", {"initial_value": "a@example.com"}, {"value": "a@example.com"}),
            ("timepicker", {"initial_time": "09:30"}, {"type": "time", "value": "09:30"}),
            ("plain_text_input", {"placeholder": text("Say")}, {"placeholder": "Say"}),
            ("plain_text_input", {"min_length": 2}, {"minlength": "2"}),
        ],
    )
    def test_takes_what_slack_would_take(self, kind, more, wanted):
        field = opened(view(asked("one", kind, **more))).one(name="field:one")

        assert {name: field.attributes.get(name) for name in wanted} == wanted

    def test_of_several_lines_keeps_them(self):
        lines = asked("note", "plain_text_input", multiline=True, initial_value="\n\na\n<b>")

        area = opened(view(lines)).one("textarea")
        # a browser leaves the first line break out
        assert area.text == "\n\n\na\n<b>"
        assert "type" not in area.attributes

    def test_is_described_by_its_hint(self):
        hinted = {**asked("what", "plain_text_input"), "hint": text("A few words.")}
        page = opened(view(hinted))

        name = page.one(name="field:what").attributes["aria-describedby"]
        assert page.one(id=str(name)).text == "A few words."

    def test_of_people_offers_those_there_are(self):
        page = opened(view(asked("who", "multi_users_select", initial_users=["U2"])))

        assert [label.text.strip() for label in page.one("fieldset").all("label")] == ["Ada", "Bob"]

    def test_comes_first_to_the_hand(self):
        eager = asked("two", "plain_text_input", focus_on_load=True)
        form = view(asked("one", "plain_text_input"), eager, asked("three", "plain_text_input"))
        wrong = Refused(given={}, errors={"three": "No."})

        assert focused(form) == ["field:two"]
        assert focused(FORM) == ["field:what"]
        assert focused(form, wrong) == ["field:three"]

    def test_in_a_list_comes_first_to_the_hand_once(self):
        assert focused(view(asked("some", "checkboxes", options=OPTIONS))) == ["field:some"]


class TestARefusedForm:
    REFUSED = Refused(
        given={"what": "A", "when": "2026-12-24", "link": None, "kind": "one", "some": ["two"]},
        errors={"when": "Not yet.", "who": "Choose."},
        reason="Once more, please.",
    )

    def test_keeps_what_was_typed_and_chosen(self):
        page = opened(FORM, self.REFUSED)

        assert page.one(name="field:what").attributes["value"] == "A"
        assert page.one(name="field:when").attributes["value"] == "2026-12-24"
        chosen = [o.attributes["value"] for o in page.all("option") if "selected" in o.attributes]
        assert chosen == ["one"]
        checked = [b.attributes["value"] for b in page.all("input") if "checked" in b.attributes]
        assert checked == ["two", "one"]

    def test_says_under_the_field_what_was_wrong(self):
        page = opened(FORM, self.REFUSED)

        when = page.one(name="field:when").attributes
        assert when["aria-invalid"] == "true"
        assert page.one(id=str(when["aria-describedby"])).text == "Not yet."
        who = page.one("fieldset", role="radiogroup").attributes
        assert who["aria-invalid"] == "true"
        assert page.one(id=str(who["aria-describedby"])).text == "Choose."
        assert [said.text for said in page.all(role="alert")] == [
            "Once more, please.",
            "Not yet.",
            "Choose.",
        ]

    def test_marks_each_box_of_a_list(self):
        form = view(asked("some", "checkboxes", options=OPTIONS))
        page = opened(form, Refused(given={"some": []}, errors={"some": "Choose."}))

        boxes = page.all("input", type="checkbox")
        assert [box.attributes["aria-invalid"] for box in boxes] == ["true", "true"]

    def test_whose_field_was_emptied_leaves_it_empty(self):
        page = opened(FORM, Refused(given={"when": None, "kind": None}))

        assert page.one(name="field:when").attributes["value"] == ""
        assert all("selected" not in option.attributes for option in page.all("option"))

    @pytest.mark.parametrize("kind", ["plain_text_input", "url_text_input"])
    @pytest.mark.parametrize("multiline", [True, False])
    def test_has_nothing_in_it_alive(self, kind, multiline):
        more: dict[str, Any] = {"multiline": True} if multiline else {}
        worst = view(asked(HOSTILE, kind, initial_value=HOSTILE, **more), view_id=HOSTILE)
        page = opened(
            worst, Refused(given={HOSTILE: HOSTILE}, errors={HOSTILE: HOSTILE}, reason=HOSTILE)
        )

        assert page.all("script") == []
        assert [said.text for said in page.all(role="alert")] == [HOSTILE, HOSTILE]


class TestWhatABrowserSends:
    def test_is_read_as_it_was_given(self):
        posted = {"field:what": ["A"], "field:link": [""], "field:some": ["one", "two"]}

        assert given_in(posted, FORM) == {
            "what": "A",
            "when": None,
            "link": None,
            "kind": None,
            "some": ["one", "two"],
            "who": None,
        }

    @pytest.mark.parametrize("kind", ["checkboxes", "multi_static_select", "multi_users_select"])
    def test_is_a_list_where_several_can_be_chosen(self, kind):
        form = view(asked("some", kind, options=OPTIONS))

        assert given_in({"field:some": ["one"]}, form) == {"some": ["one"]}
        assert given_in({}, form) == {"some": []}

    def test_has_the_line_breaks_that_slack_sends(self):
        posted = {"field:note": ["a\r\nb\nc"]}
        form = view(asked("note", "plain_text_input", multiline=True))

        assert given_in(posted, form) == {"note": "a\nb\nc"}

    def test_is_nothing_that_the_form_does_not_ask_for(self):
        assert given_in({"field:other": ["x"], "view": ["V1"]}, view()) == {}

    @given(st.text(min_size=1).filter(lambda words: "\r" not in words))
    def test_is_what_stood_in_the_form_untouched(self, words):
        form = view(asked("one", "plain_text_input", initial_value=words))
        field = opened(form).one(name="field:one")

        posted = {"field:one": [str(field.attributes["value"])]}
        assert given_in(posted, form)["one"].replace("\0", "") == words.replace("\0", "")


def focused(form: Any, refused: Refused | None = None) -> list[str | None]:
    page = opened(form, refused)
    return [part.attributes.get("name") for part in page if "autofocus" in part.attributes]


class TestBeforeAnythingIsSent:
    def test_each_field_that_is_missing_says_so(self):
        found = complaints(
            FORM, {"what": "x" * 11, "when": "", "kind": None, "who": "one"}, IN_ENGLISH
        )

        assert found == {
            "what": "Please keep it to 10 characters.",
            "when": "Please fill in this field.",
            "kind": "Please fill in this field.",
        }

    @given(
        st.dictionaries(
            st.sampled_from(["what", "when", "link", "some", "kind", "who"]),
            st.sampled_from([None, "", "one", "x" * 11]),
        )
    )
    def test_complaints_are_those_that_slack_would_have(self, words):
        wanted = {"kind": "one", "who": "one", "some": ["two"], "when": "2026-01-02"}
        free = {key: value for key, value in words.items() if key in {"what", "link"}}
        given = {"what": None, "link": None, **wanted, **free}

        if complaints(FORM, given, IN_ENGLISH):
            with pytest.raises(ValueError, match=r"filled in|too long"):
                filled(FORM, given)
        else:
            assert filled(FORM, given)


def test_options_with_hostile_words_stay_words():
    page = opened(view(asked("kind", "static_select", options=[option(HOSTILE)])))

    assert page.all("option")[1].text == HOSTILE.title()
    assert page.all("script") == []
