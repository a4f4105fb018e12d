"""A window in which nothing may go wrong unseen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page, Request, Response

PATIENCE_MILLISECONDS = 20_000


@asynccontextmanager
async def watched_window(browser: Browser, address: str, **looks: Any) -> AsyncIterator[Page]:
    """At *address*, with *looks* such as Playwright's ``viewport`` and ``color_scheme``."""
    context = await browser.new_context(base_url=address, locale="en-GB", **looks)
    window = await context.new_page()
    window.set_default_timeout(PATIENCE_MILLISECONDS)
    mishaps: list[str] = []
    window.on("console", lambda said: mishaps.extend(_complaints(said)))
    window.on("pageerror", lambda error: mishaps.append(f"error: {error}"))
    window.on("requestfailed", lambda request: mishaps.extend(_failures(request)))
    window.on("response", lambda response: mishaps.extend(_refusals(response)))
    yield window
    await context.close()
    assert mishaps == []


def _complaints(said: ConsoleMessage) -> Iterator[str]:
    if said.type in {"error", "warning"}:
        yield f"{said.type}: {said.text}"


def _failures(request: Request) -> Iterator[str]:
    """An event stream is cut whenever its page is left; a download is no page."""
    if request.resource_type != "eventsource" and "ERR_ABORTED" not in str(request.failure):
        yield f"failed: {request.method} {request.url} {request.failure}"


def _refusals(response: Response) -> Iterator[str]:
    if response.status >= 400:
        yield f"{response.status}: {response.request.method} {response.url}"
