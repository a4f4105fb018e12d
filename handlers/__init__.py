"""Slack's requests: who asks, which use case, which words. A few lines each."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.response import BoltResponse

from bot.blocks.errors import render_failure
from bot.domain.messages import Message
from bot.errors import UpshotError
from handlers.actions import ACTIONS, Answer, answer
from handlers.admin import usage_admin
from handlers.services import Services
from handlers.team import team_usage
from handlers.usage import my_usage

log = structlog.get_logger()
Command = Callable[[Services, dict[str, Any]], Awaitable[Message]]


def register(app: AsyncApp, services: Services) -> None:
    names = services.names
    app.command(names.usage)(_command(my_usage, services))
    app.command(names.team)(_command(team_usage, services))
    app.command(names.admin)(_command(usage_admin, services))
    for action_id, action in ACTIONS.items():
        app.action(action_id)(ack=_ack_only, lazy=[_action(action, services)])
    app.command(re.compile(".*"))(_command(my_usage, services))
    app.action(re.compile(".*"))(_ack_only)
    app.event(re.compile(".*"))(_ack_only)
    app.error(_failed)


def ephemeral(message: Message) -> dict[str, Any]:
    """Always private to the one who asked: there is no other way to answer in here."""
    return {
        "response_type": "ephemeral",
        "replace_original": False,
        "text": message.text,
        "blocks": list(message.blocks),
    }


def failure(error: BaseException) -> Message:
    """A sentence with a reference; what went wrong is in the log under the same one."""
    reference = secrets.token_hex(4)
    log.error("request_failed", reference=reference, error=type(error).__name__, exc_info=error)
    return render_failure(reference, error.hint if isinstance(error, UpshotError) else None)


def apology(error: BaseException) -> dict[str, Any]:
    """The same as the body of an acknowledgement."""
    return _in_ack(failure(error))


def _command(command: Command, services: Services) -> Callable[..., Awaitable[None]]:
    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        # The answer goes in the acknowledgement: nothing may fail after it.
        await ack(**_in_ack(await command(services, body)))

    return listener


def _action(action: Answer, services: Services) -> Callable[..., Awaitable[None]]:
    async def listener(body: dict[str, Any], respond: AsyncRespond) -> None:
        try:
            message = await answer(services, action, body)
        except Exception as error:  # noqa: BLE001 - a lazy listener has no other safety net
            message = failure(error)
        await respond(**ephemeral(message))

    return listener


def _in_ack(message: Message) -> dict[str, Any]:
    return {key: value for key, value in ephemeral(message).items() if key != "replace_original"}


async def _ack_only(ack: AsyncAck) -> None:
    await ack()


async def _failed(error: Exception) -> BoltResponse:
    return BoltResponse(status=200, body=apology(error))
