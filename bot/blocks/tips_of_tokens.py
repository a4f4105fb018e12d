"""Tips about tokens and prices in words: an experiment to try, and what it is suggested for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from types import MappingProxyType

from bot.blocks.escaping import escape
from bot.domain.coaching.rules import Finding
from bot.language import Language

Text = tuple[str, str]
"""The first sentence, and the rest."""

_ROUGHLY = Context(prec=2)


def _stay_in_session(say: Language, tip: Finding) -> Text:
    return (
        say("Try one session for a task, without long breaks."),
        say(
            "In the last four weeks about {now} of what your coding tool read came from its "
            "cache; in your own best four weeks it was {best}. A cache is kept for minutes, and "
            "what comes from it costs a fraction, so finishing one task before the next may "
            "cost less.",
            now=say.percent(_value(tip, "now")),
            best=say.percent(_value(tip, "best")),
        )
        + _plan(say, tip),
    )


def _clear_context(say: Language, tip: Finding) -> Text:
    return (
        say("Try clearing the conversation between unrelated tasks."),
        say(
            "A request of yours reads about {now} tokens now; your own usual is {usual}. What an "
            "earlier task left in the conversation is read again with each request. Starting anew "
            "(`/clear` in Claude Code) or a summary (`/compact`) may cost less.",
            now=_rough(say, tip, "now"),
            usual=_rough(say, tip, "usual"),
        )
        + _plan(say, tip),
    )


def _right_size(say: Language, tip: Finding) -> Text:
    smaller = escape(str(tip.values["smaller"]))
    return (
        say("Try {model} for a few routine tasks.", model=smaller),
        say(
            "About {share} of your spend in the last four weeks was on costlier models, most of "
            "it on {costly}. Where the smaller one does as well, it may cost less; where it does "
            "not, staying with the larger one is the better choice. The saving is counted for "
            "three tasks in ten.",
            share=say.percent(_value(tip, "share")),
            costly=escape(str(tip.values["costly"])),
        )
        + _plan(say, tip),
    )


def _batch(say: Language, tip: Finding) -> Text:
    return (
        say("Try sending work that can wait as a batch."),
        say(
            "About {requests} requests by API went out at the full price in the last four weeks. "
            "What may take up to a day, such as evaluations or a run overnight, costs half as "
            "much as a batch.",
            requests=_rough(say, tip, "requests"),
        ),
    )


def _cache_prompt(say: Language, tip: Finding) -> Text:
    model = escape(str(tip.values["model"]))
    return (
        say("Try caching the fixed part of your prompt for {model}.", model=model),
        say(
            "Your requests by API read about {prompt} tokens each, nearly the same every week, "
            "and hardly any of it comes from the cache. If they begin with the same text, marking "
            "it for the cache, or putting it first, may cost less.",
            prompt=_rough(say, tip, "prompt"),
        ),
    )


def _trim_context(say: Language, tip: Finding) -> Text:
    return (
        say("Try a lighter start for your sessions."),
        say(
            "Your sessions are short, and each reads about {start} tokens anew. Long instructions "
            "or MCP servers that a task does not need are often behind this; shorter instructions "
            "and fewer servers may cost less.",
            start=_rough(say, tip, "start"),
        ),
    )


def _parallel_agents(say: Language, tip: Finding) -> Text:
    times = say.number(_ROUGHLY.plus(_value(tip, "times")), decimals=1)
    return (
        say("Try fewer agents side by side for a week."),
        say(
            "Your coding tool made about {times} times as many requests on an active day as is "
            "usual for you, and about as much work as usual was finished. Large migrations, "
            "evaluations and learning often look like this, and work may end later than its "
            "spend. If several agents run at once, fewer of them may do.",
            times=times,
        )
        + _plan(say, tip),
    )


def _effort(say: Language, tip: Finding) -> Text:
    return (
        say("Try a lower level of effort for plain tasks."),
        say(
            "An answer takes about {now} tokens now, thinking included; your own usual is "
            "{usual}, for requests of about the same size. Less thinking may do where a task is "
            "plain, and cost less.",
            now=_rough(say, tip, "now"),
            usual=_rough(say, tip, "usual"),
        )
        + _plan(say, tip),
    )


def _plan(say: Language, tip: Finding) -> str:
    """That what is covered by a plan is worth money, but is not on a bill."""
    if not tip.values.get("plan"):
        return ""
    return " " + say("Where a plan covers this use, it leaves more of the plan, not of the bill.")


def _value(tip: Finding, name: str) -> Decimal:
    return Decimal(tip.values[name])


def _rough(say: Language, tip: Finding, name: str) -> str:
    """A count with two digits that mean something."""
    return say.number(_ROUGHLY.plus(_value(tip, name)))


TEXTS: Mapping[str, Callable[[Language, Finding], Text]] = MappingProxyType(
    {
        "stay_in_session": _stay_in_session,
        "clear_context": _clear_context,
        "right_size": _right_size,
        "batch": _batch,
        "cache_prompt": _cache_prompt,
        "trim_context": _trim_context,
        "parallel_agents": _parallel_agents,
        "effort": _effort,
    }
)
