"""``/usageadmin``: settings and health, for admins; no person's figures."""

from __future__ import annotations

from typing import Any

from bot.blocks.admin import render_not_allowed
from bot.blocks.help import render_admin_help
from bot.domain.messages import Message, Modal
from bot.errors import NotAllowedError
from handlers.admin_words import ADMIN_WORDS
from handlers.languages import speak
from handlers.services import Services
from handlers.words import words


async def usage_admin(services: Services, command: dict[str, Any]) -> Message | Modal:
    person = await services.people.find(command["user_id"])
    try:
        await services.administration.require_admin(command["user_id"])
    except NotAllowedError:
        return render_not_allowed(speak(person), services.names)
    asked = words(command.get("text"))
    if asked and (word := ADMIN_WORDS.get(asked[0].lower())):
        return await word(services, person, asked, by=command["user_id"])
    unknown = " ".join(asked)
    return render_admin_help(
        speak(person), services.names, unknown=None if unknown.lower() in ("", "help") else unknown
    )
