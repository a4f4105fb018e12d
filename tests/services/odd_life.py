"""One life, lived by three people who read three languages, and all that each of them is told."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.app import Upshot, open_upshot
from bot.blocks.delivery import without_native_blocks
from bot.clock import SetClock
from bot.database import DatabaseUrls
from bot.domain.coaching.nudges import Nudge, NudgeKind
from bot.domain.messages import Home, Message, Modal
from bot.domain.outcomes import Outcome
from bot.domain.people import DirectoryMember, Person
from bot.domain.periods import IsoWeek, midnight, month_of
from bot.domain.preferences import Cadence, Preferences
from bot.domain.usage import UsageRecord
from bot.playground.slack.block_kit import violations
from bot.settings import Settings
from db.health import HealthStore
from db.nudges import NudgeStore
from db.outcomes import OutcomeStore
from db.preferences import PreferenceStore
from handlers import ephemeral, home
from handlers.actions import ACTIONS, answer
from handlers.coaching import keep_settings
from handlers.modals import view_of
from handlers.usage import my_usage
from jobs import tasks
from tests.blocks.words import NEVER_SAID
from tests.db.server import TestUrls
from tests.factories import make_batch, make_day, make_record

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
"""A Monday on which digests of a day, a week and a month are due."""
SUNDAY = date(2026, 11, 1)
WEEK = IsoWeek.of(SUNDAY)
OCTOBER = month_of(date(2026, 10, 1))
READERS: Mapping[str, str] = {"ann": "en-US", "bea": "de-DE", "eva": "es-ES"}
IN_ENGLISH = "ann"
A_DAY = timedelta(days=1)
ASKED = (
    *("", "week", "month", "quarter", "outcomes", "log", "tips", "tag", "tag exploration"),
    *("estimate", "estimate 2M in 300k out", "estimate medium change", "estimate a lot"),
    *("settings", "privacy", "help", "no such word"),
)
BY_ITSELF = {
    "welcome:0001-01-01": "welcome",
    f"digest:{SUNDAY}:daily": "of Sunday",
    f"digest:{WEEK.monday + 2 * A_DAY}:daily": "of Wednesday",
    f"digest:{WEEK.monday}": "of the week",
    f"digest:{OCTOBER.first_day}:monthly": "of October",
}
"""What each message that was not asked for is called here; nudges and notes as in the outbox."""
MUTED = ("flat_plan", "log_invisible")
"""Two tips that each of them finds not useful, and then wants back."""
BRACES = "{count}{0}"
"""In what people typed themselves, and to be shown as they typed it."""
LEFT_OVER = re.compile(
    r"[{}\u202a-\u202e\u2066-\u2069]|\b(NaN|nan|Infinity|inf|None(?! of them)|null|Decimal)\b|∞"
    # a number of a computer's, and nothing with a sign
    r"|\d[Ee][+-]?\d|(?<!\w)[-\u2212](US|USD|EUR)?\s?[^\w\s]?0([.,]0+)?(?![.,]?\d)"
)
ON = {
    "anthropic": {"admin_key": "x"},
    "openai": {"admin_key": "x"},
    "cursor": {"api_key": "x"},
    "openrouter": {"management_key": "x"},
    "chatgpt": {"admin_key": "x", "workspace_id": "x"},
    "github": {"token": "x", "organization": "acme"},
}
"""The providers and the system of record that are on."""


@dataclass(frozen=True, slots=True)
class Said:
    """What came to be seen: a message, a form or a tab, as Slack is given it."""

    surface: str
    payload: dict[str, Any]

    @property
    def strings(self) -> list[str]:
        """All that anybody can read or hear of it."""
        return [*_strings(self.payload)]

    @property
    def parsed(self) -> str:
        """What Slack looks for links and mentions in."""
        return "\n".join([str(self.payload.get("text", "")), *_mrkdwn(self.payload)])

    @property
    def text(self) -> str:
        """All that is read aloud, or stands in a form or on a tab."""
        return str(self.payload.get("text") or "\n".join(self.strings))

    def faults(self) -> Iterator[str]:
        """What Slack would refuse, and what a person should never get to see."""
        yield from violations(self.payload, self.surface)
        json.dumps(self.payload, allow_nan=False)
        for words in self.strings:
            if found := LEFT_OVER.search(words.replace(BRACES, "")):
                yield f"{found[0]!r} in {words!r}"
            if judged := NEVER_SAID.search(words):
                yield f"{judged[0]!r} in {words!r}"


class Heard(dict[str, dict[str, Said]]):
    """By the reader, and by what it is."""

    def english(self, what: str) -> str:
        return self[IN_ENGLISH][what].text

    def everything(self) -> Iterator[tuple[str, str, Said]]:
        for reader, said in self.items():
            for what, each in said.items():
                yield reader, what, each

    def faults(self) -> list[str]:
        return [
            f"{reader}, {what}: {fault}"
            for reader, what, said in self.everything()
            for fault in said.faults()
        ]


@dataclass
class Life:
    """The same for each of the three; what is told to one is never told to another."""

    upshot: Upshot
    jobs: tasks.Parts
    clock: SetClock
    people: dict[str, Person] = field(default_factory=dict)

    async def enroll(self, **changes: Any) -> None:
        members = [
            DirectoryMember(
                slack_user_id=f"U{name.upper()}",
                email=f"{name}@example.com",
                time_zone=changes.get("time_zone", "Europe/London"),
                locale=changes.get("locale", locale),
            )
            for name, locale in READERS.items()
        ]
        await self.upshot.stores.people.sync(members, today=self.upshot.clock.now().date())
        for name in READERS:
            found = await self.upshot.stores.people.find(f"U{name.upper()}")
            assert found is not None
            self.people[name] = found

    async def use(
        self, day: date, *records: Mapping[str, Any], provider: str = "anthropic"
    ) -> None:
        """What each of them used; ``account`` is what theirs ends with."""
        each = [_record_of(name, **changes) for name in READERS for changes in records]
        emails = {
            record.account: f"{name}@example.com"
            for record in each
            for name in READERS
            if record.account is not None and record.account.startswith(name)
        }
        answer = make_day(*each, day=day, provider=provider, emails=emails)
        await self.upshot.stores.usage.replace_day(answer, self.clock.now())
        await self.tells(provider, NOW)
        # what is told later than what is known comes in its place
        self.clock.move_to(self.clock.now() + timedelta(milliseconds=1))

    async def spends(
        self, cost: str | None, weeks: range, *, provider: str = "anthropic", **changes: Any
    ) -> None:
        """So much on the Wednesday of each week, told by how far back from the last it is."""
        amount = None if cost is None else Decimal(cost)
        for back in reversed(weeks):
            day = WEEK.back(back).monday + 2 * A_DAY
            await self.use(day, {"cost": amount, **changes}, provider=provider)

    async def finishes(self, *outcomes: Outcome, source: str = "github") -> None:
        await OutcomeStore(self.upshot.database).replace(source, make_batch(*outcomes))
        await self.tells(source, NOW)
        await self.upshot.collector.settle()

    async def tells(self, source: str, through: datetime) -> None:
        await HealthStore(self.upshot.database).source_succeeded(source, through, NOW)

    async def chooses(self, chosen: Preferences) -> None:
        for person in self.people.values():
            await PreferenceStore(self.upshot.database).keep(person.id, chosen)

    async def hears(self) -> Heard:
        """Everything that there is to be heard, and all of it as it should be."""
        heard = Heard({name: {} for name in self.people})
        await self._by_itself(heard)
        for name, person in self.people.items():
            heard[name] |= {key: _said(shown) async for key, shown in self._asked(person)}
            heard[name] |= {key: _said(shown) async for key, shown in self._pressed(person)}
        if faults := heard.faults():
            raise AssertionError("\n".join(faults))
        return heard

    async def _by_itself(self, heard: Heard) -> None:
        await tasks.plan_welcomes(self.jobs)
        ids: list[int] = [person.id for person in self.people.values()]
        for cadence, first_day in (
            (Cadence.DAILY, SUNDAY),
            (Cadence.DAILY, SUNDAY - 4 * A_DAY),
            (Cadence.WEEKLY, WEEK.monday),
            (Cadence.MONTHLY, OCTOBER.first_day),
        ):
            await tasks.plan_digests(
                self.jobs, cadence=cadence.value, first_day=str(first_day), people=ids
            )
        await tasks.watch(self.jobs, through=str(SUNDAY), people=ids)
        async with self.upshot.database.for_jobs() as connection:
            rows = await connection.execute(
                text("SELECT channel, dedup_key, text, blocks FROM deliveries")
            )
            for channel, key, words, blocks in rows:
                name, (_, kind) = channel[1:].lower(), key.split(f"{channel}:")
                payload = {"channel": "D1", "text": words, "blocks": blocks}
                plain = without_native_blocks(Message(words, tuple(blocks)))
                heard[name][BY_ITSELF.get(kind, kind)] = Said("message", payload)
                heard[name][f"{kind} without charts"] = _said(plain)

    async def _asked(self, person: Person) -> AsyncIterator[tuple[str, Message | Modal | Home]]:
        for words in ASKED:
            command = {"user_id": person.slack_user_id, "text": words}
            yield f"/myusage {words}", await my_usage(self.upshot.services, command)
        yield "home", await home.page(self.upshot.services, person.slack_user_id)

    async def _pressed(self, person: Person) -> AsyncIterator[tuple[str, Message | Modal | Home]]:
        nudges = [*await self._nudged(person)]
        for action, values in {
            "settings_open": [""],
            "digest_privacy": [""],
            "log_outcome": [""],
            "tip_not_useful": ["no_such_tip", *MUTED],
            "tip_again": ["no_such_tip", *MUTED],
            "nudge_check": ["", *nudges],
            "nudge_expected": ["", *nudges],
            "nudge_exploration": ["", *nudges],
            "nudge_never": ["", *nudges],
            "usual_restart": [""],
            "digest_less": ["", ""],
            "digest_stop": [""],
            "digest_start": [""],
        }.items():
            for value in values:
                yield f"{action} {value}", await self._press(person, action, value)
        for typed in ("", "200", "-5", "a lot"):
            kept = await keep_settings(self.upshot.services, person, _form(typed))
            if isinstance(kept, Modal):
                yield f"settings {typed}", kept
        for words in ("", "month", "tips", "outcomes", "settings"):
            command = {"user_id": person.slack_user_id, "text": words}
            yield f"afterwards /myusage {words}", await my_usage(self.upshot.services, command)
        yield "afterwards home", await home.page(self.upshot.services, person.slack_user_id)

    async def _press(self, person: Person, action: str, value: str) -> Message | Modal:
        body = {
            "user": {"id": person.slack_user_id},
            "actions": [{"action_id": action, "value": value}],
        }
        return await answer(self.upshot.services, ACTIONS[action], body)

    async def _nudged(self, person: Person) -> list[str]:
        """Whoever was told nothing so far was told of both kinds now, to have the answers."""
        of_kind = {
            NudgeKind.TWO_WEEKS: (WEEK.back(1).monday, SUNDAY),
            NudgeKind.COST_GUARD: (WEEK.monday + 2 * A_DAY, WEEK.monday + 2 * A_DAY),
        }
        told = [
            Nudge(
                kind=kind,
                first_day=first,
                last_day=last,
                spend=(Decimal(300),),
                low=Decimal(1),
                high=Decimal(2),
            )
            for kind, (first, last) in of_kind.items()
        ]
        store = NudgeStore(self.upshot.database)
        await store.keep([(person.id, nudge) for nudge in told], NOW.date())
        return [f"{nudge.kind}:{nudge.first_day}" for nudge in told]


@asynccontextmanager
async def living(urls: TestUrls, folder: Path) -> AsyncIterator[Life]:
    """Upshot as it is put together for everybody, over a database of its own."""
    settings = Settings.model_validate({"data_dir": folder, **ON})
    clock = SetClock(NOW)
    async with open_upshot(settings, DatabaseUrls(urls.owner, urls.worker), clock) as upshot:
        life = Life(upshot=upshot, jobs=_jobs(upshot), clock=clock)
        for source in ON:
            await life.tells(source, midnight(NOW.date()))
        yield life


def _jobs(upshot: Upshot) -> tasks.Parts:
    return tasks.Parts(
        clock=upshot.clock,
        collector=upshot.collector,
        digests=upshot.digests,
        releases=upshot.releases,
        summaries=upshot.summaries,
        watcher=upshot.watcher,
        health=upshot.stores.health,
        teams=upshot.stores.teams,
        administration=upshot.stores.administration,
        providers={},
        sources={},
        names=upshot.services.names,
        language=upshot.services.language,
        sync_directory=None,
        sender=None,
    )


def _record_of(name: str, *, account: str = "", **changes: Any) -> UsageRecord:
    return make_record(f"{name}{account}", **changes)


def _form(budget: str) -> dict[str, Any]:
    given = {
        "settings-cadence": {"selected_option": {"value": "weekly"}},
        "settings-topics": {"selected_options": [{"value": "tips"}, {"value": "nudges"}]},
        "settings-budget": {"value": budget},
        "settings-usual": {"selected_options": [{"value": "anew"}]},
    }
    return {"state": {"values": {block: {"value": element} for block, element in given.items()}}}


def _mrkdwn(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        if part.get("type") == "mrkdwn":
            yield str(part["text"])
        for inner in part.values():
            yield from _mrkdwn(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _mrkdwn(inner)


def _said(shown: Message | Modal | Home) -> Said:
    match shown:
        case Message():
            return Said("message", ephemeral(shown))
        case Modal():
            return Said("modal", view_of(shown))
        case Home():
            return Said("home", {"type": "home", "blocks": list(shown.blocks)})


_UNREAD = {"type", "block_id", "action_id", "value", "callback_id", "style", "url", "channel"}
_UNREAD |= {"private_metadata", "response_type", "initial_date", "align"}


def _strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for key, inner in part.items():
            if key not in _UNREAD:
                yield from _strings(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _strings(inner)
