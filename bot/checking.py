"""``upshot check``: what is on, and does it work. Each source is asked for data, not for a key."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.app import Upshot
from bot.blocks.threshold_wording import fixed
from bot.capabilities import COLUMNS, columns_of
from bot.domain.agreement import Agreement
from bot.domain.teams import Team
from bot.domain.thresholds import THRESHOLDS
from bot.errors import UpshotError
from bot.language import ENGLISH
from bot.ports import OutcomeBatch, OutcomeSource, UsageProvider
from bot.services.handover import understood
from bot.slack_side import SlackSide
from bot.weaknesses import of_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    what: str
    is_fine: bool
    said: str
    hint: str = ""
    can: tuple[tuple[str, str], ...] = ()
    """What a provider can tell: the row of the README's table."""


async def findings(upshot: Upshot) -> AsyncIterator[Finding]:
    """One after the other, as they come; none of them changes anything."""
    now = upshot.clock.now()
    weaknesses = await upshot.database.weaknesses()
    said = weaknesses or ("reached, up to date, and row-level security holds",)
    for sentence in said:
        yield Finding(what="database", is_fine=True, said=sentence)
    for sentence in of_settings(upshot.settings):
        yield Finding(what="settings", is_fine=True, said=sentence)
    yield Finding(what="agreement", is_fine=True, said=in_force(upshot.administration.agreement))
    if upshot.slack is None:
        yield Finding(what="slack", is_fine=True, said="off: nothing is sent or answered")
    else:
        yield await _asked("slack", _workspace(upshot.slack))
        for finding in silent_teams(await upshot.stores.teams.all()):
            yield finding
    for provider in upshot.sources.providers:
        found = await _asked(provider.name, _records(provider, now.date() - timedelta(days=1)))
        yield replace(found, can=what_it_tells(provider))
    for finding in counted_twice(upshot.sources.providers):
        yield finding
    for source in upshot.sources.outcomes:
        known = await upshot.collector.outcomes.known_projects(source.name)
        yield await _asked(source.name, _outcomes(source, now, known))


def in_force(agreement: Agreement | None) -> str:
    if agreement is None:
        return "none: no setting is fixed by an agreement"
    bounds = [
        f"{name} {fixed(ENGLISH, THRESHOLDS[name], bound)}"
        for name, bound in agreement.bounds.items()
    ]
    title = f"{agreement.title}, {agreement.signed_on}, sha256 {agreement.sha256}"
    return f"{title}: {ENGLISH.listed(bounds)}"


def silent_teams(teams: Sequence[Team]) -> Iterator[Finding]:
    """The teams whose channel cannot be told anything, all in one."""
    if silent := [team.name for team in teams if team.channel_problem is not None]:
        said = f"{len(silent)} cannot be told anything in their channel: {ENGLISH.listed(silent)}"
        hint = "Invite Upshot to the channels, or give the teams others; none that is shared."
        yield Finding(what="teams", is_fine=False, said=said, hint=hint)


def counted_twice(providers: Sequence[UsageProvider]) -> Iterator[Finding]:
    """A word of warning where a gateway is read and what may be behind it as well."""
    others = [each.title for each in providers if not each.capabilities.sees_others]
    for gateway in providers:
        if gateway.capabilities.sees_others and others:
            said = f"what it passes on to {ENGLISH.listed(others)} is counted here and there"
            hint = "Read such use from one of them; see docs/money.md."
            yield Finding(what=gateway.name, is_fine=True, said=said, hint=hint)


def what_it_tells(provider: UsageProvider | type[UsageProvider]) -> tuple[tuple[str, str], ...]:
    """The provider's row of the README's table, by column."""
    return tuple(zip(COLUMNS, columns_of(provider.capabilities), strict=True))


async def _asked(what: str, answer: Awaitable[str]) -> Finding:
    try:
        return Finding(what=what, is_fine=True, said=await answer)
    except UpshotError as error:
        return Finding(what=what, is_fine=False, said=str(error), hint=error.hint)


async def _workspace(slack: SlackSide) -> str:
    members = await slack.directory.members()
    people = [member for member in members if member.is_eligible]
    told = sum(member.email is not None for member in people)
    return f"{len(people)} people, {told} of them with an e-mail address"


async def _records(provider: UsageProvider, day: date) -> str:
    answer = await understood(provider, day)
    told = f"{len(answer.records):,} records for {day}"
    return f"{told}; look at: {', '.join(answer.oddities)}" if answer.oddities else told


async def _outcomes(
    source: OutcomeSource, now: datetime, known: Mapping[str, datetime | None]
) -> str:
    batch = await source.collect(now, since=now)
    told = f"{len(batch.outcomes):,} outcomes"
    lost = _lost(batch, known)
    return (
        f"{told}; {ENGLISH.listed(lost)} cannot be read any more: what had settled stays"
        if lost
        else told
    )


def _lost(batch: OutcomeBatch, known: Mapping[str, datetime | None]) -> list[str]:
    """Projects in which work was found once, and that are not open to us now."""
    if batch.readable is None:
        return sorted(project for project, since in known.items() if since is not None)
    return sorted(known.keys() - batch.readable)
