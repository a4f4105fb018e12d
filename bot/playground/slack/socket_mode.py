"""The web socket of Socket Mode: the app dials in, and requests reach it as envelopes."""

from __future__ import annotations

import asyncio
import itertools
import json
from types import TracebackType
from typing import Any, Self

from aiohttp import WSMsgType, web

from bot.playground.slack import slack_requests as requests
from bot.playground.slack.stand_in import SlackStandIn


class SocketMode:
    """``async with SocketMode(slack):`` lets ``apps.connections.open`` hand out its address."""

    def __init__(self, slack: SlackStandIn, *, patience_seconds: float = 3.0) -> None:
        self._slack = slack
        self._patience = patience_seconds
        self._numbers = itertools.count(1)
        self._tickets: set[str] = set()
        self._sockets: list[web.WebSocketResponse] = []
        self._connected = asyncio.Event()
        self._answers: dict[str, asyncio.Future[Any]] = {}
        self._url = ""
        self.acks: list[dict[str, Any]] = []
        application = web.Application()
        application.router.add_get("/link", self._link)
        self._runner = web.AppRunner(application, access_log=None)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port, *_ = self._runner.addresses[0]
        self._url = f"ws://{host}:{port}/link"
        self._slack.workspace.open_socket = self._address
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._slack.workspace.open_socket = None
        for socket in self._sockets:
            await socket.close()
        await self._runner.cleanup()

    async def connected(self) -> None:
        """Wait until an app has dialled in."""
        await asyncio.wait_for(self._connected.wait(), self._patience)

    async def command(
        self, command: str, text: str = "", *, user_id: str, channel_id: str | None = None
    ) -> Any:
        """Type a slash command; gives the payload of the acknowledgement, ``None`` if empty."""
        payload = self._slack.typed(command, text, user_id=user_id, channel_id=channel_id)
        return await self.send("slash_commands", payload)

    async def send(self, kind: str, payload: dict[str, Any]) -> Any:
        """Send one envelope over one of the connections, and wait for its acknowledgement."""
        number = next(self._numbers)
        envelope_id = f"envelope-{number}"
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        answer = self._answers[envelope_id] = asyncio.get_running_loop().create_future()
        await self._sockets[number % len(self._sockets)].send_json(envelope)
        return await asyncio.wait_for(answer, self._patience)

    def _address(self) -> str:
        ticket = f"ticket-{next(self._numbers)}"
        self._tickets.add(ticket)
        return f"{self._url}?ticket={ticket}"

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json(
            {"type": "hello", "num_connections": 1, "connection_info": {"app_id": requests.APP_ID}}
        )
        self._sockets.append(socket)
        self._connected.set()
        try:
            await self._listen(socket)
        finally:
            self._sockets.remove(socket)
        return socket

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self._acknowledged(json.loads(message.data))

    def _acknowledged(self, ack: dict[str, Any]) -> None:
        self.acks.append(ack)
        answer = self._answers.pop(ack.get("envelope_id", ""), None)
        if answer is not None and not answer.done():
            answer.set_result(ack.get("payload"))
