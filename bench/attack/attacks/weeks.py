"""When attacks take place: weeks of a history, by number."""

from __future__ import annotations

from bench.attack.histories import CAP_WEEKS, FIRST_WEEK, WEEKS
from bot.domain.disclosure.parameters import WEEKS_IN_EPOCH

SECOND_QUARTER = WEEKS_IN_EPOCH + 1 - FIRST_WEEK.number
"""The first week of it; of the quarter before, those after the caps' are released too."""
QUARTER = tuple(range(SECOND_QUARTER, SECOND_QUARTER + WEEKS_IN_EPOCH))
EIGHT = 8
EIGHT_BEFORE = tuple(range(SECOND_QUARTER - EIGHT, SECOND_QUARTER))
EIGHT_AFTER = tuple(range(SECOND_QUARTER, SECOND_QUARTER + EIGHT))
BEFORE, NOW = QUARTER[5], QUARTER[6]

assert EIGHT_BEFORE[0] >= CAP_WEEKS
assert QUARTER[-1] < WEEKS
