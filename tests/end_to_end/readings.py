"""What people get to see: everything that is sent to them, and all that they can ask for."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bot.domain.periods import IsoWeek, midnight
from bot.playground.slack.messages import Block, Message
from bot.playground.slack.person import Ack
from bot.playground.slack.slack_requests import interactive, options_of
from bot.playground.slack.views import View
from tests.end_to_end.lived import Town, followed

QUESTIONS = (
    *("", "week", "month", "outcomes", "tips", "settings", "log", "tag", "privacy", "help"),
    *("estimate", "estimate medium change", "estimate 2m in 100k out", "no such word"),
)
ADMINS_QUESTIONS = ("thresholds", "admins", "providers", "status", "help")
LOOKS = (1, 4, 6)
"""A costly day is still found two days after it."""
ENDS_IT = "digest_stop"
"""Pressed last: what comes after it is about nothing else."""
_NOT_SHOWN = frozenset(
    {"type", "block_id", "action_id", "callback_id", "value", "style", "private_metadata"}
    | {"response_type", "response_action", "response_url", "metadata", "image_url"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A message, an answer, a form or a page, as *reader* got it."""

    reader: str
    what: str
    payload: Any

    @property
    def shown(self) -> str:
        """All that the eye or a screen reader finds in it."""
        return "\n".join(map(str, _shown(self.payload)))

    @property
    def words(self) -> str:
        """The same without what is drawn, which is a number and not written as one."""
        return "\n".join(part for part in _shown(self.payload) if isinstance(part, str))

    @property
    def drawn(self) -> list[Decimal]:
        parts = _shown(self.payload)
        return [Decimal(str(part)) for part in parts if not isinstance(part, str)]

    @property
    def raw(self) -> str:
        """All of it, with what only a device sees."""
        return json.dumps(self.payload, ensure_ascii=False, sort_keys=True, default=str)


def _shown(part: Any) -> Iterator[str | int | float]:
    match part:
        case str() | int() | float() if not isinstance(part, bool):
            yield part
        case Mapping():
            yield from _shown([value for key, value in part.items() if key not in _NOT_SHOWN])
        case list() | tuple():
            for inner in part:
                yield from _shown(inner)


def sent(town: Town) -> list[Read]:
    """What came to people by itself in all the weeks."""
    return [
        Read(reader=person, what="sent", payload=_of(message))
        for person in town.company.people
        for message in town.world.slack.dms_to(person)
    ]


def posted(town: Town) -> list[Read]:
    """What the teams' channels heard."""
    return [
        Read(reader=team.name, what="posted", payload=_of(message))
        for team in town.company.teams
        for message in town.world.slack.messages_in(team.channel_id)
    ]


def _of(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.blocks}


async def sent_again(town: Town, people: Sequence[int]) -> dict[int, list[Read]]:
    """What would be sent to *people* by what is kept now: digests of every length, all notes.

    The clock goes through the weeks once more, from week to week and from day to day.
    """
    now, tasks = town.clock.now(), town.upshot.queue.tasks
    first, last = IsoWeek.of(town.company.start), IsoWeek.last_closed(now)
    day = first.monday
    while day <= last.period.last_day:
        town.clock.move_to(midnight(day + timedelta(days=1)) + timedelta(hours=15))
        asked = {"people": list(people)}
        if day.weekday() in LOOKS:
            await tasks["watch"](through=str(day), **asked)
        if day.weekday() == 6:
            monday = str(IsoWeek.of(day).monday)
            await tasks["plan_digests"](cadence="weekly", first_day=monday, **asked)
            await tasks["plan_digests"](cadence="daily", first_day=str(day), **asked)
        if (day + timedelta(days=1)).day == 1:
            month = str(day.replace(day=1))
            await tasks["plan_digests"](cadence="monthly", first_day=month, **asked)
        day += timedelta(days=1)
    town.clock.move_to(now)
    return await planned(town, people)


