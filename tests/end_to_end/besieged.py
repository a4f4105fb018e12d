"""A workspace in which somebody wants to read what is another's, and all that they got to see."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator, Awaitable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import text

from bot.app import Upshot, open_upshot
from bot.blocks.kit import actions, button, message, section
from bot.clock import SetClock
from bot.database import DatabaseUrls
from bot.domain.people import Identity, Proof
from bot.ingest import Config as IngestConfig
from bot.ingest_door import PATH
from bot.listening import make_app_of_web
from bot.playground.slack.channels import SlackChannel
from bot.playground.slack.directory import SlackUser
from bot.playground.slack.person import Ack, Person
from bot.playground.slack.signing import HONEST, Tampering
from bot.playground.slack.stand_in import BOT_TOKEN, SIGNING_SECRET, SlackStandIn
from bot.playground.world import SENDS_PER_MINUTE, WorldSettings
from bot.ports import OutcomeBatch
from bot.settings import Delivery
from bot.slack.config import Config as SlackConfig
from bot.telemetry import Config as TelemetryConfig
from jobs.once import run_all_due
from tests.db.server import TestUrls
from tests.end_to_end.lived import followed
from tests.factories import make_batch, make_outcome

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
YESTERDAY, LAST_WEEK = date(2026, 11, 17), date(2026, 11, 12)
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
CLAIMED = "example.com"
ADDRESS = f"vera.quist@{CLAIMED}"
VERA = SlackUser(id="UVERA", name="vera", email=ADDRESS)
MALLORY = SlackUser(id="UMALLORY", name="mallory", email="mallory@example.com")
BOSS = SlackUser(id="UBOSS", name="boss", email="boss@example.com")
SHARED = SlackChannel(id="C0HALL", name="hall", members=(VERA.id, MALLORY.id, BOSS.id))
SITE = "http://upshot.example"
EVENTS = f"{SITE}/slack/events"
INGEST_TOKEN = "an-ingest-token-of-30-characters"
OTLP_TOKEN = "a-telemetry-token-of-32-characters"

ACME = "ingest:acme"
ACCOUNT = "vq-40921"
"""Vera's, as the provider calls it for ever; nobody who attacks types it."""
COST = Decimal("1234.57")
WORD = "zephyrquill"
"""In a model, a title and the name of a piece of work of Vera's."""
MODEL, TITLE, WORK = f"{WORD}-5", f"A {WORD} of the board", f"{WORD}#1"
MARKS = (ACCOUNT, WORD, "1234.57", "1,234.57", "1,235", "2469.14", "2,469.14", "2,469", "86423")
OWN = frozenset({(ACME, "mal-1")})
"""What is rightly the attacker's."""

QUESTIONS = {
    "/myusage": ("", "month", "outcomes", "tips", "log", "tag", "accounts", "settings", "export"),
    "/teamusage": ("",),
    "/usageadmin": ("accounts", "audit", "status"),
}
BRIEF_QUESTIONS = {"/myusage": ("", "export")}
FEW = 3
"""More than so many attackers ask briefly."""
_HELD = (
    "SELECT source, account FROM account_links l JOIN people p ON p.id = l.person_id WHERE {them}"
    " UNION SELECT source, account FROM accounts a JOIN people p ON p.id = a.person_id WHERE {them}"
    " UNION SELECT provider, account FROM usage_records u JOIN people p ON p.id = u.person_id"
    "  WHERE {them}"
    " UNION SELECT provider, account FROM received_usage u JOIN people p ON p.id = u.person_id"
    "  WHERE {them}"
    " UNION SELECT source, account FROM outcome_credits c JOIN people p ON p.id = c.person_id"
    "  WHERE {them}"
)


@dataclass(frozen=True, slots=True)
class SignOn:
    """A code host that tells of accounts by their numbers, and whose the sign-on says they are."""

    batch: OutcomeBatch
    name: str = "github"

    async def collect(self, *_: Any, **__: Any) -> OutcomeBatch:
        return self.batch


