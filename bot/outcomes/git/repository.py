"""Finds the default branch of a repository on disk, or keeps a copy of one that is elsewhere."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from bot.outcomes.git import problems
from bot.outcomes.git.command import ONLINE, Git
from bot.outcomes.git.home import Home
from bot.outcomes.git.notes import NOTES, Noted, fetch_notes, read_notes

KEPT_HEAD = "refs/upshot/head"

_SCP_LIKE = re.compile(r"(?:[\w.-]+@)?[\w.-]+:(?!/?/)[^\\]+")
# The password goes through the environment: a command line is for everybody on the machine.
_HELPER = '!f() { echo "username=$UPSHOT_GIT_USER"; echo "password=$UPSHOT_GIT_PASSWORD"; }; f'
_REFUSALS = ("could not read", "Authentication failed", "Permission denied", "error: 403")
_SHALLOW = re.compile(r"< shallow [0-9a-f]{40}")
_ABSENCES = ("not found", "does not exist", "does not appear to be a git repository")


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where a repository is, with its credentials taken out of the address."""

    address: str
    user: str = ""
    password: str = ""
    is_remote: bool = False

    def __repr__(self) -> str:
        return f"Location({self.address!r})"

    @classmethod
    def of(cls, repository: str) -> Location:
        """Read a path or an address as an operator writes it."""
        if "://" not in repository:
            is_remote = bool(_SCP_LIKE.fullmatch(repository)) and not Path(repository).exists()
            return cls(address=repository, is_remote=is_remote)
        parts = urlsplit(repository)
        userinfo, _, host = parts.netloc.rpartition("@")
        user, _, password = userinfo.partition(":")
        if parts.scheme == "ssh" and user:
            host = f"{user}@{host}"
        return cls(
            address=urlunsplit((parts.scheme, host, parts.path, "", "")),
            user=unquote(user),
            password=unquote(password),
            is_remote=True,
        )

    @property
    def name(self) -> str:
        """``owner/repo`` of an address, the folder of a path."""
        if self.is_remote:
            return name_in(self.address)
        return self.folder.resolve().name.removesuffix(".git") or "repository"

    @property
    def folder(self) -> Path:
        return Path(self.address).absolute()

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.address.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository that can be read: *head* is the commit at the end of its default branch."""

    name: str
    address: str
    git: Git
    head: str
    home: Home | None
    noted: Noted


def name_in(address: str) -> str:
    segments = [part for part in re.split(r"[/:]", address) if part and part != "."]
    return "/".join(segments[-2:]).removesuffix(".git") or "repository"


async def open_repository(location: Location, git: Git, cache_dir: Path) -> Repository:
    """Fetch what is elsewhere, and check that there is a whole history to read."""
    if location.is_remote:
        git, noted = await _fetched(location, git, _cache_folder(location, cache_dir))
        heads: tuple[str, ...] = (KEPT_HEAD,)
    else:
        git = replace(git, folder=location.folder)
        noted = await read_notes(git)
        heads = ("refs/remotes/origin/HEAD", "HEAD")
    shallow = await git.run("rev-parse", "--is-shallow-repository")
    if not shallow.ok:
        raise problems.RepositoryNotFoundError(location.address)
    if shallow.output == "true":
        raise problems.ShallowRepositoryError(location.address)
    head = await _first_commit_of(git, heads)
    if head is None:
        raise problems.EmptyRepositoryError(location.address)
    origin = location if location.is_remote else await _origin_of(location, git)
    return Repository(
        name=origin.name,
        address=location.address,
        git=git,
        head=head,
        home=Home.of(origin.address),
        noted=noted,
    )


async def head_at(repository: Repository, until: datetime) -> str | None:
    """The default branch as it was at *until*; ``None`` where it had not begun."""
    answer = await repository.git.run(
        "rev-list",
        "--first-parent",
        "--max-count=1",
        f"--min-age={int(until.timestamp())}",
        "--end-of-options",
        repository.head,
    )
    if not answer.ok:
        raise problems.BrokenRepositoryError(repository.address)
    return answer.output or None


def unique_names(repositories: Iterable[Repository]) -> Mapping[str, str]:
    """A name for each address; two that would be the same are told apart by their addresses."""
    known = list(repositories)
    names = [repository.name for repository in known]
    return {
        r.address: r.name
        if names.count(r.name) == 1
        else f"{r.name}~{Location(address=r.address).digest}"
        for r in known
    }


async def _origin_of(location: Location, git: Git) -> Location:
    """Where a clone came from; itself, if that is on this disk too."""
    origin = await git.run("config", "--local", "--get", "remote.origin.url")
    cloned_from = Location.of(origin.output) if origin.output else location
    return cloned_from if cloned_from.is_remote else location


async def _first_commit_of(git: Git, refs: Iterable[str]) -> str | None:
    for ref in refs:
        found = await git.run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}"
        )
        if found.ok:
            return found.output
    return None


async def _fetched(location: Location, git: Git, folder: Path) -> tuple[Git, Noted]:
    """A copy in *folder*, of commits only where the server can leave the files out."""
    kept = replace(
        git,
        folder=folder,
        settings={"remote.origin.url": location.address, "credential.helper": _HELPER},
    )
    created = await kept.run("init", "--quiet", "--bare")
    if not created.ok:
        raise problems.RepositoryUnreachableError(location.address)
    environ = ONLINE | {
        "UPSHOT_GIT_USER": location.user,
        "UPSHOT_GIT_PASSWORD": location.password,
    }
    has_notes = await _has_notes(location, kept, environ)
    refspec = f"+HEAD:{KEPT_HEAD}"
    arguments = ("--quiet", "--no-tags", "--filter=tree:0", "--end-of-options", "origin", refspec)
    fetched = await kept.run("fetch", *arguments, also=environ)
    if not fetched.ok:
        raise _problem_of_fetching(location.address, fetched.complaint)
    return kept, await fetch_notes(kept, environ) if has_notes else {}


async def _has_notes(location: Location, kept: Git, environ: Mapping[str, str]) -> bool:
    """Ask before fetching, and refuse what is shallow.

    Git would start itself again for every commit that is missing. Only the first version of the
    protocol tells, and only the trace of its packets shows it.
    """
    old = replace(kept, settings={**kept.settings, "protocol.version": "0"})
    traced = {**environ, "GIT_TRACE_PACKET": "2"}
    listed = await old.run("ls-remote", "--end-of-options", "origin", "HEAD", NOTES, also=traced)
    if not listed.ok:
        raise _problem_of_fetching(location.address, listed.complaint)
    if _SHALLOW.search(listed.complaint):
        raise problems.ShallowRepositoryError(location.address)
    return NOTES in listed.output.split()


def _cache_folder(location: Location, cache_dir: Path) -> Path:
    safe_name = re.sub(r"[^\w.-]+", "-", location.name).strip("-.")
    folder = cache_dir.absolute() / f"{safe_name}-{location.digest}.git"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _problem_of_fetching(address: str, complaint: str) -> Exception:
    if "remote ref HEAD" in complaint:
        return problems.EmptyRepositoryError(address)
    if any(word in complaint for word in _REFUSALS):
        return problems.RepositoryRefusedError(address)
    if any(word in complaint for word in _ABSENCES):
        return problems.RepositoryNotFoundError(address)
    return problems.RepositoryUnreachableError(address)
