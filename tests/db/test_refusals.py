"""Who wants nothing kept is known by tags alone, and by every name that was theirs."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.domain.keyed import Key
from bot.domain.rights import Refusal, Refuser
from db.refusals import add_refusals, lift, refusal_of, refused_accounts, refused_users
from tests.factories import MONDAY

KEY = Key(b"an installation's own secret")
ADA = Refuser(
    slack_user_id="UADA",
    addresses=frozenset({"ada@example.com"}),
    accounts={"anthropic": frozenset({"acct-1"})},
)


@pytest.fixture
async def connection(database):
    async with database.for_jobs() as opened:
        yield opened


async def refuse(connection, reason=Refusal.FORGOTTEN, refuser=ADA):
    await add_refusals(connection, KEY, refuser, reason, MONDAY)


async def test_nobody_is_refused_at_first(connection):
    assert await refused_accounts(connection, KEY, "anthropic", {"acct-1": None}) == frozenset()
    assert await refused_users(connection, KEY, ["UADA"]) == frozenset()
    assert await refusal_of(connection, KEY, "UADA") is None


async def test_an_account_is_refused_at_its_own_source(connection):
    await refuse(connection)

    accounts = {"acct-1": None, "acct-2": None}
    assert await refused_accounts(connection, KEY, "anthropic", accounts) == {"acct-1"}
    assert await refused_accounts(connection, KEY, "openai", accounts) == frozenset()


@pytest.mark.parametrize(
    "accounts", [{"x": "Ada@Example.com"}, {"ada@example.com": None}, {"ADA@example.com": None}]
)
async def test_an_address_is_refused_whatever_it_is_told_as(connection, accounts):
    await refuse(connection)

    assert await refused_accounts(connection, KEY, "openai", accounts) == set(accounts)


async def test_an_account_that_was_known_by_its_address_is_known_by_its_name_from_then_on(
    connection,
):
    await refuse(connection)
    await refused_accounts(connection, KEY, "openai", {"user-9": "ada@example.com"})

    assert await refused_accounts(connection, KEY, "openai", {"user-9": None}) == {"user-9"}


async def test_a_plus_address_is_an_address_of_its_own(connection):
    await refuse(connection)

    accounts = {"x": "ada+work@example.com"}
    assert await refused_accounts(connection, KEY, "openai", accounts) == frozenset()


async def test_whoever_only_opted_out_stays_known_to_the_directory(connection):
    await refuse(connection, Refusal.OPTED_OUT)

    assert await refused_users(connection, KEY, ["UADA"]) == frozenset()
    assert await refused_accounts(connection, KEY, "anthropic", {"acct-1": None}) == {"acct-1"}
    assert await refusal_of(connection, KEY, "UADA") is Refusal.OPTED_OUT


async def test_whoever_opted_out_can_still_be_forgotten_and_never_the_other_way(connection):
    await refuse(connection, Refusal.OPTED_OUT)
    await refuse(connection, Refusal.FORGOTTEN)
    await refuse(connection, Refusal.OPTED_OUT)

    assert await refusal_of(connection, KEY, "UADA") is Refusal.FORGOTTEN
    assert await refused_users(connection, KEY, ["UADA", "UBOB"]) == {"UADA"}


async def test_taking_it_back_takes_every_tag_back_and_nobody_elses(connection):
    bob = Refuser(slack_user_id="UBOB", addresses=frozenset({"bob@example.com"}))
    await refuse(connection)
    await refuse(connection, refuser=bob)
    await refused_accounts(connection, KEY, "openai", {"user-9": "ada@example.com"})

    assert await lift(connection, KEY, "UADA") is True
    accounts = {"user-9": "ada@example.com", "y": "bob@example.com"}
    assert await refused_accounts(connection, KEY, "openai", accounts) == {"y"}
    assert await lift(connection, KEY, "UADA") is False


async def test_the_table_tells_nothing_to_whoever_has_no_key(connection):
    await refuse(connection)

    rows = " ".join(await connection.scalars(text("SELECT r::text FROM refusals r")))
    assert not any(name in rows for name in ("UADA", "ada@", "acct-1", "anthropic"))
    other = Key(b"somebody else's own secret")
    assert await refusal_of(connection, other, "UADA") is None
