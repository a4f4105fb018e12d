"""What every command shares: the consoles, the settings, and Upshot for as long as it is used."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from bot.app import Upshot, open_upshot
from bot.clock import SystemClock
from bot.database import DatabaseUrls, open_database
from bot.http import Retry
from bot.logs import configure_logs
from bot.ports import Clock
from bot.settings import Settings, read_settings

T = TypeVar("T")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


def with_upshot(
    use: Callable[[Upshot], Awaitable[T]],
    *,
    clock: Clock | None = None,
    needs: tuple[str, ...] = (),
    log_level: str = "INFO",
    retry: Retry | None = None,
) -> T:
    """What *use* gives, handed all parts that the settings turn on."""
    configure_logs(log_level)
    settings = read_settings(needs=needs)
    with open_database(settings) as urls:
        return asyncio.run(_use(settings, urls, clock or SystemClock(), use, retry))


async def _use(
    settings: Settings,
    urls: DatabaseUrls,
    clock: Clock,
    use: Callable[[Upshot], Awaitable[T]],
    retry: Retry | None,
) -> T:
    async with open_upshot(settings, urls, clock, retry=retry) as upshot:
        return await use(upshot)
