"""The inputs of a form, each with a label of its own, and the modal that they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from slackblocks import (
    Block,
    DatePicker,
    InputBlock,
    ModalView,
    Option,
    PlainText,
    PlainTextInput,
    RadioButtonGroup,
    StaticMultiSelectMenu,
    StaticSelectMenu,
    URLInput,
)

from bot.blocks.escaping import plain
from bot.domain.messages import Message, Modal
from bot.language import Language

VALUE = "value"
"""What the one element of every input is called: its block says which field it is."""
_MOST_CHOICES = 100
_LONGEST_CHOICE = 75
_LONGEST_VALUE = 150
_TITLE = "Upshot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What is said round an input."""

    block_id: str
    label: str
    hint: str | None = None
    optional: bool = False


def form(
    say: Language,
    callback_id: str,
    title: str,
    submit: str,
    *blocks: Block,
    private_metadata: str = "",
) -> Modal:
    return Modal(
        callback_id=callback_id,
        title=title,
        submit=submit,
        close=say("Cancel"),
        # made as a whole view, so that what may not stand in one is refused here
        blocks=tuple(ModalView(title, list(blocks), submit=submit).to_dict()["blocks"]),
        private_metadata=private_metadata,
    )


def note(message: Message) -> Modal:
    """What is said in place of a form that was sent, or could not be shown."""
    return Modal(callback_id="note", title=_TITLE, submit=None, close=None, blocks=message.blocks)


def typed(field: Field, *, most: int, given: str | None = None) -> Block:
    initial = plain(given, most=most) if given else None
    element = PlainTextInput(action_id=VALUE, initial_value=initial, max_length=most)
    return _input(field, element)


def lines(field: Field, *, most: int) -> Block:
    """Room for many lines."""
    return _input(field, PlainTextInput(action_id=VALUE, max_length=most, multiline=True))


def typed_lines(field: Field, *, most: int) -> Block:
    """Room for several lines."""
    return _input(field, PlainTextInput(action_id=VALUE, multiline=True, max_length=most))


def link(field: Field, *, given: str | None = None) -> Block:
    return _input(field, URLInput(action_id=VALUE, initial_value=given))


def day(field: Field, *, given: date) -> Block:
    return _input(field, DatePicker(action_id=VALUE, initial_date=given.isoformat()))


def one_of(
    field: Field, choices: Sequence[Choice], *, given: str | None = None, empty: str | None = None
) -> Block:
    """A menu; *empty* is what it shows while nothing is chosen."""
    options = [_option(choice) for choice in choices]
    menu = StaticSelectMenu(
        action_id=VALUE,
        options=options,
        initial_option=next((o for o in options if o.value == given), None),
        placeholder=PlainText(empty) if empty else None,
    )
    return _input(field, menu)


def some_of(
    field: Field, choices: Sequence[Choice], *, given: Sequence[str] = (), empty: str
) -> Block:
    options = [_option(choice) for choice in choices if fits(choice.value)][:_MOST_CHOICES]
    menu = StaticMultiSelectMenu(
        action_id=VALUE,
        options=options,
        initial_options=[o for o in options if o.value in given] or None,
        placeholder=PlainText(empty),
    )
    return _input(field, menu)


def one_shown(field: Field, choices: Sequence[Choice], *, given: str) -> Block:
    """Radio buttons: all the choices at one glance."""
    options = [_option(choice) for choice in choices]
    chosen = next(option for option in options if option.value == given)
    return _input(field, RadioButtonGroup(VALUE, options, initial_option=chosen))


def fits(value: str) -> bool:
    """Whether *value* can come back from the reader's device."""
    return 0 < len(value) <= _LONGEST_VALUE


def _input(field: Field, element: Any) -> Block:
    return InputBlock(
        label=PlainText(field.label),
        element=element,
        block_id=field.block_id,
        hint=PlainText(field.hint) if field.hint else None,
        optional=field.optional,
    )


def _option(choice: Choice) -> Option:
    return Option(PlainText(plain(choice.label, most=_LONGEST_CHOICE)), str(choice.value))
