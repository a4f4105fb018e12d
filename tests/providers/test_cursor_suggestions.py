"""What Cursor's members were offered of code, and accepted: told beside the events, or not."""

from __future__ import annotations

import httpx
import pytest

from bot import errors
from bot.domain.usage import SessionCount
from bot.providers.cursor import Cursor
from bot.providers.cursor.suggestions import MOST_PAGES
from tests.providers.recorded import Recorded, load_page, read_day, reading

DAILY, NEXT_DAILY = "daily-usage-data_1", "daily-usage-data_2"
ANA = "user_ana"


def make_count(account: str, offered: int, accepted: int) -> SessionCount:
    return SessionCount(account=account, tool="cursor", offered=offered, accepted=accepted)


COUNTS = (
    make_count("12345", 12, 3),
    make_count("guest@example.com", 2, 2),
    make_count(ANA, 48, 40),
)


async def counts_of(**instead) -> tuple[SessionCount, ...]:
    return (await read_day(reading(Cursor, Recorded("cursor", **instead)))).sessions


def daily(*changes: dict, more: bool = False) -> dict:
    first = load_page("cursor", DAILY)["data"][0]
    return {"data": [first | each for each in changes], "pagination": {"hasNextPage": more}}


class TestSuggestions:
    async def test_are_the_edits_that_each_member_took_or_turned_down(self):
        assert await counts_of() == COUNTS

    @pytest.mark.parametrize("status", [400, 403, 404])
    async def test_are_not_known_where_the_plan_does_not_tell_them(self, status):
        refused = Recorded("cursor", **{DAILY: httpx.Response(status)})

        day = await read_day(reading(Cursor, refused))

        assert day.sessions == ()
        assert day.records

    async def test_may_not_fail_unnoticed(self):
        with pytest.raises(errors.SourceUnavailableError):
            await counts_of(**{DAILY: httpx.Response(500)})

    async def test_are_followed_to_the_last_page(self):
        more = {DAILY: daily({}, more=True), NEXT_DAILY: daily({"email": "ben@example.com"})}

        assert await counts_of(**more) == (make_count("12345", 48, 40), make_count(ANA, 48, 40))

    async def test_refused_half_way_are_an_error(self):
        half = {DAILY: daily({}, more=True), NEXT_DAILY: httpx.Response(403)}

        with pytest.raises(errors.SourceForbiddenError):
            await counts_of(**half)

    async def test_that_never_end_are_an_error(self):
        endless = {f"daily-usage-data_{n}": daily({}, more=True) for n in range(1, MOST_PAGES + 1)}

        with pytest.raises(errors.SourceResponseError, match=f"more than {MOST_PAGES} pages"):
            await counts_of(**endless)

    async def test_of_another_day_are_not_taken_for_this_one(self):
        with pytest.raises(errors.SourceResponseError, match="another day"):
            await counts_of(**{DAILY: daily({"day": "2026-11-18"})})

    async def test_sent_twice_count_once(self):
        assert await counts_of(**{DAILY: daily({}, {})}) == (make_count(ANA, 48, 40),)

    @pytest.mark.parametrize(
        ("accepts", "rejects", "counts"),
        [(None, 3, (3, 0)), (3, None, (3, 3)), (0, 0, None), (None, None, None)],
    )
    async def test_of_which_there_were_none_are_none(self, accepts, rejects, counts):
        told = daily({"totalAccepts": accepts, "totalRejects": rejects})

        assert await counts_of(**{DAILY: told}) == (
            () if counts is None else (make_count(ANA, *counts),)
        )

    async def test_of_a_stranger_are_an_address_s(self):
        day = await read_day(reading(Cursor, Recorded("cursor")))

        assert day.emails["guest@example.com"] == "guest@example.com"
