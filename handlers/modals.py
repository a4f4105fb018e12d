"""Forms: how one is opened, and what came back in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.forms import VALUE
from bot.domain.messages import Modal
from bot.errors import FormNotOpenedError

# A request that broke off is sent again: then the first one had opened the form.
_IS_OPEN = frozenset({"exchanged_trigger_id", "trigger_exchanged"})


def view_of(modal: Modal) -> dict[str, Any]:
    view = {
        "type": "modal",
        "callback_id": modal.callback_id,
        "title": _plain(modal.title),
        "blocks": list(modal.blocks),
        "private_metadata": modal.private_metadata,
    }
    buttons = {"submit": modal.submit, "close": modal.close}
    return view | {name: _plain(said) for name, said in buttons.items() if said is not None}


async def open_modal(client: AsyncWebClient, trigger_id: str, modal: Modal) -> None:
    try:
        await client.views_open(trigger_id=trigger_id, view=view_of(modal))
    except SlackApiError as error:
        code = error.response.get("error")
        if code not in _IS_OPEN:
            raise FormNotOpenedError(f"Slack did not open the form: {code}.") from None


def first_input(view: Mapping[str, Any]) -> str:
    """The block under which a word about the whole form is said."""
    return str(next(block["block_id"] for block in view["blocks"] if block["type"] == "input"))


@dataclass(frozen=True, slots=True)
class Submitted:
    """What was filled in, by the block; nothing in it is believed, least of all its shape."""

    view: Mapping[str, Any]

    def text(self, block_id: str) -> str | None:
        return _text(self._element(block_id).get("value"))

    def day(self, block_id: str) -> str | None:
        return _text(self._element(block_id).get("selected_date"))

    def choice(self, block_id: str) -> str | None:
        return _chosen(self._element(block_id).get("selected_option"))

    def choices(self, block_id: str) -> tuple[str, ...]:
        options = self._element(block_id).get("selected_options")
        chosen = map(_chosen, options if isinstance(options, list) else [])
        return tuple(value for value in chosen if value is not None)

    def _element(self, block_id: str) -> Mapping[str, Any]:
        block = self.view["state"]["values"].get(block_id)
        element = block.get(VALUE) if isinstance(block, dict) else None
        return element if isinstance(element, dict) else {}


def chosen_value(action: Mapping[str, Any]) -> str:
    """What a button, or an option of a menu, stands for."""
    return _text(action.get("value")) or _chosen(action.get("selected_option")) or ""


def _chosen(option: Any) -> str | None:
    return _text(option.get("value")) if isinstance(option, dict) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}
