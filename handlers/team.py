"""``/teamusage``: what was released of one's own teams, and nothing else."""

from __future__ import annotations

from typing import Any

from bot.blocks.errors import render_not_in_directory
from bot.blocks.help import render_team_help
from bot.blocks.team import render_no_team, render_team_usage
from bot.domain.messages import Message
from bot.language import ENGLISH
from handlers.languages import speak
from handlers.services import Services
from handlers.words import words


async def team_usage(services: Services, command: dict[str, Any]) -> Message:
    person = await services.people.find(command["user_id"])
    if person is None:
        return render_not_in_directory(ENGLISH)
    asked = " ".join(words(command.get("text")))
    if asked.lower() == "help":
        return render_team_help(speak(person), services.names)
    teams = await services.summaries.released_to(person)
    if not teams:
        return render_no_team(speak(person))
    for team, weeks in teams:
        if asked.lower() in ("", team.name.lower()):
            return render_team_usage(speak(person), team.name, weeks)
    return render_team_help(speak(person), services.names, unknown=asked)
