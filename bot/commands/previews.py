"""``digest preview`` and ``summary preview``: what would be said, without saying it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bot.app import Upshot
from bot.blocks.digest import render_digest
from bot.blocks.team import render_team_summary
from bot.commands.session import AsJson, out, with_upshot
from bot.domain.messages import Message
from bot.errors import UpshotError
from bot.language.catalogues import language_of


def preview_digest(
    slack_user_id: Annotated[str, typer.Argument(help="Whose digest: your own Slack user id.")],
    *,
    as_json: AsJson = False,
) -> None:
    async def make(upshot: Upshot) -> Message:
        person = await upshot.stores.people.find(slack_user_id)
        if person is None:
            raise UpshotError(f"Nobody here has the Slack user id {slack_user_id!r}.")
        say = language_of(person.locale, person.time_zone)
        return render_digest(say, await upshot.digests.last_week(person))

    _show(with_upshot(make, log_level="ERROR"), as_json=as_json)


def preview_summary(
    team: Annotated[str, typer.Argument(help="The team's name.")], *, as_json: AsJson = False
) -> None:
    async def make(upshot: Upshot) -> Message:
        teams = [known for known in await upshot.stores.teams.all() if known.name == team]
        if not teams:
            raise UpshotError(f"There is no team called {team!r}.")
        latest = await upshot.releases.preview(teams[0])
        report = await upshot.summaries.preview(teams[0], latest)
        return render_team_summary(upshot.services.language, report, upshot.services.names)

    _show(with_upshot(make, log_level="ERROR"), as_json=as_json)


def _show(message: Message, *, as_json: bool) -> None:
    if as_json:
        out.print_json(json.dumps({"text": message.text, "blocks": list(message.blocks)}))
    else:
        out.print(message.text, markup=False)
