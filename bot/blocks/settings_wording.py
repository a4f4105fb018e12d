"""What a person chose, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from bot.domain.history import USUAL_WEEKS
from bot.domain.preferences import Cadence, Preferences
from bot.domain.settings_draft import HIGHEST_BUDGET, LOWEST_BUDGET, SettingsFault, Topic
from bot.language import Language, mark

CADENCES: Mapping[Cadence, str] = MappingProxyType(
    {
        Cadence.DAILY: mark("Every day"),
        Cadence.WEEKLY: mark("Every week"),
        Cadence.MONTHLY: mark("Every month"),
        Cadence.OFF: mark("Not at all"),
    }
)
TOPICS: Mapping[Topic, str] = MappingProxyType(
    {
        Topic.TIPS: mark("A tip, with a digest"),
        Topic.NUDGES: mark("Spend of mine that is unusual for me"),
        Topic.BUDGET_NOTES: mark("My monthly amount, when much of it is spent"),
    }
)
_DIGEST_COMES: Mapping[Cadence, str] = MappingProxyType(
    {
        Cadence.DAILY: mark("*Your digest* comes every day."),
        Cadence.WEEKLY: mark("*Your digest* comes every week."),
        Cadence.MONTHLY: mark("*Your digest* comes every month."),
        Cadence.OFF: mark("*Your digest* does not come by itself."),
    }
)
_DIGEST_COMES_ON: Mapping[Cadence, str] = MappingProxyType(
    {
        Cadence.WEEKLY: mark("*Your digest* comes every week, on {day}."),
        Cadence.MONTHLY: mark("*Your digest* comes every month, on the first {day}."),
    }
)
FAULTS: Mapping[SettingsFault, str] = MappingProxyType(
    {
        SettingsFault.UNKNOWN: mark("Please choose one of those that are offered."),
        SettingsFault.NO_AMOUNT: mark(
            "Please give whole US dollars from {lowest} to {highest}, such as 200, "
            "or leave this empty."
        ),
    }
)


def settings_in_words(say: Language, chosen: Preferences) -> Iterator[str]:
    yield digest_comes_in_words(say, chosen)
    yield say("*Tips:* one with a digest.") if chosen.tips else say("*Tips:* none.")
    yield _nudges(say, chosen)
    yield _budget(say, chosen)
    yield usual_since_in_words(say, chosen)


def digest_comes_in_words(say: Language, chosen: Preferences) -> str:
    if chosen.digest_day is None or chosen.cadence not in _DIGEST_COMES_ON:
        return say(_DIGEST_COMES[chosen.cadence])
    return say(_DIGEST_COMES_ON[chosen.cadence], day=say.weekday(chosen.digest_day))


def fault_in_words(say: Language, fault: SettingsFault) -> str:
    lowest, highest = say.number(LOWEST_BUDGET), say.number(HIGHEST_BUDGET)
    return say(FAULTS[fault], lowest=lowest, highest=highest)


def usual_since_in_words(say: Language, chosen: Preferences) -> str:
    if chosen.usual_since is None:
        return say.plural(
            USUAL_WEEKS,
            "*Your usual week* is made of your last {count} week with AI use.",
            "*Your usual week* is made of your last {count} weeks with AI use.",
        )
    day = say.day_and_year(chosen.usual_since)
    return say("*Your usual week* is made of weeks from {day} on.", day=day)


def _nudges(say: Language, chosen: Preferences) -> str:
    if not chosen.nudges:
        return say("*When your spend is unusual for you:* nothing is said.")
    if chosen.muted_until is not None:
        day = say.day(chosen.muted_until)
        return say("*When your spend is unusual for you:* nothing is said before {day}.", day=day)
    return say("*When your spend is unusual for you:* you are told, and nobody else is.")


def _budget(say: Language, chosen: Preferences) -> str:
    if not chosen.budget_notes:
        return say("*Your monthly amount:* nothing is said of it.")
    if chosen.budget is None:
        return say(
            "*Your monthly amount:* the one set for this workspace, if there is one. "
            "You are told when much of it is spent."
        )
    return say(
        "*Your monthly amount:* {amount}. You are told when much of it is spent.",
        amount=say.money(Decimal(chosen.budget), cents=False),
    )
