"""Which values are in force when, of all that was ever said about the thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.agreement import GUARDS, Agreement
from bot.domain.disclosure.parameters import Parameters, epoch_of
from bot.domain.health import ThresholdValue, Waiting
from bot.domain.periods import IsoWeek
from bot.domain.thresholds import Threshold, with_defaults

AGREEMENT = "agreement"
"""The name under which is kept which agreement was last seen: its mark, 0 for none."""
_A_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Something that was said: an admin's value of a threshold, or a bound of the agreement."""

    name: str
    value: int
    effective_on: date


def bound_name(threshold: str) -> str:
    """The name under which is kept what the agreement said last of *threshold*.

    It is kept so that an agreement that is taken away holds on to the end of the quarter.
    """
    return f"{AGREEMENT}.{threshold}"


def takes_effect(threshold: Threshold, value: int, said: Sequence[Word], today: date) -> date:
    """From when on *value* counts, after all that was *said* of the same before.

    What guards more waits for the next week, what guards less for the next quarter: less than is
    in force, and less than anything that waits, for that was announced.
    """
    if not threshold.guards_privacy:
        return today
    if threshold.loosens(value, now=_promised(threshold, threshold.default, said, today)):
        return _next_quarter(today)
    return _next_week(today)


def bound_takes_effect(threshold: Threshold, value: int, said: Sequence[Word], today: date) -> date:
    """The same for a bound of the agreement, which holds at once where it guards more."""
    if threshold.loosens(value, now=_promised(threshold, threshold.laxest, said, today)):
        return _next_quarter(today)
    return today


def _promised(threshold: Threshold, unsaid: int, said: Sequence[Word], today: date) -> int:
    """The strictest of what is in force and of what waits."""
    now = [word.value for word in said if word.effective_on <= today][-1:] or [unsaid]
    waiting = [word.value for word in said if word.effective_on > today]
    return threshold.strictest_of([*now, *waiting])


def said_by(day: date, words: Iterable[Word]) -> dict[str, int]:
    """Of what has taken effect by *day*, what was said last: *words* are in the order of saying.

    So a word takes back whatever was said before and still waits.
    """
    return {word.name: word.value for word in words if word.effective_on <= day}


def values_on(day: date, words: Sequence[Word], agreement: Agreement | None) -> dict[str, int]:
    """Every threshold's value on *day*, never laxer than *agreement* or the one before it."""
    said = said_by(day, words)
    values = with_defaults(said)
    for name, bound in _bounds(said, agreement).items():
        values[name] = GUARDS[name].strictest_of([values[name], bound])
    if values["strict_mode"]:
        fewest = Parameters.FEWEST_STRICT
        values["minimum_group_size"] = max(values["minimum_group_size"], fewest)
    return values


def _bounds(said: dict[str, int], agreement: Agreement | None) -> dict[str, int]:
    """By threshold, the laxest value that is allowed; what is allowed anyway is left out."""
    bounds = {}
    fixed = {} if agreement is None else agreement.bounds
    for name, threshold in GUARDS.items():
        laxest = threshold.laxest
        kept = said.get(bound_name(name), laxest)
        bound = threshold.strictest_of([kept, fixed.get(name, laxest)])
        if bound != laxest:
            bounds[name] = bound
    return bounds


def threshold_values(
    today: date, words: Sequence[Word], agreement: Agreement | None
) -> list[ThresholdValue]:
    """Every threshold with what waits for its day and what the agreement fixes."""
    now, fixed = values_on(today, words, agreement), _bounds(said_by(today, words), agreement)
    days = sorted({word.effective_on for word in words if word.effective_on > today})
    later = [(day, values_on(day, words, agreement)) for day in days]
    return [
        ThresholdValue(
            name=name,
            value=value,
            waiting=_changes(value, [(day, values[name]) for day, values in later]),
            fixed=fixed.get(name),
        )
        for name, value in now.items()
    ]


def _changes(value: int, later: Iterable[tuple[date, int]]) -> tuple[Waiting, ...]:
    changes = []
    for day, then in later:
        if then != value:
            changes.append(Waiting(value=then, effective_on=day))
            value = then
    return tuple(changes)


def _next_week(today: date) -> date:
    return IsoWeek.of(today).monday + _A_WEEK


def _next_quarter(today: date) -> date:
    monday = _next_week(today)
    while epoch_of(IsoWeek.of(monday)) == epoch_of(IsoWeek.of(today)):
        monday += _A_WEEK
    return monday
