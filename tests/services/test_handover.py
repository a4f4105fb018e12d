"""A day is understood while it comes, whole or not at all."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import pytest

from bot.errors import SourceResponseError, SourceUnavailableError
from bot.services.handover import MOST_WAITING, understood
from tests.factories import MONDAY, make_day
from tests.fakes import FakeProvider


class Numbered(FakeProvider):
    """Gives numbers for pages, and fails where it is told to."""

    read: ClassVar[list[int]] = []
    unreadable: ClassVar[int | None] = None

    def __init__(self, pages: int, *, breaks_at: int | None = None) -> None:
        super().__init__()
        self.pages = pages
        self.breaks_at = breaks_at
        self.given = 0

    async def fetch(self, day: Any):
        for number in range(self.pages):
            if number == self.breaks_at:
                raise SourceUnavailableError("gone")
            await asyncio.sleep(0)
            self.given += 1
            yield number

    @classmethod
    def parse(cls, day, pages):
        for page in pages:
            if page == cls.unreadable:
                raise SourceResponseError("not understood")
            cls.read.append(page)
        return make_day(day=day)


@pytest.fixture(autouse=True)
def unread():
    Numbered.read, Numbered.unreadable = [], None


async def test_every_page_is_read_in_order():
    assert await understood(Numbered(50), MONDAY) == make_day()
    assert Numbered.read == list(range(50))


async def test_where_fetching_fails_nothing_is_given_on_of_what_came_before():
    with pytest.raises(SourceUnavailableError, match="gone"):
        await understood(Numbered(50, breaks_at=30), MONDAY)


async def test_where_a_page_is_not_understood_no_more_are_fetched():
    Numbered.unreadable = 3
    provider = Numbered(500)

    with pytest.raises(SourceResponseError, match="not understood"):
        await understood(provider, MONDAY)

    assert provider.given <= 4 + MOST_WAITING + 2


async def test_who_is_told_to_stop_stops():
    provider = Numbered(10**9)
    reading = asyncio.create_task(understood(provider, MONDAY))
    await asyncio.sleep(0.05)
    assert provider.given

    reading.cancel()

    with pytest.raises(asyncio.CancelledError):
        await reading
    stopped_at = provider.given
    await asyncio.sleep(0.05)
    assert provider.given == stopped_at
