"""What the stand-ins of the other tools share: JSON routes, keys that are checked, refusals."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.playground.providers.errors import RefusedError

Answer = Callable[[Request], Awaitable[Response]]


def tool_app(
    answers: Mapping[tuple[str, str], Answer], *, is_known: Callable[[Request], bool]
) -> Starlette:
    """An app that answers by method and path, to whoever shows the key."""

    def guarded(answer: Answer) -> Answer:
        async def endpoint(request: Request) -> Response:
            if not is_known(request):
                raise RefusedError(401, "The key is not one of this organization.")
            return await answer(request)

        return endpoint

    return Starlette(
        routes=[
            Route(path, guarded(answer), methods=[method])
            for (method, path), answer in answers.items()
        ],
        exception_handlers={RefusedError: _refused},
    )


async def _refused(_: Request, refusal: Exception) -> JSONResponse:
    assert isinstance(refusal, RefusedError)
    return JSONResponse({"error": refusal.message, "message": refusal.message}, refusal.status)


def day_asked_for(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise RefusedError(400, "A day is written like 2026-11-19.") from None


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


async def body_of(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        raise RefusedError(400, "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise RefusedError(400, "The body is not an object.")
    return body
