"""The figures that are nobody's use, place by place: each with the reason why it may be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from bot.domain.health import FEWEST_TOLD
from bot.domain.thresholds import THRESHOLDS
from tests.end_to_end.lived import INGEST, SET, Town

_ACCOUNTS = "SELECT count(*) FROM accounts GROUP BY source"
_UNMATCHED = "SELECT count(*) FROM accounts WHERE person_id IS NULL GROUP BY source"
_FROM_FIVE_ON = f" HAVING count(DISTINCT person_id) >= {FEWEST_TOLD}"
_MATCHED = "SELECT count(*) FROM accounts WHERE person_id IS NOT NULL GROUP BY source"


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """*fixed* are part of the wording; what is *counted* the database is asked for."""

    reason: str
    fixed: tuple[int, ...] = ()
    counted: tuple[str, ...] = ()
    settings: frozenset[Decimal] = field(default_factory=frozenset)

    async def figures(self, town: Town) -> set[Decimal]:
        rows = [row for query in self.counted for row in await town.rows(query)]
        return {*map(Decimal, self.fixed), *(Decimal(count) for (count,) in rows), *self.settings}


def _settings() -> frozenset[Decimal]:
    bounds = {n for t in THRESHOLDS.values() for n in (t.floor, t.default, t.ceiling)}
    values = bounds | {int(value) for _, value in SET}
    percents = {t for t in THRESHOLDS.values() if t.is_percent}
    of_percents = {n for t in percents for n in (t.floor, t.default, t.ceiling)}
    of_percents |= {int(value) for name, value in SET if THRESHOLDS[name].is_percent}
    return frozenset({*map(Decimal, values), *(Decimal(n) / 100 for n in of_percents)})


SETTINGS = Allowance(reason="what is set, and within which bounds", settings=_settings())
STEPS = Allowance(reason="the parts of an amount that are told of", fixed=(50, 80, 100))
ACCOUNTS = Allowance(
    reason="how many accounts a source names, and of how many the owner is known",
    counted=(_ACCOUNTS, _MATCHED),
)
SOURCES_NOT_SHOWN = Allowance(
    reason="how many sources the table has no room for",
    counted=("SELECT greatest(count(*) - 12, 0) FROM source_health",),
)
OF_ADMINS: Mapping[str, tuple[Allowance, ...]] = MappingProxyType(
    {
        "thresholds": (SETTINGS, STEPS),
        "thresholds set": (SETTINGS,),
        "status": (
            ACCOUNTS,
            SOURCES_NOT_SHOWN,
            Allowance(
                reason="how many people the directory has",
                counted=("SELECT count(*) FROM people WHERE is_active",),
            ),
            Allowance(
                reason="how many messages were sent, wait, or were refused, of all kinds together",
                fixed=(0,),
                counted=("SELECT count(*) FROM deliveries GROUP BY state",),
            ),
            Allowance(
                reason="of fewer people no number of nudged ones is told", fixed=(FEWEST_TOLD,)
            ),
            Allowance(
                reason="how many people were nudged, from five on",
                counted=(
                    f"SELECT count(DISTINCT person_id) FROM nudges{_FROM_FIVE_ON}",  # noqa: S608
                ),
            ),
        ),
        "providers": (ACCOUNTS, SOURCES_NOT_SHOWN),
        "accounts": (
            Allowance(
                reason="how many accounts a source names, by what proves whose they are",
                counted=(f"{_MATCHED}, proof", _UNMATCHED),
            ),
        ),
        "audit": (SETTINGS, Allowance(reason="a number to type", fixed=(30,))),
        "teams": (
            Allowance(
                reason="a team's place in the order of all",
                counted=("SELECT row_number() OVER () FROM teams",),
            ),
        ),
        "teams help": (Allowance(reason="a place to type", fixed=(3,)),),
        "admins": (),
        "help": (Allowance(reason="a number to type", fixed=(30,)),),
    }
)
"""By what was asked; what is not here may tell no figure at all."""
OF_FAILURES: Mapping[str, tuple[Allowance, ...]] = MappingProxyType(
    {
        "/usageadmin thresholds": (SETTINGS,),
        "/usageadmin status": (
            *OF_ADMINS["status"],
            Allowance(reason="how many jobs are due and not done", fixed=(1,)),
        ),
        "/usageadmin providers": OF_ADMINS["providers"],
        "/usageadmin": OF_ADMINS["help"],
    }
)
"""By how a question begins, the longest beginning first."""

OF_THE_WEB: Mapping[str, frozenset[Decimal]] = MappingProxyType({INGEST: frozenset({Decimal(1)})})
"""By the address: how many of the lines that were just sent, one of each kind, were taken."""


async def allowed(town: Town, allowances: tuple[Allowance, ...]) -> set[Decimal]:
    return {figure for each in allowances for figure in await each.figures(town)}
