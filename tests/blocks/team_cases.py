"""What a team's channel, its members and its managers read, in every state that it can be in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from bot.blocks.team import render_team_summary
from bot.blocks.team_budget import render_team_budget
from bot.blocks.team_weeks import render_no_team, render_team_usage
from bot.domain.commands import CommandNames
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Banded, Share, TeamRelease, Withheld
from bot.domain.disclosure.parameters import Parameters
from bot.domain.messages import Message
from bot.domain.team_budget import TeamBudgetNote
from bot.domain.team_report import TeamReport, TeamUsage, report_of
from bot.domain.team_suggestions import TeamSuggestion
from bot.domain.teams import HomeTeam, ReleasedWeek, Team
from bot.domain.tiers import Tier
from bot.language import Language
from tests.blocks.making import HOSTILE
from tests.domain.released_weeks import (
    TEAM,
    alike,
    banded,
    figures,
    released_week,
    rounded,
    week,
    withheld_week,
)

NAMES = CommandNames()
LONG_NAME = "Wide " * 200
TIERS = {Tier.EXPLORATION: Share.FROM_10, Tier.ROUTINE: Share.FROM_75}
EVERY_TIER = {**TIERS, Tier.PRODUCTION: Share.UNDER_10}
USUAL: dict[str, Any] = {"adoption": Share.FROM_50, "tiers": TIERS}
COUNTS = MappingProxyType({cell.value: 25 for cell in Cell if cell is not Cell.SPEND})
OTHER = TeamRelease(figures=figures(spend=2400, merged_change=50, ticket_solved=rounded(400, 50)))

SEASON = tuple(
    week(12 - place, spend=spent, merged_change=merged, **USUAL)
    for place, (spent, merged) in enumerate(
        zip(
            (2400, 2600, 2800, 2400, 3000, 2600, 2200, 2800, 3000, 2600, 2800, 2400, 3200),
            (60, 55, 70, 65, 60, 60, 45, 65, 70, 60, 70, 55, 65),
            strict=True,
        )
    )
)


def report(*weeks: ReleasedWeek, target: int = 0, **changes: Any) -> TeamReport:
    return replace(report_of(weeks, adoption_target=target), **changes)


def named(name: str, *weeks: ReleasedWeek) -> Sequence[ReleasedWeek]:
    return [replace(week, team=name) for week in weeks]


def team(name: str = TEAM, **changes: Any) -> Team:
    return replace(Team(id=1, name=name, channel="C1", time_zone="UTC"), **changes)


def home(name: str | None = TEAM, since: date = date(2026, 9, 7)) -> HomeTeam:
    return HomeTeam(team=None if name is None else team(name), since=since)


def usage(*weeks: ReleasedWeek, **changes: Any) -> TeamUsage:
    return replace(TeamUsage(team=TEAM, weeks=weeks, home=home()), **changes)


def note(**changes: Any) -> TeamBudgetNote:
    values = {
        "team": TEAM,
        "month": date(2026, 11, 1),
        "step": 80,
        "reached": (50, 80),
        "amount": 10_000,
        "spent": Decimal(8400),
        "weeks": 3,
        "is_partial": False,
    }
    return TeamBudgetNote(**values | changes)


def _in_bands(back: int = 0) -> ReleasedWeek:
    low, high = Decimal(20), Decimal(50)
    counts = {name: Banded(low=low, high=high) for name in COUNTS}
    strict = Parameters(strict=True, minimum=10)
    return replace(week(back, spend=banded(2000, 5000), **counts, **USUAL), parameters=strict)


_ROSE = (*SEASON[:-1], week(spend=6800, merged_change=65, ticket_solved=120, **USUAL))
_FELL = (*alike(8, spend=6800, merged_change=65, reverted=40)[:-1], SEASON[-1])
_REVERTED = alike(8, spend=4000, merged_change=120, reverted=rounded(5, 1), **USUAL)
_LATER = HomeTeam(team=team("Parsers"), since=date(2026, 11, 23))

REPORTS = MappingProxyType(
    {
        "week": report(*SEASON, target=60),
        "first-week": report(SEASON[-1]),
        "second-week": report(*SEASON[-2:]),
        "spend-rose": report(*_ROSE),
        "all-fell": report(*_FELL),
        "reverts": report(*_REVERTED),
        "every-kind": report(*alike(8, spend=4000, **COUNTS, adoption=Share.OVER_90)),
        "every-tier": report(week(spend=4000, tiers=EVERY_TIER, adoption=Share.UNDER_10)),
        "withheld": report(*SEASON[:-1], withheld_week()),
        "withheld-beside-others": report(withheld_week(other=OTHER)),
        "withheld-beside-little-of-others": report(
            withheld_week(other=TeamRelease(figures=figures(reverted=5)))
        ),
        "withheld-beside-work-of-others": report(
            withheld_week(other=TeamRelease(figures=figures(ticket_solved=25)))
        ),
        "withheld-without-coverage": report(replace(released_week(0, Withheld()), coverage=None)),
        "parts-withheld": report(week(spend=0)),
        "spend-withheld": report(week(merged_change=0, reverted=0, adoption=Share.FROM_25)),
        "under-a-dollar": report(week(spend=rounded("0.5", "0.5"), merged_change=5)),
        "strict": report(*map(_in_bands, range(8)), target=90),
        "strict-little": report(
            week(spend=banded(0, 1000), merged_change=banded(0, 20), adoption=Share.FROM_50)
        ),
        "hostile": report(*named(HOSTILE, *SEASON)),
        "long-name": report(*named(LONG_NAME, *SEASON)),
        "huge": report(*alike(8, spend=10**9, **dict.fromkeys(COUNTS, 10**7), **USUAL)),
        **{
            f"tries-{suggestion.value.replace('_', '-')}": report(SEASON[-1], suggestion=suggestion)
            for suggestion in TeamSuggestion
        },
    }
)
USAGES = MappingProxyType(
    {
        "season": usage(*SEASON),
        "one-week": usage(SEASON[-1]),
        "some-withheld": usage(*SEASON[:4], withheld_week(8), withheld_week(7), *SEASON[6:]),
        "none": usage(team=HOSTILE),
        "only-withheld": usage(withheld_week(1), withheld_week()),
        "every-kind": usage(*alike(13, spend=4000, **COUNTS, **USUAL)),
        "strict": usage(*map(_in_bands, range(13))),
        "several-teams": usage(*SEASON, home=home("Parsers"), others=("Parsers", HOSTILE)),
        "home-changes": usage(*SEASON, later=_LATER),
        "home-ends": usage(*SEASON, later=HomeTeam(team=None, since=date(2026, 11, 23))),
        "of-a-manager": usage(*SEASON, home=home(None)),
        "many-and-long": usage(
            *alike(13, spend=10**9, **dict.fromkeys(COUNTS, 10**7), **USUAL),
            team=LONG_NAME,
            others=(LONG_NAME,) * 40,
        ),
    }
)
NOTES = MappingProxyType(
    {
        "half": note(step=50, reached=(50,), spent=Decimal(5200), weeks=1),
        "most": note(),
        "all": note(step=100, reached=(100,), spent=Decimal(10_200), is_partial=True),
        "hostile": note(team=HOSTILE, amount=10**7, spent=Decimal(10**12)),
    }
)


def messages(say: Language) -> dict[str, Message]:
    return {
        **{f"team-{name}": render_team_summary(say, told, NAMES) for name, told in REPORTS.items()},
        **{f"team-usage-{name}": render_team_usage(say, u, NAMES) for name, u in USAGES.items()},
        **{f"team-budget-{name}": render_team_budget(say, told) for name, told in NOTES.items()},
        "team-none": render_no_team(say, home(None), None),
        "team-none-yet": render_no_team(say, home(None), _LATER),
    }
