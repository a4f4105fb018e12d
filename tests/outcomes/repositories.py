"""Small real repositories, made commit by commit."""

import os
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.outcomes.git import Config, GitSource

START = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 1, tzinfo=UTC)

ADA = "Ada Example <ada@example.com>"
BOB = "Bob Example <bob@example.com>"
CLAUDE = "Claude <noreply@anthropic.com>"
COPILOT = "Copilot <198982749+Copilot@users.noreply.github.com>"
DEPENDABOT = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"
GITHUB = "GitHub <noreply@github.com>"


@dataclass
class Repo:
    """A clone on disk; every commit is a day after the one before."""

    path: Path
    now: datetime = field(default=START)

    @classmethod
    def create(cls, path):
        path.mkdir(parents=True)
        repo = cls(path)
        repo.git("init", "--quiet", "--initial-branch=main")
        return repo

    def git(self, *arguments, author=ADA, committer=GITHUB, message=None):
        env = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_NOSYSTEM": "1",
            **_identity("AUTHOR", author, self.now),
            **_identity("COMMITTER", committer, self.now),
        }
        finished = subprocess.run(
            ["git", "-C", self.path, *arguments],
            env=env,
            input=message,
            capture_output=True,
            check=True,
        )
        return finished.stdout.decode().strip()

    def commit(self, message, *, author=ADA, committer=GITHUB):
        """The new commit's id."""
        raw = message if isinstance(message, bytes) else message.encode()
        self.now += timedelta(days=1)
        self.git(
            "commit",
            "--quiet",
            "--allow-empty",
            "--cleanup=verbatim",
            "--file=-",
            author=author,
            committer=committer,
            message=raw,
        )
        return self.git("rev-parse", "HEAD")

    def merge(self, branch, message, *, author=BOB):
        self.now += timedelta(days=1)
        self.git("merge", "--quiet", "--no-ff", "-m", message, branch, author=author)
        return self.git("rev-parse", "HEAD")


def source(*repositories, cache_dir=Path("/nonexistent"), **config):
    return GitSource.from_config(
        Config(repositories=tuple(map(str, repositories)), **config), cache_dir=cache_dir
    )


async def outcomes_of(repo, until=LATER, **config):
    """Outcomes by their numbers."""
    batch = await source(repo.path, **config).collect(until)
    return {int(o.source_id.rpartition("#")[2]): o for o in batch.outcomes}


def _identity(role, signature, at):
    name, _, email = signature.removesuffix(">").partition(" <")
    return {
        f"GIT_{role}_NAME": name,
        f"GIT_{role}_EMAIL": email,
        f"GIT_{role}_DATE": f"@{int(at.timestamp())} +0000",
    }
