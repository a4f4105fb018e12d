"""What somebody filled into the settings form, and what is wrong with it before it is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from bot.domain.periods import IsoWeek
from bot.domain.preferences import Cadence, Preferences

LOWEST_BUDGET = 1
HIGHEST_BUDGET = 100_000
SHARED_DAY = "shared"
"""Chosen for the day that the workspace has."""
_DAYS: Mapping[str, int | None] = MappingProxyType(
    {SHARED_DAY: None, **{str(day): day for day in range(7)}}
)
_WHOLE_DOLLARS = re.compile(
    r"(?:\$|USD)? ?([0-9]{1,9}|[0-9]{1,3}(?:[,.' ][0-9]{3}){1,2}) ?(?:\$|USD)?", re.IGNORECASE
)


class Topic(StrEnum):
    """What a person may be written to about, beside the digest."""

    TIPS = "tips"
    NUDGES = "nudges"
    BUDGET_NOTES = "budget_notes"


class SettingsFault(StrEnum):
    UNKNOWN = "unknown"
    NO_AMOUNT = "no_amount"


@dataclass(frozen=True, slots=True)
class SettingsFaults:
    """What is wrong, by the name of the draft's field."""

    of: Mapping[str, SettingsFault]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsDraft:
    """An empty ``budget`` leaves the amount to the workspace; without a ``day`` it stays."""

    cadence: str | None = None
    day: str | None = None
    topics: tuple[str, ...] = ()
    budget: str | None = None
    usual_anew: bool = False


def read_settings(
    draft: SettingsDraft, before: Preferences, *, today: date
) -> Preferences | SettingsFaults:
    """*before* with what the form says; the rest of it stays."""
    faults: dict[str, SettingsFault] = {}
    if draft.cadence not in set(Cadence):
        faults["cadence"] = SettingsFault.UNKNOWN
    if draft.day is not None and draft.day not in _DAYS:
        faults["day"] = SettingsFault.UNKNOWN
    if not set(draft.topics) <= set(Topic):
        faults["topics"] = SettingsFault.UNKNOWN
    budget = _amount(draft.budget, faults)
    if faults:
        return SettingsFaults(faults)
    chosen = replace(
        before,
        cadence=Cadence(draft.cadence or ""),
        digest_day=before.digest_day if draft.day is None else _DAYS[draft.day],
        tips=Topic.TIPS in draft.topics,
        nudges=Topic.NUDGES in draft.topics,
        budget_notes=Topic.BUDGET_NOTES in draft.topics,
        budget=budget,
    )
    return with_usual_anew(chosen, today) if draft.usual_anew else chosen


def with_usual_anew(before: Preferences, day: date) -> Preferences:
    """The usual week is made of the week of *day* and those after it, never of earlier ones."""
    monday = IsoWeek.of(day).monday
    return replace(before, usual_since=max(monday, before.usual_since or monday))


def _amount(typed: str | None, faults: dict[str, SettingsFault]) -> int | None:
    given = " ".join((typed or "").split())
    if not given:
        return None
    found = _WHOLE_DOLLARS.fullmatch(given)
    amount = int(re.sub(r"[,.' ]", "", found[1])) if found else 0
    if not LOWEST_BUDGET <= amount <= HIGHEST_BUDGET:
        faults["budget"] = SettingsFault.NO_AMOUNT
    return amount
