"""The pictures in the papers show what the demo shows now."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.async_api import Browser

from tests.browser.demo import running_demo
from tests.browser.pictures import set_up, words_kept, words_of
from tests.browser.scenes import ARGUMENTS, SCENES, Scene


@pytest.fixture(scope="module")
def pictured(chromium: str) -> Iterator[str]:
    """A demo of its own, in which nobody has done anything."""
    with running_demo(*ARGUMENTS) as address:
        yield address


async def test_every_scene_is_in_a_picture() -> None:
    assert sorted(words_kept()) == sorted(scene.name for scene in SCENES)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_a_picture_shows_what_the_demo_shows_now(
    scene: Scene, browser: Browser, pictured: str
) -> None:
    async with set_up(scene, browser, pictured) as (_, shown):
        assert await words_of(shown) == words_kept()[scene.name], "take them anew: make pictures"
