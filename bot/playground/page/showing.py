"""What somebody gets to see: the conversation, its surroundings, and the requests behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from starlette.responses import HTMLResponse

from bot.playground.page.changes import NOBODY_YET
from bot.playground.page.hints import Hint, hints
from bot.playground.page.journal import Exchange
from bot.playground.page.moments import clock_words, day_words, hour_words, place_words, time_words
from bot.playground.page.notes import NOTES
from bot.playground.page.people import Persona, avatar, by_team, initials, quick_starts
from bot.playground.page.places import Place
from bot.playground.page.playhouse import Playhouse
from bot.playground.page.spots import Spot
from bot.playground.page.stage import Goal
from bot.playground.page.templating import html
from bot.playground.rendering import Origin
from bot.playground.rendering.slack_words import IN_ENGLISH
from bot.playground.slack.files import SlackFile
from bot.playground.slack.messages import Message
from bot.playground.slack.views import View

SHOWN_AT_ONCE = 40
GOALS = {
    Goal.TOMORROW: "Tomorrow",
    Goal.NEXT_MONDAY: "Next Monday",
    Goal.NEXT_MONTH: "Next month",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    name: str
    initials: str
    avatar: int
    is_app: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message as it stands in a conversation."""

    id: str
    ts: str
    author: Author
    day: str | None
    """What divides it from the one before, where a day has passed."""
    day_id: str
    time: str
    iso: str
    content: Markup | None
    files: Sequence[SlackFile]
    is_private: bool
    is_edited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A place in the sidebar."""

    place: Place
    spot: Spot
    is_here: bool
    is_unread: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFace:
    utc: str
    iso: str
    local: str | None
    city: str | None
    done: int | None
    """How far the clock has got of ``total``; ``None`` while it stands."""
    total: int
    trouble: str | None


class Showing:
    def __init__(self, house: Playhouse) -> None:
        self._house = house
        self._hints: list[Hint] = hints(house.stage.commands)
        self._starts = quick_starts(house.stage, house.people)

    def start(self) -> HTMLResponse:
        house = self._house
        return html(
            "start.html",
            teams=by_team(house.people),
            starts=self._starts,
            hour=lambda zone: hour_words(house.stage.time.now, zone),
            city=place_words,
            company=house.stage.slack.workspace.team_name,
            seen=house.changes.of(NOBODY_YET),
            **self._clock(None, None),
        )

    def wrong(self, sentence: str, status: int, back: str, back_words: str) -> HTMLResponse:
        return html("wrong.html", status, sentence=sentence, back=back, back_words=back_words)

    def place(
        self, persona: Persona, place: Place, spot: Spot, note: str | None, *, shows_all: bool
    ) -> HTMLResponse:
        house = self._house
        house.places.read(persona.id, place)
        seen = house.changes.of(persona.id)
        exchanges = house.journal.of(persona.id) if spot.has_requests else []
        return html(
            "place.html",
            persona=persona,
            place=place,
            spot=spot,
            seen=seen,
            note=NOTES.get(note or ""),
            company=house.stage.slack.workspace.team_name,
            links=self._links(persona, spot),
            lines=list(self._lines(persona, place, spot)),
            home=self._home(persona, spot) if place.id == "home" else None,
            modal=self._modal(persona, spot),
            hints=self._hints,
            commands=house.stage.commands,
            shortcuts=house.stage.shortcuts,
            exchanges=exchanges if shows_all else exchanges[:SHOWN_AT_ONCE],
            left_out=0 if shows_all else max(0, len(exchanges) - SHOWN_AT_ONCE),
            moment=lambda exchange: _moment(exchange, persona),
            **self._clock(persona, spot),
        )

    def _clock(self, persona: Persona | None, spot: Spot | None) -> dict[str, Any]:
        clock = self._house.stage.time
        now, progress = clock.now, clock.progress
        face = ClockFace(
            utc=clock_words(now if progress is None else progress.at),
            iso=now.isoformat(),
            local=None if persona is None else hour_words(now, persona.zone),
            city=None if persona is None else place_words(persona.zone),
            done=None if progress is None else progress.done,
            total=1 if progress is None else progress.total,
            trouble=self._house.clockwork.trouble,
        )
        return {"clock": face, "goals": GOALS, "back": spot}

    def _links(self, persona: Persona, spot: Spot) -> list[Link]:
        return [
            Link(
                place=place,
                spot=Spot(user=persona.id, place=place.id, since=spot.since),
                is_here=place.id == spot.place,
                is_unread=place.id != spot.place
                and self._house.places.is_unread(persona.id, place),
            )
            for place in self._house.places.of(persona.id)
        ]

    def _lines(self, persona: Persona, place: Place, spot: Spot) -> Iterator[Line]:
        before: datetime | None = None
        for message in self._house.places.messages(persona.id, place, spot.since):
            local = message.at.astimezone(persona.zone)
            is_new_day = before is None or before.date() != local.date()
            yield self._line(message, persona, place, spot, is_new_day=is_new_day)
            before = local

    def _line(
        self, message: Message, persona: Persona, place: Place, spot: Spot, *, is_new_day: bool
    ) -> Line:
        local = message.at.astimezone(persona.zone)
        return Line(
            id=f"m-{message.ts.replace('.', '-')}",
            ts=message.ts,
            author=self._author(message.author),
            day=day_words(message.at, self._house.stage.time.now, persona.zone, persona.words)
            if is_new_day
            else None,
            day_id=f"day-{local.date()}",
            time=time_words(message.at, persona.zone),
            iso=local.isoformat(timespec="minutes"),
            content=self._content(message, persona, place, spot),
            files=self._house.places.files(message, persona.id),
            is_private=message.seen_only_by is not None,
            is_edited=message.edited,
        )

    def _content(
        self, message: Message, persona: Persona, place: Place, spot: Spot
    ) -> Markup | None:
        # what is for all of a channel is in nobody's language but the page's
        is_theirs = message.seen_only_by is not None or not place.is_channel
        render = self._house.renderers[persona.words_of_app if is_theirs else IN_ENGLISH]
        if message.blocks:
            to = spot.to("press")
            origin = Origin(user=persona.id, kind="message", id=message.ts, action=to)
            return render.blocks(message.blocks, origin, heading=2)
        return render.text(message.text) if message.text else None

    def _home(self, persona: Persona, spot: Spot) -> Markup | None:
        view = self._house.places.home(persona.id)
        if view is None:
            return None
        origin = Origin(user=persona.id, kind="home", id=view.id, action=spot.to("press"))
        return self._house.renderers[persona.words_of_app].blocks(
            view.payload["blocks"], origin, heading=2
        )

    def _modal(self, persona: Persona, spot: Spot) -> Markup | None:
        view: View | None = self._house.places.modal(persona.id)
        if view is None:
            return None
        return self._house.renderers[persona.words_of_app].modal(
            view,
            post_to=spot.to("submit"),
            close_to=spot.to("close"),
            press_to=spot.to("press"),
            refused=self._house.refusals.of(view),
        )

    def _author(self, user_id: str) -> Author:
        workspace = self._house.stage.slack.workspace
        user = workspace.users[user_id]
        name = user.real_name or user.name
        return Author(
            name=name,
            initials=initials(name),
            avatar=avatar(user_id),
            is_app=user_id == workspace.bot.id,
        )


def _moment(exchange: Exchange, persona: Persona) -> str:
    return hour_words(exchange.at, persona.zone)
