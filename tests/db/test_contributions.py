"""What each team's members contributed in a week, at one moment and without a name."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import TextClause, event, text

import db.contributions
from bot.domain.disclosure.contributions import Cell, Contribution
from bot.domain.periods import midnight
from bot.domain.teams import TeamSource
from bot.domain.tiers import Tier
from bot.domain.usage import ChargeCategory
from db.contributions import ContributionStore
from db.migrate import driver_url
from db.people import PeopleStore
from db.teams import TeamStore
from db.usage import UsageStore
from tests.db.released_work import A_DAY, SETTLE, Company
from tests.factories import (
    MONDAY,
    NOON,
    WEEK,
    make_day,
    make_member,
    make_membership,
    make_record,
    make_team,
)

SUNDAY = MONDAY + 6 * A_DAY


@pytest.fixture
def company(database):
    return Company(database)


class TestMembers:
    async def test_are_one_contribution_each_also_of_those_without_use(self, company):
        await company.found("ada", "bob")
        await company.use("ada", Decimal("4.20"))

        assert sorted(await company.spends()) == [Decimal(0), Decimal("4.20")]

    async def test_are_those_of_the_weeks_monday(self, company, database):
        """Who joins in the week counts from the next on, and who leaves counts to its end."""
        await company.found("ada", "bob")
        await company.move("ada", "cyd", today=MONDAY)

        assert await company.members_of(WEEK) == await company.tags("ada", "bob")
        assert await company.members_of(WEEK.back(-1)) == await company.tags("ada", "cyd")

    async def test_are_no_managers_and_nobody_who_left(self, company, database):
        await company.found("ada", "bob", managers=("cyd",))
        await PeopleStore(database).sync(
            [make_member("ada"), make_member("cyd")], today=NOON.date()
        )

        assert await company.members_of(WEEK) == await company.tags("ada")

    @pytest.mark.parametrize(("days", "counts"), [(0, False), (1, True), (6, True), (7, True)])
    async def test_are_those_who_had_not_opted_out_by_the_monday(
        self, company, database, days, counts
    ):
        await company.found("ada", "bob")
        async with database.for_jobs() as connection:
            await connection.execute(
                text("UPDATE people SET opted_out_on = :on WHERE slack_user_id = 'UBOB'"),
                {"on": MONDAY + days * A_DAY},
            )

        assert len(await company.members_of(WEEK)) == 1 + counts
        assert days == 7 or len(await company.members_of(WEEK.back(-1))) == 1

    async def test_have_the_same_tag_every_week_and_another_under_another_key(self, company):
        await company.found("ada")
        [tag] = await company.members_of(WEEK)

        assert await company.members_of(WEEK.back(-1)) == {tag}
        assert tag == company.database.key.tag("member", str(await company.id_of("ada")))
        assert len(tag) == 32

    async def test_have_no_room_for_a_name(self):
        known = {"member", "amounts", "tiers", "has_seat", "is_active"}

        assert {field.name for field in fields(Contribution)} == known

    async def test_are_in_one_team_each_whatever_the_table_says(self, company, database):
        await company.found("ada", "bob")
        await company.found("ada", "cyd", team="Parsers", keep=True)
        async with database.for_jobs() as connection:
            await connection.execute(text("DELETE FROM team_members"))
            await connection.execute(
                text(
                    "INSERT INTO team_members (team_id, person_id, role, valid_from, valid_to)"
                    " SELECT t.id, p.id, 'member', :monday, :later FROM teams t, people p"
                ),
                {"monday": MONDAY, "later": MONDAY + 14 * A_DAY},
            )

        sizes = [len(group.members) for group in (await company.snapshot()).groups]

        assert sorted(sizes) == [0, 3]


class TestTeams:
    async def test_are_those_that_had_begun(self, company, database):
        await company.found("ada", today=MONDAY)

        assert (await company.snapshot(WEEK)).groups == ()
        assert len((await company.snapshot(WEEK.back(-1))).groups) == 1

    async def test_are_those_that_had_not_ended(self, company, database):
        await company.found("ada")
        await TeamStore(database).sync(TeamSource.FILE, [], [], today=MONDAY)

        assert len((await company.snapshot(WEEK)).groups) == 1
        assert (await company.snapshot(WEEK.back(-1))).groups == ()

    async def test_may_have_lost_everybody(self, company, database):
        await company.found("ada")
        await PeopleStore(database).sync([], today=NOON.date())

        [group] = (await company.snapshot()).groups

        assert group.members == ()


class TestSpend:
    async def test_is_of_the_week_from_its_first_to_its_last_day(self, company):
        await company.found("ada")
        for offset in (-1, 0, 6, 7):
            cost = Decimal(10**offset if offset >= 0 else 5)
            await company.use("ada", cost, day=MONDAY + offset * A_DAY)

        assert await company.spends() == [1_000_001]

    async def test_is_without_seats_and_taxes_and_less_what_was_credited(self, company, database):
        await company.found("ada")
        amounts = {
            ChargeCategory.USAGE: Decimal(10),
            ChargeCategory.PURCHASE: Decimal(20),
            ChargeCategory.CREDIT: Decimal(-3),
            ChargeCategory.ADJUSTMENT: Decimal(1),
            ChargeCategory.TAX: Decimal(5),
        }
        records = [
            make_record(charge_category=category, cost=cost) for category, cost in amounts.items()
        ]
        await UsageStore(database).replace_day(make_day(*records), NOON)

        assert await company.spends() == [8]

    async def test_is_in_dollars(self, company, database):
        await company.found("ada")
        euros = make_record(currency="EUR", cost=None, foreign_cost=Decimal(1_000_000))
        await UsageStore(database).replace_day(make_day(make_record(), euros), NOON)

        assert await company.spends() == [Decimal("1.25")]

    async def test_is_parted_by_what_it_was_for(self, company, database):
        await company.found("ada")
        await company.use("ada", Decimal(3))
        await company.use("ada", Decimal(4), day=SUNDAY)
        await company.tag("ada", Tier.EXPLORATION, SUNDAY)

        [ada] = await company.contributions()

        assert ada.tiers == {Tier.ROUTINE: 3, Tier.EXPLORATION: 4}
        assert ada.amounts == {Cell.SPEND: 7}

    async def test_takes_nobodys_word_for_another(self, company, database):
        await company.found("ada", "bob")
        await company.use("ada", Decimal(3))
        await company.tag("bob", Tier.EXPLORATION, MONDAY)

        found = [c.tiers for c in await company.contributions() if c.tiers]

        assert found == [{Tier.ROUTINE: 3}]


class TestSeats:
    async def test_are_of_those_whom_a_provider_knows(self, company):
        await company.found("ada", "bob")
        await company.use("ada", Decimal(1))
        await company.finish("bob")

        found = {c.has_seat: c.amounts for c in await company.contributions()}

        assert found[True] == {Cell.SPEND: 1}
        assert Cell.SPEND not in found[False]

    async def test_are_not_active_while_nobody_uses_them(self, company, database):
        await company.found("ada")
        seat = make_record(
            charge_category=ChargeCategory.PURCHASE, requests=None, tokens=None, cost=Decimal(20)
        )
        await UsageStore(database).replace_day(make_day(seat), NOON)

        [before] = await company.contributions()
        await company.use("ada", Decimal(0), day=SUNDAY)
        [after] = await company.contributions()

        assert (before.has_seat, before.is_active) == (True, False)
        assert (after.has_seat, after.is_active) == (True, True)
        assert before.amounts == {}


class TestOneMoment:
    async def test_is_what_all_of_it_is_read_at(self, company, database, urls):
        """A day that is replaced in the middle is read whole as it was, or not at all."""
        await company.found("ada")
        await company.use("ada", Decimal(1))
        await company.use("ada", Decimal(1), day=MONDAY - A_DAY)
        changed = []

        def in_between(connection, cursor, statement, *_: object) -> None:
            if "CREATE TEMPORARY TABLE counted" in statement and not changed:
                with psycopg.connect(driver_url(urls.superuser)) as other:
                    changed.append(other.execute("UPDATE usage_records SET cost = 1000").rowcount)

        event.listen(database.engine.sync_engine, "after_cursor_execute", in_between)
        snapshot = await company.snapshot()

        assert changed == [2]
        assert [c.amounts for c in snapshot.groups[0].members] == [{Cell.SPEND: 1}]
        assert snapshot.past == {Cell.SPEND: [1]}
        assert await company.spends() == [1000]


class TestThePast:
    async def test_has_what_each_contributor_had_in_each_of_four_weeks(self, company):
        await company.found("ada", "bob")
        for back, cost in enumerate([50, 1, 2, 3, 4, 60]):
            await company.use("ada", Decimal(cost), day=WEEK.back(back).monday)
        await company.use("bob", Decimal(7), day=SUNDAY - 7 * A_DAY)

        past = (await company.snapshot()).past

        assert sorted(past[Cell.SPEND]) == [1, 2, 3, 4, 7]

    async def test_has_those_who_are_in_no_team_too(self, company, database):
        await company.found("ada")
        await PeopleStore(database).sync(
            [make_member("ada"), make_member("zoe")], today=NOON.date()
        )
        await company.use("zoe", Decimal(9), day=MONDAY - A_DAY)
        await company.finish("zoe", at=midnight(MONDAY - A_DAY) - SETTLE)

        past = (await company.snapshot()).past

        assert past == {Cell.SPEND: [9], Cell.MERGED_CHANGE: [1]}

    async def test_has_amounts_above_zero_alone(self, company, database):
        await company.found("ada")
        credit = make_record(charge_category=ChargeCategory.CREDIT, cost=Decimal(-5))
        day = MONDAY - A_DAY
        await UsageStore(database).replace_day(make_day(credit, day=day), NOON)

        assert (await company.snapshot()).past == {}

    async def test_has_nobody_who_opted_out(self, company, database):
        await company.found("ada")
        await company.use("ada", Decimal(9), day=MONDAY - A_DAY)
        async with database.for_jobs() as connection:
            await connection.execute(
                text("UPDATE people SET opted_out_on = :on"), {"on": MONDAY - A_DAY}
            )

        assert (await company.snapshot()).past == {}


class TestWordsOfPeople:
    """Titles, links and what people write of their work: no team's figure is made of them."""

    def test_are_asked_for_by_no_query(self):
        texts = [q for q in vars(db.contributions).values() if isinstance(q, TextClause)]
        queries = " ".join(map(str, texts))

        assert "outcome_credits" in queries
        assert not re.findall(r"\b(title|url|what|link|helped_by|benefit|email)\b", queries)
        assert not re.findall(r"(?<!credited\.)(?<!models\.)\*[ ,]", queries.replace(" * ", ""))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_no_two_groups_of_a_week_have_a_member_in_common(database, data):
    """However teams were listed, changed and ended."""
    async with database.for_jobs() as connection:
        await connection.execute(text("DELETE FROM teams"))
    names = [f"p{n}" for n in range(8)]
    await PeopleStore(database).sync([make_member(name) for name in names], today=NOON.date())
    store = ContributionStore(database)
    some = st.lists(st.sampled_from(names), max_size=6)
    for week in range(4):
        teams = data.draw(st.lists(st.sampled_from("ABCD"), unique=True))
        members = [make_membership(n, team) for team in teams for n in data.draw(some)]
        today = MONDAY + timedelta(days=7 * week + data.draw(st.integers(0, 6)))
        await TeamStore(database).sync(
            TeamSource.FILE, [make_team(team) for team in teams], members, today=today
        )
    for week in range(-1, 6):
        snapshot = await store.snapshot(WEEK.back(-week), SETTLE)
        tags = [member.member for group in snapshot.groups for member in group.members]
        assert len(tags) == len(set(tags))
