"""The Web API's front door: what was sent, by whom, to which method."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from bot.playground.slack.arguments import Arguments
from bot.playground.slack.errors import SlackError
from bot.playground.slack.exchange import Exchange
from bot.playground.slack.methods import METHODS
from bot.playground.slack.workspace import Workspace

_FOR_APP_TOKENS = frozenset({"apps.connections.open"})


class WebApi:
    def __init__(
        self, workspace: Workspace, exchange: Exchange, *, bot_token: str, app_token: str
    ) -> None:
        self._workspace = workspace
        self._exchange = exchange
        self._bot_token = bot_token
        self._app_token = app_token

    async def endpoint(self, request: Request) -> Response:
        method = request.path_params["method"]
        given = _sent(request, await request.body())
        token = _token(request, given)
        return self._exchange.answer(
            method, request.method, given, lambda: self._act(method, token, given)
        )

    def _act(self, method: str, token: str | None, given: Mapping[str, Any]) -> dict[str, Any]:
        if method not in METHODS:
            raise SlackError("unknown_method", req_method=method)
        self._authenticate(method, token)
        return METHODS[method](self._workspace, Arguments(given))

    def _authenticate(self, method: str, token: str | None) -> None:
        if token is None:
            raise SlackError("not_authed")
        if token not in {self._bot_token, self._app_token}:
            raise SlackError("invalid_auth")
        if (token == self._app_token) != (method in _FOR_APP_TOKENS):
            raise SlackError("not_allowed_token_type")


def _sent(request: Request, body: bytes) -> dict[str, Any]:
    given: dict[str, Any] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        return given | _object(body)
    return given | dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


def _object(body: bytes) -> dict[str, Any]:
    try:
        decoded = json.loads(body)
    except ValueError:
        return {}
    return decoded if isinstance(decoded, dict) else {}


def _token(request: Request, given: dict[str, Any]) -> str | None:
    """The header wins; the token is taken out of the arguments either way."""
    field = given.pop("token", None)
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else field
