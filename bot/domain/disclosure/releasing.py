"""A week's release: every cell through the same rules, with its own contributors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.domain.disclosure.bands import share_of
from bot.domain.disclosure.cohorts import Cohort
from bot.domain.disclosure.contributions import Cell, Contribution, Group
from bot.domain.disclosure.figures import Figure, Release, Share, TeamRelease, WeekRelease, Withheld
from bot.domain.disclosure.noise import Noise
from bot.domain.disclosure.parameters import Parameters, epoch_of
from bot.domain.disclosure.pooling import Published, publish
from bot.domain.disclosure.shares import adoption, tier_mix
from bot.domain.disclosure.telling import tell
from bot.domain.keyed import Key
from bot.domain.periods import IsoWeek

_NOTHING = Decimal(0)

_Teams = Mapping[int, Sequence[Contribution]]


def release_week(
    groups: Sequence[Group],
    caps: Mapping[Cell, Decimal],
    parameters: Parameters,
    *,
    key: Key,
    week: IsoWeek,
) -> WeekRelease:
    """What may be said of *week*; raises ``ValueError`` for somebody who is in two teams."""
    teams = _by_team(groups)
    noise = Noise(key, epoch_of(week))
    published = _published(teams, caps, parameters)
    told = {
        cell: tell(cell, cohorts, caps[cell], noise, strict=parameters.strict)
        for cell, cohorts in published.items()
    }

    def release_of(team: int) -> Release:
        figures = {cell: one.teams[team] for cell, one in told.items() if team in one.teams}
        if not figures:
            return Withheld()
        people = teams[team]
        return TeamRelease(
            figures=figures,
            tiers=tier_mix(people, caps[Cell.SPEND], parameters, noise)
            if Cell.SPEND in figures
            else {},
            adoption=adoption(people, parameters, noise),
        )

    return WeekRelease(
        teams={team: release_of(team) for team in teams},
        other=_together({cell: one.other for cell, one in told.items()}),
        total=_together({cell: one.total for cell, one in told.items()}),
        coverage=_coverage(published.get(Cell.SPEND, Published()), teams),
    )


def _by_team(groups: Sequence[Group]) -> _Teams:
    """Each team's people, in the order of their tags; so are the teams, whatever theirs was."""
    teams = {
        group.team: sorted(group.members, key=lambda one: one.member)
        for group in sorted(groups, key=lambda group: group.team)
    }
    tags = [one.member for group in groups for one in group.members]
    if len(teams) < len(groups) or len(set(tags)) < len(tags):
        raise ValueError("somebody would be counted twice: let everybody be in one team")
    return teams


def _published(
    teams: _Teams, caps: Mapping[Cell, Decimal], parameters: Parameters
) -> dict[Cell, Published]:
    told_of = {cell for people in teams.values() for one in people for cell in one.amounts}
    return {
        cell: publish(
            {team: _cohort(people, cell, caps[cell]) for team, people in teams.items()},
            parameters,
            # Which kinds of work a team does is no secret; whether somebody used AI at all is.
            hides_nobody=cell is Cell.SPEND,
        )
        for cell in Cell
        if cell in told_of
    }


def _cohort(people: Sequence[Contribution], cell: Cell, cap: Decimal) -> Cohort:
    return Cohort.of(people, lambda one: one.amounts.get(cell, _NOTHING), cap)


def _together(figures: Mapping[Cell, Figure | None]) -> Release:
    told = {cell: figure for cell, figure in figures.items() if figure is not None}
    return TeamRelease(figures=told) if told else Withheld()


def _coverage(spend: Published, teams: _Teams) -> Share | None:
    behind = [*spend.teams.values(), *([] if spend.other is None else [spend.other])]
    if not behind:
        return None
    everybody = sum(map(len, teams.values()))
    return share_of(Decimal(sum(len(cohort.members) for cohort in behind)), Decimal(everybody))
