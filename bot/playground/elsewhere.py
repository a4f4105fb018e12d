"""The others' side in a process of its own, as it is in the world: it takes none of our time."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from bot.clock import SetClock
from bot.playground.company import Company
from bot.playground.providers import anthropic_app, openai_app
from bot.playground.providers.copilot import copilot_app
from bot.playground.providers.cursor import cursor_app
from bot.playground.providers.kiro import kiro_bucket
from bot.playground.providers.litellm import litellm_app
from bot.playground.serving import serving
from bot.playground.systems import confluence_app, jira_app, zendesk_app

APPS = (
    *(anthropic_app, openai_app, copilot_app, cursor_app, litellm_app),
    *(jira_app, confluence_app, zendesk_app),
)


class Urls(NamedTuple):
    anthropic: str
    openai: str
    copilot: str
    cursor: str
    litellm: str
    jira: str
    confluence: str
    zendesk: str
    s3: str
    identity_store: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The process and where it answers."""

    urls: Urls
    _process: Connection

    def heed(self, person: str, rule: str, today: date) -> None:
        """Let *person* take up a tip there too."""
        self._process.send((person, rule, today))


class SharedClock(SetClock):
    """A clock that the process elsewhere reads too."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.shared = get_context("spawn").Value("d", now.timestamp())

    def move_to(self, now: datetime) -> None:
        super().move_to(now)
        self.shared.value = now.timestamp()


@contextmanager
def served_elsewhere(company: Company, clock: SharedClock) -> Iterator[Elsewhere]:
    """The APIs that *company* uses; those behind them know what time it is for us."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(company, clock.shared, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Elsewhere(Urls(*ours.recv()), ours)
    finally:
        ours.send(None)
        process.join(timeout=10)
        process.kill()


def _serve(company: Company, shared: Any, parent: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def now() -> datetime:
        return datetime.fromtimestamp(shared.value, UTC)

    with ExitStack() as stack:
        apps = [make(company, now=now) for make in APPS]
        urls = [stack.enter_context(serving(app)) for app in apps]
        parent.send((*urls, *stack.enter_context(kiro_bucket(company))))
        while (heeded := parent.recv()) is not None:
            company.heed(*heeded)
