"""A stand-in for GitHub that holds a real history: its pull requests and its default branch."""

import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.outcomes.github_stand_in import GitHub

PROJECT = "acme/app"
_FORMAT = "%H%x00%P%x00%ct%x00%an%x00%ae%x00%B%x00"
_SQUASHED = re.compile(r" ?\(#(\d+)\)$")
_MERGED = re.compile(r"Merge pull request #(\d+) from [^/]+/(\S+)$")
_COAUTHOR = re.compile(
    r"^ *co-authored-by: *(.*?) *<([^<>\s]+@[^<>\s]+)> *$", re.IGNORECASE | re.MULTILINE
)
_APP = re.compile(r"\d+\+(.+)\[bot\]@users\.noreply\.github\.com")
_AGENTS = {
    "198982749+copilot@users.noreply.github.com": "copilot-swe-agent",
    "noreply@anthropic.com": "claude",
}


@dataclass(frozen=True)
class Commit:
    sha: str
    parents: list[str]
    at: datetime
    name: str
    email: str
    message: str

    @property
    def subject(self) -> str:
        return self.message.lstrip("\n").split("\n")[0].strip()

    def authored(self, forge: "Forge") -> dict[str, Any]:
        """As GitHub tells it: the author, then each co-author that is somebody else."""
        signed = [(self.name, self.email), *_COAUTHOR.findall(self.message)]
        people: dict[str, str] = {}
        for name, email in signed:
            people.setdefault(email.lower(), name)
        nodes = [{"name": n, "email": e, "user": forge.user(e)} for e, n in people.items()]
        return {"oid": self.sha, "message": self.message, "authors": {"nodes": nodes}}


class Forge:
    """Pull requests are what the subjects of commits name, each once, by the first that does."""

    def __init__(self, folder):
        self.folder = folder
        self.newest_first = _commits(folder)
        self.by_sha = {commit.sha: commit for commit in self.newest_first}
        self.accounts: dict[str, int] = {}
        self.pulls = sorted(self._pulls(), key=lambda pull: pull["mergedAt"])

    def answering(self) -> GitHub:
        return GitHub(Merged=self.search, Landed=self.history)

    def search(self, variables):
        window = re.search(r"merged:(\S+?)\.\.(\S+)", variables["search"]).groups()
        start, end = map(datetime.fromisoformat, window)
        fitting = [p for p in self.pulls if start <= datetime.fromisoformat(p["mergedAt"]) <= end]
        page = _page(fitting[:1000], variables["cursor"], 50)
        return {"data": {"search": {"issueCount": len(fitting), **page}}}

    def history(self, variables):
        since, until = (datetime.fromisoformat(variables[end]) for end in ("since", "until"))
        fitting = [c for c in self.newest_first if since <= c.at <= until]
        page = _page(fitting, variables["cursor"], 100)
        page["nodes"] = [
            {"oid": c.sha, "message": c.message, "committedDate": c.at.isoformat()}
            for c in page["nodes"]
        ]
        target = {"target": {"history": page}}
        return {"data": {"repository": {"defaultBranchRef": target}}}

    def user(self, email):
        if email.lower() in _AGENTS or _APP.fullmatch(email.lower()):
            return None
        number = self.accounts.setdefault(email.lower(), len(self.accounts) + 1)
        return {"__typename": "User", "login": f"person-{number}", "databaseId": number}

    def _actor(self, email):
        app = _APP.fullmatch(email.lower())
        login = _AGENTS.get(email.lower()) or (app[1] if app else None)
        bot = {"__typename": "Bot", "login": login, "databaseId": 1}
        return bot if login else self.user(email)

    def _pulls(self):
        seen = set()
        for commit in self._in_topological_order():
            squashed, merged = _SQUASHED.search(commit.subject), _MERGED.match(commit.subject)
            named = squashed or merged
            if named is not None and named[1] not in seen:
                seen.add(named[1])
                branch = merged[2] if merged else "topic"
                yield self._pull(int(named[1]), commit, branch)

    def _pull(self, number, landed, branch):
        parts = self._brought_in(landed)
        lines = [line.strip() for line in landed.message.split("\n")[1:] if line.strip()]
        title = _SQUASHED.sub("", landed.subject) if not parts else next(iter(lines), branch)
        author = Counter(c.email for c in parts).most_common(1)[0][0] if parts else landed.email
        repository = {"nameWithOwner": PROJECT, "defaultBranchRef": {"name": "main"}}
        return {
            "number": number,
            "title": title,
            "body": "",
            "url": f"https://github.com/{PROJECT}/pull/{number}",
            "createdAt": landed.at.isoformat(),
            "mergedAt": landed.at.isoformat(),
            "additions": 0,
            "deletions": 0,
            "baseRefName": "main",
            "headRefName": branch,
            "repository": repository,
            "author": self._actor(author),
            "mergedBy": None,
            "assignees": {"nodes": []},
            "labels": {"nodes": []},
            "closingIssuesReferences": {"nodes": []},
            "mergeCommit": {
                **landed.authored(self),
                "parents": {"totalCount": len(landed.parents)},
            },
            "commits": {
                "totalCount": len(parts),
                "nodes": [{"commit": part.authored(self)} for part in parts],
            },
        }

    def _brought_in(self, merge):
        if len(merge.parents) < 2:
            return []
        first, second = merge.parents
        listed = _git(self.folder, "rev-list", "--reverse", second, f"^{first}")
        return [self.by_sha[sha] for sha in listed.split()]

    def _in_topological_order(self):
        listed = _git(self.folder, "rev-list", "--topo-order", "--reverse", "HEAD")
        return [self.by_sha[sha] for sha in listed.split()]


def _page(items, cursor, most):
    first = int(cursor or 0)
    following = first + most
    info = {"hasNextPage": following < len(items), "endCursor": str(following)}
    return {"pageInfo": info, "nodes": items[first:following]}


def _commits(folder):
    fields = _git(folder, "log", f"--format={_FORMAT}", "HEAD").split("\0")
    records = zip(*[iter(fields)] * 6, strict=False)
    return [
        Commit(
            sha.strip(), parents.split(), datetime.fromtimestamp(int(at), UTC), name, email, message
        )
        for sha, parents, at, name, email, message in records
    ]


def _git(folder, *arguments):
    command = ["git", "-C", folder, "-c", "log.showSignature=false", *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()
