"""``/usageadmin teams``: which people make a team, and where it is told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.blocks.team_import import (
    CONFIRMED,
    LINES,
    YES,
    import_errors,
    render_import_form,
    render_imported,
)
from bot.blocks.team_refusals import render_team_refused
from bot.blocks.teams_admin import (
    render_team_added,
    render_team_moved,
    render_team_removed,
    render_teams,
    render_teams_help,
)
from bot.domain.messages import Message, Modal
from bot.domain.people import Person
from bot.domain.team_lists import NewTeam, TeamRefusal, TeamRefused
from bot.domain.team_table import WrongLine, is_zone
from bot.services.team_lists import TeamLists
from handlers.languages import speak
from handlers.modals import Submitted
from handlers.services import Services
from handlers.words import mentioned_user, readable

_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^>]*)?>")
_PLACE = re.compile(r"[0-9]{1,6}")
_QUOTES = "\"'«»„‟"


async def teams(
    services: Services, person: Person | None, words: Sequence[str], /, *, by: str
) -> Message | Modal:
    try:
        return await _answer(services, person, words[1:], by=by)
    except TeamRefused as refused:
        return render_team_refused(speak(person), refused, services.names)


async def _answer(
    services: Services, person: Person | None, asked: Sequence[str], *, by: str
) -> Message | Modal:
    say, lists = speak(person), _lists(services)
    word, rest = (asked[0].lower(), asked[1:]) if asked else ("list", [])
    if word == "list":
        listings = await lists.listings()
        return render_teams(say, listings, services.names, named=_name(rest))
    if word == "import" and not rest:
        return render_import_form(say)
    if word == "add":
        zone = "UTC" if person is None else person.time_zone
        return render_team_added(say, await lists.add(_new_team(rest, zone), by=by))
    if word == "remove" and rest:
        return render_team_removed(say, await lists.remove(_name(rest), by=by))
    if word == "move" and len(rest) > 1 and _PLACE.fullmatch(rest[-1]):
        place = int(rest[-1])
        moved = await lists.move(_name(rest[:-1]), place, by=by)
        return render_team_moved(say, moved, place)
    return render_teams_help(say, services.names)


async def keep_import(
    services: Services, person: Person, view: Mapping[str, Any]
) -> Modal | Mapping[str, str]:
    """What was pasted, from whoever is an admin at the moment of sending it."""
    await services.administration.require_admin(person.slack_user_id)
    given, say = Submitted(view), speak(person)
    try:
        imported = await _lists(services).import_lines(
            given.text(LINES) or "",
            confirmed=given.choice(CONFIRMED) == YES,
            by=person.slack_user_id,
        )
    except (WrongLine, TeamRefused) as wrong:
        return import_errors(say, wrong)
    return render_imported(say, imported)


@dataclass
class _Typed:
    """What was typed after ``add``, as far as it is understood."""

    name: list[str] = field(default_factory=list)
    managers: list[str] = field(default_factory=list)
    group: str | None = None
    channel: str | None = None
    time_zone: str | None = None
    confirmed: bool = False

    def take(self, word: str) -> None:
        """The name comes first; what follows the first mention is no part of it."""
        if found := _GROUP.fullmatch(word):
            self.group = found.group(1)
        elif found := _CHANNEL.fullmatch(word):
            self.channel = found.group(1)
        elif user := mentioned_user(word):
            self.managers.append(user)
        elif not (self.group or self.channel or self.managers):
            self.name.append(word)
        elif word.lower() == YES:
            self.confirmed = True
        elif is_zone(word):
            self.time_zone = word
        else:
            raise TeamRefused(TeamRefusal.NOT_UNDERSTOOD, readable(word))


def _lists(services: Services) -> TeamLists:
    assert services.team_lists is not None, "whoever types has a Slack"
    return services.team_lists


def _new_team(words: Sequence[str], time_zone: str) -> NewTeam:
    typed = _Typed()
    for word in words:
        typed.take(word)
    return NewTeam(
        name=_name(typed.name),
        group=typed.group,
        channel=typed.channel,
        managers=tuple(dict.fromkeys(typed.managers)),
        time_zone=typed.time_zone or time_zone,
        confirmed=typed.confirmed,
    )


def _name(words: Sequence[str]) -> str:
    """Several words, or as many as wished in quotes."""
    return readable(" ".join(words)).strip(_QUOTES + " ")
