"""The buttons, menus and forms of Block Kit as plain HTML, for a browser without any script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from bot.playground.slack.filling import initial, inputs
from bot.playground.slack.messages import Block, Message, with_block_ids
from bot.playground.slack.slack_requests import interactive, options_of
from bot.playground.slack.views import View

Given = Mapping[str, Any]
FIELD = "field:"
"""What the names of a form's fields begin with, so that none is taken for one of ours."""

_TYPES = {"datepicker": "date", "timepicker": "time", "url_text_input": "url"}
_AT_ONE_GLANCE = {"radio_buttons": "radio", "checkboxes": "checkbox"}
_MENUS = {"static_select", "overflow", "radio_buttons"}
_TEXTS = {"section", "header", "context"}
_MARKS = str.maketrans("", "", "*`")


def controls_of(message: Message, user: str) -> str:
    """What can be pressed or chosen in *message*; one form each."""
    return _controls({"ts": message.ts}, user, message.blocks)


def shortcut_button(message: Message, user: str, callback_id: str, label: str) -> str:
    fields = {"ts": message.ts, "callback_id": callback_id}
    return _form(user, "shortcut", fields, f"<button>{escape(label)}</button>")


def home(view: View | None, user: str) -> str:
    """The app's own tab as it was published for *user*, and the way to open it."""
    opening = _form(user, "home", {}, "<button>Open this tab</button>")
    if view is None:
        return f'<section aria-labelledby="home"><h2 id="home">Home</h2>{opening}</section>'
    blocks = with_block_ids(view.payload["blocks"])
    shown = "".join(_read(block) + _controls({"view": view.id}, user, [block]) for block in blocks)
    return (
        f'<section aria-labelledby="home"><h2 id="home">Home</h2>{opening}'
        f"<article>{shown}</article></section>"
    )


def modal(view: View, errors: Mapping[str, str], given: Given) -> str:
    """A form that is open; *given* is what was typed when it was refused because of *errors*."""
    payload = view.payload
    blocks = "".join(_block(block, view, errors, given) for block in payload["blocks"])
    fields = {"view": view.id}
    send = f"<button>{_text(payload['submit'])}</button>" if "submit" in payload else ""
    close = f"<button>{_text(payload.get('close') or {'text': 'Close'})}</button>"
    title = f"modal-{escape(view.id)}"
    return (
        f'<section class="modal" aria-labelledby="{title}">'
        f'<h2 id="{title}">{_text(payload["title"])}</h2>'
        f"{_alert(errors.get(''))}{_form(view.user_id, 'submit', fields, blocks + send)}"
        f"{_form(view.user_id, 'close', fields, close)}</section>"
    )


def given_in(posted: Mapping[str, Sequence[str]], view: View) -> dict[str, Any]:
    """What a browser sent, as it is given to ``Person.fill``; what is empty is ``None``."""
    given: dict[str, Any] = {}
    for block in inputs(view):
        typed = [value for value in posted.get(f"{FIELD}{block['block_id']}", []) if value]
        is_list = block["element"]["type"] in {"multi_static_select", "checkboxes"}
        given[block["block_id"]] = typed if is_list else next(iter(typed), None)
    return given


def _controls(place: Mapping[str, str], user: str, blocks: Sequence[Block]) -> str:
    return "".join(_control(place, user, block, element) for block, element in interactive(blocks))


def _control(place: Mapping[str, str], user: str, block: Block, element: Mapping[str, Any]) -> str:
    fields = {**place, "block": block["block_id"], "action": element["action_id"]}
    if element["type"] == "button":
        return _form(user, "press", fields, _button(element))
    if element["type"] not in _MENUS:
        return ""
    label = escape((element.get("placeholder") or {"text": "Choose"})["text"])
    menu = f'<select name="choose" aria-label="{label}">{_options(element, initial(element))}'
    return _form(user, "press", fields, f"{menu}</select><button>Choose</button>")


def _button(element: Mapping[str, Any]) -> str:
    spoken = element.get("accessibility_label")
    label = f' aria-label="{escape(spoken)}"' if spoken else ""
    shown = _text(element["text"])
    confirm = element.get("confirm")
    if confirm is None:
        return f"<button{label}>{shown}</button>"
    return (
        f"<details><summary{label}>{shown}</summary><p>{_text(confirm['title'])} "
        f"{_text(confirm['text'])}</p><button>{_text(confirm['confirm'])}</button></details>"
    )


