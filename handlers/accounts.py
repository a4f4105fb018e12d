"""Whose accounts are: shown to the one who asks, counted and asserted by admins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from bot.blocks.accounts import (
    ACCOUNTS_FORM,
    LINES,
    line_errors,
    render_account_counts,
    render_accounts_form,
    render_asked,
    render_asserted,
    render_disputed,
    render_nothing_to_refuse,
    render_objected,
    render_own_accounts,
    render_refused,
)
from bot.blocks.admin import render_not_allowed
from bot.blocks.forms import note
from bot.blocks.help import render_admin_help
from bot.domain.accounts import Assertion
from bot.domain.messages import Message, Modal
from bot.domain.people import Person
from bot.errors import NotAllowedError
from handlers.languages import speak
from handlers.modals import Submitted
from handlers.services import Services


async def own_accounts(services: Services, person: Person) -> Message:
    own = await services.identities.own(person)
    return render_own_accounts(speak(person), own.links, own.asserted, own.disputed)


async def object_to(services: Services, person: Person, value: str) -> Message:
    """What the button names is looked for among the asking person's own matters."""
    assertion = _assertion_id(value)
    if assertion is not None and await services.identities.object(
        person, assertion, render=lambda admin, ended: render_refused(speak(admin), ended)
    ):
        return render_objected(speak(person))
    return render_nothing_to_refuse(speak(person), services.names)


async def count_or_import(
    services: Services, person: Person | None, words: Sequence[str], /, *, by: str
) -> Message | Modal:
    del by
    match [word.lower() for word in words[1:]]:
        case []:
            counts = await services.identities.counts()
            return render_account_counts(speak(person), counts, services.names)
        case ["import"]:
            return render_accounts_form(speak(person))
    return render_admin_help(speak(person), services.names, unknown=" ".join(words))


async def keep_lines(
    services: Services, person: Person, view: Mapping[str, Any]
) -> Modal | Mapping[str, str]:
    """Whoever opened the form may be no admin any more."""
    by = person.slack_user_id
    try:
        await services.administration.require_admin(by)
    except NotAllowedError:
        return note(render_not_allowed(speak(person), services.names))

    def render(who: Person, assertion: Assertion, is_owner: bool) -> Message:  # noqa: FBT001
        say = render_disputed if is_owner else render_asserted
        return say(speak(who), assertion, services.names)

    text = Submitted(view).text(LINES) or ""
    read = await services.identities.assert_lines(text, by=by, form=str(view["id"]), render=render)
    if read.faults or not read.lines:
        return line_errors(speak(person), read.faults)
    return render_asked(speak(person), len(read.lines))


SUBMISSIONS = {ACCOUNTS_FORM: keep_lines}


def _assertion_id(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
