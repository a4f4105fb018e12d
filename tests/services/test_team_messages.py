"""A team's channel hears of each released week once, and people read of their own teams alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from bot.blocks import wording
from bot.blocks.team import render_team_summary
from bot.blocks.team_budget import render_team_budget
from bot.clock import SetClock
from bot.domain.commands import CommandNames
from bot.domain.ledger_entries import entries_of
from bot.domain.teams import ChannelProblem, TeamSource
from bot.domain.thresholds import with_defaults
from bot.language import ENGLISH
from bot.services.summaries import Summaries, TeamWording
from db.deliveries import DeliveryStore
from db.ledger import LedgerStore
from db.team_budgets import TeamBudgetStore
from db.teams import TeamStore
from tests.factories import MONDAY, NOON, WEEK, enroll, make_membership, make_team
from tests.releases import (
    COMPILERS,
    PARSERS,
    WITHHELD,
    make_making,
    make_release,
    make_week_release,
)

A_MINUTE = timedelta(minutes=1)
LONG_AGO = MONDAY - timedelta(weeks=20)
NAMES = ("ada", "bob", "cyd", "dan", "eve")
MEMBERS = [make_membership(name) for name in NAMES]
TEAMS = [make_team(), make_team("Parsers", channel="C2")]
WORDING = TeamWording(
    summary=lambda report: render_team_summary(ENGLISH, report, CommandNames()),
    budget=lambda note: render_team_budget(ENGLISH, note),
)


class Thresholds:
    """What an admin has set, and else the defaults."""

    def __init__(self, **values: int) -> None:
        self.values = values

    async def thresholds(self, day: date) -> dict[str, int]:
        return with_defaults(self.values)


@pytest.fixture
async def people(database):
    return await enroll(database, *NAMES, "zoe")


@pytest.fixture
async def teams(database, people):
    store = TeamStore(database)
    lead = make_membership("eve", "Parsers", role="manager")
    await store.sync(TeamSource.FILE, TEAMS, [*MEMBERS, lead], today=LONG_AGO)
    return store


@pytest.fixture
def summaries(database, teams):
    return Summaries(
        teams=teams,
        ledger=LedgerStore(database),
        budgets=TeamBudgetStore(database),
        deliveries=DeliveryStore(database, lease=A_MINUTE, settle=A_MINUTE),
        administration=Thresholds(),
        clock=SetClock(NOON),
    )


@pytest.fixture
def release(database):
    """Releases what each team had, in the week that was so many weeks before the last."""

    async def release(compilers=WITHHELD, *, parsers=WITHHELD, back=0) -> None:
        told = make_week_release(compilers, parsers=parsers)
        entries = entries_of(told, make_making(week=WEEK.back(back)))
        assert await LedgerStore(database).keep(entries)

    return release


@pytest.fixture
async def compilers(teams):
    return next(team for team in await teams.all() if team.id == COMPILERS)


@pytest.fixture
def planned(database):
    async def planned() -> list[tuple[str, str, str]]:
        async with database.for_jobs() as connection:
            rows = await connection.execute(
                text("SELECT channel, kind, text, due_at FROM deliveries ORDER BY kind, text")
            )
            found = rows.all()
        assert all(row.due_at == NOON for row in found)
        return [(row.channel, row.kind, row.text) for row in found]

    return planned


class TestAReleasedWeek:
    async def test_is_told_to_the_teams_channel_once(self, summaries, compilers, release, planned):
        await release(make_release(1200))

        counts = [await summaries.tell(compilers, WEEK, WORDING) for _ in range(2)]

        [(channel, kind, told)] = await planned()
        assert (channel, kind, counts) == ("C1", "team_summary", [1, 0])
        assert "about $1,200" in told

    async def test_is_told_of_in_the_one_wording_where_it_was_withheld(
        self, summaries, compilers, release, planned
    ):
        await release(WITHHELD, parsers=make_release(4000))

        await summaries.tell(compilers, WEEK, WORDING)

        [(_, _, told)] = await planned()
        assert wording.WHY_WITHHELD in told
        assert "$" not in told

    async def test_is_told_nowhere_before_it_is_in_the_ledger(
        self, summaries, compilers, release, planned
    ):
        await release(make_release(1200), back=1)

        assert await summaries.tell(compilers, WEEK, WORDING) == 0
        assert await planned() == []

    @pytest.mark.parametrize(
        "changes",
        [{"channel": None}, *({"channel_problem": problem} for problem in ChannelProblem)],
    )
    async def test_is_told_nowhere_where_others_would_read_it_or_nobody(
        self, summaries, compilers, release, planned, changes
    ):
        await release(make_release(1200))

        assert await summaries.tell(replace(compilers, **changes), WEEK, WORDING) == 0
        assert await planned() == []

    async def test_is_set_beside_the_admins_target(self, summaries, compilers, release, planned):
        await release(make_release(1200))
        with_target = replace(summaries, administration=Thresholds(adoption_target=60))

        await with_target.tell(compilers, WEEK, WORDING)

        [(_, _, told)] = await planned()
        assert "Seats in use: 75% to 90% (the target: 60%)" in told

    async def test_looks_in_a_preview_as_the_channel_will_read_it(
        self, summaries, compilers, release, planned
    ):
        for back in range(6):
            await release(make_release(1200), back=back)
        [latest, *_] = await summaries.ledger.of_team(COMPILERS, WEEK, 1)

        preview = await summaries.preview(compilers, latest)

        await summaries.tell(compilers, WEEK, WORDING)
        [(_, _, told)] = await planned()
        assert WORDING.summary(preview).text == told


class TestATeamsAmount:
    @pytest.fixture
    def budgeted(self, summaries):
        return replace(summaries, administration=Thresholds(team_budget=4000))

    async def test_is_told_of_when_a_step_is_reached_and_once(
        self, budgeted, compilers, release, planned
    ):
        for back, spent in ((3, 9000), (2, 1000), (1, 1000), (0, 1300)):
            await release(make_release(spent), back=back)
            for _ in range(2):
                await budgeted.tell(compilers, WEEK.back(back), WORDING)

        told = [words for _, kind, words in await planned() if kind == "team_budget"]
        assert [line.split("\n")[1:3] for line in told if "March" in line] == [
            [
                "Compilers: about half of the team's amount for March 2026 is spent.",
                "About $2,000 of $4,000, in 2 weeks that began in the month.",
            ],
            [
                "Compilers: most of the team's amount for March 2026 is spent.",
                "About $3,300 of $4,000, in 3 weeks that began in the month.",
            ],
        ]

    async def test_comes_once_where_the_bot_was_cut_off_before_it_wrote_that_down(
        self, budgeted, database, compilers, release, planned
    ):
        class CutOff(TeamBudgetStore):
            async def keep(self, team, month, step, on):
                raise ConnectionError

        await release(make_release(3300))
        with pytest.raises(ConnectionError):
            await replace(budgeted, budgets=CutOff(database)).tell(compilers, WEEK, WORDING)

        await budgeted.tell(compilers, WEEK, WORDING)

        assert [kind for _, kind, _ in await planned()] == ["team_budget", "team_summary"]
        assert await TeamBudgetStore(database).told(COMPILERS, MONDAY) == {50, 80}

    async def test_is_none_unless_an_admin_sets_one(self, summaries, compilers, release, planned):
        await release(make_release(90_000))

        await summaries.tell(compilers, WEEK, WORDING)

        assert [kind for _, kind, _ in await planned()] == ["team_summary"]

    async def test_is_not_told_of_from_weeks_that_were_withheld(
        self, budgeted, compilers, release, planned
    ):
        await release(WITHHELD)

        await budgeted.tell(compilers, WEEK, WORDING)

        assert [kind for _, kind, _ in await planned()] == ["team_summary"]


class TestWhoReadsWhat:
    async def test_a_member_reads_the_own_team_and_where_that_member_counts(
        self, summaries, people, release
    ):
        await release(make_release(1200))

        own = await summaries.released_to(people[0])

        [(name, [week])] = own.teams
        assert (name, week.release) == ("Compilers", make_release(1200))
        assert (own.home.team.id, own.later) == (COMPILERS, None)

    async def test_a_manager_reads_the_very_same(self, summaries, teams, people, release):
        await release(make_release(1200), parsers=make_release(800))
        bob = make_membership("bob", "Parsers")
        await teams.sync(TeamSource.FILE, TEAMS, [*MEMBERS, bob], today=LONG_AGO)
        boss = make_membership("zoe", role="manager")
        await teams.sync(TeamSource.FILE, TEAMS, [*MEMBERS, bob, boss], today=LONG_AGO)

        of_member, of_manager = [
            await summaries.released_to(person) for person in (people[0], people[-1])
        ]

        assert of_manager.teams == of_member.teams
        assert of_manager.home.team is None

    async def test_the_home_team_comes_before_those_that_one_leads(
        self, summaries, people, release
    ):
        await release(make_release(1200), parsers=make_release(800))

        own = await summaries.released_to(people[NAMES.index("eve")])

        assert [name for name, _ in own.teams] == ["Compilers", "Parsers"]

    async def test_whoever_is_in_no_team_reads_nothing(self, summaries, people, release):
        await release(make_release(1200), parsers=make_release(800))

        own = await summaries.released_to(people[-1])

        assert (own.teams, own.home.team) == ((), None)

    async def test_whoever_left_reads_nothing_of_it_any_more(
        self, summaries, teams, people, release
    ):
        await release(make_release(1200))
        await teams.sync(
            TeamSource.FILE, TEAMS, MEMBERS[1:], today=NOON.date() - timedelta(weeks=1)
        )

        assert (await summaries.released_to(people[0])).teams == ()

    async def test_shows_thirteen_weeks_at_the_most(self, summaries, people, release):
        for back in range(15):
            await release(make_release(1200), back=back)

        [(_, weeks)] = (await summaries.released_to(people[0])).teams

        assert [week.week for week in weeks] == [WEEK.back(back) for back in range(13)]

    async def test_shows_nothing_of_a_week_that_is_not_over(self, summaries, people, release):
        await release(make_release(1200), back=-1)

        assert (await summaries.released_to(people[0])).teams == (("Compilers", ()),)


def test_the_teams_of_these_tests_have_the_ids_of_the_releases():
    assert (COMPILERS, PARSERS) == (1, 2)
