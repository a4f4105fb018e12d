"""Failures of many kinds, provoked after a season, and what is told and logged of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.playground.company import Team
from bot.playground.slack.person import Ack
from jobs.once import run_enqueued
from tests.end_to_end.allowances import OF_ADMINS, allowed
from tests.end_to_end.lived import INGEST, Town, followed, logged
from tests.end_to_end.planted import planted, planted_lines, send_usage
from tests.end_to_end.readings import Read

BROKEN_BODIES = (
    "{",
    "[]",
    '{"week": "2026-W46"}',
    """{{"week": "2026-W46", "team": {{"name": "{name}"}}, "figures": {{"spend": {{"value":
    "about 1234.57", "step": "10"}}}}, "parameters": {{"minimum": 5, "share": "0.5",
    "strict": false}}, "coverage": null, "tiers": {{}}, "adoption": null}}""",
)
"""As no release was ever written down."""
FIRST_DAY = "2026-10-26"
"""Of the week in which something was planted."""
STATUS = "/usageadmin status"
FAILED = "That did not work"


@dataclass(frozen=True, kw_only=True)
class Provoked:
    """``counted`` is what admins may be told how many there are of, at the moment they asked."""

    told: list[Read]
    counted: set[Decimal]
    log: str


async def provoke(town: Town) -> Provoked:
    told, counted = [], set()
    with logged() as log:
        async for read in _failures(town):
            told.append(read)
            if read.what == STATUS:
                counted |= await allowed(town, OF_ADMINS["status"])
    town.kept.set_back()
    return Provoked(told=told, counted=counted, log=log.getvalue())


async def _failures(town: Town) -> AsyncIterator[Read]:
    for failing in (
        _unknown_words,
        _no_team_of_mine,
        _withheld_weeks,
        _broken_releases,
        _broken_usage,
        _a_table_that_takes_nothing,
        _days_that_cannot_be_kept,
        _refused_channels,
    ):
        async for read in failing(town):
            yield read


async def _unknown_words(town: Town) -> AsyncIterator[Read]:
    admin = town.world.admin
    for words in (
        *("thresholds set nothing 5", "thresholds set minimum_group_size 3", "nothing"),
        *("thresholds set monthly_budget much", "teams add", "teams remove nothing"),
        *("teams move nothing 3", "audit nothing", "admins add nobody"),
    ):
        yield await _typed(town, admin, "/usageadmin", words)
    stranger = town.company.employees[-1].slack_id
    yield await _typed(town, stranger, "/usageadmin", "status")


async def _no_team_of_mine(town: Town) -> AsyncIterator[Read]:
    smallest, other = town.company.teams[:2]
    for words in (other.name, "nothing", "9876.54"):
        yield await _typed(town, smallest.members[-1], "/teamusage", words)


async def _withheld_weeks(town: Town) -> AsyncIterator[Read]:
    smallest = town.company.teams[0]
    for who in (smallest.manager, smallest.members[1]):
        yield await _typed(town, who, "/teamusage", smallest.name)


async def _broken_releases(town: Town) -> AsyncIterator[Read]:
    """Of a team whose figures are shown; Upshot tells none of them, not even the whole ones."""
    team = town.company.teams[1]
    for body in BROKEN_BODIES:
        broken = body.format(name=team.name) if "{name}" in body else body
        town.kept.run(
            f"UPDATE ledger SET body = $body${broken}$body$ WHERE scope = 'team' AND team_id ="  # noqa: S608
            f" (SELECT id FROM teams WHERE name = '{team.name}')"
        )
        yield await _failed(town, team.manager, "/teamusage", team.name)
    town.kept.set_back()


async def _broken_usage(town: Town) -> AsyncIterator[Read]:
    """A row of somebody's that says what there is not."""
    numbers = await town.numbers_of_people()
    for person, _ in planted(town.company):
        town.kept.run(
            "UPDATE usage_records SET cost = 'NaN'"  # noqa: S608
            f" WHERE person_id = {numbers[person.slack_id]}"
        )
        yield await _failed(town, person.slack_id, "/myusage", "month")
    town.kept.set_back()


