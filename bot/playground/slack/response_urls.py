"""The addresses to which an app may answer a command or a click, for a while."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.playground.slack.errors import SlackError
from bot.playground.slack.exchange import Exchange
from bot.playground.slack.messages import Message
from bot.playground.slack.workspace import Workspace

USES = 5
LIFETIME = timedelta(minutes=30)


@dataclass(slots=True, kw_only=True)
class _Permit:
    user_id: str
    channel_id: str
    original: Message | None
    expires: datetime
    uses_left: int = USES


class ResponseUrls:
    def __init__(self, workspace: Workspace, exchange: Exchange) -> None:
        self._workspace = workspace
        self._exchange = exchange
        self._permits: dict[str, _Permit] = {}

    def issue(self, user_id: str, channel_id: str, original: Message | None = None) -> str:
        """A path to answer *user_id*; *original* is the message that was clicked on."""
        secret = secrets.token_hex(16)
        self._permits[secret] = _Permit(
            user_id=user_id,
            channel_id=channel_id,
            original=original,
            expires=self._workspace.now() + LIFETIME,
        )
        return f"/response/{secret}"

    async def endpoint(self, request: Request) -> Response:
        secret = request.path_params["secret"]
        body = await request.body()
        try:
            payload = json.loads(body)
        except ValueError:
            payload = None
        return self._exchange.answer(
            "response_url",
            request.method,
            payload if isinstance(payload, dict) else {},
            lambda: self._respond(secret, payload),
        )

    def _respond(self, secret: str, payload: Any) -> dict[str, Any]:
        permit = self._permits.get(secret)
        if permit is None or not permit.uses_left or self._workspace.now() >= permit.expires:
            raise SlackError("expired_url")
        permit.uses_left -= 1
        if not isinstance(payload, dict):
            raise SlackError("invalid_payload")
        self._workspace.check_message(payload)
        self._apply(permit, payload)
        return {}

    def _apply(self, permit: _Permit, payload: dict[str, Any]) -> None:
        messages = self._workspace.messages
        if permit.original is not None and payload.get("delete_original"):
            messages.delete(permit.original)
            permit.original = None
        elif permit.original is not None and payload.get("replace_original"):
            permit.original = messages.edit(permit.original, payload)
        elif not payload.get("delete_original"):
            show_answer(self._workspace, permit.user_id, permit.channel_id, payload)


def show_answer(
    workspace: Workspace, user_id: str, channel_id: str, payload: dict[str, Any]
) -> Message:
    """Only the one who asked sees an answer, unless it says ``in_channel``."""
    if payload.get("response_type") == "in_channel":
        return workspace.messages.post(channel_id, workspace.bot.id, payload)
    return workspace.messages.show(user_id, channel_id, workspace.bot.id, payload)
