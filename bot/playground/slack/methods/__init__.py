"""The methods of the Web API, by the name in their address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from bot.playground.slack.arguments import Arguments
from bot.playground.slack.methods import chat, conversations, files, people, views
from bot.playground.slack.workspace import Workspace

Method = Callable[[Workspace, Arguments], dict[str, Any]]

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "auth.test": people.auth_test,
        "users.list": people.users_list,
        "users.info": people.users_info,
        "usergroups.list": people.usergroups_list,
        "usergroups.users.list": people.usergroups_users_list,
        "chat.postMessage": chat.post_message,
        "chat.update": chat.update,
        "chat.postEphemeral": chat.post_ephemeral,
        "conversations.open": conversations.open_,
        "conversations.history": conversations.history,
        "conversations.info": conversations.info,
        "conversations.members": conversations.members,
        "files.getUploadURLExternal": files.get_upload_url,
        "files.completeUploadExternal": files.complete_upload,
        "views.open": views.open_,
        "views.update": views.update,
        "views.publish": views.publish,
        "apps.connections.open": people.connections_open,
    }
)
"""Each takes the workspace and decoded arguments, and gives the answer without its ``ok``."""