async def _a_table_that_takes_nothing(town: Town) -> AsyncIterator[Read]:
    """As if its disk were full, but that PostgreSQL then says which row it is about."""
    person, _ = next(planted(town.company))
    with _refusing(town, "logged_outcomes"):
        await followed(town.person.command("/myusage", "log", user_id=person.slack_id))
        given = {"log-kind": "document_published", "log-what": "A contract over $1,234.57"}
        form = town.world.slack.modals_of(person.slack_id)[-1]
        ack = await followed(town.person.fill(form, given))
        yield _read(person.slack_id, "log", ack)
    with _refusing(town, "preferences"):
        await followed(town.person.command("/myusage", "settings", user_id=person.slack_id))
        form = town.world.slack.modals_of(person.slack_id)[-1]
        ack = await followed(town.person.fill(form, {"settings-budget": "1234"}))
        yield _read(person.slack_id, "settings", ack)


async def _days_that_cannot_be_kept(town: Town) -> AsyncIterator[Read]:
    day = town.upshot.clock.now().date().replace(day=10)
    numbers = await town.numbers_of_people()
    people = [numbers[person.slack_id] for person, _ in planted(town.company)]
    town.kept.forget_what_was_said()
    with _refusing(town, "deliveries"):
        planning = town.upshot.queue.tasks["plan_digests"]
        await planning.defer_async(cadence="weekly", first_day=FIRST_DAY, people=people)
        await run_enqueued(town.upshot.queue)
    with _refusing(town, "usage_records"):
        yield Read(
            reader="the sender",
            what="ingest",
            payload=await send_usage(town.web, INGEST, planted_lines(town.company)),
        )
        for provider in ("anthropic", "cursor"):
            task = town.upshot.queue.tasks["collect_day"]
            await task.defer_async(provider=provider, day=str(day))
        await run_enqueued(town.upshot.queue)
    for question in ("status", "providers"):
        yield await _typed(town, town.world.admin, "/usageadmin", question)
    town.kept.set_back()


async def _refused_channels(town: Town) -> AsyncIterator[Read]:
    team, admin = town.company.teams[1], town.world.admin
    async with _channel(town, team, is_ext_shared=True, is_shared=True):
        add = f"teams add new <#{team.channel_id}|{team.channel_name}> <@{admin}>"
        yield await _typed(town, admin, "/usageadmin", add)
    async with _channel(town, team, is_archived=True):
        town.kept.run(
            "UPDATE deliveries SET state = 'planned' WHERE kind ="  # noqa: S608
            f" 'team_summary' AND channel = '{team.channel_id}' AND text <> ''"
        )
        await town.upshot.queue.tasks["deliver"].defer_async()
        await run_enqueued(town.upshot.queue)
    yield await _typed(town, admin, "/usageadmin", "status")
    town.kept.set_back()


@contextmanager
def _refusing(town: Town, table: str) -> Iterator[None]:
    """*table* takes no row any more, and says of each why."""
    town.kept.run(f"ALTER TABLE {table} ADD CONSTRAINT broken CHECK (false) NOT VALID")
    try:
        yield
    finally:
        town.kept.run(f"ALTER TABLE {table} DROP CONSTRAINT broken")


@asynccontextmanager
async def _channel(town: Town, team: Team, **changes: bool) -> AsyncIterator[None]:
    workspace = town.world.slack.workspace
    with workspace.lock:
        usual = workspace.channels.visible(team.channel_id)
        workspace.channels.replace(replace(usual, **changes))
    try:
        yield
    finally:
        with workspace.lock:
            workspace.channels.replace(usual)


async def _failed(town: Town, who: str, command: str, words: str) -> Read:
    read = await _typed(town, who, command, words)
    assert FAILED in read.shown, read.shown
    return read


async def _typed(town: Town, who: str, command: str, words: str) -> Read:
    ack = await followed(town.person.command(command, words, user_id=who))
    return _read(who, f"{command} {words}", ack)


def _read(who: str, what: str, ack: Ack) -> Read:
    return Read(reader=who, what=what, payload=ack.body)
