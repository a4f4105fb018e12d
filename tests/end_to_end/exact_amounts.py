"""What nobody may work out: exact amounts of people and of teams, from before any noise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tests.end_to_end.lived import Town
from tests.end_to_end.planted import planted
from tests.end_to_end.readings import Read

LEAST = Decimal(100)
"""Smaller amounts may well be somebody else's too."""
CENT = Decimal("0.01")
_NUMBER = re.compile(r"\d[\d.,'\u00a0\u202f]*\d")
_OF_PEOPLE = (
    "SELECT p.slack_user_id, sum(u.cost) FROM usage_records u JOIN people p ON p.id = u.person_id"
    " WHERE u.cost IS NOT NULL {only} GROUP BY p.slack_user_id {by}"
)
_OF_TEAMS = (
    "SELECT sum(u.cost) FROM usage_records u JOIN team_members m ON m.person_id = u.person_id"
    " AND m.role = 'member' AND m.valid_from <= u.day AND m.valid_to > u.day"
    " WHERE u.cost IS NOT NULL {only} GROUP BY m.team_id {by}"
)
_OF_ALL = (
    "SELECT sum(u.cost) FROM usage_records u WHERE u.person_id IS NOT NULL"
    " AND u.cost IS NOT NULL {only} GROUP BY () {by}"
)
_ONLY = ("", "AND u.charge_category NOT IN ('purchase', 'tax')")
_BY = ("", ", date_trunc('week', u.day)", ", date_trunc('month', u.day)")


@dataclass(frozen=True, kw_only=True)
class Exact:
    """Amounts as they are written in any language, and who alone may read them, if anybody."""

    owners: Mapping[str, frozenset[str]]

    def found_in(self, read: Read) -> list[str]:
        """Exact amounts of others, or of many, in anything of what *read*'s reader got."""
        found = dict.fromkeys(_NUMBER.findall(read.raw))
        return [
            f"{read.what} to {read.reader}: {number}"
            for number in found
            if number in self.owners and read.reader not in self.owners[number]
        ]

    def in_all(self, reads: Iterable[Read]) -> list[str]:
        return [found for read in reads for found in self.found_in(read)]


async def exact_amounts(town: Town) -> Exact:
    """Of every person, team and the workspace, in every week, month and ever, with seats and
    without; what is everybody's less what is all teams' but one is among them.
    """
    owners: dict[str, set[str]] = {}
    for only in _ONLY:
        for by in _BY:
            for owner, amount in await town.rows(_OF_PEOPLE.format(only=only, by=by)):
                _note(owners, amount, owner)
            for query in (_OF_TEAMS, _OF_ALL):
                for (amount,) in await town.rows(query.format(only=only, by=by)):
                    _note(owners, amount)
    for person, plant in planted(town.company):
        _note(owners, Decimal(plant.amount), person.slack_id)
    return Exact(owners={number: frozenset(of) for number, of in owners.items()})


def _note(owners: dict[str, set[str]], amount: Decimal, owner: str | None = None) -> None:
    if amount.quantize(CENT, ROUND_HALF_UP) % 1 and amount >= LEAST:
        for spelling in _spellings(amount):
            owners.setdefault(spelling, set()).update({owner} if owner else ())


def _spellings(amount: Decimal) -> Iterator[str]:
    yield format(amount.normalize(), "f")
    english = f"{amount.quantize(CENT, ROUND_HALF_UP):,.2f}"
    yield english.replace(",", "")
    for group, point in ((",", "."), (".", ","), ("\u00a0", ","), ("\u202f", ","), ("", ",")):
        yield english.translate({ord(","): group, ord("."): point})
