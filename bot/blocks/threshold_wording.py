"""Thresholds in words: what each is for, how its value is shown and which values it takes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from bot.blocks.escaping import code
from bot.domain.health import ThresholdValue
from bot.domain.thresholds import SWITCH, WEEKDAYS, Stricter, Threshold
from bot.language import Language, mark

ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "minimum_group_size": mark(
            "people who must have contributed before a team's figure is shown"
        ),
        "dominance_share": mark("the most that one person may hold of a team's figure"),
        "strict_mode": mark(
            "when on, team figures are bands and never amounts, and need at least ten people"
        ),
        "retention_days": mark("days that the rows about people are kept"),
        "adoption_target": mark(
            "the share of people with a seat whom a team's adoption is set beside; 0 for none"
        ),
        "team_budget": mark(
            "US dollars a team and month, of which its channel is told at 50, 80 and 100 percent, "
            "from released figures; 0 for none"
        ),
        "settle_days": mark("days that finished work must stand before it counts as settled"),
        "minimum_outcomes": mark("settled outcomes before spend per outcome is shown"),
        "digest_day": mark("the day of the personal digest, for all who have not chosen their own"),
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
    if threshold.is_switch:
        return say("on") if value else say("off")
    return say.percent(Decimal(value) / 100) if threshold.is_percent else say.number(value)


def accepted(say: Language, threshold: Threshold) -> str:
    """What may be typed for it; days are typed in English, as all that is typed."""
    if threshold.is_weekday:
        return say("one of {words}", words=say.listed([code(day) for day in WEEKDAYS]))
    if threshold.is_switch:
        return say("one of {words}", words=say.listed([code(word) for word in SWITCH]))
    floor, ceiling = (shown(say, threshold, v) for v in (threshold.floor, threshold.ceiling))
    return say("a whole number from {floor} to {ceiling}", floor=floor, ceiling=ceiling)


def limits(say: Language, threshold: Threshold) -> str:
    """As `accepted`, in as few words as a list has room for."""
    if threshold.is_weekday:
        return say("{low} to {high}", low=code(WEEKDAYS[0]), high=code(WEEKDAYS[-1]))
    if threshold.is_switch:
        one, other = map(code, SWITCH)
        return say("{one} or {other}", one=one, other=other)
    floor, ceiling = (shown(say, threshold, v) for v in (threshold.floor, threshold.ceiling))
    return say("{low} to {high}", low=floor, high=ceiling)


def fixed(say: Language, threshold: Threshold, bound: int) -> str:
    """What an agreement allows of it."""
    if threshold.is_switch:
        return shown(say, threshold, bound)
    if threshold.stricter is Stricter.LESS:
        return say("at most {value}", value=shown(say, threshold, bound))
    return say("at least {value}", value=shown(say, threshold, bound))


def changes(say: Language, threshold: Threshold, value: ThresholdValue) -> str:
    """What will be in force from when on."""
    return say.listed(
        [
            say(
                "*{later}* from {day}",
                later=shown(say, threshold, waiting.value),
                day=say.day(waiting.effective_on),
            )
            for waiting in value.waiting
        ]
    )
