"""Seats, beside the days on which their owner used the tool: given back, idle, or in use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.domain.coaching.facts import Facts, Seat
from bot.domain.history import DayOfUse
from bot.domain.links import PROVIDERS_OF
from bot.domain.periods import IsoWeek

NEW_FOR = timedelta(days=30)
"""A newer seat is left alone: it takes a while to find one's way."""


def days_of_use(facts: Facts, provider: str, weeks: Sequence[IsoWeek]) -> set[date]:
    """On which the seat's tool was used, whoever tells of it; *weeks* follow one another."""
    return {entry.day for entry in use_of(facts, provider, weeks)}


def use_of(facts: Facts, provider: str, weeks: Sequence[IsoWeek]) -> list[DayOfUse]:
    tellers = _tellers_of(provider)
    return [entry for entry in in_weeks(facts, weeks) if entry.is_use and entry.provider in tellers]


def in_weeks(facts: Facts, weeks: Sequence[IsoWeek]) -> list[DayOfUse]:
    """All that is known of the days of *weeks*, which follow one another."""
    first, last = weeks[0].monday, weeks[-1].period.last_day
    return [entry for entry in facts.history.use if first <= entry.day <= last]


def is_paid(facts: Facts, seat: Seat, week: IsoWeek) -> bool:
    """Whether it was still paid for in *week*; one without a known price has days all the same."""
    return any(
        entry.provider == seat.provider and (entry.cost is None or entry.cost > 0)
        for entry in in_weeks(facts, [week])
    )


def is_told(facts: Facts, seat: Seat, week: IsoWeek) -> bool:
    """Whether its provider has told of all of *week*: else a day without use is not known."""
    through = dict(facts.history.data_through).get(seat.provider)
    return through is not None and through >= week.period.last_day


def is_established(facts: Facts, seat: Seat) -> bool:
    return seat.first_day + NEW_FOR <= facts.until.period.last_day


def held(facts: Facts, weeks: Sequence[IsoWeek]) -> list[Seat] | None:
    """Those paid for from the first of *weeks* to the last, ``None`` where that is not told."""
    if not all(is_told(facts, seat, weeks[-1]) for seat in facts.seats):
        return None
    return [
        seat
        for seat in facts.seats
        if seat.first_day <= weeks[0].monday and is_paid(facts, seat, weeks[-1])
    ]


def _tellers_of(provider: str) -> frozenset[str]:
    """A tool may tell of its use by telemetry as well."""
    same = [tellers for tellers in PROVIDERS_OF.values() if provider in tellers]
    return frozenset({provider}.union(*same))
