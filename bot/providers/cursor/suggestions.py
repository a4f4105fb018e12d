"""What a Cursor team's members were offered of code on a day, and accepted of it.

Completions while typing are shown by the hundred and left out: what counts here are the edits that
people take or turn down. Not every plan tells of a day's use, and without it this is not known.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import date, timedelta

import msgspec

from bot.domain.periods import midnight
from bot.domain.usage import SessionCount
from bot.errors import (
    SourceForbiddenError,
    SourceNotFoundError,
    SourceRefusedError,
    SourceResponseError,
)
from bot.http import Http
from bot.reading.counts import Count

DAILY = "/teams/daily-usage-data"
TOOL = "cursor"
MOST_PAGES = 200
PAGE_SIZE = 500


class DailyRow(msgspec.Struct, rename="camel", gc=False):
    day: date
    email: str
    total_accepts: Count | None = None
    total_rejects: Count | None = None

    @property
    def offered(self) -> int:
        return (self.total_accepts or 0) + (self.total_rejects or 0)


class Pagination(msgspec.Struct, rename="camel"):
    has_next_page: bool = False


class DailyPage(msgspec.Struct):
    data: list[DailyRow]
    pagination: Pagination = msgspec.field(default_factory=Pagination)


async def fetch(api: Http, day: date) -> AsyncIterator[DailyPage]:
    """The pages of *day*, or none where the plan does not tell it."""
    start = int(midnight(day).timestamp()) * 1000
    end = int(midnight(day + timedelta(days=1)).timestamp()) * 1000 - 1
    question = {"startDate": start, "endDate": end, "pageSize": PAGE_SIZE}
    for number in range(1, MOST_PAGES + 1):
        try:
            page = await api.post(DAILY, {**question, "page": number}, into=DailyPage)
        except (SourceForbiddenError, SourceNotFoundError, SourceRefusedError):
            if number > 1:
                raise
            return
        yield page
        if not page.pagination.has_next_page:
            return
    raise SourceResponseError(f"{DAILY}: more than {MOST_PAGES:,} pages")


def of_the_day(rows: Iterable[DailyRow], day: date) -> dict[str, DailyRow]:
    """By address, of those who were offered anything; a row that comes again counts once."""
    told = {}
    for row in rows:
        if row.day != day:
            raise SourceResponseError("the answer is about another day")
        if row.offered and row.email:
            told[row.email.lower()] = row
    return told


def counts_of(told: Mapping[str, DailyRow], accounts: Mapping[str, str]) -> Iterator[SessionCount]:
    for address, row in told.items():
        yield SessionCount(
            account=accounts.get(address, address),
            tool=TOOL,
            offered=row.offered,
            accepted=row.total_accepts or 0,
        )
