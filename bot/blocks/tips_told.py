"""What tips are called in lists, and how they went: worked, in part, not, or not to be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from types import MappingProxyType

from bot.domain.coaching.rules import ShownTip, Verdict
from bot.language import Language, mark

_ROUGHLY = Context(prec=2)

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "celebrate": mark("A first"),
        "unused_seat": mark("A seat that is not used"),
        "two_subscriptions": mark("Two seats, one in use"),
        "flat_plan": mark("A flat plan"),
        "included_quota": mark("What a seat includes first"),
        "right_size": mark("A smaller model for routine tasks"),
        "stay_in_session": mark("One session for a task"),
        "clear_context": mark("A clear start between tasks"),
        "trim_context": mark("A lighter start of sessions"),
        "parallel_agents": mark("Fewer agents side by side"),
        "effort": mark("Less effort for plain tasks"),
        "cache_prompt": mark("Caching a fixed prompt"),
        "batch": mark("Batches for what can wait"),
        "smaller_tasks": mark("Smaller, clearer tasks"),
        "review_first": mark("Reading before taking"),
        "smaller_changes": mark("Smaller changes from agents"),
        "log_invisible": mark("Logging one thing yourself"),
    }
)
_VERDICTS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.WORKED: mark("“{tip}” ({day}): *it worked*, and that is your doing."),
        Verdict.PARTLY: mark("“{tip}” ({day}): *it worked in part.*"),
        Verdict.NO_EFFECT: mark(
            "“{tip}” ({day}): *no effect to be seen.* It may not have been the right tip for you."
        ),
        Verdict.UNKNOWN: mark(
            "“{tip}” ({day}): *could not be told*, there was too little use since."
        ),
    }
)
_NOT_YET = mark("“{tip}” ({day}): how it went is told three weeks later.")
_UNCHECKED = mark("“{tip}” ({day}): not checked, as three weeks would tell nothing sure about it.")
"""Two more, for tips without a verdict."""


def _percent(say: Language, share: Decimal) -> str:
    return say.percent(share)


def _number_of_logarithm(say: Language, logarithm: Decimal) -> str:
    return say.number(_ROUGHLY.plus(logarithm.exp()))


_MEASURED: Mapping[str, tuple[str, Callable[[Language, Decimal], str]]] = MappingProxyType(
    {
        "right_size": (
            mark("Of your spend, {before} was on costlier models then, and {after} since."),
            _percent,
        ),
        "stay_in_session": (
            mark("Of what your tool read, {before} came from its cache then, and {after} since."),
            _percent,
        ),
        "cache_prompt": (
            mark("Of what your requests read, {before} came from the cache then, {after} since."),
            _percent,
        ),
        "smaller_tasks": (
            mark("You took {before} of the suggestions then, and {after} since."),
            _percent,
        ),
        "clear_context": (
            mark("A request of yours read about {before} tokens then, and {after} since."),
            _number_of_logarithm,
        ),
        "effort": (
            mark("An answer took about {before} tokens then, and {after} since."),
            _number_of_logarithm,
        ),
    }
)


def title(say: Language, rule: str) -> str:
    return say(TITLES[rule])


def verdict_line(say: Language, shown: ShownTip) -> str:
    """How a tip went, with what was measured where that means something to its reader."""
    text = _UNCHECKED if shown.measure is None else _NOT_YET
    if shown.verdict is not None:
        text = _VERDICTS[shown.verdict]
    told = say(text, tip=title(say, shown.rule), day=say.day(shown.week.monday))
    return " ".join(filter(None, (told, _measured(say, shown))))


def _measured(say: Language, shown: ShownTip) -> str:
    if shown.rule not in _MEASURED or shown.measure is None or shown.after is None:
        return ""
    text, read = _MEASURED[shown.rule]
    return say(text, before=read(say, shown.measure), after=read(say, shown.after))
