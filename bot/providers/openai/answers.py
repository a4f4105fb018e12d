"""All that OpenAI's pages say of one day, each row once however often it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain

from bot.domain.periods import midnight
from bot.errors import SourceResponseError
from bot.providers.openai.pages import (
    ApiKey,
    ApiKeysPage,
    BillPage,
    Bucket,
    Completions,
    Cost,
    CostsPage,
    KindPage,
    Page,
    R,
    Row,
    UsagePage,
    UsersPage,
)

Rows = dict[tuple[object, ...], R]


class Answers:
    """Rows under what tells them from others; ``None`` where nothing was answered."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.completions: Rows[Completions] = {}
        self.others: dict[str, Rows[Row]] = {}
        self.costs: Rows[Cost] | None = None
        self.bill: Rows[Cost] | None = None
        self._texts: dict[str | None, str | None] = {}
        """One copy of what thousands of rows repeat."""
        self._emails: dict[str, str] = {}
        self._owners: dict[str, str] = {}
        self._emails_of_owners: dict[str, str] = {}
        self._used_until = self._billed_until = midnight(day)

    def add(self, page: Page) -> None:
        match page:
            case UsagePage(data=buckets):
                self._used_until = self._latest(self._used_until, buckets)
                self._add_completions(self._rows(buckets))
            case KindPage(kind=kind, data=buckets):
                known = self.others.setdefault(kind, {})
                for row in self._rows(buckets):
                    known[row.project_id, row.user_id, row.api_key_id, row.model] = row
            case BillPage(data=buckets):
                self._billed_until = self._latest(self._billed_until, buckets)
                if buckets:
                    self.bill = self._with_costs(self.bill, self._rows(buckets))
            case CostsPage(data=buckets):
                self.costs = self._with_costs(self.costs, self._rows(buckets))
            case UsersPage(data=users):
                self._emails |= {user.id: user.email.lower() for user in users if user.email}
            case ApiKeysPage(data=keys):
                for key in keys:
                    self._add_owner(key)

    @property
    def emails(self) -> dict[str, str]:
        # Who has left is no longer among the users, but still owns keys.
        return self._emails_of_owners | self._emails

    @property
    def data_through(self) -> datetime:
        return min(self._used_until, self._billed_until)

    def owners(self) -> dict[str, str]:
        """Whose each key is: its only user's, else its owner's; its own where several use it."""
        users: dict[str, str] = {}
        others = chain.from_iterable(rows.values() for rows in self.others.values())
        for row in chain(self.completions.values(), others):
            key, user = row.api_key_id, row.user_id
            if key and user and users.setdefault(key, user) != user:
                users[key] = key
        return self._owners | users

    def _rows(self, buckets: Iterable[Bucket[R]]) -> Iterator[R]:
        start = midnight(self.day).timestamp()
        for bucket in buckets:
            if bucket.results and bucket.start_time != start:
                raise SourceResponseError("the answer is about another day")
            yield from bucket.results

    def _latest(self, known: datetime, buckets: Iterable[Bucket[R]]) -> datetime:
        start, end = (midnight(self.day + timedelta(days=days)).timestamp() for days in (0, 1))
        latest = max((bucket.end_time for bucket in buckets), default=start)
        return max(known, datetime.fromtimestamp(min(max(latest, start), end), UTC))

    def _add_completions(self, rows: Iterable[Completions]) -> None:
        known, one = self.completions, self._texts.setdefault
        for row in rows:
            row.user_id = one(row.user_id, row.user_id)
            row.api_key_id = one(row.api_key_id, row.api_key_id)
            row.model = one(row.model, row.model)
            known[row.user_id, row.api_key_id, row.model, row.batch, row.service_tier] = row

    def _add_owner(self, key: ApiKey) -> None:
        if user := key.owner.user:
            self._owners[key.id] = user.id
            if user.email:
                self._emails_of_owners[user.id] = user.email.lower()
        elif account := key.owner.service_account:
            self._owners[key.id] = account.id

    def _with_costs(self, known: Rows[Cost] | None, rows: Iterable[Cost]) -> Rows[Cost]:
        costs, one = {} if known is None else known, self._texts.setdefault
        for row in rows:
            row.user_id = one(row.user_id, row.user_id)
            row.api_key_id = one(row.api_key_id, row.api_key_id)
            row.line_item = one(row.line_item, row.line_item)
            row.quantity_unit = one(row.quantity_unit, row.quantity_unit)
            currency = row.amount.currency = one(row.amount.currency, row.amount.currency) or ""
            costs[row.user_id, row.api_key_id, row.line_item, currency] = row
        return costs
