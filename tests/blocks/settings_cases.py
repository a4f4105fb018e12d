"""The settings form in every state, and every word about what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from bot.blocks import choice_answers, settings_form
from bot.domain.coaching.nudges import Answer
from bot.domain.commands import CommandNames
from bot.domain.messages import Message, Modal
from bot.domain.preferences import Cadence, Preferences
from bot.language import ENGLISH, Language

NAMES = CommandNames()
DAYS = (date(2026, 11, 2), date(2026, 11, 15))
CHOSEN: Mapping[str, Preferences] = MappingProxyType(
    {
        "as-it-comes": Preferences(),
        "daily": Preferences(
            cadence=Cadence.DAILY,
            digest_day=3,
            budget=100_000,
            usual_since=date(2026, 10, 12),
            muted_until=date(2026, 12, 9),
        ),
        "thursdays": Preferences(digest_day=3),
        "monthly": Preferences(cadence=Cadence.MONTHLY, digest_day=4, tips=False, budget=1),
        "all-off": Preferences(cadence=Cadence.OFF, tips=False, nudges=False, budget_notes=False),
    }
)


def modals(say: Language) -> dict[str, Modal]:
    return {
        **{
            f"settings-{name}": settings_form.render_settings_form(say, chosen)
            for name, chosen in CHOSEN.items()
        },
        **{
            f"settings-kept-{name}": settings_form.render_settings_kept(say, chosen)
            for name, chosen in CHOSEN.items()
        },
    }


def messages(say: Language) -> dict[str, Message]:
    rests = CHOSEN["daily"]
    return {
        **{
            f"less-often-{name}": choice_answers.render_less_often(say, chosen, NAMES)
            for name, chosen in CHOSEN.items()
        },
        "usual-anew": choice_answers.render_usual_anew(say, rests),
        "tip-again": choice_answers.render_tip_again(say),
        "no-such-tip": choice_answers.render_no_such_tip(say, NAMES),
        **{
            f"nudge-{answer}": choice_answers.render_nudge_answered(say, answer, DAYS, rests, NAMES)
            for answer in (Answer.EXPECTED, Answer.EXPLORATION, Answer.NEVER)
        },
        "nudge-expected-and-no-rest": choice_answers.render_nudge_answered(
            say, Answer.EXPECTED, DAYS, Preferences(), NAMES
        ),
        "no-such-nudge": choice_answers.render_no_such_nudge(say),
    }


MODALS = MappingProxyType(modals(ENGLISH))
MESSAGES = MappingProxyType(messages(ENGLISH))
