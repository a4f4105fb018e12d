"""How far two weeks lie above one's own usual ones, in plain numbers on the log scale.

Spend multiplies rather than adds: on the log scale its ups and downs are alike for small and large
spenders. The thresholds and what they were measured at are in decision 22.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from math import log, prod, sqrt
from statistics import fmean, median

from bot.domain.coaching.nudges import Sign

TIMES_USUAL = 3
FEWEST_WEEKS = 6
LEAST_EXTRA = 25.0
"""US dollars a week above the usual one, on average: less is not worth a word."""
FEWEST_OUTCOMES = 1.75
"""In a usual week, on average: two, rounded. Who finishes less has empty weeks anyway."""
SPREADS = 4.0
ORDINARY_SPREAD, ITS_WEIGHT = 0.4, 4
"""What a week's spend varies by where days vary by 0.6, and how many weeks that counts for."""
_SMALLEST = 1.0


def deserves_word(
    earlier: Sequence[float],
    weeks: Sequence[float],
    signs: Collection[Sign],
    *,
    times_usual: float = TIMES_USUAL,
) -> bool:
    """Whether *weeks* are high, and *signs* enough to say so.

    That nobody saw work finished is a sure sign, and two high weeks do beside it. Any other goes
    along with many an honest week: there the rise must be beyond one's own ups and downs too.
    """
    if not signs or not is_high(earlier, weeks, times_usual=times_usual):
        return False
    return Sign.NO_OUTCOMES in signs or is_beyond_spread(earlier, weeks)


def is_high(earlier: Sequence[float], weeks: Sequence[float], *, times_usual: float) -> bool:
    """All of *weeks*, and their geometric mean by *times_usual*, above the median of *earlier*."""
    if len(earlier) < FEWEST_WEEKS:
        return False
    usual = max(median(earlier), _SMALLEST)
    return (
        min(weeks) >= usual * times_usual / 2
        and fmean(weeks) - usual >= LEAST_EXTRA
        and prod(weeks) >= (usual * times_usual) ** len(weeks)
    )


def is_beyond_spread(earlier: Sequence[float], weeks: Sequence[float]) -> bool:
    usual = logs(earlier)
    return fmean(logs(weeks)) - median(usual) >= SPREADS * own_spread(
        usual, ordinary=ORDINARY_SPREAD, weight=ITS_WEIGHT
    )


def is_work_missing(earlier: Sequence[int], finished: int) -> bool:
    """Whether nothing *finished* is odd for somebody who finished so much in *earlier* weeks.

    It is not where two of those weeks running were empty too.
    """
    if finished or len(earlier) < FEWEST_WEEKS or fmean(earlier) < FEWEST_OUTCOMES:
        return False
    return all(one or next_one for one, next_one in pairwise(earlier))


def own_spread(logarithms: Sequence[float], *, ordinary: float, weight: int) -> float:
    """The standard deviation of a few values, drawn to the *ordinary* one as if by *weight* more:
    a few weeks that happen to be alike do not make the next one strange.
    """
    middle, known = fmean(logarithms), len(logarithms) - 1
    squares = sum((value - middle) ** 2 for value in logarithms)
    return sqrt((squares + weight * ordinary**2) / (known + weight))


def logs(amounts: Sequence[float]) -> list[float]:
    """Of nothing, or of less after a correction, as of a dollar."""
    return [log(max(amount, _SMALLEST)) for amount in amounts]
