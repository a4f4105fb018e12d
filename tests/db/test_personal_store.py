"""One's own history holds one's own rows, whoever asks for it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec import structs

from bot.domain.history import DayOfUse, FinishedWork
from bot.domain.links import LinkLevel
from bot.domain.outcomes import Evidence, Mark, OutcomeKind, OutcomeState
from bot.domain.usage import ChargeCategory, CostBasis
from db.health import HealthStore
from db.linking import LinkStore
from db.outcomes import OutcomeStore
from db.personal import PersonalStore
from db.usage import UsageStore
from tests.factories import (
    MONDAY,
    NOON,
    enroll,
    make_batch,
    make_day,
    make_identity,
    make_outcome,
    make_record,
)

SUNDAY = MONDAY + timedelta(days=6)


@pytest.fixture
def personal(database):
    return PersonalStore(database)


@pytest.fixture
async def everybody(database):
    people = await enroll(database, "ada", "bob")
    day = make_day(
        make_record("ada", cost=Decimal("1.10")),
        make_record("ada", model="large", cost=Decimal("2.20"), cost_basis=CostBasis.LIST_PRICE),
        make_record("ada", model="new", cost=None, cost_basis=None),
        make_record("bob", cost=Decimal("9.99")),
    )
    await UsageStore(database).replace_day(day, NOON)
    helped = frozenset({Evidence("claude_code", Mark.COAUTHOR)})
    work = make_batch(make_outcome(1, "ada", evidence=helped), make_outcome(2, "bob"))
    await OutcomeStore(database).replace("git", work)
    await LinkStore(database).link(NOON, timedelta(days=30))
    return people


async def test_adds_up_what_a_provider_cost_on_a_day_whatever_the_model(personal, everybody):
    history = await personal.history_of(everybody[0].id, MONDAY, SUNDAY)

    assert history.use == (
        DayOfUse(
            day=MONDAY,
            provider="anthropic",
            cost=Decimal("3.30"),
            bases=frozenset({CostBasis.BILLED, CostBasis.LIST_PRICE}),
            has_unpriced=True,
        ),
    )


async def test_a_seat_that_nobody_sits_on_is_paid_for_and_not_used(personal, database):
    [ada] = await enroll(database, "ada")
    seat = make_record(
        "ada", model=None, cost_type="seat", charge_category=ChargeCategory.PURCHASE, tokens=None,
        requests=None,
    )  # fmt: skip
    idle = make_record("ada", tokens=None, requests=0, cost=Decimal(0))
    await UsageStore(database).replace_day(make_day(seat, idle), NOON)

    history = await personal.history_of(ada.id, MONDAY, SUNDAY)

    assert [(use.cost, use.is_use) for use in history.use] == [(Decimal("1.25"), False)]


async def test_counts_that_are_charged_in_other_rows_are_not_unpriced(personal, database):
    [ada] = await enroll(database, "ada")
    searches = make_record("ada", model="search", cost_type="web_search_calls", cost=None)
    day = make_day(make_record("ada"), structs.replace(searches, tokens=None, cost_basis=None))
    await UsageStore(database).replace_day(day, NOON)

    history = await personal.history_of(ada.id, MONDAY, SUNDAY)

    assert [use.has_unpriced for use in history.use] == [False]


async def test_other_currencies_stay_apart_from_dollars(personal, database):
    [ada] = await enroll(database, "ada")
    euros = {"cost": None, "currency": "EUR", "foreign_cost": Decimal(7)}
    day = make_day(make_record("ada"), make_record("ada", **euros))
    await UsageStore(database).replace_day(day, NOON)

    history = await personal.history_of(ada.id, MONDAY, SUNDAY)

    assert sorted((u.currency, u.cost, u.foreign_cost) for u in history.use) == [
        ("EUR", None, Decimal(7)),
        ("USD", Decimal("1.25"), None),
    ]
    assert not any(use.has_unpriced for use in history.use)


async def test_tokens_and_cost_in_rows_of_their_own_are_not_unpriced(personal, database):
    [ada] = await enroll(database, "ada")
    day = make_day(
        make_record("ada", cost_type="tokens", cost=None, cost_basis=None),
        make_record("ada", cost_type="input", tokens=None, cost=Decimal("1.10")),
    )
    await UsageStore(database).replace_day(day, NOON)

    history = await personal.history_of(ada.id, MONDAY, SUNDAY)

    assert [(use.cost, use.has_unpriced) for use in history.use] == [(Decimal("1.10"), False)]


async def test_has_the_work_with_the_help_that_shows_in_it(personal, everybody):
    history = await personal.history_of(everybody[0].id, MONDAY, SUNDAY)

    assert history.work == (
        FinishedWork(
            kind=OutcomeKind.MERGED_CHANGE,
            completed_on=MONDAY,
            state=OutcomeState.DONE,
            has_evidence=True,
            level=LinkLevel.PERIOD,
            source="git",
        ),
    )


async def test_is_the_same_for_the_digest_as_for_the_one_who_asks(personal, everybody):
    ids = [person.id for person in everybody]

    histories = await personal.histories_of(ids, MONDAY, SUNDAY)

    assert histories == [await personal.history_of(person, MONDAY, SUNDAY) for person in ids]


async def test_knows_no_cost_where_none_is_known(personal, database):
    [ada] = await enroll(database, "ada")
    unpriced = make_record(cost=None, cost_basis=None)
    await UsageStore(database).replace_day(make_day(unpriced), NOON)

    [use] = (await personal.history_of(ada.id, MONDAY, SUNDAY)).use

    assert (use.cost, use.bases, use.has_unpriced) == (None, frozenset(), True)


@pytest.mark.parametrize(
    ("first", "last", "is_in"),
    [
        (MONDAY, MONDAY, True),
        (MONDAY - timedelta(days=6), MONDAY, True),
        (MONDAY + timedelta(days=1), SUNDAY, False),
        (MONDAY - timedelta(days=6), MONDAY - timedelta(days=1), False),
    ],
)
async def test_covers_the_days_from_the_first_to_the_last(personal, everybody, first, last, is_in):
    history = await personal.history_of(everybody[0].id, first, last)

    assert (len(history.use), len(history.work)) == (int(is_in), int(is_in))


async def test_is_empty_for_whom_nothing_is_known(personal, database):
    [ada] = await enroll(database, "ada")

    history = await personal.history_of(ada.id, MONDAY, SUNDAY)

    assert (history.owner, history.use, history.work) == (ada.id, (), ())


async def test_says_through_which_day_each_source_has_told(personal, everybody, database):
    health = HealthStore(database)
    await health.provider_succeeded("anthropic", NOON)
    await health.failed("openai", "No.", "Look.", NOON)

    history = await personal.history_of(everybody[0].id, MONDAY, SUNDAY)

    assert history.data_through == (("anthropic", MONDAY), ("openai", None))


async def test_counts_work_once_for_whom_did_it_in_two_roles(personal, database):
    [ada] = await enroll(database, "ada")
    identities = {account: make_identity("ada") for account in ("a1", "a2")}
    batch = make_batch(make_outcome(1, "a1", "a2"), identities=identities)
    await OutcomeStore(database).replace("git", batch)

    assert len((await personal.history_of(ada.id, MONDAY, SUNDAY)).work) == 1
