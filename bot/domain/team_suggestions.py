"""One thing a team may try, of what its released figures show: an experiment, and never a duty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import TeamRelease
from bot.domain.outcomes import OutcomeKind
from bot.domain.periods import IsoWeek
from bot.domain.statistics import Difference
from bot.domain.team_figures import PERCENTS, in_order, last_weeks, shown
from bot.domain.team_trends import Trend, team_trends
from bot.domain.teams import ReleasedWeek
from bot.domain.tiers import Tier

FEWEST_WITHOUT_WORK = 4
"""Weeks with spend before it is odd that no finished work could be set beside it."""
_HALF = 50
_FEW = 10
"""Percents."""
_LOOKED_BACK = 6
"""Weeks that are gone through to know what was suggested last; each needs the weeks before it."""
_WORK = frozenset(map(Cell.of, OutcomeKind))


class TeamSuggestion(StrEnum):
    LINK_WORK = "link_work"
    SPEND_ALONE_ROSE = "spend_alone_rose"
    REVERTS_ROSE = "reverts_rose"
    UNDER_TARGET = "under_target"
    SEATS_UNUSED = "seats_unused"
    MANY_TRIALS = "many_trials"
    NO_TRIALS = "no_trials"


def suggest(weeks: Sequence[ReleasedWeek], *, adoption_target: int) -> TeamSuggestion | None:
    """What to try after the last of *weeks*; not what was suggested the week before, if anything
    else fits. The weeks are gone through in their order for that, so the answer is always the same.
    """
    told: TeamSuggestion | None = None
    for week in in_order(weeks)[-_LOOKED_BACK:]:
        told = _choose(_fitting(weeks, week, adoption_target), week.week, told)
    return told


def _choose(
    fitting: Sequence[TeamSuggestion], week: IsoWeek, before: TeamSuggestion | None
) -> TeamSuggestion | None:
    """Each that fits has its turn, from week to week; after what was told *before*, the next."""
    if not fitting:
        return None
    turn = week.monday.toordinal() // 7
    chosen, following = (fitting[each % len(fitting)] for each in (turn, turn + 1))
    return following if chosen is before else chosen


def _fitting(
    weeks: Sequence[ReleasedWeek], now: ReleasedWeek, adoption_target: int
) -> list[TeamSuggestion]:
    if not isinstance(now.release, TeamRelease):
        return []
    recent = last_weeks(weeks, now.week)
    trends = team_trends(recent)
    return [
        *_about_work(recent),
        *_about_rises(trends),
        *_about_seats(now.release, adoption_target),
        *_about_trials(now.release),
    ]


def _about_work(recent: Sequence[ReleasedWeek]) -> Iterator[TeamSuggestion]:
    with_spend = [week for week in recent if shown(week, Cell.SPEND) is not None]
    with_work = [week for week in recent if any(shown(week, cell) for cell in _WORK)]
    if len(with_spend) >= FEWEST_WITHOUT_WORK and not with_work:
        yield TeamSuggestion.LINK_WORK


def _about_rises(trends: Sequence[Trend]) -> Iterator[TeamSuggestion]:
    known = {trend.cell for trend in trends}
    rose = {trend.cell for trend in trends if trend.difference is Difference.MORE}
    if Cell.SPEND in rose and known & _WORK and not rose & _WORK:
        yield TeamSuggestion.SPEND_ALONE_ROSE
    if Cell.REVERTED in rose and Cell.MERGED_CHANGE in known - rose:
        yield TeamSuggestion.REVERTS_ROSE


def _about_seats(release: TeamRelease, target: int) -> Iterator[TeamSuggestion]:
    if release.adoption is None:
        return
    _, most = PERCENTS[release.adoption]
    if most <= target:
        yield TeamSuggestion.UNDER_TARGET
    if most <= _HALF:
        yield TeamSuggestion.SEATS_UNUSED


def _about_trials(release: TeamRelease) -> Iterator[TeamSuggestion]:
    if not release.tiers:
        return
    fewest, most = _percents_of_trials(release)
    if fewest >= _HALF:
        yield TeamSuggestion.MANY_TRIALS
    elif most <= _FEW:
        yield TeamSuggestion.NO_TRIALS


def _percents_of_trials(release: TeamRelease) -> tuple[int, int]:
    trials = release.tiers.get(Tier.EXPLORATION)
    return (0, 0) if trials is None else PERCENTS[trials]
