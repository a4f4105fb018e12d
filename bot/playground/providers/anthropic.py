"""A stand-in of Anthropic's Admin API, filled by the made-up company."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.playground.company import Company
from bot.playground.providers.anthropic_analytics import analytics_page
from bot.playground.providers.anthropic_claude_code import claude_code_page
from bot.playground.providers.anthropic_directory import OLD_VERSION, api_keys_page, users_page
from bot.playground.providers.anthropic_reports import cost_page, messages_page
from bot.playground.providers.errors import RefusedError, answer_refusal
from bot.playground.providers.routing import query_of, route

ANTHROPIC_ADMIN_KEY = "sk-ant-admin01-playground"
ANTHROPIC_WORK_KEY = "sk-ant-api03-playground"  # a valid key without the scopes
ANALYTICS_BETA = "analytics-usage-cost-2026-08-24"
VERSIONS = (OLD_VERSION, "2026-10-21")


def anthropic_app(
    company: Company, *, now: Callable[[], datetime], unified: bool = True
) -> Starlette:
    """Make the app; without *unified* there are only the older reports."""

    def usage(request: Request) -> dict[str, Any]:
        _require_beta(request)
        return analytics_page(company, query_of(request), now(), "usage")

    def cost(request: Request) -> dict[str, Any]:
        _require_beta(request)
        return analytics_page(company, query_of(request), now(), "cost")

    def messages(request: Request) -> dict[str, Any]:
        return messages_page(company, query_of(request), now())

    def cost_report(request: Request) -> dict[str, Any]:
        return cost_page(company, query_of(request), now())

    def claude_code(request: Request) -> dict[str, Any]:
        return claude_code_page(company, query_of(request), now())

    def users(request: Request) -> dict[str, Any]:
        return users_page(company, query_of(request))

    def api_keys(request: Request) -> dict[str, Any]:
        return api_keys_page(company, query_of(request), request.headers["anthropic-version"])

    answers = {
        "usage_report/claude_code": claude_code,
        "usage_report/messages": messages,
        "cost_report": cost_report,
        "users": users,
        "api_keys": api_keys,
    }
    if unified:
        answers |= {"analytics/usage": usage, "analytics/cost": cost}
    return Starlette(
        routes=[
            route(f"/v1/organizations/{path}", answer, _authenticate)
            for path, answer in answers.items()
        ],
        exception_handlers={RefusedError: answer_refusal, 404: _unknown_path},
    )


def _authenticate(request: Request) -> None:
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    key = request.headers.get("x-api-key") or bearer
    if key == ANTHROPIC_WORK_KEY:
        message = "The key has no scopes; needed: read:analytics"
        raise RefusedError(403, message, error_code="api_key_scope_missing")
    if key != ANTHROPIC_ADMIN_KEY:
        raise RefusedError(401, "invalid x-api-key")
    if request.headers.get("anthropic-version") not in VERSIONS:
        raise RefusedError(400, "anthropic-version: header is required")


def _require_beta(request: Request) -> None:
    betas = request.headers.get("anthropic-beta", "").replace(" ", "").split(",")
    if ANALYTICS_BETA not in betas:
        raise RefusedError(400, f"anthropic-beta: needs {ANALYTICS_BETA}")


async def _unknown_path(request: Request, _: Exception) -> JSONResponse:
    return await answer_refusal(request, RefusedError(404, "Not found"))
