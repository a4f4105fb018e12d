"""Settings, and the answers to tips and nudges: all of it is the asking person's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.blocks.choice_answers import (
    render_less_often,
    render_no_such_nudge,
    render_no_such_tip,
    render_nudge_answered,
    render_tip_again,
    render_usual_anew,
)
from bot.blocks.settings_form import (
    USUAL_ANEW,
    render_settings_form,
    render_settings_kept,
    settings_errors,
)
from bot.blocks.tips import render_tip_muted
from bot.blocks.what_ran import render_what_ran
from bot.domain.coaching.nudges import Answer, NudgeKind
from bot.domain.messages import Message, Modal
from bot.domain.people import Person
from bot.domain.settings_draft import SettingsDraft, SettingsFaults
from handlers.languages import speak
from handlers.modals import Submitted
from handlers.services import Services


async def settings(services: Services, person: Person, _value: str = "") -> Modal:
    return render_settings_form(speak(person), await services.choices.own(person))


async def keep_settings(
    services: Services, person: Person, view: Mapping[str, Any]
) -> Modal | Mapping[str, str]:
    kept = await services.choices.choose(person, _settings_draft(Submitted(view)))
    if isinstance(kept, SettingsFaults):
        return settings_errors(speak(person), kept)
    return render_settings_kept(speak(person), kept)


async def less_often(services: Services, person: Person, _value: str) -> Message:
    chosen = await services.choices.less_often(person)
    return render_less_often(speak(person), chosen, services.names)


async def usual_anew(services: Services, person: Person, _value: str) -> Message:
    return render_usual_anew(speak(person), await services.choices.usual_anew(person))


async def mute_tip(services: Services, person: Person, rule: str) -> Message:
    if await services.choices.mute_tip(person, rule):
        return render_tip_muted(speak(person), services.names)
    return render_no_such_tip(speak(person), services.names)


async def tip_again(services: Services, person: Person, rule: str) -> Message:
    if await services.choices.tip_again(person, rule):
        return render_tip_again(speak(person))
    return render_no_such_tip(speak(person), services.names)


async def expected(services: Services, person: Person, value: str) -> Message:
    return await _answer(services, person, value, Answer.EXPECTED)


async def exploration(services: Services, person: Person, value: str) -> Message:
    return await _answer(services, person, value, Answer.EXPLORATION)


async def never(services: Services, person: Person, value: str) -> Message:
    return await _answer(services, person, value, Answer.NEVER)


async def check(services: Services, person: Person, value: str) -> Message:
    days = await _days(services, person, value, Answer.CHECKED)
    if days is None:
        return render_no_such_nudge(speak(person))
    ran = await services.what_ran.between(person, *days)
    return render_what_ran(speak(person), *days, use=ran.use, models=ran.models)


async def _answer(services: Services, person: Person, value: str, answer: Answer) -> Message:
    days = await _days(services, person, value, answer)
    if days is None:
        return render_no_such_nudge(speak(person))
    chosen = await services.choices.own(person)
    return render_nudge_answered(speak(person), answer, days, chosen, services.names)


async def _days(
    services: Services, person: Person, value: str, answer: Answer
) -> tuple[date, date] | None:
    named = nudge_named(value)
    return await services.choices.answer_nudge(person, *named, answer) if named else None


def nudge_named(value: str) -> tuple[NudgeKind, date] | None:
    """What the button of a nudge names, ``KIND:FIRST_DAY``; ``None`` where it is none."""
    kind, _, first_day = value.partition(":")
    try:
        return NudgeKind(kind), date.fromisoformat(first_day)
    except ValueError:
        return None


def _settings_draft(given: Submitted) -> SettingsDraft:
    return SettingsDraft(
        cadence=given.choice("settings-cadence"),
        day=given.choice("settings-day"),
        topics=given.choices("settings-topics"),
        budget=given.text("settings-budget"),
        usual_anew=USUAL_ANEW in given.choices("settings-usual"),
    )
