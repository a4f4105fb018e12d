"""The ledger of releases: a week is written once, for good, and whoever changes it is found out."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from sqlalchemy import text

from bot.domain.delivery import DeliveryKind
from bot.domain.disclosure.figures import Share, TeamRelease, Withheld
from bot.domain.disclosure.parameters import Parameters, p_of
from bot.domain.keyed import Key
from bot.domain.ledger import Scope, first_broken
from bot.domain.ledger_entries import entries_of
from bot.domain.teams import ChannelProblem, TeamSource
from db.database import Database, make_engine
from db.deliveries import DeliveryStore
from db.ledger import CHAIN, LedgerStore
from db.migrate import driver_url
from db.teams import TeamStore
from tests.factories import MONDAY, NOON, WEEK, make_delivery, make_team
from tests.releases import (
    COMPILERS,
    PARSERS,
    make_making,
    make_release,
    make_week_release,
)

A_DAY = timedelta(days=1)
ROWS_A_WEEK = 4

BEHIND_THE_TRIGGER = {
    "an amount": (
        "UPDATE ledger SET body = replace(body, '1203', '1903') WHERE id = 1",
        0,
    ),
    "a band": (
        "UPDATE ledger SET body = replace(body, 'OVER_90', 'UNDER_10') WHERE id = 8",
        7,
    ),
    "nonsense": ("UPDATE ledger SET body = 'null' WHERE id = 3", 2),
    "another week": ("UPDATE ledger SET week = week + 7 WHERE id = 13", 12),
    "another day": ("UPDATE ledger SET week = week + 1 WHERE id = 13", 12),
    "another team": ("UPDATE ledger SET team_id = 9 WHERE id = 6", 5),
    "another scope": ("UPDATE ledger SET scope = 'other ' WHERE id = 7", 6),
    "another moment": ("UPDATE ledger SET released_at = now() WHERE id = 5", 4),
    "another seal": ("UPDATE ledger SET seal = previous WHERE id = 5", 4),
    "one deleted": ("DELETE FROM ledger WHERE id = 6", 5),
    "a week deleted": ("DELETE FROM ledger WHERE id BETWEEN 5 AND 8", 4),
    "moved": (
        "UPDATE ledger SET id = CASE id WHEN 6 THEN 70 ELSE 60 END WHERE id IN (6, 7)",
        5,
    ),
    "an old one in place of a newer one": (
        (
            "UPDATE ledger a SET body = b.body, week = b.week, previous = b.previous,"
            " seal = b.seal, team_id = b.team_id + 10"
            " FROM ledger b WHERE (a.id, b.id) = (10, 6)"
        ),
        9,
    ),
    "an old one again at the end": (
        (
            "INSERT INTO ledger (week, scope, team_id, released_at, body, previous, seal)"
            " SELECT week + 70, scope, team_id, released_at, body, previous, seal"
            " FROM ledger WHERE id = 2"
        ),
        16,
    ),
    "one of the owner's own at the end": (
        (
            "INSERT INTO ledger (week, scope, team_id, released_at, body, previous, seal)"
            " SELECT week, scope, 77, released_at, body, seal, sha256(seal || body::bytea)"
            " FROM ledger WHERE id = 16"
        ),
        16,
    ),
    "one of the owner's own in front": (
        (
            "INSERT INTO ledger (id, week, scope, team_id, released_at, body, previous, seal)"
            " SELECT 0, week, scope, 77, released_at, body, seal, seal FROM ledger WHERE id = 1"
        ),
        0,
    ),
}
"""What is done, and the place in the chain, from 0, at which it is noticed."""


@pytest.fixture
def ledger(database):
    return LedgerStore(database)


def entries(week=WEEK, spend=1200, *, compilers=None, **changes):
    release = make_week_release(compilers or make_release(spend), other=make_release(300))
    return entries_of(release, make_making(week=week, **changes))


@pytest.fixture
async def four_weeks(ledger):
    for back in (3, 2, 1, 0):
        assert await ledger.keep(entries(WEEK.back(back), 1200 + back))


async def broken(database) -> int | None:
    rows = [row async for row in LedgerStore(database).chain()]
    return first_broken(database.key, CHAIN, rows)


class TestAReleasedWeek:
    @pytest.mark.parametrize("release", [make_release(), TeamRelease(), Withheld()])
    async def test_is_kept_as_it_was_released(self, ledger, database, release):
        await ledger.keep(entries(compilers=release, parameters=Parameters(minimum=7)))

        [kept] = await ledger.of_team(COMPILERS, WEEK, 13)

        assert kept.week == WEEK
        assert kept.team == "Compilers"
        assert kept.release == release
        assert kept.other == make_release(300)
        assert kept.coverage is Share.OVER_90
        assert kept.parameters == Parameters(minimum=7, p=p_of(database.key))

    async def test_is_kept_once_and_for_good(self, ledger):
        assert await ledger.keep(entries(spend=1200))
        assert not await ledger.keep(entries(spend=99_900))

        [kept] = await ledger.of_team(COMPILERS, WEEK, 13)
        assert kept.release == make_release(1200)

    async def test_is_known_to_be_released(self, ledger):
        await ledger.keep(entries())

        assert await ledger.released(WEEK)
        assert not await ledger.released(WEEK.back(1))

    async def test_is_kept_whole_or_not_at_all(self, ledger, database):
        good = entries()
        bad = replace(good[-1], body="\x00")

        with pytest.raises(Exception, match=r"NUL|0x00"):
            await ledger.keep([*good[:-1], bad])

        assert not await ledger.released(WEEK)

    async def test_is_shown_with_those_before_it_the_newest_first(self, ledger, four_weeks):
        shown = await ledger.of_team(COMPILERS, WEEK.back(1), 2)

        assert [kept.week for kept in shown] == [WEEK.back(1), WEEK.back(2)]
        assert await ledger.of_team(99, WEEK, 13) == []

    async def test_is_written_by_one_of_several_who_try_at_once(self, urls, database):
        """Each with connections of its own, as processes have."""
        others = [Database(make_engine(urls.worker), database.key) for _ in range(4)]
        try:
            tries = [LedgerStore(other).keep(entries(spend=n)) for n, other in enumerate(others)]
            won = await asyncio.gather(*tries)
        finally:
            for other in others:
                await other.close()

        assert sorted(won) == [False, False, False, True]
        [kept] = await LedgerStore(database).of_team(COMPILERS, WEEK, 13)
        assert kept.release == make_release(won.index(True))
        assert await broken(database) is None

    async def test_is_one_even_for_who_does_not_ask_first(self, ledger, database):
        await ledger.keep(entries())

        with pytest.raises(Exception, match="one_release_a_week"):
            async with database.unscoped() as connection:
                await connection.execute(
                    text(
                        "INSERT INTO ledger (week, scope, team_id, released_at, body, previous,"
                        " seal) SELECT week, scope, team_id, released_at, body, previous, seal"
                        " FROM ledger LIMIT 1"
                    )
                )


class TestTheChain:
    async def test_holds_over_weeks_and_those_who_wrote_them(self, database, four_weeks):
        rows = [row async for row in LedgerStore(database).chain()]

        assert len(rows) == 4 * ROWS_A_WEEK
        assert await broken(database) is None

    async def test_holds_for_nobody_with_another_key(self, database, four_weeks):
        rows = [row async for row in LedgerStore(database).chain()]

        assert first_broken(Key(b"another secret of others"), CHAIN, rows) == 0

    async def test_begins_where_retention_ended(self, ledger, database, four_weeks):
        async with database.for_retention() as connection:
            await connection.execute(
                text("DELETE FROM ledger WHERE week <= :w"), {"w": MONDAY - 14 * A_DAY}
            )

        assert await broken(database) is None
        assert await ledger.keep(entries(WEEK.back(-1)))
        assert await broken(database) is None

    @pytest.mark.parametrize("change", ["UPDATE ledger SET body = '{}'", "DELETE FROM ledger"])
    async def test_is_only_ever_added_to_by_the_bot(self, database, four_weeks, change):
        with pytest.raises(Exception, match="only ever added"):
            async with database.for_jobs() as connection:
                await connection.execute(text(change))

    @pytest.mark.parametrize(("what", "place"), BEHIND_THE_TRIGGER.values(), ids=BEHIND_THE_TRIGGER)
    async def test_shows_what_the_owner_did_behind_the_trigger(
        self, database, urls, four_weeks, what, place
    ):
        with psycopg.connect(driver_url(urls.owner)) as owner:
            owner.execute("ALTER TABLE ledger DISABLE TRIGGER append_only")
            owner.execute("ALTER TABLE ledger ALTER id SET GENERATED BY DEFAULT")
            changed = owner.execute(what.encode()).rowcount
            owner.execute("ALTER TABLE ledger ALTER id SET GENERATED ALWAYS")
            owner.execute("ALTER TABLE ledger ENABLE TRIGGER append_only")

        assert changed > 0
        assert await broken(database) == place


class TestTelling:
    @pytest.fixture
    async def teams(self, database):
        """The two of the releases, by their ids."""
        store = TeamStore(database)
        teams = [make_team("Compilers", channel="C1"), make_team("Parsers", channel=None)]
        await store.sync(TeamSource.FILE, teams, [], today=MONDAY - A_DAY)
        found = {team.name: team.id for team in await store.all()}
        assert found == {"Compilers": COMPILERS, "Parsers": PARSERS}
        return store

    async def test_is_left_to_do_for_teams_with_a_channel(self, ledger, teams):
        assert await ledger.to_tell(WEEK) == frozenset()

        await ledger.keep(entries())

        assert await ledger.to_tell(WEEK) == {COMPILERS}
        assert await ledger.to_tell(WEEK.back(1)) == frozenset()

    async def test_is_done_once_the_message_is_in_the_outbox(self, ledger, teams, database):
        await ledger.keep(entries())
        outbox = DeliveryStore(database, lease=timedelta(1), settle=timedelta(1))
        summary = make_delivery(
            "C1", kind=DeliveryKind.TEAM_SUMMARY, period_start=MONDAY, topic=str(COMPILERS)
        )

        await outbox.plan([summary], NOON)

        assert await ledger.to_tell(WEEK) == frozenset()

    async def test_waits_while_something_is_wrong_with_the_channel(self, ledger, teams):
        await ledger.keep(entries())

        await teams.note_channels({"C1": ChannelProblem.NOT_IN})
        assert await ledger.to_tell(WEEK) == frozenset()

        await teams.note_channels({"C1": None})
        assert await ledger.to_tell(WEEK) == {COMPILERS}


async def test_amounts_go_through_as_they_are(ledger):
    """Whatever a decimal looks like."""
    odd = make_release(0)
    [(cell, figure)] = odd.figures.items()
    odd = replace(odd, figures={cell: replace(figure, value=Decimal("1E+4"), step=Decimal("0.50"))})

    await ledger.keep(entries(compilers=odd))

    [kept] = await ledger.of_team(COMPILERS, WEEK, 1)
    assert kept.release == odd


async def test_every_scope_has_its_rows(ledger, database):
    await ledger.keep(entries())

    async with database.unscoped() as connection:
        rows = await connection.execute(text("SELECT scope, team_id FROM ledger ORDER BY id"))
        found = [tuple(row) for row in rows]
    assert found == [
        (Scope.TEAM, COMPILERS),
        (Scope.TEAM, PARSERS),
        (Scope.OTHER, 0),
        (Scope.WORKSPACE, 0),
    ]
