"""What an agreement with a works council fixes, so that no admin can weaken it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from bot.domain.thresholds import THRESHOLDS, Stricter, Threshold
from bot.errors import FixedByAgreementError, InvalidAgreementError

GUARDS = MappingProxyType({name: t for name, t in THRESHOLDS.items() if t.guards_privacy})
"""What can be fixed: every threshold that guards privacy."""
_ABOUT_ITSELF = frozenset({"title", "date"})
LONGEST_TITLE = 150
_MARK_DIGITS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """``bounds`` are the least strict values that it allows, by threshold.

    ``sha256`` is that of the file, as everybody can work it out who has the file.
    """

    title: str
    signed_on: date
    bounds: Mapping[str, int]
    sha256: str

    @property
    def mark(self) -> int:
        """The beginning of the fingerprint, by which a change is noticed; never 0."""
        return int(self.sha256[:_MARK_DIGITS], 16) + 1

    def require(self, threshold: Threshold, value: int) -> None:
        """Raise ``FixedByAgreementError`` where *value* guards less than is agreed."""
        bound = self.bounds.get(threshold.name)
        if bound is not None and threshold.loosens(value, now=bound):
            raise FixedByAgreementError(
                threshold.name, title=self.title, signed_on=self.signed_on, bound=bound
            )


def parse_agreement(table: Mapping[str, object], sha256: str) -> Agreement:
    """What the file's *table* says; raises ``InvalidAgreementError`` naming what is wrong."""
    if unknown := sorted(table.keys() - GUARDS.keys() - _ABOUT_ITSELF):
        raise InvalidAgreementError(
            f"{unknown[0]!r} cannot be fixed. What can: {', '.join(GUARDS)}."
        )
    bounds = {name: _bound(t, table[name]) for name, t in GUARDS.items() if name in table}
    if not bounds:
        raise InvalidAgreementError("it fixes nothing.")
    return Agreement(
        title=_title(table.get("title")),
        signed_on=_date(table.get("date")),
        bounds=MappingProxyType(bounds),
        sha256=sha256,
    )


def _title(said: object) -> str:
    if isinstance(said, str) and 0 < len(said.strip()) <= LONGEST_TITLE:
        return said.strip()
    raise InvalidAgreementError(f"it needs a title of at most {LONGEST_TITLE} characters.")


def _date(said: object) -> date:
    if isinstance(said, date) and not isinstance(said, datetime):
        return said
    raise InvalidAgreementError("it needs a date, such as date = 2026-11-02.")


def _bound(threshold: Threshold, said: object) -> int:
    if threshold.is_switch:
        if said is not True:
            raise InvalidAgreementError(f"{threshold.name} can only be fixed as true.")
        return threshold.strictest
    word = "at_least" if threshold.stricter is Stricter.MORE else "at_most"
    value = said.get(word) if isinstance(said, Mapping) and len(said) == 1 else None
    if type(value) is not int:  # for Python, true is a whole number as well
        raise InvalidAgreementError(f"[{threshold.name}] needs {word} = a whole number, alone.")
    if not threshold.floor <= value <= threshold.ceiling:
        raise InvalidAgreementError(
            f"{word} of {threshold.name} lies between {threshold.floor} and {threshold.ceiling}."
        )
    return value
