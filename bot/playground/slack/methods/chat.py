"""Posting, changing and showing messages."""

from __future__ import annotations

from typing import Any

from bot.playground.slack.arguments import Arguments
from bot.playground.slack.errors import SlackError
from bot.playground.slack.workspace import Workspace


def post_message(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Two calls are two messages: ``client_msg_id`` is not honoured, as nothing promises it."""
    payload = _payload(workspace, arguments)
    channel = workspace.destination(arguments.required("channel"))
    message = workspace.messages.post(channel.id, workspace.bot.id, payload)
    return {"channel": channel.id, "ts": message.ts, "message": message.as_json()}


def update(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    payload = _payload(workspace, arguments)
    channel = workspace.channels.writable(arguments.required("channel"))
    message = workspace.messages.find(channel.id, arguments.required("ts"))
    if message.author != workspace.bot.id:
        raise SlackError("cant_update_message")
    edited = workspace.messages.edit(message, payload)
    return {
        "channel": channel.id,
        "ts": edited.ts,
        "text": edited.text,
        "message": edited.as_json(),
    }


def post_ephemeral(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    payload = _payload(workspace, arguments)
    channel = workspace.channels.writable(arguments.required("channel"))
    user = workspace.user(arguments.required("user"))
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    message = workspace.messages.show(user.id, channel.id, workspace.bot.id, payload)
    return {"message_ts": message.ts}


def _payload(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    workspace.require("chat:write")
    payload = dict(arguments)
    if not (payload.get("text") or payload.get("blocks") or payload.get("attachments")):
        raise SlackError("no_text")
    workspace.check_message(payload)
    return payload
