"""``/teamusage``: what was released of one's own teams, and nothing else."""

from __future__ import annotations

from typing import Any

from bot.blocks.help import render_team_help
from bot.blocks.team_weeks import render_no_team, render_team_usage
from bot.domain.messages import Message
from handlers.languages import speak
from handlers.services import Services
from handlers.strangers import answer_stranger
from handlers.words import words


async def team_usage(services: Services, command: dict[str, Any]) -> Message:
    """Who asks is who signed in to Slack; what may be read is looked up anew every time."""
    person = await services.people.find(command["user_id"])
    if person is None:
        return await answer_stranger(services, command["user_id"])
    say, asked = speak(person), " ".join(words(command.get("text")))
    if asked.lower() == "help":
        return render_team_help(say, services.names)
    own = await services.summaries.released_to(person)
    if not own.teams:
        return render_no_team(say, own.home, own.later)
    usage = own.named(asked)
    if usage is None:
        # Also of a team that there is: whether there is one is not said.
        return render_team_help(say, services.names, unknown=asked)
    return render_team_usage(say, usage, services.names)
