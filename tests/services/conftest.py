"""What tests of use cases may ask for: Upshot put together, for three people of one odd life."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.db.server import TestUrls
from tests.services.odd_life import Life, living


@pytest.fixture
async def life(urls: TestUrls, empty_folder: Path) -> AsyncIterator[Life]:
    async with living(urls, empty_folder) as opened:
        await opened.enroll()
        yield opened
