"""A nudge: what was seen, what is usual, innocent causes first, and four answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType

from slackblocks import Block, Button

from bot.blocks import wording
from bot.blocks.kit import actions, bold, button, context, message, section
from bot.domain.coaching.nudges import Nudge, NudgeKind, Sign
from bot.domain.messages import Message
from bot.language import Language, mark

_SEEN: Mapping[NudgeKind, str] = MappingProxyType(
    {
        NudgeKind.TWO_WEEKS: mark("Your AI spend has been higher than usual for two weeks."),
        NudgeKind.COST_GUARD: mark("One day of AI use cost far more than your days usually do."),
    }
)
_SIGNS: Mapping[Sign, str] = MappingProxyType(
    {
        Sign.NO_OUTCOMES: mark("No finished work of these weeks is known yet."),
        Sign.LOW_ACCEPTANCE: mark("Few of the suggestions that tools made were taken."),
        Sign.MORE_INPUT: mark("Models read far more for what they wrote than they usually do."),
        Sign.SAME_EVERY_DAY: mark("Every day cost nearly the same, weekends included."),
    }
)

_COUNTED = mark("Experiments and seats are not counted, and earlier weeks are at today's prices.")


def render_nudge(say: Language, nudge: Nudge) -> Message:
    """For its reader alone; the preview says no figure, and nothing that could be held against
    somebody whose screen is seen.
    """
    return message(
        say("A private note on your own AI spend. Open it where nobody reads over your shoulder."),
        section("nudge-seen", bold(say(_SEEN[nudge.kind])), *_figures(say, nudge)),
        *_why(say, nudge),
        context("nudge-foot", say(_COUNTED), say(wording.ONLY_YOU)),
        actions("nudge-answers", *_answers(say, nudge)),
    )


def _figures(say: Language, nudge: Nudge) -> Iterator[str]:
    """What was seen beside what is usual, and where most of it was spent."""
    if nudge.kind is NudgeKind.COST_GUARD:
        yield say(
            "{day}: {amount}. Half of your active days cost less than {usual}.",
            day=say.day(nudge.first_day),
            amount=wording.rough_money(say, nudge.spend[0]),
            usual=wording.money_above(say, nudge.high),
        )
    else:
        yield say(
            "{amounts} in the weeks from {weeks}; your usual week is {usual}.",
            amounts=say.listed([wording.rough_money(say, amount) for amount in nudge.spend]),
            weeks=_weeks(say, nudge),
            usual=wording.money_range(say, nudge.low, nudge.high),
        )
    if nudge.provider is not None:
        yield say("Most of it was {tool}.", tool=wording.source_title(nudge.provider))


def _weeks(say: Language, nudge: Nudge) -> str:
    mondays = [nudge.first_day + timedelta(weeks=n) for n in range(len(nudge.spend))]
    return say.listed([say.day(monday) for monday in mondays])


def _why(say: Language, nudge: Nudge) -> Iterator[Block]:
    """What is likely and fine comes first, then what was seen beside it, then what to look at."""
    if nudge.kind is NudgeKind.COST_GUARD:
        yield section(
            "nudge-innocent",
            say("A large job that you started on purpose looks just like this, and is fine."),
            say(
                "If you did not, a session may be looping: "
                "*Check what ran* shows what the day was spent on, so that you can stop it."
            ),
        )
        return
    yield section(
        "nudge-innocent",
        say("Large migrations, evaluations and learning often look like this, and are fine."),
        *(say(_SIGNS[sign]) for sign in Sign if sign in nudge.signs),
        say("If an agent might be looping, *Check what ran* shows what these weeks were spent on."),
    )


def _answers(say: Language, nudge: Nudge) -> tuple[Button, ...]:
    named = f"{nudge.kind}:{nudge.first_day}"
    return (
        button(say("This was expected"), "nudge_expected", value=named),
        button(say("Mark as exploration"), "nudge_exploration", value=named),
        button(say("Check what ran"), "nudge_check", value=named),
        button(say("Don't tell me this"), "nudge_never", value=named),
    )
