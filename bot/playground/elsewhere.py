"""The others' side in a process of its own, as it is in the world: it takes none of our time."""

from __future__ import annotations

import signal
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final

from starlette.applications import Starlette

from bot.clock import SetClock
from bot.playground.company import Company
from bot.playground.providers import anthropic_app, openai_app
from bot.playground.providers.copilot import copilot_app
from bot.playground.providers.cursor import cursor_app
from bot.playground.providers.kiro import kiro_bucket
from bot.playground.providers.litellm import litellm_app
from bot.playground.serving import serving
from bot.playground.systems import confluence_app, jira_app, zendesk_app
from bot.signals import AT_A_TERMINAL

APPS: Final[Mapping[str, Callable[..., Starlette]]] = {
    "anthropic": anthropic_app,
    "openai": openai_app,
    "copilot": copilot_app,
    "cursor": cursor_app,
    "litellm": litellm_app,
    "jira": jira_app,
    "confluence": confluence_app,
    "zendesk": zendesk_app,
}
KIRO = "kiro"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The process, and where each source answers that is served there."""

    urls: Mapping[str, str]
    _process: Connection

    def heed(self, person: str, rule: str, today: date) -> None:
        """Let *person* take up a tip there too."""
        self._asked("heed", person, rule, today)

    def grow(self, until: datetime) -> None:
        """Let what is written into files there be there as far as *until*."""
        if KIRO in self.urls:
            self._asked("grow", until)

    def _asked(self, *question: object) -> None:
        """Wait for it to be done, so that it is there for whoever looks next."""
        self._process.send(question)
        self._process.recv()


class SharedClock(SetClock):
    """A clock that the process elsewhere reads too."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        # with it comes a process of Python's own, which ignores Ctrl-C but not the terminal's end
        before = signal.pthread_sigmask(signal.SIG_BLOCK, AT_A_TERMINAL)
        self.shared = get_context("spawn").Value("d", now.timestamp())
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def move_to(self, now: datetime) -> None:
        super().move_to(now)
        self.shared.value = now.timestamp()


@contextmanager
def served_elsewhere(
    company: Company, clock: SharedClock, sources: Collection[str]
) -> Iterator[Elsewhere]:
    """The APIs of *sources*; those behind them know what time it is for us."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    asked = (company, clock.shared, theirs, frozenset(sources))
    process = context.Process(target=_serve, args=asked, daemon=True)
    process.start()
    theirs.close()
    try:
        yield Elsewhere(ours.recv(), ours)
    finally:
        _end(ours, process)


def _end(connection: Connection, process: BaseProcess) -> None:
    with suppress(OSError):
        connection.send(None)
    process.join(timeout=10)
    process.kill()


def _serve(company: Company, shared: Any, parent: Connection, sources: frozenset[str]) -> None:
    for number in AT_A_TERMINAL:
        signal.signal(number, signal.SIG_IGN)

    def now() -> datetime:
        return datetime.fromtimestamp(shared.value, UTC)

    with ExitStack() as stack:
        apps = {name: make(company, now=now) for name, make in APPS.items() if name in sources}
        urls = {name: stack.enter_context(serving(app)) for name, app in apps.items()}
        doing: dict[str, Callable[..., object]] = {"heed": company.heed}
        if KIRO in sources:
            bucket = stack.enter_context(kiro_bucket(company))
            urls[KIRO], doing["grow"] = bucket.endpoint, bucket.grow
        parent.send(urls)
        while (question := parent.recv()) is not None:
            what, *given = question
            doing[what](*given)
            parent.send(what)
