"""A stand-in of GitHub for a company with Copilot: signed reports, seats, and the bill as CSV."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.playground.company import Company, ToolFact, ToolUser
from bot.playground.company.suggestions import suggested
from bot.playground.providers.errors import RefusedError
from bot.playground.providers.tool_answers import (
    body_of,
    day_asked_for,
    number_asked_for,
    tool_app,
)

GITHUB_TOKEN = "ghp_playground"
ENTERPRISE = "acme"
CENTS_A_CREDIT = 1
LARGEST_PAGE = 100
SUGGESTIONS_A_REQUEST = 3
LINKS = (
    "avatar", "events", "followers", "following", "gists", "organizations", "received_events",
    "repos", "starred", "subscriptions",
)  # fmt: skip
_BASE = "/enterprises/{enterprise}"
COLUMNS = (
    "date", "username", "product", "sku", "model", "quantity", "unit_type",
    "applied_cost_per_quantity", "gross_amount", "discount_amount", "net_amount",
    "total_monthly_quota", "organization", "repository", "cost_center_name", "aic_quantity",
    "aic_gross_amount",
)  # fmt: skip


def copilot_app(company: Company, *, now: Callable[[], datetime]) -> Starlette:
    """Make the app; files are downloaded with a link that works once asked for, without a key."""
    github = _GitHub(company, now)
    reports = f"{_BASE}/settings/billing/reports"
    app = tool_app(
        {
            ("GET", f"{_BASE}/copilot/metrics/reports/users-1-day"): github.report,
            ("GET", f"{_BASE}/copilot/billing/seats"): github.seats,
            ("POST", "/graphql"): github.sign_on,
            ("POST", reports): github.order,
            ("GET", reports + "/{report}"): github.export,
        },
        is_known=lambda request: request.headers.get("authorization") == f"Bearer {GITHUB_TOKEN}",
        refusal=lambda refusal: {"message": refusal.message, "status": str(refusal.status)},
    )
    app.routes.append(Route("/download/{ticket}", github.download, name="download"))
    return app


class _GitHub:
    def __init__(self, company: Company, now: Callable[[], datetime]) -> None:
        self._company = company
        self._now = now
        self._files: dict[str, bytes] = {}
        self._links_made = count()

    async def report(self, request: Request) -> Response:
        _require_ours(request)
        day = day_asked_for(request.query_params.get("day"))
        if not self._company.tool_tells("copilot", day, self._now()):
            return Response(status_code=204)
        facts = self._company.tool_facts("copilot", day, self._now())
        lines = "\n".join(json.dumps(_line(fact)) for fact in facts)
        links = [self._link(request, lines.encode(), f"{day}.ndjson")]
        return JSONResponse({"download_links": links, "report_day": day.isoformat()})

    async def seats(self, request: Request) -> Response:
        _require_ours(request)
        size = number_asked_for(request, "per_page", 50, most=LARGEST_PAGE, status=422)
        page = number_asked_for(request, "page", 1, status=422)
        users = self._company.tool_users["copilot"]
        shown = [_seat(user) for user in users[(page - 1) * size : page * size]]
        return JSONResponse({"total_seats": len(users), "seats": shown})

    async def sign_on(self, request: Request) -> Response:
        asked = (await body_of(request)).get("query")
        if not (isinstance(asked, str) and "externalIdentities" in asked):
            raise RefusedError(400, "This stand-in knows the identities of single sign-on alone.")
        return JSONResponse(_identities(self._company.tool_users["copilot"]))

    async def order(self, request: Request) -> Response:
        _require_ours(request)
        asked = await body_of(request)
        first, last = (day_asked_for(asked.get(name)) for name in ("start_date", "end_date"))
        if asked.get("report_type") != "ai_credit" or first != last:
            raise RefusedError(400, "This stand-in bills AI credits, a day at a time.")
        return JSONResponse(self._made(request, first), 202)

    async def export(self, request: Request) -> Response:
        _require_ours(request)
        try:
            day = date.fromordinal(uuid.UUID(request.path_params["report"]).int)
        except (ValueError, OverflowError):
            raise RefusedError(404, "Not Found") from None
        return JSONResponse(self._made(request, day))

    def _made(self, request: Request, day: date) -> dict[str, Any]:
        """The export of *day*, which is no work for such a small company."""
        bill = _bill(self._company.tool_facts("copilot", day, self._now()))
        return _export(day, [self._link(request, bill, f"{day}.csv")])

    async def download(self, request: Request) -> Response:
        if "authorization" in request.headers:
            return Response(status_code=400)
        content = self._files.pop(request.path_params["ticket"], None)
        return Response(status_code=404) if content is None else Response(content)

    def _link(self, request: Request, content: bytes, name: str) -> str:
        ticket = uuid.uuid5(uuid.NAMESPACE_URL, f"{name}{next(self._links_made)}").hex
        self._files[ticket] = content
        return str(request.url_for("download", ticket=ticket))


def _require_ours(request: Request) -> None:
    if request.path_params["enterprise"] != ENTERPRISE:
        raise RefusedError(404, "Not Found")


def _line(fact: ToolFact) -> dict[str, Any]:
    day = fact.day.isoformat()
    code = suggested("copilot", fact.user.person, fact.day, SUGGESTIONS_A_REQUEST * fact.requests)
    return {
        "report_start_day": day,
        "report_end_day": day,
        "day": day,
        "enterprise_id": "200001",
        "user_id": fact.user.number,
        "user_login": fact.user.handle,
        "user_initiated_interaction_count": fact.requests,
        "code_generation_activity_count": code.offered,
        "code_acceptance_activity_count": code.accepted,
        "loc_added_sum": fact.output // 40,
        "used_agent": True,
        "used_chat": True,
        "ai_credits_used": float(fact.worth * 100 / CENTS_A_CREDIT),
    }


def _seat(user: ToolUser) -> dict[str, Any]:
    return {
        "created_at": "2026-01-05T09:00:00Z",
        "assignee": _user(user),
        "pending_cancellation_date": None,
        "last_activity_at": None,
        "plan_type": "business",
    }


def _user(user: ToolUser) -> dict[str, Any]:
    at = f"https://api.github.com/users/{user.handle}"
    links = {f"{name}_url": f"{at}/{name}" for name in LINKS}
    return {
        "login": user.handle,
        "id": user.number,
        "node_id": f"U_{user.number}",
        "gravatar_id": "",
        "url": at,
        "html_url": f"https://github.com/{user.handle}",
        **links,
        "type": "User",
        "site_admin": False,
    }


def _identities(users: Sequence[ToolUser]) -> dict[str, Any]:
    """Everybody on one page, as the company's single sign-on knows them."""
    nodes = [
        {
            "samlIdentity": {"nameId": user.email, "username": user.handle, "emails": []},
            "user": {"databaseId": user.number},
        }
        for user in users
    ]
    page = {"nodes": nodes, "pageInfo": {"hasNextPage": False, "endCursor": None}}
    identities = {"samlIdentityProvider": {"externalIdentities": page}}
    return {"data": {"owner": {"ownerInfo": identities}}}


