"""``upshot demo``: the whole main job, small, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bot.playground.verdict import FEWEST_SOURCES

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
SMALLEST = ("--people", "30", "--weeks", "1")


def demo(*arguments: str, folder: Path, is_covered: bool) -> subprocess.Popen[str]:
    """Which lines it runs is looked at in one of them: that doubles what it takes."""
    hidden = () if is_covered else ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
    inherited = {name: value for name, value in os.environ.items() if name not in hidden}
    environ = {**inherited, "TMPDIR": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environ,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def test_check_ends_with_a_report_in_which_all_holds(folder):
    process = demo("--check", *SMALL, folder=folder, is_covered=False)
    out, err = process.communicate(timeout=240)

    report = json.loads(out.splitlines()[-1])
    assert (process.returncode, report["problems"]) == (0, []), err
    assert report.keys() >= KEYS
    assert report["digests_planned"] == report["digests_delivered"] > 0
    assert report["digests_duplicated"] == 0
    assert (report["sources"], report["invoice_difference_usd"]) == (FEWEST_SOURCES, "0.00")
    assert list(folder.iterdir()) == []


def test_the_page_shows_what_each_sees_and_ctrl_c_leaves_nothing(folder):
    process = demo(*SMALLEST, folder=folder, is_covered=True)
    try:
        assert process.stdout is not None
        url = next(line for line in process.stdout if line.startswith("http")).strip()
        with httpx.Client(base_url=url, follow_redirects=True, trust_env=False) as browser:
            somebody = browser.get("/").text.split('href="')[1].split('"')[0]
            answered = browser.post(somebody, data={"command": "/myusage privacy"}).text
            assert "Who can see what" in answered
            assert "Only visible to you" in answered
            assert browser.get("/as/U0NOBODY").url.path == "/"
    finally:
        os.kill(process.pid, signal.SIGINT)
        process.communicate(timeout=60)

    assert process.returncode == 0
    assert list(folder.iterdir()) == []
