"""What is told of a team is put together from its released weeks, and asked for by its name."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.team_report import OwnTeams, report_of
from bot.domain.team_suggestions import TeamSuggestion
from bot.domain.teams import HomeTeam
from tests.domain.released_weeks import LAST, alike, week

HOME = HomeTeam(team=None, since=date(2026, 3, 2))


def test_a_report_is_of_the_latest_week_and_the_seven_before_it():
    weeks = alike(13, spend=4000, merged_change=120, reverted=10)

    report = report_of(weeks[::-1], adoption_target=70)

    assert (report.week.week, len(report.recent)) == (LAST, 8)
    assert (report.ratios[0].weeks, report.reverts.weeks, report.trends[0].weeks) == (8, 8, 7)
    assert (report.suggestion, report.adoption_target) == (None, 70)


def test_a_report_suggests_one_thing_at_the_most():
    assert report_of(alike(4, spend=9000), adoption_target=0).suggestion is TeamSuggestion.LINK_WORK


class TestAskingForATeam:
    WEEKS = (week(spend=1000),)
    OWN = OwnTeams(home=HOME, later=None, teams=(("Compilers", WEEKS), ("Dev  Tools", ())))

    @pytest.mark.parametrize("asked", ["", " ", "Compilers", "compilers", " COMPILERS "])
    def test_the_first_one_is_meant_where_none_is_named(self, asked):
        usage = self.OWN.named(asked)

        assert (usage.team, usage.weeks, usage.others) == ("Compilers", self.WEEKS, ("Dev  Tools",))

    def test_a_name_is_found_however_it_is_spaced(self):
        assert self.OWN.named("dev tools").team == "Dev  Tools"

    @pytest.mark.parametrize("asked", ["Parsers", "compiler", "*", "compilers dev tools"])
    def test_any_other_name_finds_nothing(self, asked):
        assert self.OWN.named(asked) is None

    def test_in_no_team_nothing_is_found(self):
        assert OwnTeams(home=HOME, later=None, teams=()).named("") is None
