"""A release of one week, and all it was made of."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.domain.disclosure.contributions import Cell, Contribution, Group
from bot.domain.disclosure.figures import (
    Release,
    Rounded,
    Share,
    TeamRelease,
    WeekRelease,
    Withheld,
)
from bot.domain.disclosure.parameters import Parameters
from bot.domain.disclosure.snapshot import Snapshot
from bot.domain.keyed import Key
from bot.domain.ledger_entries import Making
from tests.factories import NOON, WEEK

KEY = Key(b"a secret of the tests")
COMPILERS, PARSERS = 1, 2
WITHHELD = Withheld()


def make_release(spend: int = 1200) -> TeamRelease:
    figure = Rounded(value=Decimal(spend), step=Decimal(100))
    return TeamRelease(figures={Cell.SPEND: figure}, adoption=Share.FROM_75)


def make_week_release(
    compilers: Release, *, parsers: Release = WITHHELD, other: Release = WITHHELD
) -> WeekRelease:
    return WeekRelease(
        teams={PARSERS: parsers, COMPILERS: compilers},
        other=other,
        total=compilers,
        coverage=Share.OVER_90,
    )


def make_making(**changes: Any) -> Making:
    compilers = Group(team=COMPILERS, members=(Contribution(member=b"ada"),))
    parsers = Group(team=PARSERS, members=(Contribution(member=b"bob"),))
    making = Making(
        snapshot=Snapshot(week=WEEK, groups=(compilers, parsers), past={}),
        names={COMPILERS: "Compilers", PARSERS: "Parsers"},
        caps={Cell.SPEND: Decimal(500)},
        parameters=Parameters(),
        key=KEY,
        released_at=NOON,
    )
    week = changes.pop("week", WEEK)
    return replace(making, **{"snapshot": replace(making.snapshot, week=week), **changes})
