"""Blocks, elements and views as small as Slack takes them, to be made too large or wrong."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str = "Words") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "Words") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**parts: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **parts}


def button(**parts: Any) -> Json:
    return {"type": "button", "text": plain(), "action_id": "go", **parts}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def confirm(**parts: Any) -> Json:
    return {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain(), **parts}


def option(number: int = 0, **parts: Any) -> Json:
    return {"text": plain(), "value": str(number), **parts}


def options(count: int) -> list[Json]:
    return [option(number) for number in range(count)]


def menu(**parts: Any) -> Json:
    return {"type": "static_select", "options": options(2), **parts}


def checkboxes(count: int) -> Json:
    return {"type": "checkboxes", "options": options(count)}


def radio(count: int) -> Json:
    return {"type": "radio_buttons", "options": options(count)}


def overflow(count: int) -> Json:
    return {"type": "overflow", "options": options(count)}


def input_of(element: Json | None = None, **parts: Any) -> Json:
    field = element or {"type": "plain_text_input"}
    return {"type": "input", "label": plain(), "element": field, **parts}


def image(**parts: Any) -> Json:
    source = {"image_url": "https://example.com/a.png"}
    return {"type": "image", "alt_text": "A picture", **source, **parts}


def rich_text(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def rich_line(*leaves: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(leaves)}


def rich_list(**parts: Any) -> Json:
    return {"type": "rich_text_list", "style": "bullet", "elements": [rich_line()], **parts}


def cell(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def table(rows: int = 2, columns: int = 2, text: str = "x", **parts: Any) -> Json:
    return {"type": "table", "rows": [[cell(text)] * columns] * rows, **parts}


def chart(chart: Json, **parts: Any) -> Json:
    return {"type": "data_visualization", "title": "Spend", "chart": chart, **parts}


def series(name: str = "You", labels: tuple[str, ...] = ("W1", "W2"), value: Any = 1) -> Json:
    return {"name": name, "data": [{"label": label, "value": value} for label in labels]}


def line(*lines: Json, categories: tuple[str, ...] = ("W1", "W2"), **axes: Any) -> Json:
    axis = {"categories": list(categories), **axes}
    return {"type": "line", "series": list(lines or (series(),)), "axis_config": axis}


def weeks(count: int) -> tuple[str, ...]:
    return tuple(f"W{number}" for number in range(count))


def pie(*values: Any) -> Json:
    segments = [{"label": str(index), "value": value} for index, value in enumerate(values)]
    return {"type": "pie", "segments": segments}


def markdown(text: str) -> Json:
    return {"type": "markdown", "text": text}


def message(*blocks: Json, **parts: Any) -> Json:
    return {"text": "All of it in words", "blocks": list(blocks), **parts}


def modal(*blocks: Json, **parts: Any) -> Json:
    return {"type": "modal", "title": plain(), "blocks": list(blocks), **parts}


def home(*blocks: Json, **parts: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **parts}
