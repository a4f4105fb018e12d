"""What an admin may set, each within bounds that the code holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from bot.errors import InvalidThresholdError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""As they are typed, whatever the reader's language."""
SWITCH = MappingProxyType({"off": 0, "on": 1})
"""As it is typed."""
_MOST_DIGITS = 9
_MARKS = re.compile(r"[.,'\u2019 \u00a0\u202f]")
_IN_THOUSANDS = re.compile(rf"[0-9]{{1,3}}(?:{_MARKS.pattern}[0-9]{{3}})+")


class Stricter(Enum):
    """Which way a value guards more."""

    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One setting; values are whole numbers from ``floor`` to ``ceiling``.

    ``stricter`` marks those that guard privacy, and says which way is the stricter one. Such a
    change is announced; it waits for the next ISO week, and where it loosens, for the next quarter.
    """

    name: str
    default: int
    floor: int
    ceiling: int
    is_percent: bool = False
    is_weekday: bool = False
    is_switch: bool = False
    stricter: Stricter | None = None

    @property
    def guards_privacy(self) -> bool:
        return self.stricter is not None

    @property
    def strictest(self) -> int:
        return self.floor if self.stricter is Stricter.LESS else self.ceiling

    @property
    def laxest(self) -> int:
        return self.ceiling if self.stricter is Stricter.LESS else self.floor

    def strictest_of(self, values: Iterable[int]) -> int:
        return min(values) if self.stricter is Stricter.LESS else max(values)

    def loosens(self, value: int, *, now: int) -> bool:
        """Whether *value* guards less than what is in force *now*."""
        if self.stricter is None:
            return False
        return value < now if self.stricter is Stricter.MORE else value > now

    def parse(self, text: str) -> int:
        """The value that *text* stands for; raises ``InvalidThresholdError``."""
        word = text.strip().lower().rstrip("%").strip()
        value = self._read(word)
        if value is None or not self.floor <= value <= self.ceiling:
            raise InvalidThresholdError(self.name)
        return value

    def _read(self, word: str) -> int | None:
        if self.is_weekday:
            return _weekday(word)
        return SWITCH.get(word) if self.is_switch else _whole_number(word)


def _weekday(word: str) -> int | None:
    return WEEKDAYS.index(word) if word in WEEKDAYS else None


def _whole_number(word: str) -> int | None:
    """With or without marks between the thousands, whichever a language has."""
    digits = _MARKS.sub("", word) if _IN_THOUSANDS.fullmatch(word) else word
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS
    return int(digits) if is_number else None


THRESHOLDS = MappingProxyType(
    {
        threshold.name: threshold
        for threshold in (
            Threshold(
                name="minimum_group_size",
                default=5,
                floor=5,
                ceiling=50,
                stricter=Stricter.MORE,
            ),
            Threshold(
                name="dominance_share",
                default=50,
                floor=20,
                ceiling=50,
                is_percent=True,
                stricter=Stricter.LESS,
            ),
            Threshold(
                name="strict_mode",
                default=0,
                floor=0,
                ceiling=1,
                is_switch=True,
                stricter=Stricter.MORE,
            ),
            Threshold(
                name="retention_days",
                default=180,
                floor=120,
                ceiling=400,
                stricter=Stricter.LESS,
            ),
            Threshold(
                name="adoption_target",
                default=0,
                floor=0,
                ceiling=90,
                is_percent=True,
            ),
            Threshold(
                name="team_budget",
                default=0,
                floor=0,
                ceiling=10_000_000,
            ),
            Threshold(
                name="settle_days",
                default=7,
                floor=1,
                ceiling=30,
            ),
            Threshold(
                name="minimum_outcomes",
                default=5,
                floor=5,
                ceiling=50,
            ),
            Threshold(
                name="digest_day",
                default=0,
                floor=0,
                ceiling=6,
                is_weekday=True,
            ),
            Threshold(
                name="digest_hour",
                default=9,
                floor=7,
                ceiling=17,
            ),
            Threshold(
                name="summary_day",
                default=1,
                floor=0,
                ceiling=6,
                is_weekday=True,
            ),
            Threshold(
                name="summary_hour",
                default=9,
                floor=7,
                ceiling=17,
            ),
            Threshold(
                name="monthly_budget",
                default=0,
                floor=0,
                ceiling=1_000_000,
            ),
            Threshold(
                name="nudge_times_usual",
                default=3,
                floor=2,
                ceiling=10,
            ),
            Threshold(
                name="tip_minimum_saving",
                default=5,
                floor=1,
                ceiling=100,
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
        raise InvalidThresholdError(None) from None
