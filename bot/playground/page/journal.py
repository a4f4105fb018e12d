"""The latest exchanges between each person and the bot, both ways, without their secrets."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from bot.playground.slack.calls import Call
from bot.playground.slack.person import Ack
from bot.playground.slack.stand_in import SlackStandIn

MOST_KEPT = 200
HIDDEN = "(hidden)"
_SECRET_KEYS = frozenset({"token", "response_url", "upload_url", "signature"})
_SECRET_TEXTS = re.compile(r"/(?:response|upload)/[0-9a-f]{8,}|x(?:ox[a-z]|app)-[\w-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its answer, as they came; ``sent`` and ``answered`` are for people."""

    number: int
    at: datetime
    is_from_person: bool
    title: str
    status: int | None
    """``None`` if no answer came."""
    milliseconds: int | None
    """``None`` where nobody measured it."""
    trouble: str | None
    request: Any
    answer: Any

    @property
    def sent(self) -> str:
        return pretty(self.request)

    @property
    def answered(self) -> str | None:
        """``None`` for an empty answer."""
        return None if self.answer in (None, "") else pretty(self.answer)


class Journal:
    """*calendar* is product time; *concerns* says whom a call of the bot is about."""

    def __init__(
        self,
        *,
        calendar: Callable[[], datetime],
        concerns: Callable[[Call], Iterable[str]],
        changed: Callable[[Iterable[str]], None],
    ) -> None:
        self._calendar = calendar
        self._concerns = concerns
        self._changed = changed
        self._lock = threading.Lock()
        self._kept: defaultdict[str, deque[Exchange]] = defaultdict(
            partial(deque, maxlen=MOST_KEPT)
        )
        self._calls: Counter[str] = Counter()
        self._last = 0

    def of(self, user: str) -> list[Exchange]:
        """The newest first."""
        with self._lock:
            return list(reversed(self._kept[user])) if user in self._kept else []

    def calls_about(self, user: str) -> int:
        """How often the bot has done something that *user* could notice."""
        return self._calls[user]

    def acknowledged(self, ack: Ack) -> None:
        request = _decoded(ack)
        self._keep(
            _sender(request),
            is_from_person=True,
            title=_title(request),
            status=ack.status,
            milliseconds=round(ack.seconds * 1_000),
            trouble=ack.error or "; ".join(ack.violations) or None,
            request=request,
            answer=ack.body,
        )

    def called(self, call: Call) -> None:
        concerned = set(self._concerns(call))
        if not concerned:
            return
        with self._lock:
            self._calls.update(concerned)
        self._keep(
            *concerned,
            is_from_person=False,
            title=call.method,
            status=call.status,
            milliseconds=None,
            trouble=call.error,
            request=dict(call.arguments),
            answer=_json_or_text(call.answer),
        )

    def _keep(self, *users: str, **told: Any) -> None:
        with self._lock:
            self._last += 1
            exchange = Exchange(number=self._last, at=self._calendar(), **told)
            for user in users:
                self._kept[user].append(exchange)
        self._changed(users)


def concerned(slack: SlackStandIn, call: Call) -> set[str]:
    """Whom a call is about: who is named, reads the conversation, or has the view."""
    arguments, workspace = call.arguments, slack.workspace
    named = {str(arguments[key]) for key in ("user", "user_id", "channel") if arguments.get(key)}
    people = {name for name in named if name in workspace.users}
    for key in ("channel", "channel_id"):
        channel = workspace.channels.find(str(arguments.get(key)))
        people.update(() if channel is None else channel.members)
    match _json_or_text(call.answer):
        case {"view": {"id": view_id}}:
            people.add(workspace.views.find(view_id=str(view_id)).user_id)
    if call.method == "response_url":
        people.update(_shown_to(slack, call.arguments))
    return people


def pretty(value: Any) -> str:
    """JSON as people read it, with what would open a door left out."""
    text = json.dumps(_harmless(value), indent=2, ensure_ascii=False, default=str)
    return _SECRET_TEXTS.sub(HIDDEN, text)


def _shown_to(slack: SlackStandIn, payload: Mapping[str, Any]) -> Iterable[str]:
    """The call does not say whose address it used, but what it said is where it went."""
    for user in slack.workspace.users:
        seen = (*slack.ephemerals_to(user), *slack.dms_to(user))
        if any(message.payload is payload for message in reversed(seen)):
            yield user


def _harmless(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            str(key): HIDDEN if key in _SECRET_KEYS and each else _harmless(each)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_harmless(each) for each in value]
    return value


def _decoded(ack: Ack) -> dict[str, Any]:
    """The body that was sent, its payload unpacked."""
    if ack.request.headers["Content-Type"] == "application/json":
        return dict(json.loads(ack.request.body))
    form: dict[str, Any] = dict(parse_qsl(ack.request.body.decode(), keep_blank_values=True))
    return dict(json.loads(form["payload"])) if "payload" in form else form


def _sender(request: Mapping[str, Any]) -> str:
    if "user_id" in request:
        return str(request["user_id"])
    user = request.get("event", request).get("user", "")
    return str(user["id"] if isinstance(user, Mapping) else user)


def _title(request: Mapping[str, Any]) -> str:
    match request:
        case {"command": command, "text": text}:
            return f"{command} {text}".rstrip()
        case {"event": {"type": kind}} | {"type": "view_submission" as kind}:
            return str(kind)
        case {"type": kind, "actions": [{"action_id": name}, *_]}:
            return f"{kind}: {name}"
        case {"type": kind, "callback_id": name}:
            return f"{kind}: {name}"
        case _:
            return str(request.get("type", "request"))


def _json_or_text(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
