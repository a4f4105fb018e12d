"""What OpenAI's pages say of one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from bot.domain.periods import midnight
from bot.domain.usage import CostBasis, ProviderDay, UsageRecord
from bot.errors import SourceResponseError
from bot.providers._reading import in_order, total
from bot.providers.openai.pages import (
    BillPage,
    Bucket,
    Completions,
    Cost,
    CostsPage,
    Page,
    R,
    UsagePage,
    UsersPage,
)


def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
    usage: dict[object, Completions] = {}
    costs: dict[object, Cost] | None = None
    bill: dict[object, Cost] | None = None
    emails: dict[str, str] = {}
    used_until = billed_until = midnight(day)
    for page in pages:
        match page:
            case UsagePage(data=buckets):
                usage |= {row.group: row for row in _of_the_day(day, buckets)}
                used_until = max(used_until, _end(day, buckets))
            case BillPage(data=totals):
                bill = (bill or {}) | {row.group: row for row in _of_the_day(day, totals)}
                billed_until = max(billed_until, _end(day, totals))
            case CostsPage(data=amounts):
                costs = (costs or {}) | {row.group: row for row in _of_the_day(day, amounts)}
            case UsersPage(data=users):
                emails |= {user.id: user.email.lower() for user in users if user.email}
    return ProviderDay(
        provider="openai",
        day=day,
        records=in_order(_records(day, usage.values(), costs)),
        billed=None if bill is None else total(row.amount.dollars for row in bill.values()),
        data_through=min(used_until, billed_until),
        emails=emails,
    )


def _of_the_day(day: date, buckets: Iterable[Bucket[R]]) -> Iterator[R]:
    start = midnight(day).timestamp()
    for bucket in buckets:
        if bucket.results and bucket.start_time != start:
            raise SourceResponseError("the answer is about another day")
        yield from bucket.results


def _end(day: date, buckets: Iterable[Bucket[R]]) -> datetime:
    start, end = (midnight(day + timedelta(days=days)).timestamp() for days in (0, 1))
    latest = max((bucket.end_time for bucket in buckets), default=start)
    return datetime.fromtimestamp(min(max(latest, start), end), UTC)


def _records(
    day: date, usage: Iterable[Completions], costs: dict[object, Cost] | None
) -> Iterator[UsageRecord]:
    users: dict[str, set[str]] = defaultdict(set)
    for row in usage:
        yield _usage_record(day, row, priced=costs is None)
        if row.api_key_id and row.user_id:
            users[row.api_key_id].add(row.user_id)
    owners = {key: next(iter(ids)) for key, ids in users.items() if len(ids) == 1}
    for cost in (costs or {}).values():
        key = cost.api_key_id
        yield _cost_record(day, cost, cost.user_id or (owners.get(key, key) if key else None))


def _usage_record(day: date, row: Completions, *, priced: bool) -> UsageRecord:
    cost = row.list_cost(day) if priced else None
    return UsageRecord(
        provider="openai",
        account=row.user_id or row.api_key_id,
        day=day,
        product=None,
        model=row.model,
        cost_type="tokens",
        tokens=row.tokens,
        requests=row.num_model_requests,
        cost=cost,
        cost_basis=None if cost is None else CostBasis.LIST_PRICE,
    )


def _cost_record(day: date, row: Cost, account: str | None) -> UsageRecord:
    model, cost_type = row.model_and_type
    return UsageRecord(
        provider="openai",
        account=account,
        day=day,
        product=None,
        model=model,
        cost_type=cost_type,
        tokens=None,
        requests=None,
        cost=row.amount.dollars,
        cost_basis=None if row.amount.dollars is None else CostBasis.BILLED,
    )
