"""A small bot at a real door: it checks signatures, and does a little of everything."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.playground.slack.signing import signature
from bot.playground.slack.stand_in import SlackStandIn

EXPORT = b'{"mine": "all of it"}'
SHORTCUT = "log_shortcut"

Json = dict[str, Any]


def text(words: str, kind: str = "plain_text") -> Json:
    return {"type": kind, "text": words}


def section(words: str, block_id: str = "words") -> Json:
    return {"type": "section", "block_id": block_id, "text": text(words, "mrkdwn")}


def button(name: str, words: str, **more: Any) -> Json:
    return {"type": "button", "action_id": name, "text": text(words), "value": "now", **more}


def menu(name: str, *values: str) -> Json:
    options = [{"text": text(value.title()), "value": value} for value in values]
    return {
        "type": "static_select",
        "action_id": name,
        "placeholder": text("How often"),
        "options": options,
    }


def digest() -> Json:
    """A message with something to press."""
    elements = [button("stop", "Stop"), menu("often", "daily", "weekly", "off")]
    controls = {"type": "actions", "block_id": "controls", "elements": elements}
    return {"text": "Your week", "blocks": [section("*Your week* & <others>"), controls]}


FORM: Json = {
    "type": "modal",
    "callback_id": "log",
    "title": text("Log an outcome"),
    "submit": text("Keep"),
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": text("What you finished"),
            "element": {"type": "plain_text_input", "action_id": "what"},
        }
    ],
}
HOME: Json = {
    "type": "home",
    "blocks": [
        {"type": "header", "block_id": "head", "text": text("Your weeks")},
        {"type": "actions", "block_id": "tab", "elements": [button("again", "Say it again")]},
    ],
}


class LittleBot:
    def __init__(self, slack: SlackStandIn) -> None:
        self._slack = slack
        self.app = Starlette(routes=[Route("/slack/events", self.door, methods=["POST"])])
        self.heard: list[Json] = []
        self.strangers = 0
        """Requests that were not signed as Slack signs them."""
        self.due: list[Callable[[], Awaitable[None]]] = []
        """What waits for the clock to look."""

    async def door(self, request: Request) -> Response:
        body = await request.body()
        stamp = request.headers.get("x-slack-request-timestamp", "")
        expected = signature(self._slack.signing_secret, stamp, body)
        if request.headers.get("x-slack-signature") != expected:
            self.strangers += 1
            return Response(status_code=401)
        heard = _heard(request, body)
        self.heard.append(heard)
        match heard:
            case {"command": _}:
                return await self._command(heard)
            case {"type": "event_callback", "event": {"user": user}}:
                await self.call("views.publish", user_id=user, view=HOME)
            case {"type": "block_actions"}:
                return await self._pressed(heard)
            case {"type": "message_action", "trigger_id": trigger}:
                await self.call("views.open", trigger_id=trigger, view=FORM)
            case {"type": "view_submission"}:
                return await self._submitted(heard)
        return Response()

    async def call(self, method: str, **arguments: Any) -> Json:
        async with httpx.AsyncClient(base_url=self._slack.api_url, trust_env=False) as client:
            headers = {"authorization": f"Bearer {self._slack.bot_token}"}
            answer = await client.post(method, json=arguments, headers=headers)
        return dict(answer.json())

    async def send_digest(self, user: str) -> None:
        await self.call("chat.postMessage", channel=user, **digest())

    async def run_due(self) -> None:
        due, self.due = self.due, []
        for work in due:
            await work()

    async def _command(self, heard: Json) -> Response:
        user, words = heard["user_id"], heard["text"]
        known = await self.call("users.info", user=user)
        if known["user"]["is_restricted"]:
            return _private("Upshot is not for guests.")
        match words:
            case "log":
                await self.call("views.open", trigger_id=heard["trigger_id"], view=FORM)
                return Response()
            case "export":
                await self._export(user)
                return _private("It is on its way.")
            case "later":
                self.due.append(lambda: self.send_digest(user))
                return _private("Later.")
            case "broken":
                return Response(status_code=500)
            case _:
                return _private(f"You asked: {words}")

    async def _pressed(self, heard: Json) -> Response:
        [action] = heard["actions"]
        chosen = action.get("selected_option", {}).get("value", action.get("value"))
        told = {"text": f"{action['action_id']}: {chosen}", "response_type": "ephemeral"}
        if heard["response_url"]:
            async with httpx.AsyncClient(trust_env=False) as client:
                await client.post(heard["response_url"], json=told)
        else:
            await self.send_digest(heard["user"]["id"])
        return Response()

    async def _submitted(self, heard: Json) -> Response:
        what = heard["view"]["state"]["values"]["what"]["what"]["value"]
        if what == "wrong":
            errors = {"what": "That was not finished."}
            return JSONResponse({"response_action": "errors", "errors": errors})
        await self.call("chat.postMessage", channel=heard["user"]["id"], text=f"Kept: {what}")
        return Response()

    async def _export(self, user: str) -> None:
        announced = await self.call(
            "files.getUploadURLExternal", filename="upshot.json", length=len(EXPORT)
        )
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.post(announced["upload_url"], content=EXPORT)
        dm = await self.call("conversations.open", users=user)
        await self.call(
            "files.completeUploadExternal",
            files=[{"id": announced["file_id"], "title": "All of yours"}],
            channel_id=dm["channel"]["id"],
            initial_comment="Here it is.",
        )


def _private(words: str) -> Response:
    blocks = [section(words)]
    return JSONResponse({"text": words, "blocks": blocks, "response_type": "ephemeral"})


def _heard(request: Request, body: bytes) -> Json:
    if request.headers["content-type"] == "application/json":
        return dict(json.loads(body))
    form: Mapping[str, str] = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return dict(json.loads(form["payload"])) if "payload" in form else dict(form)
