"""The box for messages: commands go to the bot, and what is said in a channel is said there."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.playground.page.places import Place
from bot.playground.page.playhouse import Playhouse
from bot.playground.page.posted import fields
from bot.playground.page.reaching import Reach, trouble
from bot.playground.page.spots import HOME
from bot.playground.page.typed import as_sent

LONGEST_MESSAGE = 3_000


class Saying:
    def __init__(self, house: Playhouse, reach: Reach) -> None:
        self._house = house
        self._reach = reach

    async def say(self, request: Request) -> Response:
        user, query = request.path_params["user"], request.query_params
        place = self._house.places.find(user, request.path_params["place"])
        if user not in self._house.people or place is None or place.id == HOME:
            raise HTTPException(404)
        spot = self._house.spot(user, place, query)
        typed = (await fields(request))["text"][0].strip()
        return RedirectResponse(spot.url(await self._said(typed, user, place)), 303)

    async def _said(self, typed: str, user: str, place: Place) -> str | None:
        """The word for the note that says why nothing came of it."""
        if not typed:
            return None
        if len(typed) > LONGEST_MESSAGE:
            return "too_long"
        if typed.startswith("/"):
            return await self._command(typed, user, place)
        if not place.is_channel:
            return "commands_only"
        self._post(typed, user, place)
        return None

    async def _command(self, typed: str, user: str, place: Place) -> str | None:
        command, _, words = typed.partition(" ")
        if command not in {known.name for known in self._house.stage.commands}:
            return "unknown_command"
        text, channel_id = self._as_sent(words.strip()), place.id if place.is_channel else None
        ack = await self._reach(
            user,
            lambda person: person.command(command, text, user_id=user, channel_id=channel_id),
        )
        return trouble(ack)

    def _post(self, typed: str, user: str, place: Place) -> None:
        """Among people: nothing of it reaches the bot, which does not listen in channels."""
        workspace = self._house.stage.slack.workspace
        with workspace.lock:
            workspace.messages.post(place.id, user, {"text": self._as_sent(typed)})
        self._house.changes.happened(self._house.places.members(place))

    def _as_sent(self, text: str) -> str:
        users = self._house.stage.slack.workspace.users.values()
        return as_sent(text, users, self._house.places.channels())
