"""What axe-core has against what is open, in light, in dark, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, Literal

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
DESK, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=740)
LOOKS = tuple(product(SCHEMES, (DESK, PHONE)))


async def objections(window: Page) -> list[str]:
    """In each of its looks, and where."""
    found: list[str] = []
    for scheme, size in LOOKS:
        # A colour on its way from one scheme to the other is the colour of none.
        await window.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await window.set_viewport_size(size)
        judged = await Axe().run(window, options={"runOnly": {"type": "tag", "values": STANDARDS}})
        found += (f"{scheme}, {size['width']}: {one}" for one in _told(judged.response))
    return found


def _told(verdict: dict[str, Any]) -> Iterator[str]:
    for violation in verdict["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['id']} at {node['target']}"
