"""What admins type about settings, one another, sources and the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot.blocks.admin import (
    render_admin_added,
    render_admin_not_a_member,
    render_admin_of_the_settings,
    render_admin_removed,
    render_admins,
    render_threshold_fixed,
    render_threshold_refused,
    render_threshold_set,
)
from bot.blocks.announcement import render_threshold_announced
from bot.blocks.audit import render_audit
from bot.blocks.health import render_sources, render_status
from bot.blocks.help import render_admin_help
from bot.blocks.threshold_list import render_thresholds
from bot.domain.messages import Message
from bot.domain.people import Person
from bot.errors import FixedByAgreementError, InvalidThresholdError
from handlers.languages import speak
from handlers.services import Services
from handlers.words import mentioned_user

USUAL_ENTRIES = 10
MOST_ENTRIES = 50
_MOST_DIGITS = 4


async def thresholds(
    services: Services, person: Person | None, words: Sequence[str], /, *, by: str
) -> Message:
    match [word.lower() for word in words[1:]]:
        case [] | ["show"]:
            values = await services.administration.thresholds()
            return render_thresholds(speak(person), values, services.names)
        case ["set", name, *value] if value:
            return await _set(services, person, name, " ".join(value), by=by)
    return _not_known(services, person, words)


async def _set(
    services: Services, person: Person | None, name: str, text: str, *, by: str
) -> Message:
    say = speak(person)
    try:
        changed = await services.administration.set_threshold(
            name, text, by=by, render=partial(render_threshold_announced, services.language)
        )
    except InvalidThresholdError as invalid:
        return render_threshold_refused(say, invalid.threshold, services.names)
    except FixedByAgreementError as fixed:
        return render_threshold_fixed(say, fixed)
    return render_threshold_set(say, changed)


async def admins(
    services: Services, person: Person | None, words: Sequence[str], /, *, by: str
) -> Message:
    say = speak(person)
    mention = mentioned_user(words[2]) if len(words) == 3 else None
    match [word.lower() for word in words[1:]], mention:
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
    return _not_known(services, person, words)


async def providers(services: Services, person: Person | None, words: Sequence[str]) -> Message:
    if len(words) > 1:
        return _not_known(services, person, words)
    return render_sources(speak(person), await services.administration.source_health())


async def status(services: Services, person: Person | None, words: Sequence[str]) -> Message:
    if len(words) > 1:
        return _not_known(services, person, words)
    return render_status(speak(person), await services.administration.status())


async def audit(services: Services, person: Person | None, words: Sequence[str]) -> Message:
    most = _how_many(words[1:])
    if most is None:
        return _not_known(services, person, words)
    entries = await services.administration.audit(most)
    return render_audit(speak(person), entries, services.names)


def _how_many(words: Sequence[str]) -> int | None:
    """How many entries were asked for; ``None`` where that is no such number."""
    if not words:
        return USUAL_ENTRIES
    [word, *more] = words
    is_number = not more and word.isascii() and word.isdigit() and len(word) <= _MOST_DIGITS
    return min(max(int(word), 1), MOST_ENTRIES) if is_number else None


def _not_known(services: Services, person: Person | None, words: Sequence[str]) -> Message:
    return render_admin_help(speak(person), services.names, unknown=" ".join(words))
