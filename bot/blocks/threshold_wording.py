"""Thresholds in words: what each is for, how its value is shown and which values it takes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from bot.blocks.escaping import code
from bot.domain.thresholds import WEEKDAYS, Threshold
from bot.language import Language, mark

ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "minimum_group_size": mark(
            "people who must have contributed before a team's figure is shown"
        ),
        "dominance_share": mark("the most that one person may hold of a team's figure"),
        "settle_days": mark("days that finished work must stand before it counts as settled"),
        "minimum_outcomes": mark("settled outcomes before spend per outcome is shown"),
        "digest_day": mark("the day of the personal digest"),
        "digest_hour": mark("the hour of the personal digest, in each person's time zone"),
        "summary_day": mark("the day of the team summary"),
        "summary_hour": mark("the hour of the team summary, in the team's time zone"),
        "monthly_budget": mark(
            "US dollars a person and month, of which each is told privately "
            "at 50, 80 and 100 percent; 0 for none"
        ),
        "nudge_times_usual": mark(
            "how many times their usual week two weeks in a row must be "
            "before a person is privately asked about them"
        ),
        "tip_minimum_saving": mark(
            "US dollars that a tip must be able to save in four weeks to be shown"
        ),
    }
)


def about(say: Language, threshold: Threshold) -> str:
    return say(ABOUT[threshold.name])


def shown(say: Language, threshold: Threshold, value: int) -> str:
    if threshold.is_weekday:
        return say.weekday(value)
    return say.percent(Decimal(value) / 100) if threshold.is_percent else say.number(value)


def accepted(say: Language, threshold: Threshold) -> str:
    """What may be typed for it; days are typed in English, as all that is typed."""
    if threshold.is_weekday:
        return say("one of {words}", words=say.listed([code(day) for day in WEEKDAYS]))
    floor, ceiling = (shown(say, threshold, v) for v in (threshold.floor, threshold.ceiling))
    return say("a whole number from {floor} to {ceiling}", floor=floor, ceiling=ceiling)
