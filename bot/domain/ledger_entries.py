"""A week's release as it is written into the ledger, and read from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import (
    Banded,
    Figure,
    Release,
    Rounded,
    Share,
    TeamRelease,
    WeekRelease,
    Withheld,
)
from bot.domain.disclosure.parameters import VERSION, Parameters
from bot.domain.disclosure.snapshot import Snapshot
from bot.domain.keyed import Key
from bot.domain.ledger import LedgerEntry, Scope
from bot.domain.periods import IsoWeek
from bot.domain.teams import ReleasedWeek
from bot.domain.tiers import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What a week's release was made of and by: nothing of it is a figure from before the noise.

    ``names`` are the teams' of that moment.
    """

    snapshot: Snapshot
    names: Mapping[int, str]
    caps: Mapping[Cell, Decimal]
    parameters: Parameters
    key: Key
    released_at: datetime


def entries_of(release: WeekRelease, making: Making) -> list[LedgerEntry]:
    """One for each team, one for all that were pooled, and one for the workspace."""
    members = {
        group.team: member_set(making.key, [member.member for member in group.members])
        for group in making.snapshot.groups
    }
    teams = [
        _entry(release, making, Scope.TEAM, told, team=team, members=members[team])
        for team, told in sorted(release.teams.items())
    ]
    return [
        *teams,
        _entry(release, making, Scope.OTHER, release.other),
        _entry(release, making, Scope.WORKSPACE, release.total),
    ]


def member_set(key: Key, members: list[bytes]) -> str:
    """Tells whether two releases are of the same people, and nothing else of them."""
    return key.tag("member set", *sorted(members)).hex()


def released_week(body: str, other: str, p: Decimal) -> ReleasedWeek:
    """What a team's entry and that of all small teams say; *p*, a secret, is in neither."""
    told, pooled = json.loads(body), json.loads(other)
    rules = told["parameters"]
    return ReleasedWeek(
        team=told["team"]["name"],
        week=_week(told["week"]),
        release=_release(told),
        other=_release(pooled),
        coverage=_share(told["coverage"]),
        parameters=Parameters(
            minimum=rules["minimum"], share=Decimal(rules["share"]), strict=rules["strict"], p=p
        ),
    )


def as_kept(body: str, *, monday: date, scope: str, team: int, released_at: datetime) -> str:
    """*body* as the columns beside it have it: the same, unless somebody changed those."""
    try:
        told = json.loads(body)
    except ValueError:
        return body
    if not isinstance(told, dict):
        return body
    week = IsoWeek.of(monday)
    columns = {
        "week": str(week) if week.monday == monday else str(monday),
        "scope": scope,
        "team": {**(told.get("team") or {}), "id": team} if team else None,
        "released_at": _moment(released_at),
    }
    return _canonical({**told, **columns})


def _entry(
    release: WeekRelease,
    making: Making,
    scope: Scope,
    told: Release,
    *,
    team: int | None = None,
    members: str | None = None,
) -> LedgerEntry:
    week = making.snapshot.week
    rules = making.parameters
    body = {
        "week": str(week),
        "scope": scope.value,
        "team": None if team is None else {"id": team, "name": making.names.get(team, "")},
        "members": members,
        **_told(told),
        "parameters": {
            "version": VERSION,
            "minimum": rules.minimum,
            "share": _amount(rules.share),
            "strict": rules.strict,
        },
        "caps": {cell.value: _amount(cap) for cell, cap in making.caps.items()},
        "coverage": release.coverage and release.coverage.name,
        "released_at": _moment(making.released_at),
    }
    return LedgerEntry(
        week=week, scope=scope, team=team, released_at=making.released_at, body=_canonical(body)
    )


def _told(release: Release) -> dict[str, Any]:
    if isinstance(release, Withheld):
        return {"figures": None, "tiers": None, "adoption": None}
    return {
        "figures": {cell.value: _figure(figure) for cell, figure in release.figures.items()},
        "tiers": {tier.value: share.name for tier, share in release.tiers.items()},
        "adoption": release.adoption and release.adoption.name,
    }


def _release(told: Mapping[str, Any]) -> Release:
    if told["figures"] is None:
        return Withheld()
    return TeamRelease(
        figures={Cell(cell): _read_figure(figure) for cell, figure in told["figures"].items()},
        tiers={Tier(tier): Share[share] for tier, share in told["tiers"].items()},
        adoption=_share(told["adoption"]),
    )


def _figure(figure: Figure) -> dict[str, str]:
    if isinstance(figure, Rounded):
        return {"value": _amount(figure.value), "step": _amount(figure.step)}
    return {"low": _amount(figure.low), "high": _amount(figure.high)}


def _read_figure(figure: Mapping[str, str]) -> Figure:
    amounts = {name: Decimal(amount) for name, amount in figure.items()}
    return Rounded(**amounts) if "value" in amounts else Banded(**amounts)


def _share(name: str | None) -> Share | None:
    return None if name is None else Share[name]


def _week(text: str) -> IsoWeek:
    year, number = text.split("-W")
    return IsoWeek(int(year), int(number))


def _amount(amount: Decimal) -> str:
    return format(amount, "f")


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _canonical(body: Mapping[str, Any]) -> str:
    return json.dumps(body, sort_keys=True, separators=(",", ":"))
