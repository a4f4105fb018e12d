"""What is said after a button was pressed about digests, tips, nudges or the usual week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from bot.blocks.escaping import code
from bot.blocks.kit import context, message, section
from bot.blocks.settings_wording import digest_comes_in_words, usual_since_in_words
from bot.blocks.wording import ONLY_YOU
from bot.domain.coaching.nudges import Answer
from bot.domain.commands import CommandNames
from bot.domain.messages import Message
from bot.domain.preferences import Preferences
from bot.domain.usual import FEWEST_USUAL_WEEKS
from bot.language import Language, mark

_ANSWERED: Mapping[Answer, str] = MappingProxyType(
    {
        Answer.EXPECTED: mark("*Good to know.* It counts as usual for you from {first} on."),
        Answer.EXPLORATION: mark(
            "*It counts as exploration* ({days}), and is set beside no outcomes."
        ),
        Answer.NEVER: mark("*You will not be told of unusual spend any more.*"),
    }
)


def render_less_often(say: Language, chosen: Preferences, names: CommandNames) -> Message:
    return _said(
        say,
        "less-often",
        say("Upshot keeps how often your digest comes."),
        digest_comes_in_words(say, chosen),
        say("{command} makes it more often again, any time.", command=_settings(names)),
    )


def render_usual_anew(say: Language, chosen: Preferences) -> Message:
    return _said(
        say,
        "usual-anew",
        say("Upshot starts your usual week anew."),
        usual_since_in_words(say, chosen),
        say.plural(
            FEWEST_USUAL_WEEKS,
            "As soon as there is {count} week of use, your weeks are set beside it again.",
            "As soon as there are {count} weeks of use, your weeks are set beside it again.",
        ),
    )


def render_tip_again(say: Language) -> Message:
    return _said(
        say,
        "tip-again",
        say("Upshot keeps that this tip may come again."),
        say("*This tip may come again*, when it fits."),
    )


def render_no_such_tip(say: Language, names: CommandNames) -> Message:
    """The same whether there never was such a tip, or no more, or it is not muted."""
    return _said(
        say,
        "no-such-tip",
        say("Upshot has no such tip any more."),
        say("*There is no such tip any more*, so there is nothing to change."),
        say("{command} lists yours.", command=code(f"{names.usage} tips")),
    )


def render_nudge_answered(
    say: Language,
    answer: Answer,
    days: tuple[date, date],
    chosen: Preferences,
    names: CommandNames,
) -> Message:
    """For each answer but ``CHECKED``, which is answered by what ran."""
    return _said(
        say,
        f"nudge-{answer.value}",
        say("Upshot keeps your answer."),
        say(_ANSWERED[answer], first=say.day(days[0]), days=say.span(*days)),
        _what_follows(say, answer, chosen, names),
    )


def render_no_such_nudge(say: Language) -> Message:
    """The same whether it never was there, is gone or is somebody else's."""
    return _said(
        say,
        "no-such-nudge",
        say("Upshot has no such word to you any more."),
        say("*There is nothing to answer here any more.* Nothing was changed."),
    )


def _what_follows(say: Language, answer: Answer, chosen: Preferences, names: CommandNames) -> str:
    if answer is Answer.NEVER or chosen.muted_until is None:
        return say("{command} changes that, any time.", command=_settings(names))
    day = say.day(chosen.muted_until)
    if answer is Answer.EXPLORATION:
        return say(
            "Nothing more is said of unusual spend before {day}. "
            "{command} lists your tags, to take this one back.",
            day=day,
            command=code(f"{names.usage} outcomes"),
        )
    return say("Nothing more is said of unusual spend before {day}.", day=day)


def _settings(names: CommandNames) -> str:
    return code(f"{names.usage} settings")


def _said(say: Language, block_id: str, preview: str, *lines: str) -> Message:
    return message(preview, section(block_id, *lines), context(f"{block_id}-foot", say(ONLY_YOU)))
