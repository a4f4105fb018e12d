"""The database goes away under the bot's hands and comes back."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import httpx
import pytest

from bot.http import real_now
from bot.playground.company import make_company
from bot.playground.slack.faults import Stall
from db.embedded import EmbeddedPostgres, Urls
from db.embedded.processes import postmaster_pid, server_processes
from db.migrate import migrate
from tests.faults.bots import Bot, bots_of
from tests.faults.conftest import IS_SOAK
from tests.faults.ledger import ledger_of
from tests.faults.outside import moments, open_outside, small_company
from tests.faults.verdict import live_to_the_end, tally, wrong_days

CAREFUL = {"fsync": "off"}
"""No power is cut here; but a commit has to outlive the server's process."""
RESTARTS, WEEKS = (20, 6) if IS_SOAK else (3, 1)
SERVE_RESTARTS = 5 if IS_SOAK else 1


class Database:
    """A server of the test's own, which it can take away."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = EmbeddedPostgres(folder, settings=CAREFUL)
        self.urls: Urls = self._server.start()
        migrate(self.urls.owner)

    def start(self) -> None:
        self._server.start()

    def restart(self) -> None:
        """As ``pg_ctl restart`` does it: sessions are cut off, and soon it is there again."""
        self.stop()
        self.start()

    def crash(self) -> None:
        """The postmaster is killed; its sessions end when they notice."""
        postmaster = postmaster_pid(self._folder / "postgres")
        assert postmaster in server_processes(self._folder / "postgres")
        os.kill(postmaster, signal.SIGKILL)
        self._server.start()

    def stop(self) -> None:
        self._server.stop()
        assert server_processes(self._folder / "postgres") == set()


@pytest.fixture
def own(folder: Path) -> Iterator[Database]:
    database = Database(folder / "own")
    yield database
    database.stop()


def test_a_database_that_is_restarted_in_the_middle_costs_nothing_but_time(own, folder, show):
    rng, happened, company = Random(11), 0, small_company(people=23, weeks=WEEKS)
    given = {"UPSHOT_DATABASE_URL": own.urls.worker, "UPSHOT_DATABASE_OWNER_URL": own.urls.owner}
    with (
        open_outside(folder, company) as outside,
        bots_of(outside.environment(given), folder) as bots,
    ):
        outside.world.slack.faults.chance("chat.postMessage", 0.5, Stall(seconds=0.1))
        bot = bots.start()
        errors = 0
        for moment in moments(company):
            outside.move_to(moment)
            bot.begin(moment)
            if happened < RESTARTS and not bot.has_answered(rng.uniform(0, 0.15)):
                rng.choice((own.restart, own.crash))()
                happened += 1
            errors += _live_on(bot, moment)
        with ledger_of(own.urls.superuser) as ledger:
            ledger.let_half_a_minute_pass()
            moment = live_to_the_end(outside, [bot], ledger, moment)
            seen = tally(outside, ledger)
            show(seen.row("database restarted", restarts=happened, errors=errors))

            assert happened >= RESTARTS // 2  # only while it had work are they made
            assert (seen.twice, seen.lost, seen.parked) == (0, 0, 0)
            assert wrong_days(outside, ledger, moment) == []
        bot.leave()


def _live_on(bot: Bot, moment: object) -> int:
    """Take the answer; after an error, tell the same process the same time again."""
    errors = 0
    while "error" in bot.answer():
        errors += 1
        assert errors < 20, f"It does not recover:\n{bot.log()}"
        time.sleep(0.2)
        bot.begin(moment)
    return errors


def test_serve_outlives_its_database_and_goes_on_by_itself(own, folder, show):
    company = make_company(people=23, weeks=1, ends=real_now().date(), longest_revision_days=1)
    given = {"UPSHOT_DATABASE_URL": own.urls.worker, "UPSHOT_DATABASE_OWNER_URL": own.urls.owner}
    with open_outside(folder, company) as outside:
        outside.move_to(real_now())
        port = _free_port()
        with _serving(outside.environment(given, PORT=str(port)), folder) as process:
            _wait_for(lambda: _is_ready(port), 30)
            for _ in range(SERVE_RESTARTS):
                own.stop()
                _wait_for(lambda: not _is_ready(port), 10)
                own.start()
                _wait_for(lambda: _is_ready(port), 10)
            if IS_SOAK:  # the clock ticks every thirty seconds, and a failed source rests
                days = 2 * outside.world.settings.backfill_days
                with ledger_of(own.urls.superuser) as ledger:
                    _wait_for(lambda: len(ledger.kept()) == days, 300)
            assert process.poll() is None
            show(f"{'serve, database restarted':<34}restarts {SERVE_RESTARTS}")


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _wait_for(holds: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "It takes too long."
        time.sleep(0.1)


@contextmanager
def _serving(environment: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            env=environment,
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
        process.terminate()
        assert process.wait(timeout=30) == 0
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
