"""The team's summary: released figures, its own past, and one wording for all that is withheld."""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import replace

import pytest

from bot.blocks import released as released_wording
from bot.blocks import team, team_weeks, wording
from bot.blocks.team import render_team_summary
from bot.blocks.team_budget import render_team_budget
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Share, TeamRelease
from bot.domain.team_report import report_of
from bot.language import ENGLISH
from tests.blocks.team_cases import (
    NAMES,
    OTHER,
    REPORTS,
    SEASON,
    USAGES,
    messages,
    named,
    note,
    report,
)
from tests.domain.released_weeks import alike, banded, released_week, rounded, week, withheld_week

EVERY = messages(ENGLISH)
STRICT = [REPORTS["strict"], REPORTS["strict-little"]]


def summary(*weeks, **changes):
    return render_team_summary(ENGLISH, report(*weeks, **changes), NAMES)


def blocks(message):
    return {block["block_id"]: block for block in message.blocks}


class TestAWeekThatIsShown:
    def test_sets_the_teams_spend_and_finished_work_side_by_side(self):
        sides = blocks(summary(week(spend=1200, merged_change=35)))["team-sides"]

        spent, finished = (field["text"].split("\n")[0] for field in sides["fields"])
        assert spent == "*Spent: about $1,200*"
        assert finished == "*Settled: about 35 merged changes*"

    def test_says_how_coarse_a_figure_is_and_why(self):
        text = summary(week(spend=1200, merged_change=35)).text

        assert "to the nearest $200" in text
        assert "to the nearest 5\n" in text
        assert "counts up to a cap only, so that the true total can be higher" in text
        assert "some noise is added" in text

    def test_kinds_with_steps_of_their_own_say_each_theirs(self):
        text = summary(week(merged_change=35, ticket_solved=rounded(120, 20))).text

        assert "Settled: about 35 merged changes, to the nearest 5\n" in text
        assert "\nabout 120 tickets solved, to the nearest 20\n" in text

    def test_says_what_the_admins_target_is_beside_the_seats_in_use(self):
        text = summary(week(spend=1, adoption=Share.FROM_50), target=60).text

        assert "Seats in use: 50% to 75% (the target: 60%)" in text

    def test_says_of_no_target_where_there_is_none(self):
        assert "target" not in summary(week(spend=1, adoption=Share.FROM_50)).text

    def test_little_is_not_nothing(self):
        text = summary(week(spend=0, merged_change=0)).text

        assert "Spent: about $200 or less" in text
        assert "Settled: 5 merged changes or fewer" in text

    def test_says_who_can_see_it_at_its_end(self):
        for name, message in EVERY.items():
            if name.removeprefix("team-") in REPORTS:
                assert message.text.endswith("made so that nobody can be singled out.")

    def test_suggests_one_thing_at_the_most(self):
        for name, message in EVERY.items():
            assert message.text.count("To try:") == name.startswith("team-tries-") or (
                message.text.count("To try:") <= 1
            )


class TestWhatIsWithheld:
    def test_is_put_in_the_one_wording(self):
        for name in ("team-withheld", "team-parts-withheld", "team-spend-withheld"):
            assert EVERY[name].text.count(wording.WHY_WITHHELD) == 1
        assert wording.WHY_WITHHELD in EVERY["team-usage-some-withheld"].text

    def test_a_withheld_week_has_no_figure_of_any_week_of_the_team(self):
        text = EVERY["team-withheld"].text

        assert "$" not in text
        assert "merged" not in text

    def test_beside_it_stands_what_all_small_teams_had_together(self):
        text = summary(withheld_week(other=OTHER)).text

        assert (
            "Other teams, all that could not be shown by themselves: about $2,400 spent, "
            "about 50 merged changes, and about 400 tickets solved."
        ) in text

    def test_a_team_that_is_shown_hears_nothing_of_other_teams(self):
        shown = TeamRelease(figures={Cell.SPEND: rounded(1200, 200)})

        assert "Other teams" not in summary(released_week(0, shown, OTHER)).text

    def test_a_part_that_is_withheld_is_no_zero(self):
        text = summary(week(spend=1200)).text

        assert "Settled: withheld" in text
        told = "Withheld this week: finished work, seats in use, and what it was for."
        assert told in text
        assert not re.search(r"(?<![\d,])0\b", text)

    def test_kinds_that_there_were_none_of_are_not_told_from_withheld_ones(self):
        assert "other kinds of work: none, or withheld" in summary(week(merged_change=35)).text

    @pytest.mark.parametrize("name", [n for n in EVERY if "withheld" in n and "usage" not in n])
    def test_no_reason_is_given_but_that_one(self, name):
        said = EVERY[name].text.replace(wording.WHY_WITHHELD, "")

        assert not re.search(r"domina|too few|minimum|at least|fewer than|largest", said)


