"""``export`` and ``forget``: what an operator does for somebody who asked for it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.app import Upshot
from bot.commands.session import out, with_upshot
from bot.domain.people import Person
from bot.errors import SettingsError, UpshotError

SlackUser = Annotated[str, typer.Option("--slack-user", help="Whose: a Slack user id, such as U….")]


def export(
    slack_user: SlackUser,
    *,
    to: Annotated[
        Path, typer.Option("--to", help="The file to write; it must not be there yet.")
    ] = Path("upshot-export.zip"),
) -> None:
    async def run(upshot: Upshot) -> int:
        person = await _find(upshot, slack_user)
        try:
            handle = os.open(to, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        except OSError:
            raise SettingsError(f"{to}: there is such a file already, or no such folder.") from None
        try:
            with os.fdopen(handle, "w+b") as target:
                return await upshot.services.rights.write_everything(person, target)
        except BaseException:
            to.unlink()
            raise

    rows = with_upshot(run, log_level="ERROR")
    out.print(f"{to}: {rows:,} rows. Give it to nobody else, and delete it then.", markup=False)


def forget(
    slack_user: SlackUser,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False,
) -> None:
    if not yes:
        typer.confirm(f"Delete everything about {slack_user}, for good?", abort=True)

    async def run(upshot: Upshot) -> bool:
        person = await _find(upshot, slack_user)
        await upshot.services.rights.forget(person)
        return upshot.services.rights.is_admin_of_the_settings(person)

    is_named = with_upshot(run, log_level="ERROR")
    out.print("Done: nothing is kept any more, and nothing will be collected.", markup=False)
    if is_named:
        out.print(f"UPSHOT_ADMINS still names {slack_user}: take that out.", markup=False)


async def _find(upshot: Upshot, slack_user_id: str) -> Person:
    person = await upshot.services.rights.find(slack_user_id)
    if person is None:
        raise UpshotError(f"Nothing is kept of a Slack user with the id {slack_user_id!r}.")
    return person
