"""What Slack sends to an app when somebody does something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.playground.slack.messages import Block, Message, with_block_ids
from bot.playground.slack.views import View
from bot.playground.slack.workspace import Workspace

APP_ID = "A0UPSHOT1"

_VALUE_OF = {
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "overflow": "selected_option",
    "radio_buttons": "selected_option",
    "static_select": "selected_option",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
}


def slash_command(
    workspace: Workspace,
    *,
    command: str,
    text: str,
    user_id: str,
    channel_id: str,
    response_url: str,
) -> dict[str, Any]:
    channel = workspace.channels.find(channel_id)
    return {
        "token": "deprecated",
        "team_id": workspace.team_id,
        "team_domain": "upshot-playground",
        "channel_id": channel_id,
        "channel_name": "directmessage" if channel is None or channel.is_im else channel.name,
        "user_id": user_id,
        "user_name": workspace.users[user_id].name,
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": workspace.triggers.issue(user_id),
    }


def block_actions(
    workspace: Workspace,
    *,
    user_id: str,
    action: Mapping[str, Any],
    place: Message | View,
    response_url: str,
) -> dict[str, Any]:
    common = {
        **_interaction(workspace, "block_actions", user_id),
        "actions": [action],
        "response_url": response_url,
    }
    if isinstance(place, View):
        container = {"type": "view", "view_id": place.id}
        return {**common, "container": container, "view": place.as_json(workspace.team_id)}
    posted: dict[str, Any] = {
        "type": "message",
        "message_ts": place.ts,
        "channel_id": place.channel,
        "is_ephemeral": place.seen_only_by is not None,
    }
    return {
        **common,
        "container": posted,
        "channel": {"id": place.channel, "name": "directmessage"},
        "message": place.as_json(),
        "state": {"values": {}},
    }


def action_on(
    place: Message | View,
    action_id: str,
    chosen: Any,
    now: datetime,
    *,
    block_id: str | None = None,
) -> dict[str, Any]:
    """What pressing, or choosing *chosen* in, the element named *action_id* reports.

    Where several blocks have such an element, *block_id* tells which; without it, the first.
    """
    blocks = place.blocks if isinstance(place, Message) else with_block_ids(place.payload["blocks"])
    for block, element in interactive(blocks):
        if element.get("action_id") == action_id and block_id in {None, block["block_id"]}:
            return {
                "type": element["type"],
                "action_id": action_id,
                "block_id": block.get("block_id", ""),
                "action_ts": f"{now.timestamp():.6f}",
                **reported(element, chosen),
            }
    raise LookupError(f"There is nothing named {action_id!r} to press here.")


def message_action(
    workspace: Workspace, *, callback_id: str, user_id: str, message: Message, response_url: str
) -> dict[str, Any]:
    """A shortcut that was chosen in the menu of a message."""
    channel = workspace.channels.find(message.channel)
    return {
        **_interaction(workspace, "message_action", user_id),
        "callback_id": callback_id,
        "action_ts": f"{workspace.now().timestamp():.6f}",
        "message_ts": message.ts,
        "channel": {
            "id": message.channel,
            "name": "directmessage" if channel is None or channel.is_im else channel.name,
        },
        "message": message.as_json(),
        "response_url": response_url,
    }


def view_submission(
    workspace: Workspace, *, user_id: str, view: View, values: Mapping[str, Any]
) -> dict[str, Any]:
    submitted = view.as_json(workspace.team_id) | {"state": {"values": dict(values)}}
    return {
        **_interaction(workspace, "view_submission", user_id),
        "view": submitted,
        "response_urls": [],
    }


def event_callback(workspace: Workspace, event: Mapping[str, Any], number: int) -> dict[str, Any]:
    now = int(workspace.now().timestamp())
    authorization = {
        "enterprise_id": None,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": "deprecated",
        "team_id": workspace.team_id,
        "api_app_id": APP_ID,
        "type": "event_callback",
        "event": {"event_ts": f"{now}.000000", **event},
        "event_id": f"Ev{number:09d}",
        "event_time": now,
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
    }


def home_opened(workspace: Workspace, user_id: str, tab: str) -> dict[str, Any]:
    dm = workspace.channels.dm_with(user_id)
    event = {"type": "app_home_opened", "user": user_id, "channel": dm.id, "tab": tab}
    home = workspace.views.home_of(user_id)
    return event if home is None else event | {"view": home.as_json(workspace.team_id)}


def _interaction(workspace: Workspace, kind: str, user_id: str) -> dict[str, Any]:
    user = workspace.users[user_id]
    return {
        "type": kind,
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": user.team_id or workspace.team_id,
        },
        "api_app_id": APP_ID,
        "token": "deprecated",
        "team": {"id": workspace.team_id, "domain": "upshot-playground"},
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": workspace.triggers.issue(user_id),
    }


def interactive(blocks: Iterable[Block]) -> Iterator[tuple[Block, Block]]:
    """Each element that can be pressed or filled in, with its block."""
    for block in blocks:
        inside = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        yield from ((block, element) for element in inside if element and "action_id" in element)


def reported(element: Mapping[str, Any], chosen: Any) -> dict[str, Any]:
    """What an element says of itself; ``None`` is nothing chosen."""
    if element["type"] == "button":
        shown = {"text": element["text"]}
        return shown | ({"value": element["value"]} if "value" in element else {})
    key = _VALUE_OF.get(element["type"], "value")
    if not key.startswith("selected_option"):
        return {key: chosen}
    if chosen is None:
        return {key: [] if key == "selected_options" else None}
    wanted = chosen if isinstance(chosen, list) else [chosen]
    found = [option for option in options_of(element) if option["value"] in wanted]
    if len(found) != len(wanted):
        raise LookupError(f"{element.get('action_id')!r} does not offer {chosen!r}.")
    return {key: found if key == "selected_options" else found[0]}


def options_of(element: Mapping[str, Any]) -> list[dict[str, Any]]:
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    return [option for group in groups for option in group["options"]]
