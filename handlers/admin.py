"""``/usageadmin``: settings and health, for admins; no person's figures."""

from __future__ import annotations

from functools import partial
from typing import Any

from bot.blocks.admin import (
    render_admin_added,
    render_admin_not_a_member,
    render_admin_of_the_settings,
    render_admin_removed,
    render_admins,
    render_not_allowed,
    render_threshold_refused,
    render_threshold_set,
    render_thresholds,
)
from bot.blocks.announcement import render_threshold_announced
from bot.blocks.health import render_sources, render_status
from bot.blocks.help import render_admin_help
from bot.domain.messages import Message
from bot.errors import InvalidThresholdError, NotAllowedError
from bot.language import Language
from handlers.languages import speak
from handlers.services import Services
from handlers.words import mentioned_user, words


async def usage_admin(services: Services, command: dict[str, Any]) -> Message:
    try:
        await services.administration.require_admin(command["user_id"])
    except NotAllowedError:
        return render_not_allowed(
            speak(await services.people.find(command["user_id"])), services.names
        )
    say = speak(await services.people.find(command["user_id"]))
    return await _answer(services, say, words(command.get("text")), by=command["user_id"])


async def _answer(services: Services, say: Language, asked: list[str], *, by: str) -> Message:
    match [word.lower() for word in asked]:
        case ["thresholds"] | ["thresholds", "show"]:
            values = await services.administration.thresholds()
            return render_thresholds(say, values, services.names)
        case ["thresholds", "set", name, *value] if value:
            return await _set(services, say, name, " ".join(value), by=by)
        case ["admins", *change]:
            mention = mentioned_user(asked[2]) if len(asked) == 3 else None
            return await _admins(services, say, change, mention, by=by)
        case ["providers"]:
            return render_sources(say, await services.administration.source_health())
        case ["status"]:
            return render_status(say, await services.administration.status())
    unknown = " ".join(asked)
    return render_admin_help(
        say, services.names, unknown=None if unknown in ("", "help") else unknown
    )


async def _set(services: Services, say: Language, name: str, text: str, *, by: str) -> Message:
    try:
        changed = await services.administration.set_threshold(
            name, text, by=by, render=partial(render_threshold_announced, services.language)
        )
    except InvalidThresholdError as refusal:
        return render_threshold_refused(say, refusal.threshold, services.names)
    return render_threshold_set(say, changed)


async def _admins(
    services: Services, say: Language, change: list[str], mention: str | None, *, by: str
) -> Message:
    match change, mention:
        case [], None:
            return render_admins(say, await services.administration.admins(), services.names)
        case ["add", _], str(user):
            if await services.people.find(user) is None:
                return render_admin_not_a_member(say)
            await services.administration.add_admin(user, by=by)
            return render_admin_added(say, user)
        case ["remove", _], str(user):
            if await services.administration.remove_admin(user, by=by):
                return render_admin_removed(say, user)
            return render_admin_of_the_settings(say)
        case _:
            return render_admin_help(say, services.names, unknown=" ".join(["admins", *change]))
