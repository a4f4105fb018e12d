"""Buttons in our own messages. Each is answered to the one who pressed it, and to nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.blocks.privacy import render_privacy
from bot.blocks.welcome import render_started, render_stopped
from bot.domain.messages import Message, Modal
from bot.domain.people import Person
from handlers import accounts, coaching, outcomes, rights
from handlers.languages import speak
from handlers.modals import chosen_value
from handlers.services import Services
from handlers.strangers import answer_stranger

Answer = Callable[[Services, Person, str], Awaitable[Message | Modal]]
"""Given what the button or the chosen option stands for, which proves nothing."""


async def stop(services: Services, person: Person, _value: str) -> Message:
    await services.choices.stop(person)
    return render_stopped(speak(person), services.names)


async def start(services: Services, person: Person, _value: str) -> Message:
    await services.choices.start(person)
    return render_started(speak(person), services.names)


async def privacy(services: Services, person: Person, _value: str) -> Message:
    return render_privacy(
        speak(person), await services.administration.privacy(person), services.names
    )


ACTIONS: dict[str, Answer] = {
    "digest_stop": stop,
    "digest_start": start,
    "digest_less": coaching.less_often,
    "digest_privacy": privacy,
    "settings_open": coaching.settings,
    "usual_restart": coaching.usual_anew,
    "tip_not_useful": coaching.mute_tip,
    "tip_again": coaching.tip_again,
    "nudge_check": coaching.check,
    "nudge_expected": coaching.expected,
    "nudge_exploration": coaching.exploration,
    "nudge_never": coaching.never,
    "log_outcome": outcomes.log_form,
    "log_edit": outcomes.edit,
    "log_delete": outcomes.delete,
    "tag_delete": outcomes.untag,
    "work_tier": outcomes.set_tier,
    "account_mine": accounts.object_to,
    "account_not_me": accounts.object_to,
    "rights_opt_out": rights.opt_out,
    "rights_opt_in": rights.opt_in,
}
CHANGE_NOTHING = frozenset(
    {"digest_privacy", "settings_open", "log_outcome", "log_edit", "nudge_check"}
)
"""All others change what the reader's own page shows."""


async def answer(services: Services, action: Answer, body: dict[str, Any]) -> Message | Modal:
    person = await services.people.find(body["user"]["id"])
    if person is None:
        return await answer_stranger(services, body["user"]["id"])
    return await action(services, person, chosen_value(body["actions"][0]))