class TestTheTeamsOwnPast:
    def test_is_not_clearly_different_where_noise_and_rounding_explain_the_difference(self):
        text = EVERY["team-week"].text

        assert "the middle one of the earlier weeks that could be shown" in text
        assert (
            "No clear difference, as noise and rounding alone may explain it: "
            "spend ($3,200, usually $2,600) and merged changes (65, usually 60)."
        ) in text
        assert "More" not in text

    def test_is_more_or_less_where_they_do_not(self):
        assert "More, and hardly by noise and rounding alone: spend ($6,800, usually $2,600)." in (
            EVERY["team-spend-rose"].text
        )
        assert "Less, and hardly by noise and rounding alone: spend ($3,200, usually $6,800)." in (
            EVERY["team-all-fell"].text
        )

    def test_of_few_weeks_is_not_told(self):
        assert "usual week" not in summary(*SEASON[-4:]).text

    def test_is_drawn_and_told_in_words(self):
        shown = blocks(EVERY["team-week"])
        [series] = shown["team-chart"]["chart"]["series"]
        told = shown["team-chart-words"]["elements"][0]["text"]

        assert [point["value"] for point in series["data"]] == [
            *(2600, 2200, 2800, 3000, 2600, 2800, 2400, 3200)
        ]
        assert re.findall(r"\$(\d[\d,]*\d)", told) == [
            f"{int(point['value']):,}" for point in series["data"]
        ]

    def test_has_no_bar_for_a_week_that_was_withheld(self):
        shown = blocks(summary(SEASON[-3], withheld_week(1), SEASON[-1]))

        categories = shown["team-chart"]["chart"]["axis_config"]["categories"]
        assert categories == ["Oct 26", "Nov 9"]

    def test_says_in_words_which_week_is_left_out_of_the_chart(self):
        in_bands = week(2, spend=banded(2000, 5000))
        text = summary(SEASON[-5], SEASON[-4], in_bands, withheld_week(1), SEASON[-1]).text

        assert "Oct 26 $2,000 to $5,000, Nov 2 withheld, and Nov 9 $3,200." in text
        assert "Left out of the chart, which is not zero: Oct 26 and Nov 2." in text

    def test_leaves_nothing_out_without_saying_so(self):
        assert "Left out" not in EVERY["team-week"].text
        assert "Left out" not in EVERY["team-usage-season"].text
        assert "Left out" in EVERY["team-usage-some-withheld"].text


class TestRanges:
    def test_are_told_with_how_much_they_are_made_of(self):
        text = EVERY["team-week"].text

        assert re.search(
            r"Spend per merged change: \$\d+ to \$\d+, over 8 weeks \(about 490 settled\)\.", text
        )

    def test_of_reverts_stand_beside_how_many_changes_stood(self):
        assert re.search(
            r"Reverted: \d+% to \d+% of the changes, over 8 weeks \(about 960 stood\)\.",
            EVERY["team-reverts"].text,
        )

    def test_are_not_told_of_too_little(self):
        assert "Ranges" not in summary(week(spend=4000, merged_change=25)).text


