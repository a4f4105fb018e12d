"""What a team's members contributed, without names; and what was released of it, once."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid5

import pytest
from sqlalchemy import TextClause

import db.teams
from bot.blocks import team as team_blocks
from bot.domain import disclosure
from bot.domain.delivery import DeliveryKind
from bot.domain.disclosure import AdoptionBand, Contribution, Rules, TeamRelease, Withheld
from bot.domain.logged import MOST_COUNTED_A_WEEK, Visibility
from bot.domain.outcomes import OutcomeKind
from bot.domain.periods import midnight
from bot.domain.teams import TeamWeek
from db.deliveries import DeliveryStore
from db.linking import LinkStore
from db.logged import LoggedStore
from db.outcomes import OutcomeStore
from db.people import PeopleStore
from db.teams import TeamStore
from db.usage import UsageStore
from tests.db.linked_work import LinkedWork, change, ticket
from tests.factories import (
    MONDAY,
    NOON,
    WEEK,
    enroll,
    make_batch,
    make_day,
    make_delivery,
    make_identity,
    make_logged,
    make_member,
    make_membership,
    make_outcome,
    make_record,
    make_team,
)

MERGED = OutcomeKind.MERGED_CHANGE
NAMESPACE = UUID(int=0)
RELEASE = TeamRelease(spend=Decimal(1230), outcomes={MERGED: 17}, adoption=AdoptionBand.FROM_50)


@pytest.fixture
def teams(database):
    return TeamStore(database)


@pytest.fixture
def compilers(database, teams):
    """Makes these people the team, and gives its id."""

    async def make(*names: str, managers: tuple[str, ...] = ()) -> int:
        await enroll(database, *names, *managers)
        members = [make_membership(name) for name in names]
        leads = [make_membership(name, role="manager") for name in managers]
        await teams.sync([make_team()], [*members, *leads])
        [team] = await teams.all()
        return team.id

    return make


@pytest.fixture
def finish(database):
    async def finish(*outcomes) -> None:
        await OutcomeStore(database).replace("git", make_batch(*outcomes))
        await LinkStore(database).link(NOON, timedelta(days=7))

    return finish


def shares(contributions) -> list[Decimal]:
    return sorted(round(c.outcomes.get(MERGED, Decimal(0)), 6) for c in contributions)


class TestContributions:
    async def test_are_one_a_member_also_of_those_without_use(self, teams, compilers, database):
        team = await compilers("ada", "bob")
        await UsageStore(database).replace_day(make_day(make_record(cost=Decimal("4.20"))), NOON)

        contributions = await teams.contributions(team, WEEK)

        assert sorted(c.spend for c in contributions) == [Decimal(0), Decimal("4.20")]

    async def test_say_who_has_a_seat_and_who_only_writes_code(self, teams, compilers, database):
        team = await compilers("ada", "bob")
        await UsageStore(database).replace_day(make_day(make_record()), NOON)
        await OutcomeStore(database).replace("git", make_batch(make_outcome(1, "bob")))

        contributions = await teams.contributions(team, WEEK)

        assert {c.spend > 0: c.has_seat for c in contributions} == {True: True, False: False}

    async def test_cover_the_week_from_its_first_to_its_last_day(self, teams, compilers, database):
        team = await compilers("ada")
        for offset in (-1, 0, 6, 7):
            day = make_day(make_record(cost=Decimal(10**offset if offset >= 0 else 5)),
                           day=MONDAY + timedelta(days=offset))  # fmt: skip
            await UsageStore(database).replace_day(day, NOON)

        [ada] = await teams.contributions(team, WEEK)

        assert ada.spend == 1_000_001

    async def test_share_work_among_those_of_the_team_who_did_it(self, teams, compilers, finish):
        team = await compilers("ada", "bob", "cyd")

        await finish(make_outcome(1, "ada", "bob", "outsider"), make_outcome(2, "ada"))

        third = sorted([Decimal("1.5"), Decimal("0.5"), Decimal(0)])
        assert shares(await teams.contributions(team, WEEK)) == third

    async def test_count_a_person_once_however_many_accounts_that_person_has(
        self, teams, compilers, database
    ):
        team = await compilers("ada", "bob")
        owners = {"a1": "ada", "a2": "ada", "b": "bob"}
        identities = {account: make_identity(name) for account, name in owners.items()}
        batch = make_batch(make_outcome(1, "a1", "a2", "b"), identities=identities)
        await OutcomeStore(database).replace("git", batch)

        assert shares(await teams.contributions(team, WEEK)) == [Decimal("0.5"), Decimal("0.5")]

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param({"reverted_at": NOON - timedelta(days=1)}, id="reverted"),
            pytest.param({"completed_at": None}, id="open"),
            pytest.param({"completed_at": midnight(MONDAY) - timedelta(seconds=1)}, id="before"),
            pytest.param({"completed_at": midnight(MONDAY) + timedelta(weeks=1)}, id="after"),
        ],
    )
    async def test_leave_out_work_that_was_not_finished_in_the_week(
        self, teams, compilers, finish, other
    ):
        team = await compilers("ada")

        await finish(make_outcome(1, "ada"), make_outcome(2, "ada", **other))

        assert shares(await teams.contributions(team, WEEK)) == [Decimal(1)]

    async def test_leave_out_managers_and_those_who_left(self, teams, compilers, database):
        team = await compilers("ada", "bob", managers=("cyd",))
        await PeopleStore(database).sync([make_member("ada"), make_member("cyd")])

        assert len(await teams.contributions(team, WEEK)) == 1

    async def test_count_common_work_of_the_team_once(self, teams, compilers, finish):
        team = await compilers("ada", "bob", "cyd")

        await finish(make_outcome(1, "ada", "bob", "cyd"))

        contributions = await teams.contributions(team, WEEK)
        assert round(sum(c.outcomes[MERGED] for c in contributions), 6) == 1

    async def test_count_work_once_however_many_systems_tell_of_it(
        self, teams, compilers, database
    ):
        team = await compilers("ada", "bob")
        works = LinkedWork(database)
        change_closing = change("acme/web#1", "ada", closes=frozenset({"ticket:OPS-1"}))
        told = ticket("10001", "bob", names=frozenset({"ticket:OPS-1"}))
        commit = change("acme/web@1", "ada", source="git", names=frozenset({"commit:0123456"}))
        landed = replace(change_closing, names=frozenset({"commit:0123456"}))
        await works.tell(landed, told, commit)
        await works.link()

        contributions = await teams.contributions(team, WEEK)

        assert sum(sum(c.outcomes.values()) for c in contributions) == 1
        assert shares(contributions) == [0, 1]

    async def test_count_a_ticket_whose_change_is_nobodys_we_know(self, teams, compilers, database):
        team = await compilers("ada", "bob")
        works = LinkedWork(database)
        await works.tell(
            change("acme/web#1", "outsider", closes=frozenset({"ticket:OPS-1"})),
            ticket("10001", "bob", names=frozenset({"ticket:OPS-1"})),
        )
        await works.link()

        contributions = await teams.contributions(team, WEEK)

        assert [c.outcomes for c in contributions if c.outcomes] == [{OutcomeKind.TASK_DONE: 1}]

    async def test_have_no_room_for_a_name(self):
        known = {"spend", "outcomes", "has_seat", "is_active"}

        assert {field.name for field in fields(Contribution)} == known


class TestWhatPeopleLogThemselves:
    @pytest.fixture
    def log(self, database):
        """Logs so many outcomes of a person on a day."""

        async def log(person, count=1, *, visibility=Visibility.COUNTED, done_on=MONDAY) -> None:
            for number in range(count):
                entry = make_logged(
                    person.id,
                    id=uuid5(NAMESPACE, f"{person.id} {visibility} {done_on} {number}"),
                    visibility=visibility,
                    done_on=done_on,
                )
                await LoggedStore(database).keep(entry)

        return log

    @pytest.fixture
    async def team(self, compilers):
        return await compilers("ada", "bob")

    @pytest.fixture
    async def ada(self, team, database):
        return await PeopleStore(database).find("UADA")

    async def counted(self, teams, team) -> list[Decimal]:
        contributions = await teams.contributions(team, WEEK)
        return sorted(c.outcomes.get(OutcomeKind.LOGGED, Decimal(0)) for c in contributions)

    async def test_counts_where_they_say_so(self, teams, team, ada, log):
        await log(ada, 2)
        await log(ada, 1, visibility=Visibility.ONLY_ME)

        assert await self.counted(teams, team) == [0, 2]

    async def test_counts_five_times_a_week_at_most(self, teams, team, ada, log):
        await log(ada, MOST_COUNTED_A_WEEK)
        await log(ada, 3, done_on=MONDAY + timedelta(days=6))

        assert await self.counted(teams, team) == [0, 5]

    async def test_counts_in_the_week_that_it_was_done_in(self, teams, team, ada, log):
        await log(ada, done_on=MONDAY - timedelta(days=1))
        await log(ada, done_on=MONDAY + timedelta(days=7))

        assert await self.counted(teams, team) == [0, 0]

    async def test_is_a_series_of_its_own(self, teams, team, ada, log, finish):
        await log(ada, 2)
        await finish(make_outcome(1, "ada"))

        [_, outcomes] = sorted([c.outcomes for c in await teams.contributions(team, WEEK)], key=len)

        assert outcomes == {MERGED: 1, OutcomeKind.LOGGED: 2}
        assert not OutcomeKind.LOGGED.bears_ratio


class TestWordsOfPeople:
    """Titles, links and what people write of their work: no team's figure is made of them."""

    def test_are_asked_for_by_no_query(self):
        queries = [str(value) for value in vars(db.teams).values() if isinstance(value, TextClause)]

        assert any("outcome_credits" in query for query in queries)
        assert not re.findall(r"\b(title|url|what|link|helped_by|benefit)\b", " ".join(queries))
        assert "SELECT *" not in " ".join(queries)

    @pytest.mark.parametrize("module", [db.teams, disclosure, team_blocks])
    def test_are_looked_at_by_nothing_on_the_way(self, module):
        tree = ast.parse(inspect.getsource(module))

        looked_at = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not looked_at & {"title", "url", "what", "link", "evidence", "account"}

    def test_have_no_room_in_what_is_released(self):
        told = {field.name: field.type for field in fields(TeamRelease)}

        assert told == {
            "spend": "Decimal",
            "outcomes": "Mapping[OutcomeKind, int]",
            "adoption": "AdoptionBand | None",
        }


