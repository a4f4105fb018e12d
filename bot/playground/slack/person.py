"""A person at their Slack: types commands, presses buttons, sends forms, opens the Home tab."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import httpx

from bot.playground.slack import slack_requests as requests
from bot.playground.slack.filling import filled, misplaced_errors
from bot.playground.slack.messages import Message
from bot.playground.slack.response_urls import show_answer
from bot.playground.slack.signing import HONEST, SignedRequest, Tampering, sign
from bot.playground.slack.stand_in import SlackStandIn, real_time
from bot.playground.slack.views import View

PATIENCE_SECONDS = 3.0
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ack:
    """What the app answered at once."""

    request: SignedRequest
    seconds: float
    status: int | None = None
    """``None`` if no answer came."""
    body: Any = None
    """Decoded JSON, else the text, else ``None``."""
    error: str | None = None
    """What Slack tells the person: ``operation_timeout``, ``dispatch_failed``."""
    violations: tuple[str, ...] = ()
    """Why Slack would not show the answer."""


class Person:
    """Acts as any member; every request goes signed to the app's one address.

    The address is that of ``/slack/events``. A *client* that is passed in is used as it is,
    for one with an ASGI transport, say, and is not closed.
    """

    def __init__(
        self,
        slack: SlackStandIn,
        events_url: str,
        *,
        client: httpx.AsyncClient | None = None,
        clock: Callable[[], float] = time.monotonic,
        on_ack: Callable[[Ack], None] = lambda _: None,
    ) -> None:
        """*on_ack* sees every request with what came back."""
        self._slack = slack
        self._events_url = events_url
        self._client = client or httpx.AsyncClient(trust_env=False)
        self._owns_client = client is None
        self._clock = clock
        self._on_ack = on_ack
        self._events_sent = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._owns_client:
            await self._client.aclose()

    async def command(
        self,
        command: str,
        text: str = "",
        *,
        user_id: str,
        channel_id: str | None = None,
        tampering: Tampering = HONEST,
    ) -> Ack:
        """Type a slash command; without a channel, in the direct messages with the app."""
        form = self._slack.typed(command, text, user_id=user_id, channel_id=channel_id)
        ack = await self._send(urlencode(form).encode(), _FORM, tampering)
        return self._show(ack, user_id, form["channel_id"])

    async def press(
        self,
        action_id: str,
        *,
        user_id: str,
        on: Message | View,
        choose: Any = None,
        block_id: str | None = None,
        tampering: Tampering = HONEST,
    ) -> Ack:
        """Press a button, or choose in a menu, of a message, a modal or the Home tab.

        *choose* is the value of an option (or a list of them), or a user's, a channel's id;
        *block_id* tells which of several buttons of that name.
        """
        workspace = self._slack.workspace
        with workspace.lock:
            url = ""
            if isinstance(on, Message):
                url = self._slack.response_url(user_id, on.channel, on)
            now = workspace.now()
            action = requests.action_on(on, action_id, choose, now, block_id=block_id)
            payload = requests.block_actions(
                workspace, user_id=user_id, action=action, place=on, response_url=url
            )
        return await self._interact(payload, tampering)

    async def shortcut(
        self, callback_id: str, *, user_id: str, on: Message, tampering: Tampering = HONEST
    ) -> Ack:
        """Choose a shortcut of the app in the menu of a message."""
        with self._slack.workspace.lock:
            payload = requests.message_action(
                self._slack.workspace,
                callback_id=callback_id,
                user_id=user_id,
                message=on,
                response_url=self._slack.response_url(user_id, on.channel, on),
            )
        return await self._interact(payload, tampering)

    async def fill(
        self,
        view: View,
        given: Mapping[str, Any],
        *,
        user_id: str | None = None,
        tampering: Tampering = HONEST,
    ) -> Ack:
        """Fill in a modal and send it: ``{block_id: what is typed or chosen}``.

        What is not given stays as the form came, ``None`` empties it. Slack's own rules come
        first: ``LookupError`` and ``ValueError`` say that nothing was sent.
        """
        values = filled(view, given)
        sender = user_id or view.user_id
        return await self.submit(view, values, user_id=sender, tampering=tampering)

    async def submit(
        self,
        view: View,
        values: Mapping[str, Mapping[str, Any]],
        *,
        user_id: str,
        tampering: Tampering = HONEST,
    ) -> Ack:
        """Send a modal's form: ``{block_id: {action_id: {"type": …, "value": …}}}``."""
        with self._slack.workspace.lock:
            payload = requests.view_submission(
                self._slack.workspace, user_id=user_id, view=view, values=values
            )
        ack = await self._interact(payload, tampering)
        return self._after_submission(ack, view)

    async def open_home(
        self, *, user_id: str, tab: str = "home", tampering: Tampering = HONEST
    ) -> Ack:
        with self._slack.workspace.lock:
            event = requests.home_opened(self._slack.workspace, user_id, tab)
        return await self.event(event, tampering=tampering)

    async def event(self, event: Mapping[str, Any], *, tampering: Tampering = HONEST) -> Ack:
        """Deliver an event of the Events API."""
        self._events_sent += 1
        payload = requests.event_callback(self._slack.workspace, event, self._events_sent)
        return await self._send_json(payload, tampering)

    async def verify_url(self, challenge: str, *, tampering: Tampering = HONEST) -> Ack:
        payload = {"type": "url_verification", "token": "deprecated", "challenge": challenge}
        return await self._send_json(payload, tampering)

    async def send_again(self, request: SignedRequest) -> Ack:
        """Replay a request that was sent before, to the byte."""
        ack = await self._sent(request)
        self._on_ack(ack)
        return ack

    async def _sent(self, request: SignedRequest) -> Ack:
        started = self._clock()
        try:
            answer = await self._client.post(
                self._events_url,
                content=request.body,
                headers=request.headers,
                timeout=PATIENCE_SECONDS,
            )
        except httpx.TimeoutException:
            return Ack(request=request, seconds=self._clock() - started, error="operation_timeout")
        except httpx.TransportError:
            return Ack(request=request, seconds=self._clock() - started, error="dispatch_failed")
        return Ack(
            request=request,
            seconds=self._clock() - started,
            status=answer.status_code,
            body=_decoded(answer),
            error=None if answer.status_code == 200 else "dispatch_failed",
        )

    async def _interact(self, payload: Mapping[str, Any], tampering: Tampering) -> Ack:
        form = urlencode({"payload": json.dumps(payload)})
        return await self._send(form.encode(), _FORM, tampering)

    async def _send_json(self, payload: Mapping[str, Any], tampering: Tampering) -> Ack:
        return await self._send(json.dumps(payload).encode(), "application/json", tampering)

    async def _send(self, body: bytes, content_type: str, tampering: Tampering) -> Ack:
        request = sign(
            body,
            secret=self._slack.signing_secret,
            now=real_time(),
            content_type=content_type,
            tampering=tampering,
        )
        return await self.send_again(request)

    def _show(self, ack: Ack, user_id: str, channel_id: str) -> Ack:
        """An answer inside the acknowledgement appears at once, to this person alone."""
        if ack.error or not ack.body:
            return ack
        answer = ack.body if isinstance(ack.body, dict) else {"text": str(ack.body)}
        workspace = self._slack.workspace
        with workspace.lock:
            complaints = workspace.complaints(answer, "message")
            if not complaints:
                show_answer(workspace, user_id, channel_id, answer)
        return _with_violations(ack, complaints)

    def _after_submission(self, ack: Ack, view: View) -> Ack:
        if ack.error:
            return ack
        workspace = self._slack.workspace
        answer = ack.body if isinstance(ack.body, dict) else {}
        complaints: list[str] = []
        with workspace.lock:
            match answer.get("response_action"):
                case "errors":
                    complaints = list(misplaced_errors(view, answer.get("errors")))
                case "update" | "push" as change:
                    complaints = workspace.complaints(answer["view"], "modal")
                    if not complaints and change == "update":
                        workspace.views.change(view, answer["view"], None)
                    elif not complaints:
                        workspace.views.open(view.user_id, answer["view"])
                case None if ack.body:
                    # The form stays open, and Slack says that it had trouble connecting.
                    return replace(ack, error="dispatch_failed")
                case _:
                    workspace.views.close(view.id)
        return _with_violations(ack, complaints)


def _decoded(answer: httpx.Response) -> Any:
    if not answer.text:
        return None
    try:
        return answer.json()
    except ValueError:
        return answer.text


def _with_violations(ack: Ack, complaints: list[str]) -> Ack:
    return replace(ack, violations=tuple(complaints))