def _block(block: Block, view: View, errors: Mapping[str, str], given: Given) -> str:
    if block["type"] != "input":
        return _read(block)
    block_id, element = block["block_id"], block["element"]
    value = given[block_id] if block_id in given else initial(element)
    name = re.sub(r"\W", "-", f"{view.id}-{block_id}")
    about = " ".join(
        f"{name}-{part}"
        for part, is_said in (("hint", "hint" in block), ("error", block_id in errors))
        if is_said
    )
    attributes = (
        f'name="{escape(FIELD + block_id)}"'
        + (f' aria-describedby="{about}"' if about else "")
        + (' aria-invalid="true"' if block_id in errors else "")
        + ("" if block.get("optional") else " required")
    )
    hint = f'<small id="{name}-hint">{_text(block["hint"])}</small>' if "hint" in block else ""
    error = _alert(errors.get(block_id), f"{name}-error")
    return f'<div class="field">{_labelled(block, name, attributes, value)}{hint}{error}</div>'


def _read(block: Block) -> str:
    """What *block* says; nothing is drawn, for the figures of a chart stand beside it."""
    if block["type"] == "header":
        return f"<h3>{_lines(block['text'])}</h3>"
    if block["type"] not in _TEXTS:
        return ""
    return "".join(f"<p>{_lines(text)}</p>" for text in _texts(block))


def _labelled(block: Block, name: str, attributes: str, value: Any) -> str:
    element, label = block["element"], _text(block["label"])
    if element["type"] in _AT_ONE_GLANCE:
        kind, chosen = _AT_ONE_GLANCE[element["type"]], _chosen(value)
        choices = "".join(
            f'<label><input type="{kind}" {attributes} value="{escape(option["value"])}"'
            f"{' checked' if option['value'] in chosen else ''}>{_text(option['text'])}</label>"
            for option in options_of(element)
        )
        return f"<fieldset><legend>{label}</legend>{choices}</fieldset>"
    asked = f'<label for="{name}">{label}</label>'
    if "options" in element:
        many = " multiple" if element["type"].startswith("multi_") else ""
        empty = "" if many else _nothing_chosen(element)
        menu = f'<select id="{name}" {attributes}{many}>{empty}{_options(element, value)}</select>'
        return asked + menu
    longest = f' maxlength="{element["max_length"]}"' if "max_length" in element else ""
    kind = _TYPES.get(element["type"], "text")
    shown = escape(str(value or ""))
    return f'{asked}<input id="{name}" type="{kind}" value="{shown}" {attributes}{longest}>'


def _nothing_chosen(element: Mapping[str, Any]) -> str:
    return f'<option value="">{_text(element.get("placeholder") or {"text": "Choose"})}</option>'


def _options(element: Mapping[str, Any], chosen: Any) -> str:
    wanted = _chosen(chosen)
    return "".join(
        f'<option value="{escape(option["value"])}"'
        f"{' selected' if option['value'] in wanted else ''}>{_text(option['text'])}</option>"
        for option in options_of(element)
    )


def _chosen(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _form(user: str, verb: str, fields: Mapping[str, str], inside: str) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    return f'<form method="post" action="/as/{quote(user)}/{verb}">{hidden}{inside}</form>'


def _alert(text: str | None, name: str | None = None) -> str:
    named = f' id="{name}"' if name else ""
    return f'<strong role="alert"{named}>{escape(text)}</strong>' if text else ""


def _texts(block: Block) -> Iterator[Mapping[str, Any]]:
    if "text" in block:
        yield block["text"]
    for part in (*block.get("fields", ()), *block.get("elements", ())):
        if "text" in part:
            yield part


def _lines(text: Mapping[str, Any]) -> str:
    """Slack's own escapes undone, its bold taken off, and nothing else interpreted."""
    plain = shown(text["text"]) if text["type"] == "mrkdwn" else text["text"]
    return escape(plain.translate(_MARKS)).replace("\n", "<br>")


def shown(text: str) -> str:
    """Slack's own escapes undone, as it does when it shows text; nothing else is interpreted."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _text(text: Mapping[str, Any]) -> str:
    return escape(text["text"])