class TestTheRoster:
    async def test_replaces_who_was_in_which_team(self, teams, compilers):
        team = await compilers("ada", "bob")

        await teams.sync([make_team()], [make_membership("bob")])

        assert len(await teams.contributions(team, WEEK)) == 1

    async def test_keeps_a_team_the_same_when_its_channel_changes(self, teams):
        await teams.sync([make_team()], [])
        [before] = await teams.all()

        await teams.sync([make_team(channel="C9", time_zone="Asia/Tokyo")], [])

        [after] = await teams.all()
        assert (after.id, after.channel, after.time_zone) == (before.id, "C9", "Asia/Tokyo")

    async def test_has_one_home_team_a_person(self, teams, database):
        [ada] = await enroll(database, "ada")

        await teams.sync(
            [make_team("A"), make_team("B")],
            [make_membership("ada", "A"), make_membership("ada", "B")],
        )

        assert len(await teams.of_person(ada.id)) == 1

    async def test_shows_a_person_the_teams_that_person_is_in_or_leads(self, teams, database):
        [ada, bob] = await enroll(database, "ada", "bob")
        memberships = [make_membership("ada", "A"), make_membership("ada", "B", role="manager")]

        await teams.sync([make_team("A"), make_team("B"), make_team("C")], memberships)

        assert [team.name for team in await teams.of_person(ada.id)] == ["A", "B"]
        assert await teams.of_person(bob.id) == []


