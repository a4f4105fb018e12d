"""Buttons in our own messages. Each is answered to the one who pressed it, and to nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.blocks.errors import render_not_in_directory
from bot.blocks.privacy import render_privacy
from bot.blocks.welcome import render_started, render_stopped
from bot.domain.messages import Message, Modal
from bot.domain.people import Person
from bot.language import ENGLISH
from handlers import outcomes
from handlers.languages import speak
from handlers.modals import chosen_value
from handlers.services import Services

Answer = Callable[[Services, Person, str], Awaitable[Message | Modal]]
"""Given what the button or the chosen option stands for, which proves nothing."""


async def stop(services: Services, person: Person, _value: str) -> Message:
    await services.people.set_cadence(person.id, "off")
    return render_stopped(speak(person), services.names)


async def start(services: Services, person: Person, _value: str) -> Message:
    await services.people.set_cadence(person.id, "weekly")
    return render_started(speak(person), services.names)


async def privacy(services: Services, person: Person, _value: str) -> Message:
    return render_privacy(speak(person), await services.administration.privacy(), services.names)


ACTIONS: dict[str, Answer] = {
    "digest_stop": stop,
    "digest_start": start,
    "digest_privacy": privacy,
    "log_outcome": outcomes.log_form,
    "log_edit": outcomes.edit,
    "log_delete": outcomes.delete,
    "tag_delete": outcomes.untag,
    "work_tier": outcomes.set_tier,
}


async def answer(services: Services, action: Answer, body: dict[str, Any]) -> Message | Modal:
    person = await services.people.find(body["user"]["id"])
    if person is None:
        return render_not_in_directory(ENGLISH)
    return await action(services, person, chosen_value(body["actions"][0]))