class TestStrictMode:
    def test_tells_bands_only(self):
        for told in STRICT:
            message = render_team_summary(ENGLISH, told, NAMES)
            assert set(blocks(message)) <= {
                *("team-title", "team-sides", "team-suggestion", "team-foot")
            }
            assert "about" not in message.text
            assert "nearest" not in message.text

    def test_says_that_they_are_bands(self):
        assert "only the band that a figure lies in is told" in EVERY["team-strict"].text

    def test_a_band_that_begins_at_nothing_is_under_something(self):
        assert "Spent: under $1,000" in EVERY["team-strict-little"].text


@pytest.mark.parametrize(
    ("band", "share"),
    [
        (Share.UNDER_10, "under 10%"),
        (Share.FROM_10, "10% to 25%"),
        (Share.FROM_25, "25% to 50%"),
        (Share.FROM_50, "50% to 75%"),
        (Share.FROM_75, "75% to 90%"),
        (Share.OVER_90, "over 90%"),
    ],
)
def test_a_share_of_people_is_a_band(band, share):
    assert f"Seats in use: {share}" in summary(week(spend=1, adoption=band)).text


def test_every_band_says_the_bounds_that_it_has():
    for band in Share:
        bounds = re.findall(r"\d+", band.value)
        assert re.findall(r"\d+", released_wording.share(ENGLISH, band)) == bounds


def test_a_report_of_the_same_weeks_reads_the_same():
    weeks = alike(9, spend=4000, merged_change=60)

    both = [report_of(order, adoption_target=0) for order in (weeks, weeks[::-1])]

    assert len({render_team_summary(ENGLISH, told, NAMES).text for told in both}) == 1


def test_is_made_without_knowing_who_is_who():
    for module in (team, team_weeks, released_wording):
        assert "PersonId" not in inspect.getsource(module)


def test_a_hostile_team_name_stays_a_name():
    message = summary(*named("<!here> &\u202e", week(spend=1200)))

    assert message.blocks[0]["text"]["type"] == "plain_text"
    assert "&lt;!here&gt; &amp;: AI and finished work" in message.text
    assert "<!here>" not in message.text
    assert "\\u202e" not in json.dumps(message.blocks)


class TestTheTeamsAmount:
    def test_is_told_as_approximate_and_as_switching_nothing_off(self):
        text = render_team_budget(ENGLISH, note()).text

        assert "most of the team's amount for November 2026 is spent." in text
        assert "About $8,400 of $10,000, in 3 weeks that began in the month." in text
        assert "Approximate: it is the sum of the weekly figures of this channel" in text
        assert "nothing is switched off" in text

    def test_says_that_withheld_weeks_are_not_in_it(self):
        told = [render_team_budget(ENGLISH, note(is_partial=partial)) for partial in (True, False)]

        assert ["withheld" in message.text for message in told] == [True, False]


def test_whoever_reads_the_weeks_reads_where_they_count_and_that_all_read_the_same():
    for name, usage in USAGES.items():
        text = EVERY[f"team-usage-{name}"].text
        assert "Where you count:" in text
        assert text.endswith(
            "Members and managers of the team see the same.\nOnly you can see this message."
        )
        assert usage.team[:5] in text.replace("&lt;", "<")


def test_weeks_come_in_their_order_and_the_last_thirteen_only():
    weeks = [week(back, spend=1000 + 200 * back) for back in range(20)]
    shown = blocks(
        team_weeks.render_team_usage(ENGLISH, replace(USAGES["season"], weeks=tuple(weeks)), NAMES)
    )

    assert [row[1]["text"] for row in shown["team-weeks"]["rows"]] == [
        "Spend",
        *(f"${1000 + 200 * back:,}" for back in reversed(range(13))),
    ]
    assert len(shown["team-chart"]["chart"]["series"][0]["data"]) == 13