class TestAReleasedWeek:
    @pytest.fixture
    async def team(self, teams):
        await teams.sync([make_team()], [])
        [team] = await teams.all()
        return team.id

    @pytest.mark.parametrize(
        "outcome",
        [RELEASE, TeamRelease(spend=Decimal(0), outcomes={}, adoption=None), Withheld()],
    )
    async def test_is_kept_as_it_was_released(self, teams, team, outcome):
        await teams.keep_release(team, WEEK, outcome, Rules(), NOON)

        assert await teams.released(team, WEEK, 5) == [
            TeamWeek(team="Compilers", week=WEEK, outcome=outcome)
        ]

    async def test_is_released_once_and_for_good(self, teams, team):
        await teams.keep_release(team, WEEK, Withheld(), Rules(), NOON)

        await teams.keep_release(team, WEEK, RELEASE, Rules(), NOON)

        [kept] = await teams.released(team, WEEK, 5)
        assert kept.outcome == Withheld()

    async def test_shows_up_to_the_week_that_is_asked_for_the_newest_first(self, teams, team):
        for back in range(4):
            await teams.keep_release(team, WEEK.back(back), RELEASE, Rules(), NOON)

        shown = await teams.released(team, WEEK.back(1), 2)

        assert [week.week for week in shown] == [WEEK.back(1), WEEK.back(2)]

    async def test_is_done_once_its_message_is_in_the_outbox(self, teams, team, database):
        await teams.keep_release(team, WEEK, Withheld(), Rules(), NOON)
        assert await teams.teams_told(MONDAY) == frozenset()

        outbox = DeliveryStore(database, lease=timedelta(1), settle=timedelta(1))
        summary = make_delivery(
            "C1", kind=DeliveryKind.TEAM_SUMMARY, period_start=MONDAY, topic=str(team)
        )
        await outbox.plan([summary], NOON)

        assert await teams.teams_told(MONDAY) == frozenset({team})
