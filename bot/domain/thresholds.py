"""What an admin may set, each within bounds that the code holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.errors import InvalidThresholdError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One setting; values are whole numbers from ``floor`` to ``ceiling``.

    ``guards_privacy`` marks those whose change waits for the next ISO week and is announced.
    """

    name: str
    about: str
    default: int
    floor: int
    ceiling: int
    unit: str = ""
    names: tuple[str, ...] = ()
    guards_privacy: bool = False

    def parse(self, text: str) -> int:
        """The value that *text* stands for; raises ``InvalidThresholdError``."""
        word = text.strip().lower().rstrip("%").strip()
        if word in self.names:
            return self.names.index(word)
        if not (word.isascii() and word.isdigit()) or self.names:
            raise InvalidThresholdError(f"{self.name} is {self.range}.")
        value = int(word) if len(word) < 10 else self.ceiling + 1
        if not self.floor <= value <= self.ceiling:
            raise InvalidThresholdError(f"{self.name} is {self.range}.")
        return value

    def show(self, value: int) -> str:
        return self.names[value] if self.names else f"{value}{self.unit}"

    @property
    def range(self) -> str:
        if self.names:
            return "one of " + ", ".join(self.names)
        return f"a whole number from {self.show(self.floor)} to {self.show(self.ceiling)}"


THRESHOLDS = MappingProxyType(
    {
        threshold.name: threshold
        for threshold in (
            Threshold(
                name="minimum_group_size",
                about="people who must have contributed before a team's figure is shown",
                default=5,
                floor=5,
                ceiling=50,
                guards_privacy=True,
            ),
            Threshold(
                name="dominance_share",
                about="the most that one person may hold of a team's figure",
                default=50,
                floor=20,
                ceiling=50,
                unit=" %",
                guards_privacy=True,
            ),
            Threshold(
                name="settle_days",
                about="days that finished work must stand before it counts as settled",
                default=7,
                floor=1,
                ceiling=30,
            ),
            Threshold(
                name="minimum_outcomes",
                about="settled outcomes before spend per outcome is shown",
                default=5,
                floor=5,
                ceiling=50,
            ),
            Threshold(
                name="digest_day",
                about="the day of the personal digest",
                default=0,
                floor=0,
                ceiling=6,
                names=WEEKDAYS,
            ),
            Threshold(
                name="digest_hour",
                about="the hour of the personal digest, in each person's time zone",
                default=9,
                floor=7,
                ceiling=17,
            ),
            Threshold(
                name="summary_day",
                about="the day of the team summary",
                default=1,
                floor=0,
                ceiling=6,
                names=WEEKDAYS,
            ),
            Threshold(
                name="summary_hour",
                about="the hour of the team summary, in the team's time zone",
                default=9,
                floor=7,
                ceiling=17,
            ),
        )
    }
)


def with_defaults(values: Mapping[str, int]) -> dict[str, int]:
    """Every threshold's value: what was set, else its default."""
    return {name: values.get(name, t.default) for name, t in THRESHOLDS.items()}


def find(name: str) -> Threshold:
    """The threshold called *name*; raises ``InvalidThresholdError``."""
    try:
        return THRESHOLDS[name.strip().lower()]
    except KeyError:
        known = ", ".join(THRESHOLDS)
        raise InvalidThresholdError(f"There is no such threshold. There are: {known}.") from None
