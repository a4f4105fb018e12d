"""People who read their digests, and of whom some take up the tip that is in one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.playground.slack.messages import Message
from bot.playground.world import World

TIP_BUTTON = "tip_not_useful"
"""Stands under every tip, and names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """``heeded`` has, for each person, the rules taken up and the day of the digest."""

    world: World
    heeded: dict[str, dict[str, date]] = field(default_factory=lambda: defaultdict(dict))
    _read: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def read(self, now: datetime) -> None:
        """What came since the last time; a tip that is taken up shows from the next week on."""
        for person in self.world.company.people:
            messages = self.world.slack.dms_to(person)[self._read[person] :]
            self._read[person] += len(messages)
            for rule in tips_in(messages):
                if self.world.heed(person, rule, now.date()):
                    self.heeded[person].setdefault(rule, now.date())


def tips_in(messages: Sequence[Message]) -> Iterator[str]:
    for message in messages:
        for block in message.blocks:
            for element in (block.get("accessory"), *block.get("elements", ())):
                if isinstance(element, Mapping) and _is_tip(element):
                    yield str(element["value"])


def _is_tip(element: Mapping[str, Any]) -> bool:
    return element.get("action_id") == TIP_BUTTON
