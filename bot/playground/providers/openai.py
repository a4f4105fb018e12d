"""A stand-in of OpenAI's organization API, filled by the made-up company."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.playground.company import Company
from bot.playground.providers.errors import RefusedError, answer_refusal
from bot.playground.providers.openai_directory import api_keys_page, projects_page, users_page
from bot.playground.providers.openai_reports import costs_page, usage_page
from bot.playground.providers.routing import query_of, route

OPENAI_ADMIN_KEY = "sk-admin-playground"
OPENAI_PROJECT_KEY = "sk-proj-playground"  # a valid key without the scopes


def openai_app(
    company: Company, *, now: Callable[[], datetime], costs_by_user: bool = True
) -> Starlette:
    """Make the app; without *costs_by_user* costs grouped by person are a 400."""

    def usage(request: Request) -> dict[str, Any]:
        return usage_page(company, query_of(request), now())

    def costs(request: Request) -> dict[str, Any]:
        return costs_page(company, query_of(request), now(), by_user=costs_by_user)

    def users(request: Request) -> dict[str, Any]:
        return users_page(company, query_of(request))

    def projects(request: Request) -> dict[str, Any]:
        return projects_page(company, query_of(request))

    def api_keys(request: Request) -> dict[str, Any]:
        return api_keys_page(company, request.path_params["project"], query_of(request))

    answers = {
        "usage/completions": usage,
        "costs": costs,
        "users": users,
        "projects": projects,
        "projects/{project}/api_keys": api_keys,
    }
    return Starlette(
        routes=[
            route(f"/v1/organization/{path}", answer, _authenticate)
            for path, answer in answers.items()
        ],
        exception_handlers={RefusedError: answer_refusal, 404: _unknown_path},
    )


def _authenticate(request: Request) -> None:
    key = request.headers.get("authorization", "").removeprefix("Bearer ")
    if key == OPENAI_PROJECT_KEY:
        raise RefusedError(403, "Insufficient permissions. Missing scopes: api.usage.read")
    if key != OPENAI_ADMIN_KEY:
        raise RefusedError(401, "Incorrect API key provided")


async def _unknown_path(request: Request, _: Exception) -> JSONResponse:
    return await answer_refusal(request, RefusedError(404, "Unknown request URL"))
