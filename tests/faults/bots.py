"""The bot in a process group of its own: told what time it is, killed, and started again."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[2]
DRIVER = Path(__file__).with_name("driver.py")
PATIENCE = 120.0


class Bot:
    """One process; ``begin`` does not wait, so that something can happen meanwhile."""

    def __init__(self, environment: Mapping[str, str], log: IO[bytes]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(DRIVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment,
            cwd=environment["UPSHOT_DATA_DIR"],
            start_new_session=True,
        )
        self._log = Path(log.name)

    def begin(self, what: datetime | str) -> None:
        line = what if isinstance(what, str) else what.isoformat()
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()

    def has_answered(self, seconds: float = 0) -> bool:
        readable, _, _ = select.select([self._process.stdout], [], [], seconds)
        return bool(readable)

    def answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        assert self.has_answered(PATIENCE), f"The bot does not answer:\n{self.log()}"
        line = self._process.stdout.readline()
        assert line, f"The bot has ended:\n{self.log()}"
        said: dict[str, Any] = json.loads(line)
        return said

    def live_at(self, moment: datetime) -> int:
        """Run what is due at *moment*; how many jobs there were."""
        self.begin(moment)
        said = self.answer()
        assert "jobs" in said, f"{said}\n{self.log()}"
        jobs: int = said["jobs"]
        return jobs

    def kill(self) -> None:
        """SIGKILL to the whole group, whose leader is known to be there until it is waited for."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._end()

    def leave(self) -> None:
        """Let it end by itself; whoever does not is killed, and that is an error."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
            self._process.wait(timeout=60)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            self.kill()
            raise
        self._end()

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")[-4000:]

    def _end(self) -> None:
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except BrokenPipeError:
                continue


class Bots:
    """Starts bots with one environment, and leaves none behind."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self.environment = environment
        self._folder = folder
        self._all: list[Bot] = []

    def start(self) -> Bot:
        """One that is ready."""
        bot = self.start_soon()
        assert bot.answer() == {"ready": True}
        return bot

    def start_soon(self) -> Bot:
        path = self._folder / f"bot-{len(self._all)}.log"
        with path.open("wb") as log:
            bot = Bot(self.environment, log)
        self._all.append(bot)
        return bot

    def kill_all(self) -> None:
        for bot in self._all:
            bot.kill()


@contextmanager
def bots_of(environment: Mapping[str, str], folder: Path) -> Iterator[Bots]:
    bots = Bots(environment, folder)
    try:
        yield bots
    finally:
        bots.kill_all()
