"""Who we are, who is here, and which groups they form."""

from __future__ import annotations

from typing import Any

from bot.playground.slack.arguments import Arguments
from bot.playground.slack.directory import SlackUser
from bot.playground.slack.errors import SlackError
from bot.playground.slack.workspace import Workspace

_UNASKED_PAGE = 1000


def auth_test(workspace: Workspace, _arguments: Arguments) -> dict[str, Any]:
    return {
        "url": "https://upshot-playground.example.com/",
        "team": workspace.team_name,
        "user": workspace.bot.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "bot_id": "B0UPSHOT1",
        "is_enterprise_install": False,
    }


def users_list(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    workspace.require("users:read")
    everyone = list(workspace.users.values())
    page, cursor = arguments.page(everyone, unasked=_UNASKED_PAGE)
    return {
        "members": [_user(workspace, arguments, user) for user in page],
        "cache_ts": int(workspace.now().timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


def users_info(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    workspace.require("users:read")
    user = workspace.user(arguments.required("user"))
    return {"user": _user(workspace, arguments, user)}


def usergroups_list(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    _require_groups(workspace)
    return {
        "usergroups": [
            group.as_json(team_id=workspace.team_id, with_users=arguments.flag("include_users"))
            for group in workspace.user_groups
            if not group.deleted or arguments.flag("include_disabled")
        ]
    }


def usergroups_users_list(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    _require_groups(workspace)
    wanted = arguments.required("usergroup")
    for group in workspace.user_groups:
        if group.id == wanted and (not group.deleted or arguments.flag("include_disabled")):
            return {"users": list(group.users)}
    raise SlackError("no_such_subteam")


def connections_open(workspace: Workspace, _arguments: Arguments) -> dict[str, Any]:
    if workspace.open_socket is None:
        raise SlackError("socket_mode_disabled")
    return {"url": workspace.open_socket()}


def _require_groups(workspace: Workspace) -> None:
    workspace.require("usergroups:read")
    if not workspace.has_paid_plan:
        raise SlackError("plan_upgrade_required")


def _user(workspace: Workspace, arguments: Arguments, user: SlackUser) -> dict[str, Any]:
    return user.as_json(
        team_id=workspace.team_id,
        now=workspace.now(),
        with_email="users:read.email" in workspace.scopes,
        with_locale=arguments.flag("include_locale"),
    )
