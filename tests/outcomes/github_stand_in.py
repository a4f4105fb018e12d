"""A stand-in for GitHub's GraphQL API: an answer for each operation that the source asks for."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from bot.http import Http, Retry
from bot.outcomes.github import Config, GitHubSource

FIXTURES = Path(__file__).parents[1] / "fixtures" / "github"
UNTIL = datetime(2026, 10, 1, tzinfo=UTC)
AT_ONCE = Retry(attempts=1)
LAST_PAGE = {"hasNextPage": False, "endCursor": "end"}

Answer = httpx.Response | dict[str, Any] | Callable[[dict[str, Any]], Any]


def recorded(name):
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def found(*nodes, key="search"):
    """A page of results that is the only one."""
    page = {"issueCount": len(nodes), "pageInfo": LAST_PAGE, "nodes": list(nodes)}
    return {"data": {key: page}}


def refused(kind="FORBIDDEN", **more):
    return {"data": None, "errors": [{"type": kind, "message": "Resource not accessible", **more}]}


def repositories(*names):
    listed = {"pageInfo": LAST_PAGE, "nodes": [{"nameWithOwner": name} for name in names]}
    return {"data": {"organization": {"repositories": listed}}}


def landed(*commits):
    """Commits of a default branch, as (sha, message, time), newest first."""
    nodes = [
        {"oid": sha, "message": message, "committedDate": at.isoformat()}
        for sha, message, at in commits
    ]
    history = {"pageInfo": LAST_PAGE, "nodes": nodes}
    return {"data": {"repository": {"defaultBranchRef": {"target": {"history": history}}}}}


def _itself(variables):
    name = f"{variables['owner']}/{variables['name']}"
    return {"data": {"repository": {"nameWithOwner": name}}}


NOTHING_MORE: dict[str, Answer] = {
    "Repositories": repositories("acme/app"),
    "Repository": _itself,
    "Merged": found(),
    "Reviewed": found(),
    "Landed": landed(),
    "Members": {"data": {"organization": {"membersWithRole": None}}},
    "SignedOn": {"data": {"organization": {"samlIdentityProvider": None}}},
}


class GitHub:
    """*answers* by the operation's name: pages, or functions of its variables."""

    def __init__(self, **answers: Answer) -> None:
        self.answers = NOTHING_MORE | answers
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        operation = re.search(r"query (\w+)", body["query"])[1]
        self.asked.append((operation, body["variables"]))
        answer = self.answers[operation]
        if callable(answer):
            answer = answer(body["variables"])
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    def searches(self, operation="Merged"):
        return [variables["search"] for name, variables in self.asked if name == operation]


def source_at(answering, **config):
    """The source in front of a stand-in."""
    given = {"token": "not-used", "organization": "acme", "history_days": 30, **config}
    connect = partial(Http, transport=httpx.MockTransport(answering))
    return GitHubSource.from_config(Config.model_validate(given), retry=AT_ONCE, connect=connect)


async def collected(stand_in=None, until=UNTIL, **answers):
    """What the source gives of *answers*, read by its outcomes' ids."""
    batch = await source_at(stand_in or GitHub(**answers)).collect(until)
    return {outcome.source_id: outcome for outcome in batch.outcomes}
