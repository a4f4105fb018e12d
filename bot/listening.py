"""Hearing from Slack: at a URL, or by Socket Mode where no URL can be opened."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.routing import Route

import handlers
from bot.app import Upshot
from bot.errors import SourceError
from bot.http import real_now
from bot.ingest_door import PATH, IngestDoor
from bot.slack_side import SlackSide
from bot.telemetry_door import TelemetryDoor
from bot.web import SlackDoor, make_web
from db.requests import SeenRequests

log = structlog.get_logger()


def make_bolt(upshot: Upshot, slack: SlackSide) -> AsyncApp:
    """The listeners. Signatures are checked at the door, before Bolt sees the request."""
    token = slack.config.bot_token.get_secret_value()
    home = Home(slack)

    async def authorize(team_id: str | None, **_: Any) -> AuthorizeResult | None:
        if team_id is None or team_id != await home.workspace():
            return None
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token=token)

    bolt = AsyncApp(
        client=AsyncWebClient(base_url=slack.config.api_url),
        authorize=authorize,  # type: ignore[arg-type]  # None says that it is not ours
        process_before_response=True,
        request_verification_enabled=False,
        raise_error_for_unhandled_request=False,
    )
    handlers.register(bolt, upshot.services)
    return bolt


class Home:
    """The one workspace that we serve, asked for once."""

    def __init__(self, slack: SlackSide) -> None:
        self._slack = slack
        self._workspace: str | None = None

    async def workspace(self) -> str | None:
        if self._workspace is None:
            try:
                self._workspace = await self._slack.directory.workspace()
            except SourceError as error:
                log.warning("workspace_unknown", error=type(error).__name__)
        return self._workspace


def make_app_of_web(upshot: Upshot) -> Starlette:
    """The web process: Slack's door where it has one, and health."""
    door = None
    if upshot.slack is not None and upshot.slack.config.signing_secret is not None:
        door = SlackDoor(
            make_bolt(upshot, upshot.slack),
            signing_secret=upshot.slack.config.signing_secret.get_secret_value(),
            seen=SeenRequests(upshot.database),
            real_now=real_now,
        ).answer

    return make_web(door, upshot.database.answers, _doors_of_senders(upshot))


def _doors_of_senders(upshot: Upshot) -> list[Route]:
    """Where usage is sent to, by whoever has the token that is set."""
    routes: list[Route] = []
    if (ingest := upshot.settings.ingest) is not None:
        door = IngestDoor(ingest, upshot.receiver, upshot.clock)
        routes.append(Route(PATH, door.answer, methods=["POST"]))
    if (otlp := upshot.settings.otlp) is not None:
        token = otlp.token.get_secret_value()
        routes += TelemetryDoor(upshot.receiver, token=token, clock=upshot.clock).routes
    return routes


@asynccontextmanager
async def socket_mode(upshot: Upshot) -> AsyncIterator[None]:
    """A socket to Slack for as long as it is wanted, where there is an app token."""
    if upshot.slack is None or upshot.slack.config.app_token is None:
        yield
        return
    bolt = make_bolt(upshot, upshot.slack)
    token = upshot.slack.config.app_token.get_secret_value()
    handler = AsyncSocketModeHandler(bolt, app_token=token, web_client=bolt.client)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
