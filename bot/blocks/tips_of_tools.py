"""Tips about seats, plans, suggestions and work in words: something to try, and why it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from types import MappingProxyType

from bot.blocks import wording
from bot.blocks.escaping import escape
from bot.domain.coaching.rules import Finding
from bot.language import Language, mark

Text = tuple[str, str]
"""The first sentence, and the rest."""

_ROUGHLY = Context(prec=2)
_HOURS_OF_DAYS = 48
_FIRSTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "linked": (
            mark("Your first finished work that goes with an AI tool."),
            mark(
                "It is finished, and carries the mark of one of your tools; Upshot knows of no "
                "such work in the months before it."
            ),
        ),
        "logged": (
            mark("The first work that you logged yourself."),
            mark(
                "No system would have told of it. Now it stands beside what you spent, in your "
                "own words, which nobody else reads."
            ),
        ),
        "tried": (
            mark("The first experiment that you wrote down."),
            mark(
                "What came of a trial is worth knowing whether it worked or not, and next time "
                "you need not find it out again."
            ),
        ),
    }
)


def _unused_seat(say: Language, tip: Finding) -> Text:
    return (
        say("Try {tool} once more, or give its seat back.", tool=_source(tip)),
        say(
            "The seat was paid for and not used in the last four weeks. If something stands in "
            "the way, twenty minutes with somebody who knows the tool may be enough; if you do "
            "not need it, whoever looks after seats can free it."
        ),
    )


def _two_subscriptions(say: Language, tip: Finding) -> Text:
    main = wording.source_title(str(tip.values["main"]))
    return (
        say("Try a week with {tool} alone.", tool=main),
        say(
            "You have a seat of {other} too, and fewer than one in ten of your days with a tool "
            "went to it in the last four weeks. If you do not miss it, one seat may be enough; if "
            "it does something better, using it more may be.",
            other=_source(tip),
        ),
    )


def _flat_plan(say: Language, tip: Finding) -> Text:
    return (
        say("A flat plan may cost less than paying by the token."),
        say(
            "{tool} was charged by the token for you, with {spend} in the last four weeks and "
            "more than a plan in the four before. A seat of “{seat}” costs {price} a "
            "month. Plans have limits, so this is a question for whoever looks after the contract.",
            tool=_source(tip),
            spend=wording.rough_money(say, _value(tip, "spend")),
            seat=escape(str(tip.values["seat"])),
            price=wording.rough_money(say, _value(tip, "price")),
        ),
    )


def _included_quota(say: Language, tip: Finding) -> Text:
    return (
        say("Try what your {tool} seat includes first.", tool=_source(tip)),
        say(
            "In the last four weeks {amount} was charged on demand, while you used less of what "
            "is included than you did before. Another model, or a limit on use on demand, may "
            "make the difference.",
            amount=wording.rough_money(say, _value(tip, "overage")),
        ),
    )


def _smaller_tasks(say: Language, tip: Finding) -> Text:
    return (
        say("Try smaller tasks, one clear step at a time."),
        say(
            "You took {share} of what {tool} suggested in the last four weeks; your own usual is "
            "{usual}. Saying what is wanted, and how to tell that it is done, may spare you time. "
            "New code and hard problems often look like this as well.",
            share=say.percent(_value(tip, "share")),
            tool=_tool(say, tip),
            usual=say.percent(_value(tip, "usual")),
        ),
    )


def _review_first(say: Language, tip: Finding) -> Text:
    return (
        say("Try reading a suggestion before you take it."),
        say.plural(
            int(_value(tip, "returns")),
            "You took {share} of what {tool} suggested in the last four weeks, and {count} piece "
            "of work that shows an AI tool was taken back or opened again in eight. A look at the "
            "change, or its tests, may spare you doing it twice.",
            "You took {share} of what {tool} suggested in the last four weeks, and {count} pieces "
            "of work that show an AI tool were taken back or opened again in eight. A look at the "
            "change, or its tests, may spare you doing it twice.",
            share=say.percent(_value(tip, "share")),
            tool=_tool(say, tip),
        ),
    )


def _smaller_changes(say: Language, tip: Finding) -> Text:
    return (
        say("Try asking your agents for smaller changes."),
        say(
            "Half of your changes that show an AI tool have more than about {lines} changed "
            "lines, and your larger ones wait about {span} longer to be merged than your other "
            "changes. Handed over in parts, they may come through sooner.",
            lines=say.number(_ROUGHLY.plus(_value(tip, "lines"))),
            span=_span(say, _value(tip, "hours")),
        ),
    )


def _celebrate(say: Language, tip: Finding) -> Text:
    what, why = _FIRSTS[str(tip.values["first"])]
    return say(what), say(why)


def _log_invisible(say: Language, _tip: Finding) -> Text:
    return (
        say("Try logging one thing that you finished."),
        say(
            "You used AI in each of the last three weeks, and no system that Upshot reads tells "
            "of your work. That is fine: much work leaves no trace. With *{button}*, one line of "
            "yours stands beside what was spent.",
            button=say("Log an outcome"),
        ),
    )


def _source(tip: Finding) -> str:
    return wording.source_title(str(tip.values["tool"]))


def _tool(say: Language, tip: Finding) -> str:
    return wording.tool_title(say, str(tip.values["tool"]))


def _value(tip: Finding, name: str) -> Decimal:
    return Decimal(tip.values[name])


def _span(say: Language, hours: Decimal) -> str:
    if hours < _HOURS_OF_DAYS:
        return say.plural(max(round(hours), 1), "{count} hour", "{count} hours")
    return say.plural(round(hours / 24), "{count} day", "{count} days")


TEXTS: Mapping[str, Callable[[Language, Finding], Text]] = MappingProxyType(
    {
        "smaller_tasks": _smaller_tasks,
        "review_first": _review_first,
        "unused_seat": _unused_seat,
        "two_subscriptions": _two_subscriptions,
        "flat_plan": _flat_plan,
        "included_quota": _included_quota,
        "smaller_changes": _smaller_changes,
        "celebrate": _celebrate,
        "log_invisible": _log_invisible,
    }
)
