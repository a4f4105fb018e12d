"""What people log and tag themselves: each row is looked for among the asking person's own."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from bot.blocks.controls import tier_choice
from bot.blocks.forms import note
from bot.blocks.log_form import (
    LOG_FORM,
    log_errors,
    render_deleted,
    render_log_form,
    render_logged,
    render_not_yours,
)
from bot.blocks.tag_form import (
    ALL_TOOLS,
    TAG_FORM,
    render_tag_form,
    render_tag_help,
    render_tagged,
    render_tier_set,
    render_untagged,
    tag_errors,
)
from bot.blocks.wording import source_name
from bot.domain.drafts import Faults, LogDraft, TagDraft
from bot.domain.logged import LONGEST_WHAT, LoggedOutcome
from bot.domain.messages import Message, Modal
from bot.domain.people import Person
from bot.domain.periods import IsoWeek
from bot.domain.tiers import Tier
from handlers.languages import speak
from handlers.modals import Submitted
from handlers.services import Services
from handlers.words import readable

LOG_SHORTCUT = "log_outcome_shortcut"
Errors = Mapping[str, str]
Shortcut = Callable[[Services, Person, Mapping[str, Any]], Awaitable[Modal]]
Submission = Callable[[Services, Person, Mapping[str, Any]], Awaitable[Modal | Errors]]

_NUMBER = re.compile(r"[0-9]{1,18}")
_DOMAIN = re.compile(r"[a-z0-9-]+")
_CHANNEL = re.compile(r"[A-Z0-9]+")
_TIMESTAMP = re.compile(r"[0-9]+\.[0-9]{6}")


async def log_form(services: Services, person: Person, _value: str = "") -> Modal:
    tools = await services.outcomes.tools(person)
    return render_log_form(speak(person), services.outcomes.today(person), tools)


async def log_message(services: Services, person: Person, body: Mapping[str, Any]) -> Modal:
    """The form with what the message says and where it is, to be looked at before it is sent."""
    said = " ".join(readable(body["message"].get("text")).split())
    return render_log_form(
        speak(person),
        services.outcomes.today(person),
        await services.outcomes.tools(person),
        what=said[:LONGEST_WHAT],
        link=permalink(body),
    )


def permalink(body: Mapping[str, Any]) -> str | None:
    """The address of the message, if the payload has all that it is made of."""
    domain = str((body.get("team") or {}).get("domain"))
    channel = str((body.get("channel") or {}).get("id"))
    sent_at = str(body.get("message_ts"))
    is_whole = (
        _DOMAIN.fullmatch(domain) and _CHANNEL.fullmatch(channel) and _TIMESTAMP.fullmatch(sent_at)
    )
    if not is_whole:
        return None
    return f"https://{domain}.slack.com/archives/{channel}/p{sent_at.replace('.', '')}"


async def edit(services: Services, person: Person, value: str) -> Modal | Message:
    logged = _logged_id(value)
    given = await services.outcomes.find(person, logged) if logged else None
    if given is None:
        return render_not_yours(speak(person), services.names)
    tools = await services.outcomes.tools(person)
    return render_log_form(speak(person), services.outcomes.today(person), tools, given=given)


async def delete(services: Services, person: Person, value: str) -> Message:
    logged = _logged_id(value)
    if logged and await services.outcomes.delete(person, logged):
        return render_deleted(speak(person))
    return render_not_yours(speak(person), services.names)


async def untag(services: Services, person: Person, value: str) -> Message:
    if _NUMBER.fullmatch(value) and await services.outcomes.untag(person, int(value)):
        return render_untagged(speak(person))
    return render_not_yours(speak(person), services.names)


async def set_tier(services: Services, person: Person, value: str) -> Message:
    choice = tier_choice(value)
    if choice and await services.outcomes.set_tier(
        person, choice.source, choice.source_id, choice.tier
    ):
        return render_tier_set(speak(person), choice.tier)
    return render_not_yours(speak(person), services.names)


async def tag_words(services: Services, person: Person, asked: Sequence[str]) -> Modal | Message:
    """``tag`` opens the form; ``tag TIER [TOOL]`` is about the week that is running."""
    if len(asked) == 1:
        return await _tag_form(services, person)
    return await _tag_this_week(services, person, asked[1:])


async def _tag_this_week(services: Services, person: Person, asked: Sequence[str]) -> Message:
    tools = await services.outcomes.tools(person)
    tier, named = asked[0].lower(), " ".join(asked[1:]).lower()
    provider = next((tool for tool in tools if named in _names_of(tool)), None)
    if tier not in set(Tier) or (named and provider is None):
        return render_tag_help(speak(person), services.names, tools, asked=" ".join(asked))
    tagged = await services.outcomes.tag_this_week(person, Tier(tier), provider)
    if isinstance(tagged, Faults):
        return render_tag_help(speak(person), services.names, tools, asked=" ".join(asked))
    return render_tagged(speak(person), tagged, services.names)


async def keep_log(services: Services, person: Person, view: Mapping[str, Any]) -> Modal | Errors:
    draft, named = _log_draft(Submitted(view)), view.get("private_metadata")
    kept: LoggedOutcome | Faults
    if named:
        # Whose it is does not stand in the form: it is looked for among the sender's own.
        logged = _logged_id(str(named)) or UUID(int=0)
        kept = await services.outcomes.edit(person, logged, draft)
    else:
        kept = await services.outcomes.log(person, draft, form=str(view["id"]))
    if isinstance(kept, Faults):
        return log_errors(speak(person), kept)
    return render_logged(speak(person), kept, services.names)


async def keep_tag(services: Services, person: Person, view: Mapping[str, Any]) -> Modal | Errors:
    tagged = await services.outcomes.tag(person, _tag_draft(Submitted(view)))
    if isinstance(tagged, Faults):
        return tag_errors(speak(person), tagged)
    return note(render_tagged(speak(person), tagged, services.names, with_button=False))


SUBMISSIONS: Mapping[str, Submission] = {LOG_FORM: keep_log, TAG_FORM: keep_tag}


async def _tag_form(services: Services, person: Person) -> Modal:
    today = services.outcomes.today(person)
    tools = await services.outcomes.tools(person)
    return render_tag_form(speak(person), IsoWeek.of(today).monday, today, tools)


def _log_draft(given: Submitted) -> LogDraft:
    return LogDraft(
        kind=given.choice("log-kind"),
        what=given.text("log-what"),
        done_on=given.day("log-done-on"),
        link=given.text("log-link"),
        helped_by=given.choices("log-helped-by"),
        benefit=given.choice("log-benefit"),
        tier=given.choice("log-tier"),
        visibility=given.choice("log-visibility"),
    )


def _tag_draft(given: Submitted) -> TagDraft:
    provider = given.choice("tag-provider")
    return TagDraft(
        tier=given.choice("tag-tier"),
        provider=None if provider == ALL_TOOLS else provider or "",
        first_day=given.day("tag-first-day"),
        last_day=given.day("tag-last-day"),
    )


def _names_of(tool: str) -> frozenset[str]:
    return frozenset({tool.lower(), source_name(tool).lower()})


def _logged_id(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
