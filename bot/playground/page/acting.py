"""What one presses, chooses, fills in and opens, as signed requests to the bot's one address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.playground.page.playhouse import Playhouse
from bot.playground.page.posted import fields
from bot.playground.page.reaching import Reach, trouble
from bot.playground.page.spots import HOME, Spot
from bot.playground.page.stage import Goal
from bot.playground.rendering import Given, Refused, complaints, given_in
from bot.playground.slack.messages import Message, with_block_ids
from bot.playground.slack.person import Ack
from bot.playground.slack.slack_requests import interactive
from bot.playground.slack.views import View

NOT_SENT = "We had some trouble connecting. Try again?"
_OF_MANY = {
    "checkboxes",
    "multi_static_select",
    "multi_users_select",
    "multi_conversations_select",
    "multi_channels_select",
}


class Acting:
    def __init__(self, house: Playhouse, reach: Reach) -> None:
        self._house = house
        self._reach = reach

    async def press(self, request: Request) -> Response:
        user, spot, posted = self._user(request), self._spot(request), await fields(request)
        block, action = posted["block"][0], posted["action"][0]
        place = self._pressable(user, posted["place"][0])
        if place is None or (kind := _kind(place, block, action)) is None:
            return _back(spot, "gone")
        values = [value for value in posted.get("choose", ()) if value]
        chosen = values if kind in _OF_MANY else next(iter(values), None)
        try:
            ack = await self._reach(
                user,
                lambda person: person.press(
                    action, user_id=user, on=place, choose=chosen, block_id=block
                ),
            )
        except LookupError:  # it does not offer that any more
            return _back(spot, "gone")
        return _back(spot, trouble(ack))

    async def shortcut(self, request: Request) -> Response:
        user, spot, posted = self._user(request), self._spot(request), await fields(request)
        message = self._house.places.message(user, posted["ts"][0])
        name = posted["callback_id"][0]
        if message is None or name not in {one.callback_id for one in self._house.stage.shortcuts}:
            return _back(spot, "gone")
        ack = await self._reach(
            user, lambda person: person.shortcut(name, user_id=user, on=message)
        )
        return _back(spot, trouble(ack))

    async def submit(self, request: Request) -> Response:
        user, spot, posted = self._user(request), self._spot(request), await fields(request)
        view = self._house.places.modal(user, posted["view"][0])
        if view is None:
            return _back(spot, "gone")
        given, words = given_in(posted, view), self._house.people[user].words
        if missing := complaints(view, given, words):
            self._house.refusals.note(view, Refused(given=given, errors=missing))
            return _back(spot)
        try:
            ack = await self._reach(user, lambda person: person.fill(view, given))
        except (LookupError, ValueError) as refusal:  # Slack itself would not send it
            self._house.refusals.note(view, Refused(given=given, reason=str(refusal)))
            return _back(spot)
        self._house.refusals.note(view, _refused(ack, given, words(NOT_SENT)))
        return _back(spot, "not_shown" if ack.violations else None)

    async def close(self, request: Request) -> Response:
        user, spot, posted = self._user(request), self._spot(request), await fields(request)
        view = self._house.places.modal(user, posted["view"][0])
        if view is not None:
            self._house.refusals.note(view, None)
            workspace = self._house.stage.slack.workspace
            with workspace.lock:
                workspace.views.close(view.id)
            self._house.changes.happened([user])
        return _back(spot)

    async def home(self, request: Request) -> Response:
        user, spot = self._user(request), self._spot(request)
        ack = await self._reach(user, lambda person: person.open_home(user_id=user))
        return _back(replace(spot, place=HOME), trouble(ack))

    async def clock(self, request: Request) -> Response:
        posted = await fields(request)
        try:
            goal = Goal(posted["goal"][0])
        except ValueError as error:
            raise HTTPException(400) from error
        await self._house.clockwork.move(goal)
        user = posted["user"][0]
        if user not in self._house.people:
            return RedirectResponse("/", 303)
        query = {name: posted[name][0] for name in ("at", "since", "requests")}
        return _back(self._house.back(user, query))

    def _user(self, request: Request) -> str:
        user: str = request.path_params["user"]
        if user not in self._house.people:
            raise HTTPException(404)
        return user

    def _spot(self, request: Request) -> Spot:
        return self._house.back(request.path_params["user"], request.query_params)

    def _pressable(self, user: str, named: str) -> Message | View | None:
        """What *user* has before them under that name."""
        kind, _, name = named.partition(":")
        places = self._house.places
        match kind:
            case "message":
                return places.message(user, name)
            case "home":
                home = places.home(user)
                return home if home is not None and home.id == name else None
            case "modal":
                return places.modal(user, name)
            case _:
                return None


def _back(spot: Spot, note: str | None = None) -> Response:
    return RedirectResponse(spot.url(note), status_code=303)


def _kind(place: Message | View, block: str, action: str) -> str | None:
    blocks: Sequence[dict[str, Any]] = (
        place.blocks if isinstance(place, Message) else with_block_ids(place.payload["blocks"])
    )
    kinds = (
        str(element["type"])
        for within, element in interactive(blocks)
        if (within["block_id"], element["action_id"]) == (block, action)
    )
    return next(kinds, None)


def _refused(ack: Ack, given: Given, not_sent: str) -> Refused | None:
    """Why the form is still open, if it is."""
    if ack.error:
        return Refused(given=given, reason=not_sent)
    errors = ack.body.get("errors") if isinstance(ack.body, Mapping) else None
    return Refused(given=given, errors=errors) if errors else None
