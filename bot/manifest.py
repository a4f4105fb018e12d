"""Slack's app manifest for the configured names: what to paste when the app is made."""

from __future__ import annotations

from typing import Any

from bot.domain.commands import CommandNames
from handlers.outcomes import LOG_SHORTCUT

EVENTS = ("app_home_opened",)
SCOPES = ("commands", "chat:write", "users:read", "users:read.email", "im:write", "im:history")
OPTIONAL_SCOPES = ("usergroups:read", "channels:read", "groups:read", "files:write")
"""Whoever installs the app may decline them; each has something that goes on without it."""


def manifest(names: CommandNames, *, url: str | None) -> dict[str, Any]:
    """With a *url* Slack sends requests there, without one they come by Socket Mode."""
    request_url = {} if url is None else {"request_url": f"{url.rstrip('/')}/slack/events"}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Upshot",
            "description": "Outcomes, not tokens: your own AI use beside your own finished work.",
            "background_color": "#1f2a44",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "upshot", "always_online": True},
            "shortcuts": [
                {
                    "name": "Log as outcome",
                    "type": "message",
                    "callback_id": LOG_SHORTCUT,
                    "description": "Log work that this message tells of; only you can see it",
                }
            ],
            "slash_commands": _commands(names, request_url.get("request_url")),
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES), "bot_optional": list(OPTIONAL_SCOPES)}},
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def _commands(names: CommandNames, url: str | None) -> list[dict[str, Any]]:
    commands = (
        (
            names.usage,
            "Your own AI use beside your own outcomes",
            "[week|month|outcomes|tips|log|tag|estimate|accounts|settings|privacy|export|help]",
        ),
        (names.team, "What was released of your team", "[TEAM|help]"),
        (
            names.admin,
            "Upshot's settings and health",
            "[thresholds|teams|admins|accounts|providers|status|audit|help]",
        ),
    )
    return [
        {
            "command": command,
            "description": description,
            "usage_hint": hint,
            "should_escape": True,
            **({} if url is None else {"url": url}),
        }
        for command, description, hint in commands
    ]
