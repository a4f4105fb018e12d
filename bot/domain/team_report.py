"""What is told of a team: its released figures, and what they allow to be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.team_figures import in_order, last_weeks
from bot.domain.team_ratios import RevertShare, TeamRatio, revert_share, team_ratios
from bot.domain.team_suggestions import TeamSuggestion, suggest
from bot.domain.team_trends import Trend, team_trends
from bot.domain.teams import HomeTeam, ReleasedWeek


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamReport:
    """``recent`` are the last weeks in their order, with the one that is told of at their end.

    ``adoption_target`` is an admin's, in percent; 0 for none.
    """

    recent: tuple[ReleasedWeek, ...]
    ratios: tuple[TeamRatio, ...]
    reverts: RevertShare | None
    trends: tuple[Trend, ...]
    suggestion: TeamSuggestion | None
    adoption_target: int

    @property
    def week(self) -> ReleasedWeek:
        return self.recent[-1]


def report_of(weeks: Sequence[ReleasedWeek], *, adoption_target: int) -> TeamReport:
    """Of a team's released *weeks*, the latest of which is told of."""
    recent = last_weeks(weeks, in_order(weeks)[-1].week)
    return TeamReport(
        recent=recent,
        ratios=team_ratios(recent),
        reverts=revert_share(recent),
        trends=team_trends(recent),
        suggestion=suggest(weeks, adoption_target=adoption_target),
        adoption_target=adoption_target,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamUsage:
    """What somebody may read of a *team*, and where that person counts.

    *home* is of this week, *later* what comes after it where a change waits; *others* are the
    other teams that may be asked for.
    """

    team: str
    weeks: tuple[ReleasedWeek, ...]
    home: HomeTeam
    later: HomeTeam | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTeams:
    """All *teams* that somebody may read of, by name, the first one where none is named."""

    home: HomeTeam
    later: HomeTeam | None
    teams: tuple[tuple[str, tuple[ReleasedWeek, ...]], ...]

    def named(self, asked: str) -> TeamUsage | None:
        """The team called *asked*, however that is typed; ``None`` where it is none of these."""
        for name, weeks in self.teams:
            if _typed(asked) in ("", _typed(name)):
                others = tuple(other for other, _ in self.teams if other != name)
                return TeamUsage(
                    team=name, weeks=weeks, home=self.home, later=self.later, others=others
                )
        return None


def _typed(name: str) -> str:
    return " ".join(name.split()).casefold()
