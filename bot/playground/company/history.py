"""The company's work as a bare git repository, written through fast-import."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from bot.playground.company.company import Company
from bot.playground.company.delivery import midnight
from bot.playground.company.work import MergedChange

MAIN = "refs/heads/main"
GITHUB = "GitHub <noreply@github.com>"
UNSYNCED = ("-c", "core.fsync=none")  # else each pull reference waits for the disk


def write_repository(company: Company, path: Path) -> None:
    """Create a bare repository at *path*; the same company gives the same commits."""
    with TemporaryDirectory() as home:
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": home,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        _git(environment, "init", "--quiet", "--bare", "--initial-branch=main", str(path))
        command = ["git", "-C", str(path), *UNSYNCED, "fast-import", "--quiet"]
        with subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        ) as process:
            assert process.stdin
            assert process.stdout
            with process.stdin:
                importer = _Importer(process.stdin, process.stdout)
                importer.begin(midnight(company.start))
                importer.write(company.merged_changes)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


def _git(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, env=environment)  # noqa: S603, S607


class _Importer:
    """Speaks git's fast-import; marks are numbers, and 0 is no mark."""

    def __init__(self, commands: IO[bytes], answers: IO[bytes]) -> None:
        self._commands = commands
        self._answers = answers
        self._mark = 0

    def begin(self, at: datetime) -> None:
        """Commit an empty tree for the first change to grow from."""
        self._commit(MAIN, "Begin", author=GITHUB, authored_at=at, committed_at=at)

    def write(self, changes: Iterable[MergedChange]) -> None:
        """Commit all *changes* on the main branch, oldest first."""
        marks: dict[int, int] = {}
        for change in changes:
            reverted = None if change.reverts is None else self._sha(marks[change.reverts])
            message = _message(change, reverted)
            write = self._merge if change.style == "merge" else self._squash
            write(change, message)
            marks[change.number] = self._mark

    def _squash(self, change: MergedChange, message: str) -> None:
        title = f"{change.subject} (#{change.number})"
        self._change(MAIN, f"{title}{message}", change, parents=(self._mark,))

    def _merge(self, change: MergedChange, message: str) -> None:
        before = self._mark
        pull = f"refs/pull/{change.number}/head"
        self._change(pull, f"{change.subject}{message}", change, parents=(before,))
        title = f"Merge pull request #{change.number} from example/change-{change.number}"
        self._change(MAIN, f"{title}\n\n{change.subject}", change, parents=(before, self._mark))

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
        self._mark += 1
        text = message.encode()
        self._send(f"commit {ref}\nmark :{self._mark}")
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