@dataclass(kw_only=True)
class Town:
    """Everybody's keyboard, everybody's provider, and what came back to whom."""

    slack: SlackStandIn
    upshot: Upshot
    clock: SetClock
    client: httpx.AsyncClient
    acks: list[tuple[str, Ack]] = field(default_factory=list)
    made_up: set[str] = field(default_factory=set)
    """Messages that never came from the bot."""

    @property
    def keyboard(self) -> Person:
        return Person(self.slack, EVENTS, client=self.client)

    async def types(
        self,
        command: str,
        who: str = MALLORY.id,
        *,
        in_channel: str | None = None,
        tampering: Tampering = HONEST,
    ) -> Ack:
        word, _, words = command.partition(" ")
        typing = self.keyboard.command(
            word, words, user_id=who, channel_id=in_channel, tampering=tampering
        )
        return await self._heard(who, typing)

    async def presses(self, action: str, value: str, who: str = MALLORY.id) -> Ack:
        """A button with any *value*, as whoever can read one may send it."""
        shown = message("x", section("s", "x"), actions("row", button("x", action, value=value)))
        payload = {"text": shown.text, "blocks": list(shown.blocks)}
        with self.slack.workspace.lock:
            dm = self.slack.workspace.channels.dm_with(who)
            bot = self.slack.workspace.bot.id
            posted = self.slack.workspace.messages.post(dm.id, bot, payload)
        self.made_up.add(posted.ts)
        return await self._heard(who, self.keyboard.press(action, user_id=who, on=posted))

    async def fills(self, of: str, given: Mapping[str, Any], who: str, **changes: Any) -> Ack:
        """*who* sends the form that is open at *of*'s, with *changes* to what the form carries."""
        view = self.slack.modals_of(of)[-1]
        forged = replace(view, payload={**view.payload, **changes})
        return await self._heard(who, self.keyboard.fill(forged, given, user_id=who))

    async def opens_home(self, who: str = MALLORY.id) -> None:
        await self._heard(who, self.keyboard.open_home(user_id=who))

    async def _heard(self, who: str, doing: Awaitable[Ack]) -> Ack:
        ack = await followed(doing)
        self.acks.append((who, ack))
        return ack

    def has(self, *users: SlackUser, without: Collection[str] = ()) -> None:
        """Slack's directory from now on: *users* new or changed, others gone."""
        with self.slack.workspace.lock:
            self.slack.workspace.users.update({user.id: user for user in users})
            for gone in without:
                user = self.slack.workspace.users[gone]
                self.slack.workspace.users[gone] = replace(user, deleted=True)

    async def reads_directory(self, *users: SlackUser, without: Collection[str] = ()) -> None:
        self.has(*users, without=without)
        assert self.upshot.slack is not None
        await self.upshot.slack.sync_directory()

    async def provider_tells(
        self, account: str, email: str | None, cost: Decimal = COST, **changes: Any
    ) -> None:
        """Usage of last week and of yesterday, through the door that platforms send it to."""
        user = {"id": account} if email is None else {"id": account, "email": email}
        lines = [_line(account, user, cost, day, changes) for day in (LAST_WEEK, YESTERDAY)]
        answer = await self.client.post(
            PATH,
            content="\n".join(map(json.dumps, lines)),
            headers={
                "authorization": f"Bearer {INGEST_TOKEN}",
                "content-type": "application/x-ndjson",
            },
        )
        assert answer.json().get("accepted") == len(lines), answer.text

    async def sign_on_says(self, email: str, account: str = "583231", work: str = WORK) -> None:
        identity = Identity(email=email, proof=Proof.IDP)
        done = make_outcome(1, account, source="github", source_id=work)
        done = replace(done, completed_at=NOW - A_DAY)
        batch = make_batch(done, identities={account: identity}, data_through=self.clock.now())
        await self.upshot.collector.collect_outcomes(SignOn(batch))
        await self.upshot.collector.settle()

    async def owners(self, source: str = ACME, account: str = ACCOUNT) -> list[str]:
        """Whose *account* is now."""
        rows = await self.rows(
            "SELECT slack_user_id FROM account_links l JOIN people p ON p.id = l.person_id"
            " WHERE source = :source AND account = :account AND valid_to = '9999-12-31'",
            source=source,
            account=account,
        )
        return [who for (who,) in rows]

    async def passes(self, time: timedelta) -> None:
        """Time, with all that falls due by then."""
        self.clock.move_to(self.clock.now() + time)
        await run_all_due(self.upshot.queue, self.upshot.tick)

    async def rows(self, query: str, **asked: object) -> list[tuple[Any, ...]]:
        async with self.upshot.database.for_jobs() as connection:
            return [tuple(row) for row in await connection.execute(text(query), asked)]

    async def asks_everything(self, who: str, *, briefly: bool = False) -> None:
        for command, questions in (BRIEF_QUESTIONS if briefly else QUESTIONS).items():
            for words in questions:
                await self.types(f"{command} {words}".strip(), who, in_channel=SHARED.id)
        if not self.slack.workspace.users[who].is_bot:
            await self.opens_home(who)

    def received_by(self, who: str) -> str:
        """All that ever came to *who*, seen or hidden, with what is in the files."""
        return "\n".join(self._received_by(who))

    def _received_by(self, who: str) -> Iterator[str]:
        slack = self.slack
        for asker, ack in self.acks:
            if asker == who:
                yield json.dumps(ack.body, ensure_ascii=False, default=str)
        for told in (*slack.ephemerals_to(who), *slack.dms_to(who)):
            if told.ts not in self.made_up:
                yield json.dumps(told.payload, ensure_ascii=False, default=str)
        home = slack.home_of(who)
        for view in (*slack.modals_of(who), *([home] if home else [])):
            yield json.dumps(view.payload, ensure_ascii=False, default=str)
        for file in slack.files_of(who):
            with zipfile.ZipFile(io.BytesIO(file.content or b"")) as packed:
                for name in packed.namelist():
                    yield f"{name}\n{packed.read(name).decode()}"

    async def taken(self, *by: str, rightly: Collection[tuple[str, str]] = OWN) -> list[str]:
        """What *by* have of others', when all has come that comes by itself: links, bytes.

        Empty is what every attack has to end with.
        """
        attackers = by or (MALLORY.id,)
        before = await self._links_of(attackers, rightly)
        await self.passes(8 * A_DAY)
        now = await self.taken_by_now(*attackers, rightly=rightly)
        return list(dict.fromkeys([*before, *now]))

    async def taken_by_now(self, *by: str, rightly: Collection[tuple[str, str]] = OWN) -> list[str]:
        attackers = by or (MALLORY.id,)
        for who in attackers:
            await self.asks_everything(who, briefly=len(attackers) > FEW)
        return [*await self._links_of(attackers, rightly), *self._bytes_of(attackers)]

    async def _links_of(
        self, attackers: Collection[str], rightly: Collection[tuple[str, str]]
    ) -> list[str]:
        them = _HELD.format(them="p.slack_user_id = ANY(CAST(:them AS text[]))")
        held = set(await self.rows(them, them=list(attackers)))
        return [f"link: {source} {account}" for source, account in sorted(held - set(rightly))]

    def _bytes_of(self, attackers: Collection[str]) -> list[str]:
        received = {who: self.received_by(who).lower() for who in attackers}
        return [
            f"{who}: {mark}" for who, said in received.items() for mark in MARKS if mark in said
        ]


