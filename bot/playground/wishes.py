"""What somebody wants to see, made sure of before anything is started."""

from __future__ import annotations

import errno
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.playground.company.teams import FEWEST_PEOPLE
from bot.playground.errors import (
    DemoError,
    FolderError,
    PageLibraryError,
    PortForbiddenError,
    PortTakenError,
)
from bot.playground.sources import ALL, chosen

LOOPBACK = "127.0.0.1"
MOST_PEOPLE, MOST_WEEKS, HIGHEST_PORT = 5_000, 104, 65_535
USUAL_SOURCES: Final = frozenset({"anthropic", "openai", "git", "jira", "zendesk"})
"""Enough for everybody to have some, and few enough to be quick; ``--check`` takes every one."""
NOTHING_LASTS: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""PostgreSQL's settings: nobody wants the made-up rows back after a power cut."""
SMALL = (60, 6)
LARGE = (200, 13)
"""People and weeks: what one looks at, and what ``--check`` proves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    people: int
    weeks: int
    seed: int
    today: date
    sources: frozenset[str]
    is_check: bool


def wished(
    *,
    people: int | None,
    weeks: int | None,
    seed: int,
    today: date,
    sources: str | None,
    is_check: bool,
) -> Wishes:
    """With what is usual where nothing was said; raises ``DemoError``."""
    usual_people, usual_weeks = LARGE if is_check else SMALL
    return Wishes(
        people=_within("--people", people, usual_people, FEWEST_PEOPLE, MOST_PEOPLE),
        weeks=_within("--weeks", weeks, usual_weeks, 1, MOST_WEEKS),
        seed=seed,
        today=today,
        sources=_sources(sources, is_check=is_check),
        is_check=is_check,
    )


def _within(option: str, given: int | None, usual: int, least: int, most: int) -> int:
    wanted = usual if given is None else given
    if not least <= wanted <= most:
        raise DemoError(
            f"{option} {wanted} cannot be had.", hint=f"Choose from {least} to {most:,}."
        )
    return wanted


def _sources(text: str | None, *, is_check: bool) -> frozenset[str]:
    if text is None:
        return ALL if is_check else USUAL_SOURCES
    try:
        return chosen(text)
    except ValueError as error:
        raise DemoError(str(error), hint="Name them in --sources, with commas.") from None


def require_page_library() -> None:
    try:
        import jinja2  # noqa: F401, PLC0415 - an extra
    except ImportError:
        raise PageLibraryError from None


def listener_at(
    port: int, bind: Callable[[tuple[str, int]], socket.socket] = socket.create_server
) -> socket.socket:
    """For this machine alone; port 0 takes a free one. Whoever comes early is kept waiting."""
    if not 0 <= port <= HIGHEST_PORT:
        raise DemoError(
            f"There is no port {port}.",
            hint=f"Choose one from 1 to {HIGHEST_PORT} with --port, or leave it out.",
        )
    try:
        listener = bind((LOOPBACK, port))
    except PermissionError:
        raise PortForbiddenError(port) from None
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortTakenError(port) from None
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


@contextmanager
def thrown_away_folder() -> Iterator[Path]:
    """A folder for as long as it is wanted, where ``TMPDIR`` says or where the system keeps such.

    Python itself would take another where that one cannot be written to, and say nothing.
    """
    place = Path(os.environ.get("TMPDIR") or tempfile.gettempdir())
    try:
        folder = TemporaryDirectory(prefix="upshot-demo-", dir=place)
    except OSError as error:
        raise FolderError(place, error.strerror or type(error).__name__) from None
    with folder as path:
        yield Path(path)
