"""All that left Upshot in a season and after it, by where it went."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

from starlette.routing import Route

from bot.blocks.team import render_team_summary
from bot.domain.messages import Message
from bot.language import Language
from bot.language.catalogues import language_of
from bot.listening import make_app_of_web
from tests.end_to_end.allowances import OF_ADMINS
from tests.end_to_end.exact_amounts import Exact, exact_amounts
from tests.end_to_end.lived import INGEST, Town, followed, logged
from tests.end_to_end.log_lines import entries
from tests.end_to_end.planted import planted, planted_lines, send_usage
from tests.end_to_end.provoked import Provoked, provoke
from tests.end_to_end.readings import Read, posted, sent
from tests.end_to_end.released_figures import Ledger, read_ledger

ENGLISH = language_of(None)
ADDRESSES = (
    *("/healthz", "/readyz", "/metrics", "/status", "/health", "/stats", "/debug", "/"),
    *("/slack/events", "/ingest/usage", "/v1/logs", "/v1/metrics"),
)


@dataclass(frozen=True, kw_only=True)
class Season:
    """All that left Upshot, by where it went."""

    town: Town
    ledger: Ledger
    exact: Exact
    posted: Sequence[Read]
    usage: Sequence[Read]
    previews: Sequence[Read]
    exports: Sequence[Read]
    of_admins: Sequence[Read]
    served: Sequence[Read]
    sent: Sequence[Read]
    provoked: Provoked
    log: str

    def say(self, reader: str) -> Language:
        person = self.town.company.people.get(reader)
        return language_of(person.locale, person.time_zone) if person else ENGLISH

    def of_many(self) -> Iterator[Read]:
        """All but what people get of their own."""
        for reads in (self.posted, self.usage, self.previews, self.of_admins, self.served):
            yield from reads
        yield from self.provoked.told
        for entry in entries(self.log + self.provoked.log):
            yield Read(reader="the log", what="logged", payload=entry)


async def season_of(town: Town) -> Season:
    """Whatever is changed for it is set back."""
    with logged() as more:
        usage = [read async for read in asked_of_teams(town)]
        of_admins = [read async for read in asked_by_admins(town)]
        exports = [read async for read in exported(town)]
        served = [read async for read in asked_of_the_web(town)]
        previews = [read async for read in previewed(town)]
    return Season(
        town=town,
        ledger=await read_ledger(town),
        exact=await exact_amounts(town),
        posted=posted(town),
        usage=usage,
        previews=previews,
        exports=exports,
        of_admins=of_admins,
        served=served,
        sent=sent(town),
        provoked=await provoke(town),
        log=town.log.getvalue() + more.getvalue(),
    )


async def asked_of_teams(town: Town) -> AsyncIterator[Read]:
    """Everybody asks for the own team, and each manager for all; ``what`` is the team."""
    for team in town.company.teams:
        for who in team.members:
            yield await typed(town, who, "/teamusage", "", what=team.name)
        yield await typed(town, team.manager, "/teamusage", team.name, what=team.name)


async def asked_by_admins(town: Town) -> AsyncIterator[Read]:
    for question in OF_ADMINS:
        words = "thresholds set summary_hour 10" if question == "thresholds set" else question
        yield await typed(town, town.world.admin, "/usageadmin", words, what=question)
    yield await typed(town, town.world.admin, "/usageadmin", "audit 50", what="audit")


async def exported(town: Town) -> AsyncIterator[Read]:
    """Of the manager, of an admin, and of a colleague of each of whom something was planted."""
    teams = {team.name: team for team in town.company.teams}
    for person, _ in planted(town.company):
        team = teams[person.team]
        for who in (team.manager, town.world.admin, team.members[-1], person.slack_id):
            before = len(town.world.slack.files_of(who))
            asked = town.person.command("/myusage", "export", user_id=who)
            await followed(asked)
            for file in town.world.slack.files_of(who)[before:]:
                for name, content in unpacked(file.content or b""):
                    yield Read(reader=who, what=f"export {name}", payload=content)


def unpacked(content: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield name, archive.read(name).decode()


async def asked_of_the_web(town: Town) -> AsyncIterator[Read]:
    app = make_app_of_web(town.upshot)
    routes = {route.path for route in app.routes if isinstance(route, Route)}
    for address in sorted({*ADDRESSES, *routes}):
        answer = await town.web.get(f"http://upshot.example{address}")
        told = {"text": answer.text, "headers": dict(answer.headers)}
        told["headers"].pop("content-length", None)
        yield Read(reader="anybody", what=address, payload=told)
    broken = ["not a record", *planted_lines(town.company)[:1]]
    payload = await send_usage(town.web, INGEST, broken)
    yield Read(reader="the sender", what=INGEST, payload=payload)
    town.kept.set_back()


async def previewed(town: Town) -> AsyncIterator[Read]:
    """What the operator can look at before a channel is told."""
    upshot = town.upshot
    for team in await upshot.stores.teams.all():
        report = await upshot.summaries.preview(team, await upshot.releases.preview(team))
        told = render_team_summary(ENGLISH, report, upshot.services.names)
        yield read_of(team.name, "preview", told)


async def typed(town: Town, who: str, command: str, words: str, *, what: str) -> Read:
    ack = await town.person.command(command, words, user_id=who)
    assert ack.status == 200, ack
    return Read(reader=who, what=what, payload=ack.body)


def read_of(reader: str, what: str, told: Message) -> Read:
    payload = {"text": told.text, "blocks": json.loads(json.dumps(told.blocks))}
    return Read(reader=reader, what=what, payload=payload)
