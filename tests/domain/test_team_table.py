"""Teams as lines of CSV, from a file or pasted."""

from __future__ import annotations

import pytest

from bot.domain.team_table import COLUMNS, LONGEST_NAME, Fault, WrongLine, read_table
from bot.domain.teams import Membership, Team, TeamSource

HEADER = "team,channel,time_zone,email,role"


def read(*lines: str, header: bool = True):
    told = [HEADER, *lines] if header else lines
    return read_table(told, TeamSource.FILE, needs_header=header)


def fault_of(*lines: str, header: bool = True) -> WrongLine:
    with pytest.raises(WrongLine) as wrong:
        read(*lines, header=header)
    return wrong.value


class TestATable:
    def test_names_teams_in_their_order_and_who_is_in_them(self):
        table = read(
            "Compilers,C1,Europe/Paris,Ada@example.com,member",
            "Parsers,,,cyd@example.com,member",
            "Compilers,C9,Asia/Tokyo,bob@example.com, Manager ",
        )

        assert table.teams == (
            Team(id=0, name="Compilers", channel="C1", time_zone="Europe/Paris", position=0),
            Team(id=0, name="Parsers", channel=None, time_zone="UTC", position=1),
        )
        assert table.members == (
            Membership(team="Compilers", email="ada@example.com", role="member"),
            Membership(team="Parsers", email="cyd@example.com", role="member"),
            Membership(team="Compilers", email="bob@example.com", role="manager"),
        )

    def test_may_wish_somebody_into_several_teams_and_twice_into_one(self):
        table = read(*["A,,,ada@example.com,member"] * 2, "B,,,ada@example.com,member")

        assert [member.team for member in table.members] == ["A", "B"]

    def test_takes_a_name_for_the_same_whatever_its_capitals_and_spaces(self):
        table = read("Data  Core,,,ada@example.com,member", "data core,,,bob@example.com,member")

        assert [team.name for team in table.teams] == ["Data Core"]
        assert {member.team for member in table.members} == {"Data Core"}

    def test_has_its_columns_in_any_order_and_others_beside(self):
        lines = ["Role,EMAIL,x,channel,time_zone,team", "member,ada@example.com,?,C1,,A"]

        table = read_table(lines, TeamSource.IMPORT)

        assert [(t.name, t.channel, t.source) for t in table.teams] == [
            ("A", "C1", TeamSource.IMPORT)
        ]

    def test_may_have_no_first_line_of_titles_where_it_was_pasted(self):
        line = "A,,,ada@example.com,member"

        assert read(line, header=False).teams == read(line).teams
        assert read_table([HEADER, line], TeamSource.FILE, needs_header=False) == read(line)

    @pytest.mark.parametrize(
        "name", ["🎉 Launch", 'The "A" team', "Ünïcode", "<!channel>", "x" * LONGEST_NAME]
    )
    def test_takes_names_with_anything_in_them(self, name):
        quoted = name.replace('"', '""')

        assert read(f'"{quoted}",,,ada@example.com,member').teams[0].name == name

    def test_passes_over_empty_lines(self):
        assert read("", " , ,,,", "A,,,ada@example.com,member").teams[0].name == "A"

    def test_of_nothing_but_titles_is_of_no_team(self):
        assert read().teams == ()
        assert read(header=False).teams == ()


class TestALineThatIsWrong:
    @pytest.mark.parametrize(
        ("line", "fault"),
        [
            (",C1,UTC,ada@example.com,member", Fault.NO_TEAM),
            (" ,C1,UTC,ada@example.com,member", Fault.NO_TEAM),
            (f"{'x' * 81},C1,UTC,ada@example.com,member", Fault.LONG_NAME),
            ("A,C1,UTC,nobody,member", Fault.NO_EMAIL),
            ("A,C1,UTC,,member", Fault.NO_EMAIL),
            ("A,C1,UTC,ada@example.com,boss", Fault.NO_ROLE),
            ("A,C1,UTC,ada@example.com", Fault.NO_ROLE),
            ("B,C1,Europe/Nowhere,ada@example.com,member", Fault.NO_SUCH_ZONE),
            ("B,#data,UTC,ada@example.com,member", Fault.NO_CHANNEL_ID),
            ("B,U01ADA,UTC,ada@example.com,member", Fault.NO_CHANNEL_ID),
            ("A", Fault.NO_EMAIL),
            ("A,\x00", Fault.NO_EMAIL),
        ],
    )
    def test_is_named_with_what_is_wrong(self, line, fault):
        wrong = fault_of("A,,,bob@example.com,member", line)

        assert (wrong.line, wrong.fault) == (3, fault)

    def test_is_counted_as_it_stands_in_the_file(self):
        assert fault_of('"A\n', 'B",,,bob@example.com,member\n', "\n", "A").line == 5

    def test_may_not_be_csv_at_all(self):
        assert fault_of("A," + "x" * 200_000).fault is Fault.NOT_CSV

    @pytest.mark.parametrize("text", ["", "team,email\nA,ada@example.com\n"])
    def test_may_be_the_first_without_the_titles(self, text):
        with pytest.raises(WrongLine) as wrong:
            read_table(text.splitlines(), TeamSource.FILE)

        assert "role" in wrong.value.missing
        assert set(wrong.value.missing) <= set(COLUMNS)

    def test_is_also_one_with_some_titles_only(self):
        wrong = fault_of("team,email,role", "A,ada@example.com,member", header=False)

        assert wrong.missing == ("channel", "time_zone")
