"""The company's work as a bare git repository, written through fast-import."""

from __future__ import annotations

import os
import subprocess
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from bot.playground.company.company import Company
from bot.playground.company.delivery import midnight
from bot.playground.company.work import MergedChange

MAIN = "refs/heads/main"
GITHUB = "GitHub <noreply@github.com>"
BEGUN_BEFORE = timedelta(days=30)
QUICKLY = ("-c", "core.fsync=none", "-c", "fastimport.unpackLimit=0")
"""Else each pull reference waits for the disk, and what is added goes through another process."""


def write_repository(company: Company, path: Path) -> None:
    """Create a bare repository of all that is ever merged at *path*."""
    Repository(company, path).grow(midnight(company.end))


class Repository:
    """A bare repository that grows; the same company gives the same commits, however often."""

    def __init__(self, company: Company, path: Path) -> None:
        """Begin it at *path*, with an empty tree for the first change to grow from."""
        self._path = path
        self._ahead = deque(company.merged_changes)
        self._log = _Log()
        _git("init", "--quiet", "--bare", "--initial-branch=main", str(path))
        with self._importing() as importer:
            importer.begin(midnight(company.start) - BEGUN_BEFORE)

    def grow(self, until: datetime) -> None:
        """Add what is merged by *until* and is not there yet."""
        changes = []
        while self._ahead and self._ahead[0].merged_at <= until:
            changes.append(self._ahead.popleft())
        if changes:
            with self._importing() as importer:
                importer.write(changes)

    @contextmanager
    def _importing(self) -> Iterator[_Importer]:
        marks = self._path / "marks-of-import"
        command = [
            *("git", "-C", str(self._path), *QUICKLY, "fast-import", "--quiet"),
            *(f"--import-marks-if-exists={marks}", f"--export-marks={marks}"),
        ]
        with subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()
        ) as process:
            assert process.stdin
            assert process.stdout
            with process.stdin:
                yield _Importer(self._log, process.stdin, process.stdout)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, env=_environment())  # noqa: S603, S607


def _environment() -> dict[str, str]:
    """Nothing of whoever runs this: no configuration, no hooks, no templates."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }


@dataclass(slots=True)
class _Log:
    """The mark of the last commit and of each change; marks are numbers, and 0 is no mark."""

    last: int = 0
    of_changes: dict[int, int] = field(default_factory=dict)


class _Importer:
    """Speaks git's fast-import."""

    def __init__(self, log: _Log, commands: IO[bytes], answers: IO[bytes]) -> None:
        self._log = log
        self._commands = commands
        self._answers = answers

    def begin(self, at: datetime) -> None:
        self._commit(MAIN, "Begin", author=GITHUB, authored_at=at, committed_at=at)

    def write(self, changes: Iterable[MergedChange]) -> None:
        """Commit all *changes* on the main branch, oldest first."""
        marks = self._log.of_changes
        for change in changes:
            reverted = None if change.reverts is None else self._sha(marks[change.reverts])
            message = _message(change, reverted)
            write = self._merge if change.style == "merge" else self._squash
            write(change, message)
            marks[change.number] = self._log.last

    def _squash(self, change: MergedChange, message: str) -> None:
        title = f"{change.subject} (#{change.number})"
        self._change(MAIN, f"{title}{message}", change, parents=(self._log.last,))

    def _merge(self, change: MergedChange, message: str) -> None:
        before = self._log.last
        pull = f"refs/pull/{change.number}/head"
        self._change(pull, f"{change.subject}{message}", change, parents=(before,))
        title = f"Merge pull request #{change.number} from example/change-{change.number}"
        self._change(MAIN, f"{title}\n\n{change.subject}", change, parents=(before, self._log.last))

    def _change(
        self, ref: str, message: str, change: MergedChange, *, parents: tuple[int, ...]
    ) -> None:
        self._commit(
            ref,
            message,
            author=f"{change.author_name} <{change.author_email}>",
            authored_at=change.opened_at,
            committed_at=change.merged_at,
            parents=parents,
        )
        content = "".join(f"line {n} of {change.number}\n" for n in range(change.lines)).encode()
        path = f"src/{change.number // 50:04}/{change.number}.txt"  # one wide folder costs seconds
        self._send(f"M 100644 inline {path}\ndata {len(content)}")
        self._commands.write(content + b"\n")

    def _commit(
        self,
        ref: str,
        message: str,
        *,
        author: str,
        authored_at: datetime,
        committed_at: datetime,
        parents: tuple[int, ...] = (),
    ) -> None:
        self._log.last += 1
        text = message.encode()
        self._send(f"commit {ref}\nmark :{self._log.last}")
        self._send(f"author {author} {authored_at.timestamp():.0f} +0000")
        self._send(f"committer {GITHUB} {committed_at.timestamp():.0f} +0000\ndata {len(text)}")
        self._commands.write(text + b"\n")
        for keyword, parent in zip(("from", "merge"), parents, strict=False):
            self._send(f"{keyword} :{parent}")

    def _sha(self, mark: int) -> str:
        self._send(f"get-mark :{mark}")
        self._commands.flush()
        return self._answers.readline().decode().strip()

    def _send(self, line: str) -> None:
        self._commands.write(line.encode() + b"\n")


def _message(change: MergedChange, reverted: str | None) -> str:
    """Give what follows the first line."""
    paragraphs = [f"This reverts commit {reverted}."] if reverted else []
    if change.trailers:
        paragraphs.append("\n".join(change.trailers))
    return "".join(f"\n\n{paragraph}" for paragraph in paragraphs)
