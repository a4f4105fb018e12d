"""A team's week beside its own earlier ones, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from bot.blocks import released
from bot.domain.statistics import Difference
from bot.domain.team_trends import Trend
from bot.language import Language, mark

_GROUPS: Mapping[Difference | None, str] = MappingProxyType(
    {
        Difference.MORE: mark("*More*, and hardly by noise and rounding alone: {figures}."),
        Difference.LESS: mark("*Less*, and hardly by noise and rounding alone: {figures}."),
        None: mark("*No clear difference*, as noise and rounding alone may explain it: {figures}."),
    }
)


def trends_in_words(say: Language, trends: Sequence[Trend]) -> Iterator[str]:
    """More or less only where noise and rounding would hardly explain it."""
    if not trends:
        return
    yield say(
        "*Beside this team's own usual week*, the middle one of the earlier weeks that could be "
        "shown"
    )
    for difference, text in _GROUPS.items():
        alike = [_both(say, trend) for trend in trends if trend.difference is difference]
        if alike:
            yield say(text, figures=say.listed(alike))


def _both(say: Language, trend: Trend) -> str:
    return say(
        "{what} ({figure}, usually {usual})",
        what=released.title(say, trend.cell),
        figure=released.figure(say, trend.cell, trend.now),
        usual=released.figure(say, trend.cell, trend.usual),
    )
