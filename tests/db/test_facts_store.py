"""One's own weeks by model, seat, session and change; nobody else's, and the unknown unknown."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec import structs

from bot.domain.coaching.facts import MergedChange, ModelWeek, Seat, SessionWeek
from bot.domain.outcomes import Credit, Evidence, Mark, OutcomeKind, Role
from bot.domain.periods import midnight
from bot.domain.price_levels import PriceLevel
from bot.domain.usage import ChargeCategory, SessionCount, TokenUsage
from db.facts import FactsStore
from db.linking import LinkStore
from db.outcomes import OutcomeStore
from db.personal import PersonalStore
from db.prices import PriceStore
from db.usage import UsageStore
from tests.factories import (
    MONDAY,
    NOON,
    WEEK,
    enroll,
    make_batch,
    make_day,
    make_outcome,
    make_record,
)

A_DAY = timedelta(days=1)
SUNDAY = MONDAY + 6 * A_DAY
FIRST = WEEK.back(15).monday
SEAT = {
    "product": "copilot",
    "model": None,
    "cost_type": "seat",
    "charge_category": ChargeCategory.PURCHASE,
    "tokens": None,
    "requests": None,
    "cost": Decimal("0.63"),
}


def no_rates(model):
    return None


@pytest.fixture
async def people(database):
    return [person.id for person in await enroll(database, "ada", "bob")]


@pytest.fixture
def facts_of(database, people):
    """The facts of one person, asked by the jobs and in person: they must not differ."""

    async def ask(person=people[0], until=WEEK):
        store = FactsStore(database)
        last = until.period.last_day
        personal = PersonalStore(database)
        histories = await personal.histories_of(people, until.back(15).monday, last)
        of_all = {
            facts.history.owner: facts for facts in await store.facts_of(histories, until, no_rates)
        }
        own = await personal.history_of(person, until.back(15).monday, last)
        assert await store.own_facts(own, until, no_rates) == of_all[person]
        return of_all[person]

    return ask


async def used(database, *records, day=MONDAY, **changes):
    answer = make_day(*records, day=day, **changes)
    await UsageStore(database).replace_day(answer, NOON)


async def told(database, *outcomes, now=NOON):
    await OutcomeStore(database).replace("git", make_batch(*outcomes))
    await LinkStore(database).link(now, 7 * A_DAY)


class TestAWeekOfAModel:
    async def test_adds_up_its_days_and_accounts(self, database, facts_of):
        accounts = [f"key-{number}" for number in range(10)]
        emails = dict.fromkeys(accounts, "ada@example.com")
        for day in (MONDAY, SUNDAY):
            await used(database, *map(make_record, accounts), day=day, emails=emails)

        [week] = (await facts_of()).models

        assert week == ModelWeek(
            week=WEEK,
            provider="anthropic",
            product="claude_code",
            model="claude-sonnet-5",
            cost_type="tokens",
            tokens=TokenUsage(
                input_uncached=2_000, cache_read=40_000, cache_write=600, output=8_000
            ),
            requests=140,
            cost=Decimal(25),
            constant_cost=None,
        )

    async def test_is_one_of_each_product_model_and_kind_of_cost(self, database, facts_of):
        kinds = [{}, {"product": "api"}, {"model": None}, {"cost_type": "web_search"}]
        await used(database, *(make_record(**kind) for kind in kinds))
        await used(database, make_record(), provider="openai")

        weeks = (await facts_of()).models

        assert [(w.provider, w.product, w.model, w.cost_type) for w in weeks] == [
            ("anthropic", "api", "claude-sonnet-5", "tokens"),
            ("anthropic", "claude_code", None, "tokens"),
            ("anthropic", "claude_code", "claude-sonnet-5", "tokens"),
            ("anthropic", "claude_code", "claude-sonnet-5", "web_search"),
            ("openai", "claude_code", "claude-sonnet-5", "tokens"),
        ]

    async def test_is_nobody_elses(self, database, facts_of, people):
        await used(database, make_record("bob", cost=Decimal(9)))

        assert (await facts_of()).models == ()
        assert [week.cost for week in (await facts_of(people[1])).models] == [9]

    async def test_leaves_what_nobody_told_unknown(self, database, facts_of):
        nothing = {"tokens": None, "requests": None, "cost": None, "cost_basis": None}
        await used(database, make_record(**nothing))

        [week] = (await facts_of()).models

        assert (week.tokens, week.requests, week.cost, week.constant_cost) == (None,) * 4

    async def test_adds_up_what_is_known(self, database, facts_of):
        known = make_record()
        assert known.tokens is not None
        thinking = structs.replace(known.tokens, reasoning=5)
        await used(database, known, day=MONDAY)
        await used(database, make_record(tokens=thinking, requests=None), day=MONDAY + A_DAY)
        await used(database, make_record(tokens=None, cost=None), day=SUNDAY)

        [week] = (await facts_of()).models

        assert week.tokens == TokenUsage(
            input_uncached=200, cache_read=4_000, cache_write=60, output=800, reasoning=5
        )
        assert (week.requests, week.cost) == (14, Decimal("2.50"))

    async def test_has_no_other_currency_in_its_cost(self, database, facts_of):
        euros = {"currency": "EUR", "cost": None, "foreign_cost": Decimal(30)}
        await used(database, make_record(), make_record(**euros))
        await used(database, make_record(model="in-euros", **euros), day=SUNDAY)

        dollars, in_euros = (await facts_of()).models

        assert (dollars.cost, dollars.requests) == (Decimal("1.25"), 14)
        assert (in_euros.cost, in_euros.requests) == (None, 7)

    async def test_may_cost_less_than_nothing_after_a_correction(self, database, facts_of):
        back = {"charge_category": ChargeCategory.CREDIT, "cost": Decimal(-4), "requests": None}
        await used(database, make_record(), make_record(tokens=None, **back))

        [week] = (await facts_of()).models

        assert (week.cost, week.requests) == (Decimal("-2.75"), 7)

    async def test_tells_what_it_had_cost_at_the_first_price(self, database, facts_of):
        prices = {FIRST: Decimal(1), MONDAY + A_DAY: Decimal("1.25"), SUNDAY: Decimal(2)}
        await PriceStore(database).replace(
            [
                PriceLevel(
                    provider="anthropic", model="claude-sonnet-5", first_day=day, level=level
                )
                for day, level in prices.items()
            ]
        )
        for day in (MONDAY, MONDAY + A_DAY, SUNDAY):
            await used(database, make_record(), make_record(model="other"), day=day)

        moved, other = (await facts_of()).models

        assert moved.cost == Decimal("3.75")
        assert moved.constant_cost == Decimal("1.25") + 1 + Decimal("0.625")
        assert (other.cost, other.constant_cost) == (Decimal("3.75"), None)

    async def test_is_one_of_the_last_sixteen(self, database, facts_of):
        for day in (FIRST - A_DAY, FIRST, MONDAY - A_DAY, MONDAY, SUNDAY, SUNDAY + A_DAY):
            await used(database, make_record(), day=day)

        facts = await facts_of()

        assert [(week.week, week.requests) for week in facts.models] == [
            (WEEK.back(15), 7),
            (WEEK.back(1), 7),
            (WEEK, 14),
        ]
        assert (facts.until, facts.rates_of) == (WEEK, no_rates)


class TestASeat:
    async def test_costs_what_the_last_four_weeks_were_charged(self, database, facts_of):
        long_ago = FIRST - 100 * A_DAY
        for day in (long_ago, WEEK.back(4).monday, WEEK.back(3).monday, SUNDAY, SUNDAY + A_DAY):
            await used(database, make_record(**SEAT), day=day, provider="copilot")

        assert (await facts_of()).seats == (
            Seat(provider="copilot", cost=Decimal("1.26"), first_day=long_ago, last_used=None),
        )

    async def test_was_last_used_whenever_that_was(self, database, facts_of, people):
        await used(database, make_record(**SEAT), make_record("bob", **SEAT), provider="copilot")
        idle = make_record(tokens=None, requests=0, cost=None)
        long_ago = FIRST - 200 * A_DAY
        await used(database, make_record(), day=long_ago, provider="copilot")
        await used(database, idle, make_record("bob"), day=SUNDAY, provider="copilot")
        await used(database, make_record(), day=SUNDAY)

        [mine] = (await facts_of()).seats
        [bobs] = (await facts_of(people[1])).seats

        assert (mine.last_used, bobs.last_used) == (long_ago, SUNDAY)

    async def test_has_no_cost_where_no_price_is_known(self, database, facts_of):
        await used(database, make_record(**{**SEAT, "cost": None, "cost_basis": None}))

        [seat] = (await facts_of()).seats

        assert seat.cost is None

    async def test_that_is_paid_for_no_more_is_none(self, database, facts_of):
        await used(database, make_record(**SEAT), day=WEEK.back(4).monday)

        assert (await facts_of()).seats == ()

    async def test_is_known_by_its_kind_of_cost_too(self, database, facts_of):
        seat = {**SEAT, "charge_category": ChargeCategory.USAGE, "cost": None, "cost_basis": None}
        await used(database, make_record(**seat))

        assert [seat.provider for seat in (await facts_of()).seats] == ["anthropic"]


class TestAWeekOfSessions:
    async def test_adds_up_what_the_tool_counted(self, database, facts_of):
        first = SessionCount(account="ada", tool="claude", sessions=2, offered=40, accepted=30)
        second = SessionCount(account="ada", tool="claude", sessions=1, commits=3, offered=10)
        other = SessionCount(account="bob", tool="claude", sessions=9)
        await used(database, make_record(), make_record("bob"), sessions=(first, other))
        await used(database, make_record(), day=SUNDAY, sessions=(second,))

        assert (await facts_of()).sessions == (
            SessionWeek(
                week=WEEK,
                provider="anthropic",
                tool="claude",
                sessions=3,
                commits=3,
                pull_requests=None,
                offered=50,
                accepted=30,
            ),
        )


class TestAMergedChange:
    async def test_tells_its_size_how_long_it_was_open_and_whether_a_tool_helped(
        self, database, facts_of
    ):
        done = midnight(MONDAY) + timedelta(hours=10)
        helped = frozenset({Evidence("claude", Mark.COAUTHOR)})
        opened = done - timedelta(hours=7.5)
        await told(
            database,
            make_outcome(1, "ada", size=120, opened_at=opened, completed_at=done, evidence=helped),
            make_outcome(2, "ada", size=0, completed_at=done + A_DAY),
            make_outcome(3, "ada", size=9, opened_at=done + A_DAY, completed_at=done + 2 * A_DAY),
        )

        assert (await facts_of()).changes == (
            MergedChange(week=WEEK, lines=120, hours_open=Decimal("7.5"), has_evidence=True),
            MergedChange(week=WEEK, lines=0, hours_open=None, has_evidence=False),
            MergedChange(week=WEEK, lines=9, hours_open=Decimal(24), has_evidence=False),
        )

    async def test_was_not_open_for_less_than_no_time(self, database, facts_of):
        done = midnight(MONDAY)
        await told(
            database, make_outcome(1, "ada", size=5, opened_at=done + A_DAY, completed_at=done)
        )

        [change] = (await facts_of()).changes

        assert change.hours_open is None

    async def test_counts_once_for_whom_did_it_in_two_roles(self, database, facts_of):
        twice = (Credit("ada", Role.AUTHOR), Credit("ada", Role.MERGER))
        await told(database, make_outcome(1, "ada", size=5, credits=twice))

        assert len((await facts_of()).changes) == 1

    @pytest.mark.parametrize(
        "changes",
        [
            {"size": None},
            {"kind": OutcomeKind.TASK_DONE},
            {"reverted_at": midnight(SUNDAY)},
            {"completed_at": None},
            {"completed_at": midnight(FIRST) - timedelta(seconds=1)},
            {"completed_at": midnight(SUNDAY) + A_DAY},
        ],
    )
    async def test_is_of_known_size_finished_and_of_these_weeks(self, database, facts_of, changes):
        await told(database, make_outcome(1, "ada", **{"size": 5, **changes}))

        assert (await facts_of()).changes == ()

    async def test_is_nobody_elses(self, database, facts_of):
        await told(database, make_outcome(1, "bob", size=5))

        assert (await facts_of()).changes == ()
