"""``upshot demo``: the whole main job, small, in a process of its own."""

from __future__ import annotations

import json

import httpx

from tests.end_to_end.demo_command import SMALLEST, address_of, demo, press_ctrl_c, processes_of

KEYS = {
    "people",
    "weeks",
    "sources",
    "usage_records",
    "outcomes",
    "outcome_kinds",
    "outcomes_logged",
    "digests_planned",
    "digests_delivered",
    "digests_duplicated",
    "tips_shown",
    "tips_judged",
    "tips_judged_rightly",
    "budget_notes",
    "nudges",
    "team_summaries_posted",
    "teams_withheld",
    "invoice_difference_usd",
    "slash_commands_answered",
    "seconds",
}
SMALL = ("--people", "30", "--weeks", "2")


def test_check_ends_with_a_report_in_which_all_holds(tmp_path):
    with demo("--check", *SMALL, folder=tmp_path) as process:
        out, err = process.communicate(timeout=240)

    report = json.loads(out.splitlines()[-1])
    assert (process.returncode, report["problems"]) == (0, []), err
    assert report.keys() >= KEYS
    assert report["digests_planned"] == report["digests_delivered"] > 0
    assert report["digests_duplicated"] == 0
    assert report["sources"] == report["sources_chosen"] > 0
    assert report["invoice_difference_usd"] == "0.00"
    assert list(processes_of(tmp_path)) == []
    assert list(tmp_path.iterdir()) == []


def test_the_page_s_address_comes_last_and_there_everybody_is_to_be_had(tmp_path):
    with demo(*SMALLEST, "--today", "2026-11-20", folder=tmp_path, is_covered=True) as process:
        assert process.stdout is not None
        told = process.stdout.readline()
        with httpx.Client(base_url=address_of(process), trust_env=False) as browser:
            start = browser.get("/").text
            somebody = start.partition('href="/as/')[2].partition('"')[0].partition("/")[0]
            said = browser.post(f"/as/{somebody}/app/say", data={"text": "/myusage privacy"})
            answered = browser.get(said.headers["location"]).text
        press_ctrl_c(process)
        out, err = process.communicate(timeout=60)

    assert "Tuesday 17 November" in told
    assert "23 people" in told
    assert "Who can see what" in answered
    assert (process.returncode, out, err) == (0, "", "")
    assert list(processes_of(tmp_path)) == []
    assert list(tmp_path.iterdir()) == []