async def planned(town: Town, people: Sequence[int]) -> dict[int, list[Read]]:
    """What waits in the outbox for *people*."""
    waiting: dict[int, list[Read]] = {person: [] for person in people}
    rows = await town.rows(
        "SELECT person_id, channel, dedup_key, due_at, text, blocks FROM deliveries"
        " WHERE person_id IS NOT NULL ORDER BY planned_at, dedup_key"
    )
    for person, channel, key, due_at, words, blocks in rows:
        payload = {"due_at": str(due_at), "text": words, "blocks": blocks}
        waiting[person].append(Read(reader=channel, what=key, payload=payload))
    return waiting


@dataclass(kw_only=True)
class AtKeyboard:
    """One person asks for everything, presses every button, and reads what comes."""

    town: Town
    user: str
    read: list[Read] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)
    _pressed: set[str] = field(default_factory=set)
    _answered: int = 0

    async def ask(self, told: Iterable[Read]) -> list[Read]:
        """With what was *told* in the conversation, whose buttons are pressed too."""
        self._look("before")
        self.read.clear()
        self._answered = len(self.town.world.slack.ephemerals_to(self.user))
        messages = [self._received(read) for read in told]
        for words in QUESTIONS:
            asking = self.town.person.command("/myusage", words, user_id=self.user)
            await self._do(asking, f"/myusage {words}")
        await self._do(self.town.person.open_home(user_id=self.user), "home")
        await self._keep_settings()
        while await self._press_what_is_new(messages):
            pass
        return list(self.read)

    async def _keep_settings(self) -> None:
        """Once so that it cannot be kept, and once with an amount of one's own."""
        await self._do(
            self.town.person.command("/myusage", "settings", user_id=self.user), "settings"
        )
        form = self.town.world.slack.modals_of(self.user)[-1]
        for budget in ("much", "70"):
            filling = self.town.person.fill(form, {"settings-budget": budget})
            await self._do(filling, f"settings {budget}")

    async def _press_what_is_new(self, messages: Sequence[Message]) -> bool:
        slack = self.town.world.slack
        home = slack.home_of(self.user)
        answers = slack.ephemerals_to(self.user)[self._answered :]
        places: list[Message | View] = [*messages, *answers, *([home] if home else [])]
        found = {
            element["action_id"]: (place, block, element)
            for place in places
            for block, element in interactive(_blocks(place))
        }
        new = sorted(set(found) - self._pressed, key=lambda name: (name == ENDS_IT, name))
        for name in new:
            await self._press(name, *found[name])
        self._pressed |= set(new)
        return bool(new)

    async def _press(self, name: str, place: Message | View, block: Block, element: Block) -> None:
        options = options_of(element)
        pressing = self.town.person.press(
            name,
            user_id=self.user,
            on=place,
            choose=options[0]["value"] if options else None,
            block_id=block.get("block_id"),
        )
        await self._do(pressing, f"pressed {name}")

    def _received(self, told: Read) -> Message:
        workspace = self.town.world.slack.workspace
        with workspace.lock:
            dm = workspace.channels.dm_with(self.user)
            payload = {name: told.payload[name] for name in ("text", "blocks")}
            return workspace.messages.post(dm.id, workspace.bot.id, payload)

    async def _do(self, doing: Awaitable[Ack], what: str) -> None:
        ack = await followed(doing)
        assert (ack.status, ack.error, ack.violations) == (200, None, ()), (what, ack)
        if ack.body and "errors" in ack.body:
            self.read.append(Read(reader=self.user, what=what, payload=ack.body))
        self._look(what)

    def _look(self, what: str) -> None:
        slack = self.town.world.slack
        home = slack.home_of(self.user)
        shown = {
            **{message.ts: _of(message) for message in slack.ephemerals_to(self.user)},
            **{view.hash: view.payload for view in slack.modals_of(self.user)},
            **({home.hash: home.payload} if home else {}),
        }
        for name, payload in shown.items():
            if name not in self._known:
                self._known.add(name)
                self.read.append(Read(reader=self.user, what=what, payload=payload))


def _blocks(place: Message | View) -> Sequence[Block]:
    blocks: Sequence[Block] = (
        place.blocks if isinstance(place, Message) else place.payload["blocks"]
    )
    return blocks
