"""A message on its way: found again by its stamp, and understood where Slack knows no tables."""

from __future__ import annotations

from bot.blocks.delivery import stamp, stamp_of, without_native_blocks
from bot.blocks.team_weeks import render_team_usage
from bot.blocks.welcome import render_stopped
from bot.domain.commands import CommandNames
from bot.language import ENGLISH
from tests.blocks.team_cases import NAMES, SEASON, usage
from tests.domain.released_weeks import withheld_week

MESSAGE = render_stopped(ENGLISH, CommandNames())


def test_a_stamped_message_is_found_again():
    assert stamp_of(stamp(MESSAGE, "d-17").blocks) == "d-17"


def test_a_stamp_survives_the_way_to_an_older_workspace():
    weeks = render_team_usage(ENGLISH, usage(*SEASON[-2:]), NAMES)

    assert stamp_of(without_native_blocks(stamp(weeks, "d-17")).blocks) == "d-17"


def test_a_stamp_changes_nothing_that_is_seen():
    stamped = stamp(MESSAGE, "d-17")

    assert stamped.text == MESSAGE.text
    assert stamped.blocks[1:] == MESSAGE.blocks[1:]
    assert stamped.blocks[0] | {"block_id": "stopped"} == MESSAGE.blocks[0]


def test_the_message_itself_stays_as_it_was():
    stamp(MESSAGE, "d-17")

    assert MESSAGE.blocks[0]["block_id"] == "stopped"


def test_what_others_sent_has_no_stamp_of_ours():
    assert stamp_of(MESSAGE.blocks) is None
    assert stamp_of([{"type": "divider"}]) is None
    assert stamp_of([]) is None


def test_without_tables_each_of_their_rows_is_a_line():
    weeks = without_native_blocks(
        render_team_usage(ENGLISH, usage(SEASON[-2], withheld_week()), NAMES)
    )

    assert [block["block_id"] for block in weeks.blocks] == [
        *("team-title", "team-weeks", "team-withheld", "team-home", "team-foot")
    ]
    assert weeks.blocks[1]["text"]["text"] == (
        "Nov 2 \u2013 8: Spend $2,400 · Merged changes 55 · Seats in use 50% to 75%\n"
        "Nov 9 \u2013 15: Spend withheld · Merged changes withheld · Seats in use withheld"
    )


def test_without_charts_the_figures_are_still_there():
    message = render_team_usage(ENGLISH, usage(*SEASON[-2:]), NAMES)
    plain = without_native_blocks(message)

    assert "data_visualization" in {block["type"] for block in message.blocks}
    assert {block["type"] for block in plain.blocks} == {"header", "section", "context"}
    assert plain.text == message.text
