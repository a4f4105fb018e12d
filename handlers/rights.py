"""What people ask for about themselves; what takes longer follows the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.blocks.export import (
    file_said,
    render_everything,
    render_export_begun,
    render_export_sent,
)
from bot.blocks.rights import (
    WORD_BLOCK,
    forget_errors,
    is_forget_word,
    render_forget_form,
    render_forgetting,
    render_forgotten,
    render_not_opted_out,
    render_opt_out,
    render_opted_in,
    render_opted_out,
    render_was_forgotten,
)
from bot.domain.messages import Message, Modal
from bot.domain.people import Person
from bot.domain.rights import Refusal
from bot.language import ENGLISH
from handlers.languages import speak
from handlers.modals import Submitted
from handlers.services import Services
from handlers.words import words

EXPORT = "export"
OPT_IN = "optin"
FILE_NAME = "upshot-export.zip"


async def export(services: Services, person: Person) -> Message:
    return render_export_begun(speak(person), services.names)


async def after_command(services: Services, body: Mapping[str, Any]) -> AsyncIterator[Message]:
    """What follows the answer to a command: of an export, the file, or its rows in words."""
    if [word.lower() for word in words(body.get("text"))] != [EXPORT]:
        return
    person = await services.people.find(body["user_id"])
    if person is None:
        return
    say = speak(person)
    if await services.rights.send_everything(person, FILE_NAME, file_said(say)):
        yield render_export_sent(say)
        return
    everything = await services.rights.tell_everything(person)
    for page in render_everything(say, everything, person.slack_user_id):
        yield page


async def forget_form(services: Services, person: Person) -> Modal:
    by_settings = services.rights.is_admin_of_the_settings(person)
    return render_forget_form(speak(person), services.names, by_settings=by_settings)


async def begin_forgetting(
    services: Services, person: Person, view: Mapping[str, Any]
) -> Modal | Mapping[str, str]:
    if _is_confirmed(view):
        return render_forgetting(speak(person), services.names)
    return forget_errors(speak(person))


async def forget(services: Services, person: Person, view: Mapping[str, Any]) -> None:
    """After the form was answered: whoever writes at this moment is waited for."""
    if not _is_confirmed(view):
        return
    by_settings = services.rights.is_admin_of_the_settings(person)
    await services.rights.forget(person)
    told = render_forgotten(speak(person), services.names, by_settings=by_settings)
    await services.rights.say_privately(person.slack_user_id, told)


async def opt_out_question(services: Services, person: Person) -> Message:
    return render_opt_out(speak(person), services.names)


async def opt_out(services: Services, person: Person, _value: str) -> Message:
    await services.rights.opt_out(person)
    return render_opted_out(speak(person), services.names)


async def opt_in(services: Services, person: Person, _value: str = "") -> Message:
    if await services.rights.opt_in(person.slack_user_id):
        return render_opted_in(speak(person), services.names)
    return render_not_opted_out(speak(person), services.names)


async def answer_forgotten(
    services: Services, slack_user_id: str, asked: list[str]
) -> Message | None:
    """For somebody who is not known: ``None`` unless that is because they were forgotten."""
    if await services.rights.refusal_of(slack_user_id) is not Refusal.FORGOTTEN:
        return None
    if [word.lower() for word in asked] != [OPT_IN]:
        return render_was_forgotten(ENGLISH, services.names)
    await services.rights.opt_in(slack_user_id)
    return render_opted_in(ENGLISH, services.names)


def _is_confirmed(view: Mapping[str, Any]) -> bool:
    return is_forget_word(Submitted(view).text(WORD_BLOCK))
