"""Modals and the Home tab."""

from __future__ import annotations

import json
from typing import Any

from bot.playground.slack.arguments import Arguments
from bot.playground.slack.block_kit_limits import VIEW_BYTES, Surface
from bot.playground.slack.errors import SlackError, explained
from bot.playground.slack.workspace import Workspace


def open_(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    payload = _view(workspace, arguments, "modal")
    user_id = workspace.triggers.exchange(arguments.required("trigger_id"))
    view = workspace.views.open(user_id, payload)
    return {"view": view.as_json(workspace.team_id)}


def update(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    view = workspace.views.find(
        view_id=arguments.get("view_id"), external_id=arguments.get("external_id")
    )
    payload = _view(workspace, arguments, "home" if view.payload["type"] == "home" else "modal")
    changed = workspace.views.change(view, payload, arguments.get("hash"))
    return {"view": changed.as_json(workspace.team_id)}


def publish(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    payload = _view(workspace, arguments, "home")
    user = workspace.user(arguments.required("user_id"))
    view = workspace.views.publish(user.id, payload, arguments.get("hash"))
    return {"view": view.as_json(workspace.team_id)}


def _view(workspace: Workspace, arguments: Arguments, surface: Surface) -> dict[str, Any]:
    payload = arguments.object("view")
    if len(json.dumps(payload).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    if complaints := workspace.complaints(payload, surface):
        raise explained(workspace.invalid_view_error, complaints)
    return payload
