"""A whole Slack in one object: give it people, serve it, look at what the app did."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from starlette.routing import Route

from bot.playground.serving import serving
from bot.playground.slack.calls import Call
from bot.playground.slack.channels import SlackChannel
from bot.playground.slack.delivery import Application
from bot.playground.slack.directory import SlackUser, UserGroup
from bot.playground.slack.exchange import Exchange
from bot.playground.slack.faults import Faults
from bot.playground.slack.files import SlackFile
from bot.playground.slack.messages import Message
from bot.playground.slack.rate_limits import EarlyCall, RateLimits
from bot.playground.slack.response_urls import ResponseUrls
from bot.playground.slack.slack_requests import slash_command
from bot.playground.slack.views import View
from bot.playground.slack.web_api import WebApi
from bot.playground.slack.workspace import Workspace

BOT_TOKEN = "xoxb-playground"
APP_TOKEN = "xapp-playground"
SIGNING_SECRET = "playground-signing-secret"
EVERY_SCOPE = (
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "usergroups:read",
    "users:read",
    "users:read.email",
)
BOT = SlackUser(id="U0UPSHOT1", name="upshot", real_name="Upshot", is_bot=True, locale=None)


def real_time() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


class SlackStandIn:
    def __init__(
        self,
        *,
        team_id: str = "T0UPSHOT1",
        team_name: str = "Example Company",
        bot_token: str = BOT_TOKEN,
        app_token: str = APP_TOKEN,
        signing_secret: str = SIGNING_SECRET,
        users: Iterable[SlackUser] = (),
        channels: Iterable[SlackChannel] = (),
        user_groups: Iterable[UserGroup] = (),
        scopes: Iterable[str] = EVERY_SCOPE,
        bot: SlackUser = BOT,
        faults: Faults | None = None,
        rate_limits: RateLimits | None = None,
        native_charts: bool = True,
        now: Callable[[], datetime] = real_time,
        clock: Callable[[], float] = time.monotonic,
        calendar: Callable[[], datetime] | None = None,
    ) -> None:
        """*calendar* is the time that stands beside messages, where that may be moved."""
        self.bot_token = bot_token
        self.app_token = app_token
        self.signing_secret = signing_secret
        self.base_url = ""
        self.faults = faults or Faults()
        self.workspace = Workspace(
            team_id=team_id,
            team_name=team_name,
            bot=bot,
            users=users,
            channels=channels,
            user_groups=user_groups,
            scopes=scopes,
            now=now,
            clock=clock,
            calendar=calendar,
        )
        self.workspace.native_charts = native_charts
        self._exchange = Exchange(
            self.workspace,
            faults=self.faults,
            rate_limits=rate_limits or RateLimits(),
            clock=clock,
        )
        self._response_urls = ResponseUrls(self.workspace, self._exchange)
        self.app = self._application()

    def _application(self) -> Application:
        api = WebApi(
            self.workspace, self._exchange, bot_token=self.bot_token, app_token=self.app_token
        )
        return Application(
            routes=[
                Route("/api/{method}", api.endpoint, methods=["GET", "POST"]),
                Route("/response/{secret}", self._response_urls.endpoint, methods=["POST"]),
                Route("/upload/{secret}", self.workspace.files.endpoint, methods=["POST"]),
            ]
        )

    @contextmanager
    def serving(self, *, port: int = 0) -> Iterator[str]:
        """Serve at 127.0.0.1 and give the base URL; ``api_url`` is valid from then on."""
        with serving(self.app, port=port) as base_url:
            self.base_url = self.workspace.base_url = base_url
            yield base_url

    @property
    def api_url(self) -> str:
        """The ``base_url`` of slack_sdk's clients."""
        return f"{self.base_url}/api/"

    def watch_calls(self, watcher: Callable[[Call], None]) -> None:
        """Let *watcher* see every call of the app from now on, with its answer."""
        self._exchange.calls.watch(watcher)

    @property
    def calls(self) -> tuple[Call, ...]:
        return self._exchange.calls.all()

    def calls_of(self, method: str) -> tuple[Call, ...]:
        return self._exchange.calls.of(method)

    def call_count(self, method: str) -> int:
        return self._exchange.calls.count(method)

    def early_calls(
        self, *, tolerance: float = 0, ceiling: float | None = None
    ) -> tuple[EarlyCall, ...]:
        """Calls made before ``Retry-After`` had passed, where no wait need exceed *ceiling*."""
        return self._exchange.patience.early(tolerance=tolerance, ceiling=ceiling)

    @property
    def message_count(self) -> int:
        return self.workspace.messages.total

    def messages_in(self, channel_id: str) -> tuple[Message, ...]:
        return self.workspace.messages.in_channel(channel_id)

    def dms_to(self, user_id: str) -> tuple[Message, ...]:
        dm = self.workspace.channels.opened_dm(user_id)
        return () if dm is None else self.messages_in(dm.id)

    def files_of(self, user_id: str) -> tuple[SlackFile, ...]:
        """What the app shared in its conversation with *user_id*."""
        dm = self.workspace.channels.opened_dm(user_id)
        return () if dm is None else self.workspace.files.in_channel(dm.id)

    def dm_count(self, user_id: str) -> int:
        dm = self.workspace.channels.opened_dm(user_id)
        return 0 if dm is None else self.workspace.messages.count_in(dm.id)

    def ephemerals_to(self, user_id: str) -> tuple[Message, ...]:
        return self.workspace.messages.seen_only_by(user_id)

    def home_of(self, user_id: str) -> View | None:
        return self.workspace.views.home_of(user_id)

    def modals_of(self, user_id: str) -> tuple[View, ...]:
        return self.workspace.views.modals_of(user_id)

    def typed(
        self, command: str, text: str, *, user_id: str, channel_id: str | None
    ) -> dict[str, Any]:
        """What Slack sends for a typed command; no channel means the conversation with the app."""
        with self.workspace.lock:
            place = channel_id or self.workspace.channels.dm_with(user_id).id
            return slash_command(
                self.workspace,
                command=command,
                text=text,
                user_id=user_id,
                channel_id=place,
                response_url=self.response_url(user_id, place),
            )

    def response_url(self, user_id: str, channel_id: str, original: Message | None = None) -> str:
        """An address that takes five answers to *user_id* within half an hour."""
        with self.workspace.lock:
            return self.base_url + self._response_urls.issue(user_id, channel_id, original)
