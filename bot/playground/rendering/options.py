"""What a menu or a list offers, and what of it is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from bot.playground.rendering.texts import Part, Texts, openable, said


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What Slack itself would offer in menus of people and places: names by id."""

    users: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    conversations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    value: str
    said: str
    """With its description, where no markup can stand."""
    shown: Markup
    description: Markup | None
    url: str | None
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    label: str | None
    options: Sequence[Option]


NO_CHOICES = Choices()


def groups_of(element: Part, chosen: Sequence[str], texts: Texts) -> list[Group]:
    """The options that an app gave, in their groups; those without are one nameless group."""
    groups = element.get("option_groups") or [{"options": element["options"]}]
    return [
        Group(
            label=said(group.get("label")),
            options=[_option(option, chosen, texts) for option in group["options"]],
        )
        for group in groups
    ]


def group_of_names(names: Mapping[str, str], chosen: Sequence[str]) -> Group:
    """People or places, and whoever is chosen already though nobody knows the name."""
    known = {**names, **{one: one for one in chosen if one not in names}}
    return Group(label=None, options=[_named(one, name, chosen) for one, name in known.items()])


def options_in(groups: Iterable[Group]) -> list[Option]:
    return [option for group in groups for option in group.options]


def _option(option: Part, chosen: Sequence[str], texts: Texts) -> Option:
    text, description = option["text"], option.get("description")
    return Option(
        value=option["value"],
        said=text["text"] + (f" ({description['text']})" if description else ""),
        shown=texts.shown(text),
        description=texts.shown_if_any(description),
        url=openable(option.get("url")),
        is_chosen=option["value"] in chosen,
    )


def _named(value: str, name: str, chosen: Sequence[str]) -> Option:
    return Option(
        value=value,
        said=name,
        shown=Markup.escape(name),
        description=None,
        url=None,
        is_chosen=value in chosen,
    )
