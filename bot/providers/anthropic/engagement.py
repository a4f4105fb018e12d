"""Claude Enterprise's activity of each user: what Claude Code counts of its sessions.

What people ask and how often is in the same answer and stays unread.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date

import msgspec

from bot.http import Http, Params
from bot.providers.anthropic.sessions import Counted, Decided, EditTools
from bot.reading.counts import Count
from bot.reading.days import every_page

USERS = "/v1/organizations/analytics/users"


class User(msgspec.Struct, gc=False):
    id: str
    email_address: str


class CoreMetrics(msgspec.Struct, gc=False):
    distinct_session_count: Count | None = None
    commit_count: Count | None = None
    pull_request_count: Count | None = None


NOTHING = CoreMetrics(distinct_session_count=0, commit_count=0, pull_request_count=0)


class Answers(msgspec.Struct, gc=False):
    accepted_count: Count
    rejected_count: Count


class ClaudeCode(msgspec.Struct, gc=False):
    core_metrics: CoreMetrics = msgspec.field(default_factory=CoreMetrics)
    tool_actions: EditTools[Answers] = msgspec.field(default_factory=EditTools[Answers])


class Row(msgspec.Struct, gc=False):
    user: User | None = None
    claude_code_metrics: ClaudeCode = msgspec.field(default_factory=ClaudeCode)


class Page(msgspec.Struct, kw_only=True):
    data: list[Row]
    next_page: str | None = None

    @property
    def has_more(self) -> bool:
        return self.next_page is not None

    @property
    def cursor(self) -> str | None:
        return self.next_page

    def counted(self, _: date) -> Iterator[Counted]:
        for row in self.data:
            told = row.claude_code_metrics.core_metrics
            answers = row.claude_code_metrics.tool_actions.answered
            decided = Decided.of((told.accepted_count, told.rejected_count) for told in answers)
            # Whoever only chats is told of as well.
            if row.user is not None and (told != NOTHING or decided.offered):
                yield Counted(
                    key=row.user.id,
                    account=row.user.id,
                    address=row.user.email_address.lower(),
                    sessions=told.distinct_session_count,
                    commits=told.commit_count,
                    pull_requests=told.pull_request_count,
                    decided=decided,
                )


async def fetch(http: Http, day: date) -> AsyncIterator[Page]:
    params: Params = {"date": str(day), "limit": 1000}
    async for page in every_page(http, USERS, params, into=Page):
        yield page
