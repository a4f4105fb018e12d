"""People come from Slack, teams from the operator's file."""

from __future__ import annotations

import pytest

from bot.clock import SetClock
from bot.domain.health import DIRECTORY
from bot.domain.teams import Membership, Team
from bot.errors import SettingsError, SourceUnavailableError
from bot.services.directory import DirectorySync, parse_teams
from db.health import HealthStore
from db.people import PeopleStore
from db.teams import TeamStore
from tests.factories import NOON, make_member
from tests.fakes import FakeDirectory, RealTime

HEADER = "team,channel,time_zone,email,role\n"


def parse(*rows: str):
    return parse_teams([HEADER, *(f"{row}\n" for row in rows)])


class TestTheTeamsFile:
    def test_names_teams_and_who_is_in_them(self):
        teams, members = parse(
            "Compilers,C1,Europe/Paris,Ada@example.com,member",
            "Compilers,,,bob@example.com, Manager ",
        )

        assert teams == [Team(id=0, name="Compilers", channel="C1", time_zone="Europe/Paris")]
        assert members == [
            Membership(team="Compilers", email="ada@example.com", role="member"),
            Membership(team="Compilers", email="bob@example.com", role="manager"),
        ]

    def test_may_leave_out_channel_and_time_zone(self):
        teams, _ = parse("Compilers,,,ada@example.com,member")

        assert teams == [Team(id=0, name="Compilers", channel=None, time_zone="UTC")]

    def test_gives_a_person_one_home_and_any_number_of_teams_to_lead(self):
        _, members = parse(
            "A,,,ada@example.com,member",
            "B,,,ada@example.com,member",
            "B,,,ada@example.com,manager",
            "C,,,ada@example.com,manager",
        )

        assert [(member.team, member.role) for member in members] == [
            ("A", "member"),
            ("B", "manager"),
            ("C", "manager"),
        ]

    @pytest.mark.parametrize(
        "row",
        [
            ",C1,UTC,ada@example.com,member",
            "A,C1,UTC,nobody,member",
            "A,C1,UTC,,member",
            "A,C1,UTC,ada@example.com,boss",
            "A",
        ],
    )
    def test_is_refused_with_the_line_that_is_wrong(self, row):
        with pytest.raises(SettingsError, match="Line 3"):
            parse("A,,,bob@example.com,member", row)

    @pytest.mark.parametrize("text", ["", "team,email\nA,ada@example.com\n"])
    def test_is_refused_with_the_columns_that_are_missing(self, text):
        with pytest.raises(SettingsError, match="role"):
            parse_teams(text.splitlines(keepends=True))


class TestBringingItUpToDate:
    @pytest.fixture
    def health(self, database):
        return HealthStore(database)

    @pytest.fixture
    def real(self):
        return RealTime()

    @pytest.fixture
    def sync_with(self, database, health, real):
        def make(directory, teams_file=None) -> DirectorySync:
            return DirectorySync(
                directory=directory,
                people=PeopleStore(database),
                teams=TeamStore(database),
                teams_file=teams_file,
                health=health,
                clock=SetClock(NOON),
                real_now=real.now,
            )

        return make

    async def test_knows_people_and_teams_afterwards(self, sync_with, database, tmp_path):
        file = tmp_path / "teams.csv"
        row = "Compilers,C1,UTC,ada@example.com,member\n"
        file.write_text(f"\N{ZERO WIDTH NO-BREAK SPACE}{HEADER}{row}", encoding="utf-8")

        assert await sync_with(FakeDirectory([make_member("ada")]), file).run() == 1

        ada = await PeopleStore(database).find("UADA")
        assert [team.name for team in await TeamStore(database).of_person(ada.id)] == ["Compilers"]

    async def test_keeps_whom_it_knew_when_slack_fails(self, sync_with, database, health, real):
        await sync_with(FakeDirectory([make_member("ada")])).run()

        with pytest.raises(SourceUnavailableError):
            await sync_with(FakeDirectory(failing=SourceUnavailableError())).run()

        assert await PeopleStore(database).count() == 1
        assert await health.resting(real.now()) == frozenset({DIRECTORY})

    @pytest.mark.parametrize("content", [None, b"nonsense", b"\xff\xfe", b'team,"'])
    async def test_says_so_where_the_file_cannot_be_used(
        self, sync_with, health, tmp_path, content
    ):
        file = tmp_path / "teams.csv"
        if content is not None:
            file.write_bytes(content)

        with pytest.raises(SettingsError):
            await sync_with(FakeDirectory([make_member("ada")]), file).run()

        assert (await health.sources())[DIRECTORY].last_error is not None

    async def test_lets_the_rest_end_when_it_works_again(self, sync_with, health, real):
        with pytest.raises(SourceUnavailableError):
            await sync_with(FakeDirectory(failing=SourceUnavailableError())).run()

        await sync_with(FakeDirectory([])).run()

        assert await health.resting(real.now()) == frozenset()
