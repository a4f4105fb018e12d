"""Whatever befalls the pages, what is stored is the provider's last whole answer, row for row."""

from __future__ import annotations

import asyncio
import os
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from bot.domain.periods import midnight
from bot.errors import SourceError
from bot.providers.anthropic import Anthropic
from bot.providers.cursor import Cursor
from db.database import Database, make_engine
from db.migrate import driver_url
from db.usage import UsageStore
from tests.providers.recorded import reading
from tests.providers.restating import Restating, RestatingAnthropic, RestatingCursor

WALKS = 20_000 if os.environ.get("UPSHOT_SOAK") else 1_000
TROUBLES = ("nothing", "nothing", "lost", "unavailable", "cut", "odd", "grow")
FIRST_DAY = date(2026, 1, 1)
_STORED = (
    "SELECT d.billed, u.account, u.model, u.input_uncached, u.cost FROM provider_days d"
    " LEFT JOIN usage_records u USING (workspace_id, provider, day)"
    " WHERE d.provider = %s AND d.day = %s"
)

accounts = st.sampled_from(["ana@example.com", "ben@example.com", "cyd@example.com"])
models = st.sampled_from(["large", "small", "new"])
figures = st.tuples(st.integers(0, 10**6), st.integers(-1000, 10**6))
rows = st.dictionaries(st.tuples(accounts, models), figures, max_size=7)

Kept = set[tuple[Decimal | None, str | None, str | None, int | None, Decimal | None]]


class Bench:
    """One database and one loop for all walks; each walk has two days of its own."""

    def __init__(self, urls, provider, server: type[Restating]) -> None:
        self.runner = asyncio.Runner()
        self.database = self.runner.run(_opened(urls.worker))
        self.owner = psycopg.connect(driver_url(urls.superuser), autocommit=True)
        self.provider = provider
        self.server = server
        self.numbers = count()

    def next_walk(self) -> int:
        number = next(self.numbers)
        if number % 50 == 0:  # what earlier walks left behind would only slow the later ones down
            self.owner.execute("TRUNCATE usage_records, provider_days, accounts")
        return number

    def close(self) -> None:
        self.owner.close()
        self.runner.run(self.database.close())
        self.runner.close()

    async def collect(self, server: Restating, day: date, asked_at: datetime) -> None:
        adapter = reading(self.provider, server, attempts=3)
        try:
            pages = [page async for page in adapter.fetch(day)]
            await UsageStore(self.database).replace_day(adapter.parse(day, pages), asked_at)
        finally:
            await adapter.close()

    def stored(self, day: date) -> Kept:
        return set(self.owner.execute(_STORED, (self.provider.name, day)))


async def _opened(url: str) -> Database:
    return Database(make_engine(url))


class Walk(RuleBasedStateMachine):
    """A provider changes its mind, and is asked again and again."""

    bench: Bench

    def __init__(self) -> None:
        super().__init__()
        number = self.bench.next_walk()
        self.days = [FIRST_DAY + timedelta(days=2 * number + n) for n in (0, 1)]
        self.server = self.bench.server(truth={day: {} for day in self.days})
        self.kept: dict[date, Kept] = {}
        self.asked_at = midnight(self.days[1] + timedelta(days=30))

    @initialize(first=rows, second=rows, size=st.integers(2, 5))
    def begins(self, first, second, size):
        self.server.truth = dict(zip(self.days, (first, second), strict=True))
        self.server.size = size

    @rule(day=st.integers(0, 1), said=rows)
    def restates_a_day(self, day, said):
        self.server.truth[self.days[day]] = dict(said)

    @rule()
    def moves_a_row_to_the_other_day(self):
        first, second = (self.server.truth[day] for day in self.days)
        if first:
            key = next(iter(first))
            second[key] = first.pop(key)

    @rule(day=st.integers(0, 1), name=accounts)
    def renames_an_account(self, day, name):
        said = self.server.truth[self.days[day]]
        if said:
            (_, model), figures = next(iter(said.items()))
            del said[next(iter(said))]
            said[name, model] = figures

    @rule(day=st.integers(0, 1), troubles=st.lists(st.sampled_from(TROUBLES), max_size=8))
    def is_asked_in_a_storm(self, day, troubles):
        asked = self.days[day]
        grown = False

        def grow():
            nonlocal grown
            grown = True
            self.server.truth[asked]["late@example.com", f"model-{len(troubles)}"] = (1, 1)

        self.server.trouble, self.server.on_growth = list(troubles), grow
        try:
            self._ask(asked)
        except SourceError:
            assert self.bench.stored(asked) == self.kept.get(asked, set())
        else:
            self.kept[asked] = self.bench.stored(asked)
            assert grown or self.kept[asked] == self._said(asked)
        self.server.trouble = []

    @rule(day=st.integers(0, 1))
    def is_asked_in_peace(self, day):
        asked = self.days[day]
        self._ask(asked)
        self.kept[asked] = self.bench.stored(asked)
        assert self.kept[asked] == self._said(asked)

    def teardown(self):
        for day in (0, 1):
            if self.kept.get(self.days[day]) != self._said(self.days[day]):
                self.is_asked_in_peace(day)

    def _ask(self, day):
        self.asked_at += timedelta(hours=1)
        self.bench.runner.run(self.bench.collect(self.server, day, self.asked_at))

    def _said(self, day) -> Kept:
        truth = self.server.truth[day]
        billed = sum(Decimal(milli).scaleb(-5) for _, milli in truth.values())
        rows = {
            (billed, account, model, tokens, Decimal(milli).scaleb(-5))
            for (account, model), (tokens, milli) in truth.items()
        }
        return rows or {(Decimal(0), None, None, None, None)}


@pytest.mark.no_cover  # tracing would double what thousands of walks take
@pytest.mark.parametrize(
    ("provider", "side"),
    [
        pytest.param(Anthropic, RestatingAnthropic, id="pages-with-cursors"),
        pytest.param(Cursor, RestatingCursor, id="numbered-pages"),
    ],
)
def test_what_is_stored_is_the_last_answer_row_for_row(urls, provider, side):
    bench = Bench(urls, provider, side)
    try:
        run_state_machine_as_test(
            type("Walk", (Walk,), {"bench": bench}),
            settings=settings(
                max_examples=WALKS,
                stateful_step_count=5,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
        assert next(bench.numbers) >= WALKS
    finally:
        bench.close()
