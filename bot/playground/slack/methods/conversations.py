"""Opening and reading conversations."""

from __future__ import annotations

from typing import Any

from bot.playground.slack.arguments import Arguments
from bot.playground.slack.channels import SlackChannel
from bot.playground.slack.errors import SlackError
from bot.playground.slack.workspace import Workspace

_UNASKED_PAGE = 100


def open_(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Only with one person: Upshot never starts a group conversation."""
    workspace.require("im:write")
    users = arguments.get("users") or ""
    names = users if isinstance(users, list) else [name for name in users.split(",") if name]
    if not names:
        raise SlackError("users_list_not_supplied")
    if len(names) > 1:
        raise SlackError("method_not_supported_for_channel_type")
    known = workspace.channels.opened_dm(names[0]) is not None
    channel = workspace.dm_with(names[0])
    already: dict[str, Any] = {"no_op": True, "already_open": True} if known else {}
    return {
        **already,
        "channel": channel.as_json() if arguments.flag("return_im") else {"id": channel.id},
    }


def history(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    channel = _readable(workspace, arguments, "history")
    if not channel.has_bot:
        raise SlackError("not_in_channel")
    found = workspace.messages.between(
        channel.id,
        _moment(arguments, "oldest"),
        _moment(arguments, "latest"),
        inclusive=arguments.flag("inclusive"),
    )
    page, cursor = arguments.page(found, unasked=_UNASKED_PAGE)
    with_metadata = arguments.flag("include_all_metadata")
    return {
        "messages": [message.as_json(with_metadata=with_metadata) for message in page],
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


def info(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    return {"channel": _readable(workspace, arguments, "read").as_json()}


def members(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    channel = _readable(workspace, arguments, "read")
    bot = (workspace.bot.id,) if channel.has_bot else ()
    page, cursor = arguments.page((*channel.members, *bot), unasked=_UNASKED_PAGE)
    return {"members": list(page), "response_metadata": {"next_cursor": cursor}}


def _readable(workspace: Workspace, arguments: Arguments, right: str) -> SlackChannel:
    channel = workspace.channels.visible(arguments.required("channel"))
    workspace.require(f"{channel.kind}:{right}")
    return channel


def _moment(arguments: Arguments, name: str) -> str | None:
    value = str(arguments.get(name) or "")
    if value and not value.replace(".", "", 1).isdecimal():
        raise SlackError(f"invalid_ts_{name}")
    return value or None
