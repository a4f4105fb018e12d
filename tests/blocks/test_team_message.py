"""The team's messages: released figures, its own past, and one wording for all that is withheld."""

from __future__ import annotations

import inspect
import json
import re

import pytest

from bot.blocks import released as released_wording
from bot.blocks import team, wording
from bot.blocks.team import render_team_summary, render_team_usage
from bot.domain.disclosure import AdoptionBand
from bot.language import ENGLISH
from tests.blocks.making import released, withheld


def test_sets_the_teams_spend_and_finished_work_side_by_side():
    _, sides, *_ = render_team_summary(ENGLISH, released(), ()).blocks

    spent, finished = (field["text"].split("\n")[0] for field in sides["fields"])
    assert (spent, finished) == ("*Spent: about $1,240*", "*Finished: 34 merged changes*")


def test_a_withheld_week_says_why_in_the_one_wording():
    assert wording.WHY_WITHHELD in render_team_summary(ENGLISH, withheld(), ()).text
    assert wording.WHY_WITHHELD in render_team_usage(ENGLISH, "Data Platform", (withheld(),)).text


def test_a_withheld_week_has_no_figure_of_any_week():
    text = render_team_summary(ENGLISH, withheld(), (released(45), released(44))).text

    assert "$" not in text
    assert "merged" not in text


def test_a_part_that_is_withheld_is_no_zero():
    text = render_team_summary(ENGLISH, released(finished=None, adoption=None), ()).text

    assert "Finished: withheld" in text
    assert "seats in use withheld" in text
    assert " 0" not in text


def test_little_spend_is_not_none():
    assert "Spent: about $10 or less" in render_team_summary(ENGLISH, released(spent="0"), ()).text


def test_the_past_is_the_teams_own_with_both_sides():
    past = (released(44, "900", 21), released(45, "1400", 40), withheld(43))

    text = render_team_summary(ENGLISH, released(), past).text

    assert "This team before: about $900 to $1,400 beside 21 to 40 merged changes a week" in text
    assert "(2 earlier weeks that could be shown)" in text


def test_weeks_that_were_alike_are_one_figure():
    text = render_team_summary(ENGLISH, released(), (released(44), released(45))).text

    assert "This team before: about $1,240 beside 34 merged changes a week" in text


def test_one_week_is_no_past():
    assert "This team before" not in render_team_summary(ENGLISH, released(), (released(45),)).text


def test_weeks_come_in_their_order_and_the_last_eight_only():
    weeks = [released(number, str(number * 10)) for number in (46, *range(36, 46))]

    _, table, chart, *_ = render_team_usage(ENGLISH, "Data Platform", weeks).blocks

    assert [row[1]["text"] for row in table["rows"]] == [
        "Spend",
        *(f"about ${number * 10}" for number in range(39, 47)),
    ]
    assert len(chart["chart"]["series"][0]["data"]) == 8


def test_a_withheld_week_has_no_bar():
    weeks = (released(44), withheld(45), released(46))

    chart = render_team_usage(ENGLISH, "Data Platform", weeks).blocks[2]

    assert chart["chart"]["axis_config"]["categories"] == ["October 26", "November 9"]


@pytest.mark.parametrize(
    ("band", "share"),
    [
        (AdoptionBand.UNDER_10, "under 10%"),
        (AdoptionBand.FROM_10, "10% to 25%"),
        (AdoptionBand.FROM_25, "25% to 50%"),
        (AdoptionBand.FROM_50, "50% to 75%"),
        (AdoptionBand.FROM_75, "75% to 90%"),
        (AdoptionBand.OVER_90, "over 90%"),
    ],
)
def test_a_share_of_people_is_a_band(band, share):
    text = render_team_summary(ENGLISH, released(adoption=band), ()).text

    assert f"{share} of the people with a seat used it" in text


def test_every_band_says_the_bounds_that_it_has():
    for band in AdoptionBand:
        bounds = re.findall(r"\d+", band.value)
        assert re.findall(r"\d+", released_wording.share(ENGLISH, band)) == bounds


def test_is_made_without_knowing_who_is_who():
    assert "PersonId" not in inspect.getsource(team)
    assert "PersonId" not in inspect.getsource(released_wording)


def test_a_hostile_team_name_stays_a_name():
    message = render_team_summary(ENGLISH, released(team="<!here> &\u202e"), ())

    assert message.blocks[0]["text"]["type"] == "plain_text"
    assert "&lt;!here&gt; &amp;: AI and finished work" in message.text
    assert "<!here>" not in message.text
    assert "\\u202e" not in json.dumps(message.blocks)