def _export(day: date, links: list[str]) -> dict[str, Any]:
    return {
        "id": str(uuid.UUID(int=day.toordinal())),
        "report_type": "ai_credit",
        "start_date": day.isoformat(),
        "end_date": day.isoformat(),
        "status": "completed",
        "actor": "octocat",
        "created_at": f"{day}T00:00:00Z",
        "download_urls": links,
    }


def _bill(facts: Iterable[ToolFact]) -> bytes:
    """One line a person and model, as a spreadsheet would have it: with a byte order mark."""
    target = io.StringIO()
    rows = csv.writer(target, quoting=csv.QUOTE_ALL)
    rows.writerow(COLUMNS)
    for fact in facts:
        rows.writerow(_bill_line(fact))
    return target.getvalue().encode("utf-8-sig")


def _bill_line(fact: ToolFact) -> tuple[object, ...]:
    amounts = (
        fact.worth * 100 / CENTS_A_CREDIT,
        fact.worth,
        fact.worth - fact.charged,
        fact.charged,
    )
    used, gross, discount, net = (f"{amount:f}" for amount in amounts)
    return (
        fact.day, fact.user.handle, "copilot", "copilot_ai_credit", fact.model, used,
        "ai-credits", "0.01", gross, discount, net, 1500, "acme", "", "", used, gross,
    )  # fmt: skip
