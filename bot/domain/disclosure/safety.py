"""Whether a figure is made of enough people, none of whom it is mostly about."""

from __future__ import annotations

from heapq import nlargest

from bot.domain.disclosure.cohorts import Cohort
from bot.domain.disclosure.parameters import Parameters


def is_safe(cohort: Cohort, parameters: Parameters) -> bool:
    """The three rules: enough contributors, the p % rule and dominance.

    Members who add nothing hide nobody, so they do not count. The p % rule: whoever is second takes
    herself off the total, and what is left must be off the first's amount by p or more.
    """
    if len(cohort.amounts) < parameters.minimum:
        return False
    first, second = nlargest(2, cohort.amounts.values())
    total = cohort.total
    return total - first - second >= parameters.p * first and first <= parameters.share * total
