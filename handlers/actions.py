"""Buttons in our own messages. Each is answered to the one who pressed it, and to nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.blocks.errors import render_not_in_directory
from bot.blocks.privacy import render_privacy
from bot.blocks.welcome import render_started, render_stopped
from bot.domain.messages import Message
from bot.domain.people import Person
from handlers.services import Services

Answer = Callable[[Services, Person], Awaitable[Message]]


async def stop(services: Services, person: Person) -> Message:
    await services.people.set_cadence(person.id, "off")
    return render_stopped(services.names)


async def start(services: Services, person: Person) -> Message:
    await services.people.set_cadence(person.id, "weekly")
    return render_started(services.names)


async def privacy(services: Services, _person: Person) -> Message:
    return render_privacy(await services.administration.privacy(), services.names)


ACTIONS: dict[str, Answer] = {
    "digest_stop": stop,
    "digest_start": start,
    "digest_privacy": privacy,
}


async def answer(services: Services, action: Answer, body: dict[str, Any]) -> Message:
    person = await services.people.find(body["user"]["id"])
    return render_not_in_directory() if person is None else await action(services, person)
