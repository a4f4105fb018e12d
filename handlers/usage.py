"""``/myusage``: one's own figures, only ever shown to the one who asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from bot.blocks.digest import render_digest
from bot.blocks.estimate import render_estimate, render_estimate_help
from bot.blocks.help import render_usage_help
from bot.blocks.privacy import render_privacy
from bot.blocks.tips import render_tips
from bot.blocks.work import render_work
from bot.domain.job_words import Unread
from bot.domain.messages import Message, Modal
from bot.domain.people import Person
from handlers import accounts, coaching, outcomes, rights
from handlers.languages import speak
from handlers.services import Services
from handlers.strangers import answer_stranger
from handlers.words import words


async def my_usage(services: Services, command: dict[str, Any]) -> Message | Modal:
    asked = words(command.get("text"))
    person = await services.people.find(command["user_id"])
    if person is None:
        return await answer_stranger(services, command["user_id"], asked)
    return await _answer(services, person, asked)


async def _answer(services: Services, person: Person, asked: list[str]) -> Message | Modal:
    word = asked[0].lower() if asked else "week"
    if len(asked) <= 1 and word in _ALONE:
        return await _ALONE[word](services, person)
    if word in _WITH_MORE:
        return await _WITH_MORE[word](services, person, asked)
    unknown = " ".join(asked)
    return render_usage_help(
        speak(person), services.names, unknown=None if unknown.lower() == "help" else unknown
    )


async def _week(services: Services, person: Person) -> Message:
    return render_digest(speak(person), await services.digests.this_week(person))


async def _month(services: Services, person: Person) -> Message:
    return render_digest(speak(person), await services.digests.this_month(person))


async def _work(services: Services, person: Person) -> Message:
    recent = await services.outcomes.recent(person)
    return render_work(speak(person), recent.work, recent.logged, recent.tags, services.names)


async def _tips(services: Services, person: Person) -> Message:
    own = await services.coach.own_tips(person)
    return render_tips(speak(person), own.fitting, own.shown, own.muted, services.names)


async def _privacy(services: Services, person: Person) -> Message:
    return render_privacy(
        speak(person), await services.administration.privacy(person), services.names
    )


async def _estimate(services: Services, person: Person, asked: Sequence[str]) -> Message:
    told = await services.estimates.of(person, asked[1:])
    if isinstance(told, Unread):
        return render_estimate_help(speak(person), services.names, told)
    return render_estimate(speak(person), told, services.names)


_ALONE: Mapping[str, Callable[[Services, Person], Awaitable[Message | Modal]]] = MappingProxyType(
    {
        "week": _week,
        "month": _month,
        "outcomes": _work,
        "log": outcomes.log_form,
        "tips": _tips,
        "accounts": accounts.own_accounts,
        "settings": coaching.settings,
        "privacy": _privacy,
        rights.EXPORT: rights.export,
        "forget": rights.forget_form,
        "optout": rights.opt_out_question,
        rights.OPT_IN: rights.opt_in,
    }
)
_WITH_MORE: Mapping[
    str, Callable[[Services, Person, Sequence[str]], Awaitable[Message | Modal]]
] = MappingProxyType({"tag": outcomes.tag_words, "estimate": _estimate})
"""Words that more may follow; all that was typed is handed on."""
