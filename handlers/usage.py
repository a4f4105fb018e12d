"""``/myusage``: one's own figures, only ever shown to the one who asks."""

from __future__ import annotations

from typing import Any

from bot.blocks.digest import render_digest
from bot.blocks.errors import render_not_in_directory
from bot.blocks.help import render_usage_help
from bot.blocks.privacy import render_privacy
from bot.blocks.work import render_work
from bot.domain.messages import Message, Modal
from bot.domain.people import Person
from bot.language import ENGLISH
from handlers import outcomes
from handlers.languages import speak
from handlers.services import Services
from handlers.words import words


async def my_usage(services: Services, command: dict[str, Any]) -> Message | Modal:
    person = await services.people.find(command["user_id"])
    if person is None:
        return render_not_in_directory(ENGLISH)
    return await _answer(services, person, words(command.get("text")))


async def _answer(services: Services, person: Person, asked: list[str]) -> Message | Modal:
    match [word.lower() for word in asked]:
        case [] | ["week"]:
            return render_digest(speak(person), await services.digests.this_week(person))
        case ["month"]:
            return render_digest(speak(person), await services.digests.this_month(person))
        case ["outcomes"]:
            recent = await services.outcomes.recent(person)
            return render_work(
                speak(person), recent.work, recent.logged, recent.tags, services.names
            )
        case ["log"] | ["tag", *_]:
            return await outcomes.own_words(services, person, asked)
        case ["privacy"]:
            return render_privacy(
                speak(person), await services.administration.privacy(), services.names
            )
    unknown = " ".join(asked)
    return render_usage_help(
        speak(person), services.names, unknown=None if unknown.lower() == "help" else unknown
    )
