"""A browser, the demo that it looks at, and what must never happen while it does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.playground.opening import hired
from tests.browser.cast import Cast, cast_of
from tests.browser.chromium import required_chromium, running_chromium
from tests.browser.demo import WISHES, running_demo
from tests.browser.watching import PATIENCE_MILLISECONDS, watched_window
from tests.browser.workspace import Workspace

expect.set_options(timeout=PATIENCE_MILLISECONDS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One browser for all: it takes longer to start than most tests do."""
    for item in items:
        if "tests/browser" not in item.path.as_posix():
            continue
        if not any("loop_scope" in mark.kwargs for mark in item.iter_markers("asyncio")):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def chromium() -> str:
    return required_chromium()


@pytest.fixture(scope="session")
def demo(chromium: str) -> Iterator[str]:
    with running_demo() as address:
        yield address


@pytest.fixture(scope="session")
def cast() -> Cast:
    """The same people as in the demo: its company is made of the same wishes."""
    return cast_of(hired(WISHES))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with running_chromium(chromium) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, demo: str) -> AsyncIterator[Page]:
    async with watched_window(browser, demo) as window:
        yield window


@pytest.fixture
def workspace(page: Page) -> Workspace:
    return Workspace(page)
