"""The system's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def found_chromium() -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def required_chromium() -> str:
    """Without a browser the test is skipped, or fails where all is required."""
    program = found_chromium()
    if program is None:
        complaint = "needs Chromium (on Debian: apt install chromium)"
        if os.environ.get("UPSHOT_REQUIRE_ALL"):
            pytest.fail(complaint, pytrace=False)
        pytest.skip(complaint)
    return program


@asynccontextmanager
async def running_chromium(program: str) -> AsyncIterator[Browser]:
    # Chromium refuses its own sandbox to root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        await browser.close()
