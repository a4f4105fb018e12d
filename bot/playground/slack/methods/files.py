"""Uploading a file in three steps, of which the second is not a method."""

from __future__ import annotations

from typing import Any

from bot.playground.slack.arguments import Arguments
from bot.playground.slack.errors import SlackError, invalid_arguments
from bot.playground.slack.workspace import Workspace


def get_upload_url(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    workspace.require("files:write")
    name, length = arguments.required("filename"), str(arguments.get("length") or "")
    if not length.isdecimal() or int(length) == 0:
        raise invalid_arguments(["[ERROR] must be greater than 0 [json-pointer:/length]"])
    file = workspace.files.announce(name, int(length))
    return {"upload_url": f"{workspace.base_url}/upload/{file.secret}", "file_id": file.id}


def complete_upload(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Without a channel a file stays private to the app; with one it is a message there."""
    workspace.require("files:write")
    wanted = arguments.get("files")
    if not isinstance(wanted, list) or not wanted:
        raise invalid_arguments(["[ERROR] missing required field: files"])
    channel = workspace.channels.writable(arguments.required("channel_id"))
    if not channel.has_bot:
        raise SlackError("not_in_channel")
    shared = [
        workspace.files.share(str(file.get("id")), file.get("title"), channel.id) for file in wanted
    ]
    files = [{"id": file.id, "name": file.name, "title": file.title} for file in shared]
    said = str(arguments.get("initial_comment") or "")
    workspace.messages.post(channel.id, workspace.bot.id, {"text": said, "files": files})
    return {"files": files}
