"""Which teams have a figure of their own, and which are told of together or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.disclosure.cohorts import Cohort
from bot.domain.disclosure.parameters import Parameters
from bot.domain.disclosure.safety import is_safe


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One cell's cohorts, nobody in two of them; ``other`` is the pool, where there is one."""

    teams: Mapping[int, Cohort] = field(default_factory=dict)
    other: Cohort | None = None


def publish(
    cohorts: Mapping[int, Cohort], parameters: Parameters, *, hides_nobody: bool
) -> Published:
    """Every unsafe team goes into the pool; the smallest others follow until the pool is safe.

    Else whoever knows the total would take the others off it. If it never gets safe, nothing is
    told. A pool of teams that have none of something needs no hiding, unless *hides_nobody*: then
    the same teams are pooled whether or not a hidden one has any this week.
    """
    safe = {team: cohort for team, cohort in cohorts.items() if is_safe(cohort, parameters)}
    pool = [cohort for team, cohort in cohorts.items() if team not in safe]
    if not pool or not (hides_nobody or any(cohort.amounts for cohort in pool)):
        return Published(teams=safe)
    by_size = sorted(safe, key=lambda team: (len(safe[team].members), team), reverse=True)
    while not is_safe(other := Cohort.union(pool), parameters):
        if not by_size:
            return Published()
        pool.append(safe.pop(by_size.pop()))
    return Published(teams=safe, other=other)
