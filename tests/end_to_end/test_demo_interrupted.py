"""Told to end at any time, ``upshot demo`` ends soon, and leaves nothing behind."""

from __future__ import annotations

import os
import pty
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.end_to_end.demo_command import (
    PATIENCE_SECONDS,
    SMALLEST,
    address_of,
    close_its_terminal,
    demo,
    press_ctrl_c,
    processes_of,
    terminate,
)

INTERRUPTED = 130
BEGUN_IN = {
    "its folder": "upshot-demo-*",
    "making the database": "upshot-demo-*/data/postgres.new-*",
    "starting the database": "upshot-demo-*/data/postgres/postmaster.pid",
    "the company": "upshot-demo-*/company.git",
    "the tables": "upshot-demo-*/teams.csv",
}
"""What is there when a phase has begun."""
SOON_SECONDS = 30
"""Far more than it takes, for a machine that is busy with other tests."""


@pytest.mark.parametrize("interrupt", [press_ctrl_c, terminate])
@pytest.mark.parametrize("phase", BEGUN_IN)
def test_it_can_be_interrupted_in_every_phase(phase, interrupt, tmp_path):
    with demo(*SMALLEST, folder=tmp_path) as process:
        wait_until(lambda: any(tmp_path.glob(BEGUN_IN[phase])), process)
        out, err = ended(process, interrupt)

    assert (process.returncode, out) == (INTERRUPTED, "")
    assert "Traceback" not in err
    assert_nothing_is_left(tmp_path)


@pytest.mark.parametrize("interrupt", [press_ctrl_c, close_its_terminal, terminate])
@pytest.mark.parametrize("is_moving", [False, True], ids=["standing", "moving"])
def test_the_page_is_there_until_it_is_interrupted(is_moving, interrupt, tmp_path):
    with (
        demo(*SMALLEST, folder=tmp_path) as process,
        httpx.Client(base_url=address_of(process), trust_env=False) as browser,
        browser.stream("GET", "/changes") as changes,
    ):
        assert (changes.status_code, browser.get("/").status_code) == (200, 200)
        if is_moving:
            assert browser.post("/clock", data={"goal": "next_month"}).status_code == 303
        out, err = ended(process, interrupt)

    assert (process.returncode, out, "Traceback" in err) == (0, "", False), err
    assert_nothing_is_left(tmp_path)


@pytest.mark.parametrize("interrupt", [press_ctrl_c, terminate])
def test_what_is_happening_is_told_and_the_weeks_can_be_interrupted(interrupt, tmp_path):
    ours, theirs = pty.openpty()
    with demo(*SMALLEST, folder=tmp_path, terminal=theirs) as process:
        os.close(theirs)
        said = said_until(ours, b"Living through the weeks: ")
        out, _ = ended(process, interrupt)
    os.close(ours)

    assert b"Starting PostgreSQL" in said
    assert b"Hiring 23 people" in said
    assert (process.returncode, out) == (INTERRUPTED, "")
    assert_nothing_is_left(tmp_path)


def test_it_ends_with_its_terminal_though_nobody_reads_there_any_more(tmp_path):
    ours, theirs = pty.openpty()
    with demo(*SMALLEST, folder=tmp_path, terminal=theirs) as process:
        os.close(theirs)
        said_until(ours, b"Living through the weeks: ")
        os.close(ours)
        ended(process, close_its_terminal)

    assert process.returncode != 0
    assert_nothing_is_left(tmp_path)


def test_whoever_presses_ctrl_c_twice_gets_the_same(tmp_path):
    with demo(*SMALLEST, folder=tmp_path) as process:
        wait_until(lambda: any(tmp_path.glob(BEGUN_IN["the company"])), process)
        press_ctrl_c(process)
        time.sleep(0.2)
        _, err = ended(process, press_ctrl_c)

    assert (process.returncode, err.strip()) == (INTERRUPTED, "")
    assert_nothing_is_left(tmp_path)


def ended(
    process: subprocess.Popen[str], interrupt: Callable[[subprocess.Popen[str]], None]
) -> tuple[str, str]:
    interrupt(process)
    return process.communicate(timeout=SOON_SECONDS)


def said_until(screen: int, words: bytes) -> bytes:
    said = b""
    while words not in said:
        said += os.read(screen, 1)
    return said


def wait_until(holds: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    for _ in range(PATIENCE_SECONDS * 100):
        if holds():
            return
        assert process.poll() is None
        time.sleep(0.01)
    raise AssertionError


def assert_nothing_is_left(folder: Path) -> None:
    assert list(processes_of(folder)) == []
    assert list(folder.iterdir()) == []
