"""Rich text: sections, lists, quotes and preformatted lines made of small leaves."""

from __future__ import annotations

from bot.playground.slack import block_kit_limits as limits
from bot.playground.slack.checks import (
    Check,
    Shapes,
    boolean,
    by_type,
    choice,
    integer,
    items,
    shape,
    string,
)

_MARKS = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight")
_STYLE: Shapes = {"style": shape({}, dict.fromkeys(_MARKS, boolean))}


def _leaf(kind: str, required: Shapes, **optional: Check) -> Check:
    return shape({"type": choice(kind), **required}, {**_STYLE, **optional})


_LEAF = by_type(
    {
        "text": _leaf("text", {"text": string()}),
        "link": _leaf(
            "link", {"url": string(longest=limits.URL)}, text=string(shortest=0), unsafe=boolean
        ),
        "emoji": _leaf("emoji", {"name": string()}, unicode=string(), skin_tone=integer()),
        "user": _leaf("user", {"user_id": string()}),
        "usergroup": _leaf("usergroup", {"usergroup_id": string()}),
        "channel": _leaf("channel", {"channel_id": string()}),
        "broadcast": _leaf("broadcast", {"range": choice("here", "channel", "everyone")}),
        "color": _leaf("color", {"value": string(pattern=r"#[0-9a-fA-F]{6}")}),
        "date": _leaf(
            "date",
            {"timestamp": integer(), "format": string()},
            url=string(longest=limits.URL),
            fallback=string(),
        ),
    }
)
_LEAVES = items(_LEAF, fewest=0)
_BORDER: Shapes = {"border": integer(most=1)}
_SECTION = shape({"type": choice("rich_text_section"), "elements": _LEAVES})

RICH_TEXT = shape(
    {
        "type": choice("rich_text"),
        "elements": items(
            by_type(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_quote": shape(
                        {"type": choice("rich_text_quote"), "elements": _LEAVES}, _BORDER
                    ),
                    "rich_text_preformatted": shape(
                        {"type": choice("rich_text_preformatted"), "elements": _LEAVES},
                        {**_BORDER, "language": string()},
                    ),
                    "rich_text_list": shape(
                        {
                            "type": choice("rich_text_list"),
                            "style": choice("bullet", "ordered"),
                            "elements": items(_SECTION),
                        },
                        {
                            **_BORDER,
                            "indent": integer(most=limits.LIST_INDENT),
                            "offset": integer(),
                        },
                    ),
                }
            )
        ),
    },
    {"block_id": string(longest=limits.IDENTIFIER)},
)
