"""What people type when the weeks are over: every command, and an outcome that somebody logs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from bot.playground.slack.person import Ack, Person
from bot.playground.world import World

EVERY_NTH_PERSON = 10
MONTHLY_BUDGET = "thresholds set monthly_budget 200"
PERSONAL = (
    "",
    "week",
    "month",
    "outcomes",
    "tips",
    "estimate 2M in 300k out",
    "accounts",
    "privacy",
    "help",
    "no such word",
)
ADMIN = (
    "thresholds",
    "thresholds set minimum_group_size 6",
    "admins",
    "teams list",
    "accounts",
    "audit",
    "providers",
    "status",
    "help",
)
WRITTEN = "A checklist for handing over the evening shift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What came back; ``logged`` is how many saw what they had logged in their own list."""

    acks: tuple[Ack, ...]
    logged: int


async def set_a_budget(world: World, events_url: str) -> None:
    """So that whoever spends that much in a month hears of it."""
    async with Person(world.slack, events_url) as person:
        await person.command("/usageadmin", MONTHLY_BUDGET, user_id=world.admin)


async def ask_everything(world: World, events_url: str) -> Answers:
    """Type every command as some of the people, an admin and the guests."""
    async with Person(world.slack, events_url) as person:
        acks = [
            await person.command(command, words, user_id=user)
            for command, words, user in _questions(world)
        ]
        logged = await _log_and_look(world, person)
    return Answers(acks=tuple(acks), logged=logged)


def _questions(world: World) -> Iterator[tuple[str, str, str]]:
    for user in list(world.company.people)[::EVERY_NTH_PERSON]:
        yield from (("/myusage", words, user) for words in PERSONAL)
        yield "/teamusage", "", user
        yield "/usageadmin", "status", user
    yield from (("/usageadmin", words, world.admin) for words in ADMIN)
    for entry in world.company.directory:
        if entry.kind == "guest":
            yield "/myusage", "", entry.slack_id


async def _log_and_look(world: World, person: Person) -> int:
    """Somebody of support fills in the form and asks for the list."""
    user = next(p.slack_id for p in world.company.employees if p.job == "support")
    await person.command("/myusage", "log", user_id=user)
    for form in world.slack.modals_of(user):
        given = {"log-kind": "document_published", "log-what": WRITTEN}
        await person.fill(form, given, user_id=user)
    listed = await person.command("/myusage", "outcomes", user_id=user)
    return int(not listed.violations and WRITTEN in json.dumps(listed.body))
