"""Takes the pictures in the papers anew, from the demo: ``python -m tests.browser.pictures``."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.chromium import found_chromium, running_chromium
from tests.browser.demo import running_demo
from tests.browser.palette import in_few_colours
from tests.browser.scenes import ARGUMENTS, SCENES, Scene
from tests.browser.watching import PATIENCE_MILLISECONDS, watched_window

PICTURES = Path(__file__).resolve().parents[2] / "docs/pictures"
SHOWN = PICTURES / "shown.json"
_OTHER_EVERY_TIME = re.compile(r"\d+ ms\b|\d+\.upshot\b|\d{9,}(?:\.[0-9a-f]+)*")


@asynccontextmanager
async def set_up(
    scene: Scene, browser: Browser, address: str
) -> AsyncIterator[tuple[Page, Locator]]:
    """A window in which it is to be seen, and what it is of."""
    async with watched_window(
        browser,
        address,
        viewport=ViewportSize(width=scene.width, height=scene.height),
        device_scale_factor=scene.sharpness,
        color_scheme=scene.scheme,
        reduced_motion="reduce",
    ) as window:
        shown = await scene.shown(window)
        await shown.evaluate("shown => shown.scrollIntoView()")
        yield window, shown


async def words_of(shown: Locator) -> str:
    """What is to be read there, without what differs each time."""
    return _OTHER_EVERY_TIME.sub("…", " ".join((await shown.inner_text()).split()))


def words_kept() -> Mapping[str, str]:
    """What was to be read when each picture was taken, by its name."""
    kept: dict[str, str] = json.loads(SHOWN.read_text(encoding="utf-8"))
    return kept


async def take(scene: Scene, browser: Browser, address: str) -> tuple[bytes, str]:
    """The picture, and the words in it."""
    async with set_up(scene, browser, address) as (window, shown):
        taken = await (window if scene.is_whole else shown).screenshot(caret="hide")
        words = await words_of(shown)
    blank = await browser.new_page()
    return await in_few_colours(blank, taken), words


async def _take_all(program: str, address: str) -> Mapping[str, str]:
    words: dict[str, str] = {}
    async with running_chromium(program) as browser:
        for scene in SCENES:
            picture, words[scene.name] = await take(scene, browser, address)
            path = PICTURES / f"{scene.name}.png"
            path.write_bytes(picture)
            print(f"{path.name}: {len(picture) // 1000} KB")  # noqa: T201 - for whoever waits
    return words


def main() -> None:
    program = found_chromium()
    if program is None:
        sys.exit("Taking pictures needs Chromium (on Debian: apt install chromium).")
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with running_demo(*ARGUMENTS) as address:
        words = asyncio.run(_take_all(program, address))
    text = json.dumps(words, indent=1, ensure_ascii=False, sort_keys=True)
    SHOWN.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
