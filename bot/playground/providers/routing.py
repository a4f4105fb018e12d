"""How a stand-in answers: the caller is known first, then the answer is made from the query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

Answer = Callable[[Request], dict[str, Any]]


def route(path: str, answer: Answer, authenticate: Callable[[Request], None]) -> Route:
    async def endpoint(request: Request) -> JSONResponse:
        authenticate(request)
        return JSONResponse(answer(request))

    return Route(path, endpoint, methods=["GET"])


def query_of(request: Request) -> tuple[tuple[str, str], ...]:
    return tuple(request.query_params.multi_items())