def _line(
    account: str, user: Mapping[str, str], cost: Decimal, day: date, changes: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "record_id": f"{account}:{day}",
        "source": "acme",
        "kind": "usage_daily",
        "period_start": f"{day}T00:00:00Z",
        "period_end": f"{day + A_DAY}T00:00:00Z",
        "user": user,
        "product": "agent",
        "model": MODEL if cost == COST else "plain-1",
        "provider": "openai",
        "requests": 86423 if cost == COST else 3,
        "cost": {"amount": str(cost), "currency": "USD", "basis": "billed"},
        **changes,
    }


@asynccontextmanager
async def besieged(urls: TestUrls, folder: Path) -> AsyncIterator[Town]:
    """Vera works and has told of her work; Mallory is here too, with a little use of her own."""
    slack = SlackStandIn(users=(VERA, MALLORY, BOSS), channels=(SHARED,))
    clock = SetClock(NOW)
    with slack.serving():
        settings = WorldSettings(
            data_dir=folder / "data",
            admins=(BOSS.id,),
            claimed_domains=(CLAIMED,),
            backfill_days=7,
            delivery=Delivery(per_minute=SENDS_PER_MINUTE, settle_seconds=1),
            slack=SlackConfig(
                bot_token=SecretStr(BOT_TOKEN),
                signing_secret=SecretStr(SIGNING_SECRET),
                api_url=slack.api_url,
            ),
            ingest=IngestConfig(token=SecretStr(INGEST_TOKEN)),
            otlp=TelemetryConfig(token=SecretStr(OTLP_TOKEN)),
        )
        given = DatabaseUrls(owner=urls.owner, worker=urls.worker)
        async with open_upshot(settings, given, clock) as upshot:
            web = httpx.ASGITransport(make_app_of_web(upshot))
            async with httpx.AsyncClient(transport=web, base_url=SITE) as client:
                town = Town(slack=slack, upshot=upshot, clock=clock, client=client)
                await _settle_in(town)
                yield town


async def _settle_in(town: Town) -> None:
    await town.reads_directory()
    await town.provider_tells(ACCOUNT, VERA.email)
    await town.provider_tells("mal-1", MALLORY.email, Decimal("5.25"))
    await town.types("/myusage log", VERA.id)
    given = {"log-kind": "document_published", "log-what": TITLE}
    await town.fills(VERA.id, given, VERA.id)
    await town.types("/myusage tag exploration", VERA.id)
    await town.passes(AN_HOUR)
