"""The database's disk is full for a while: a small file system in memory, filled to the last byte.

Where nothing may be mounted, there is no honest way to do this, and the test is skipped.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from db.embedded import EmbeddedPostgres
from db.embedded.processes import server_processes
from db.migrate import migrate
from tests.faults.bots import Bot, bots_of
from tests.faults.ledger import ledger_of
from tests.faults.outside import moments, open_outside, small_company
from tests.faults.verdict import live_to_the_end, tally, wrong_days

MEGABYTES = 160
SMALL = {"fsync": "off", "max_wal_size": "48MB", "min_wal_size": "32MB", "shared_buffers": "16MB"}
BLOCK = b"\0" * 65536


@pytest.fixture
def disk(folder: Path) -> Iterator[Path]:
    """A folder with room for a small database and not much more."""
    place = folder / "disk"
    place.mkdir()
    mounted = _mount("-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place))
    if not mounted:
        if os.environ.get("UPSHOT_REQUIRE_ALL"):
            pytest.fail("A full disk needs a small file system, which only root may mount.")
        pytest.skip("A full disk needs a small file system, which only root may mount.")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def _mount(*arguments: str) -> bool:
    try:
        return (
            subprocess.run(["mount", *arguments], check=False, capture_output=True).returncode == 0
        )
    except FileNotFoundError:
        return False


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """No byte left, until the end of the block."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(BLOCK)
        except OSError:
            pass
    try:
        yield
    finally:
        ballast.unlink()


def test_a_full_disk_is_an_error_and_not_a_loss_and_ends_with_the_space(disk, folder, show):
    company = small_company(people=40, weeks=1)
    server = EmbeddedPostgres(disk / "own", settings=SMALL)
    urls = server.start()
    try:
        migrate(urls.owner)
        given = {"UPSHOT_DATABASE_URL": urls.worker, "UPSHOT_DATABASE_OWNER_URL": urls.owner}
        with (
            open_outside(folder, company) as outside,
            bots_of(outside.environment(given), folder) as bots,
        ):
            bot, errors = bots.start(), []
            for number, moment in enumerate(moments(company)):
                outside.move_to(moment)
                if number % 4 == 0:
                    with filled(disk):
                        errors += _errors(bot, moment)
                    server.start()  # it may have given up meanwhile, and is revived
                _live_on(bot, moment)
            with ledger_of(urls.superuser) as ledger:
                ledger.let_a_quarter_of_an_hour_pass()
                moment = live_to_the_end(outside, [bot], ledger, moment)
                seen = tally(outside, ledger)
                show(seen.row("full disk", errors=sorted(set(errors))))

                assert errors
                assert (seen.twice, seen.lost, seen.parked) == (0, 0, 0)
                assert wrong_days(outside, ledger, moment) == []
            bot.leave()
    finally:
        server.stop()
    assert server_processes(disk / "own" / "postgres") == set()


def _errors(bot: Bot, moment: datetime) -> list[str]:
    bot.begin(moment)
    said = bot.answer()
    return [said["error"]] if "error" in said else []


def _live_on(bot: Bot, moment: datetime) -> None:
    for _ in range(20):
        bot.begin(moment)
        if "jobs" in bot.answer():
            return
        time.sleep(0.1)
    pytest.fail(f"It does not recover:\n{bot.log()}")
