"""Slack's requests: who asks, which use case, which words. A few lines each."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.errors import form_failure, render_failure
from bot.blocks.forms import note
from bot.blocks.rights import FORGET_FORM
from bot.blocks.settings_form import SETTINGS_FORM
from bot.blocks.team_import import TEAMS_FORM
from bot.domain.messages import Home, Message, Modal
from bot.errors import FormNotOpenedError, UpshotError
from bot.language import ENGLISH
from handlers import accounts, coaching, home, rights, teams_admin
from handlers.actions import ACTIONS, CHANGE_NOTHING, Answer, answer
from handlers.admin import usage_admin
from handlers.modals import first_input, open_modal, view_of
from handlers.outcomes import LOG_SHORTCUT, SUBMISSIONS, Errors, Shortcut, Submission, log_message
from handlers.services import Services
from handlers.strangers import answer_stranger
from handlers.team import team_usage
from handlers.usage import my_usage

log = structlog.get_logger()
Command = Callable[[Services, dict[str, Any]], Awaitable[Message | Modal]]
Listener = Callable[..., Awaitable[None]]
FORMS: Mapping[str, Submission] = MappingProxyType(
    {
        **SUBMISSIONS,
        **accounts.SUBMISSIONS,
        SETTINGS_FORM: coaching.keep_settings,
        TEAMS_FORM: teams_admin.keep_import,
    }
)


def register(app: AsyncApp, services: Services) -> None:
    names = services.names
    app.command(names.usage)(ack=_command(my_usage, services), lazy=[_after_command(services)])
    app.command(names.team)(_command(team_usage, services))
    app.command(names.admin)(_command(usage_admin, services))
    for action_id, action in ACTIONS.items():
        changes = action_id not in CHANGE_NOTHING
        app.action(action_id)(ack=_ack_only, lazy=[_action(action, services, changes=changes)])
    app.message_shortcut(LOG_SHORTCUT)(ack=_ack_only, lazy=[_shortcut(log_message, services)])
    for callback_id, submission in FORMS.items():
        kept = _submission(submission, services)
        app.view_submission(callback_id)(ack=kept, lazy=[_own_page(services)])
    app.view_submission(FORGET_FORM)(
        ack=_submission(rights.begin_forgetting, services), lazy=[_forgetting(services)]
    )
    app.event("app_home_opened")(ack=_ack_only, lazy=[_opened(services)])
    app.command(re.compile(".*"))(_command(my_usage, services))
    for everything_else in (app.action, app.shortcut, app.view, app.event):
        everything_else(re.compile(".*"))(_ack_only)
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
    return render_failure(
        ENGLISH, _logged(error), error.hint if isinstance(error, UpshotError) else None
    )


def apology(error: BaseException) -> dict[str, Any]:
    """The same as the body of an acknowledgement."""
    return _in_ack(failure(error))


def _logged(error: BaseException) -> str:
    """The reference under which *error* is in the log."""
    reference = secrets.token_hex(4)
    log.error("request_failed", reference=reference, error=type(error).__name__, exc_info=error)
    return reference


def _command(command: Command, services: Services) -> Listener:
    async def listener(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        answer = await command(services, body)
        # The answer goes in the acknowledgement: nothing may fail after it.
        if isinstance(answer, Modal):
            await open_modal(client, body["trigger_id"], answer)
            await ack()
        else:
            await ack(**_in_ack(answer))

    return listener


def _after_command(services: Services) -> Listener:
    """What was promised in the answer, for the eyes of the same one."""

    async def listener(body: dict[str, Any], respond: AsyncRespond) -> None:
        try:
            async for message in rights.after_command(services, body):
                await respond(**ephemeral(message))
        except Exception as error:  # noqa: BLE001 - a lazy listener has no other safety net
            await respond(**ephemeral(failure(error)))

    return listener


def _forgetting(services: Services) -> Listener:
    async def listener(body: dict[str, Any]) -> None:
        user = body["user"]["id"]
        try:
            person = await services.people.find(user)
            if person is not None:
                await rights.forget(services, person, body["view"])
        except Exception as error:  # noqa: BLE001 - a lazy listener has no other safety net
            await services.rights.say_privately(user, failure(error))
        await _show_home(services, user)

    return listener


def _action(action: Answer, services: Services, *, changes: bool) -> Listener:
    shown = _afterwards(lambda body: answer(services, action, body))
    if not changes:
        return shown

    async def listener(body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond) -> None:
        await shown(body, client, respond)
        await _show_home(services, body["user"]["id"])

    return listener


def _shortcut(shortcut: Shortcut, services: Services) -> Listener:
    async def show(body: dict[str, Any]) -> Message | Modal:
        person = await services.people.find(body["user"]["id"])
        if person is None:
            return await answer_stranger(services, body["user"]["id"])
        return await shortcut(services, person, body)

    return _afterwards(show)


def _afterwards(show: Callable[[dict[str, Any]], Awaitable[Message | Modal]]) -> Listener:
    """What follows the acknowledgement, for the eyes of the one who asked."""

    async def listener(body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond) -> None:
        try:
            await _answer_to(body, await show(body), client, respond)
        except Exception as error:  # noqa: BLE001 - a lazy listener has no other safety net
            told = failure(error)
            with suppress(FormNotOpenedError):
                await _answer_to(body, told, client, respond)

    return listener


async def _answer_to(
    body: dict[str, Any], shown: Message | Modal, client: AsyncWebClient, respond: AsyncRespond
) -> None:
    if isinstance(shown, Message) and body.get("response_url"):
        await respond(**ephemeral(shown))
        return
    # On the reader's own tab there is no message to answer under.
    modal = note(shown) if isinstance(shown, Message) else shown
    await open_modal(client, body["trigger_id"], modal)


def _opened(services: Services) -> Listener:
    async def listener(event: dict[str, Any]) -> None:
        if event.get("tab") == home.TAB:
            await _show_home(services, event["user"])

    return listener


def _own_page(services: Services) -> Listener:
    async def listener(body: dict[str, Any]) -> None:
        await _show_home(services, body["user"]["id"])

    return listener


async def _show_home(services: Services, slack_user_id: str) -> None:
    """For this reader alone; a page that cannot be made says so, and how to find out why."""
    if services.home is None:
        return
    try:
        page = await home.page(services, slack_user_id)
    except Exception as error:  # noqa: BLE001 - nobody waits for it who could be told
        page = Home(failure(error).blocks)
    await services.home.publish(slack_user_id, page)


def _submission(submission: Submission, services: Services) -> Listener:
    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        try:
            person = await services.people.find(body["user"]["id"])
            if person is None:
                shown: Modal | Errors = note(await answer_stranger(services, body["user"]["id"]))
            else:
                shown = await submission(services, person, body["view"])
        except Exception as error:  # noqa: BLE001 - any other answer would lose what was typed
            shown = {first_input(body["view"]): form_failure(ENGLISH, _logged(error))}
        if isinstance(shown, Modal):
            await ack(response_action="update", view=view_of(shown))
        else:
            await ack(response_action="errors", errors=dict(shown))

    return listener


def _in_ack(message: Message) -> dict[str, Any]:
    return {key: value for key, value in ephemeral(message).items() if key != "replace_original"}


async def _ack_only(ack: AsyncAck) -> None:
    await ack()


async def _failed(error: Exception) -> BoltResponse:
    return BoltResponse(status=200, body=apology(error))
