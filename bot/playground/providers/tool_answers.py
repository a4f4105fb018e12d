"""What the stand-ins of the other tools share: JSON routes, keys that are checked, refusals."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.playground.providers.errors import RefusedError

Answer = Callable[[Request], Awaitable[Response]]
Refusal = Callable[[RefusedError], dict[str, Any]]
WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


def plain_refusal(refusal: RefusedError) -> dict[str, Any]:
    return {"error": refusal.message, "message": refusal.message}


def tool_app(
    answers: Mapping[tuple[str, str], Answer],
    *,
    is_known: Callable[[Request], bool],
    refusal: Refusal = plain_refusal,
) -> Starlette:
    """An app that answers by method and path, to whoever shows the key."""

    def guarded(answer: Answer) -> Answer:
        async def endpoint(request: Request) -> Response:
            if not is_known(request):
                raise RefusedError(401, "The key is not one of this organization.")
            return await answer(request)

        return endpoint

    async def refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RefusedError)
        return JSONResponse(refusal(error), error.status)

    return Starlette(
        routes=[
            Route(path, guarded(answer), methods=[method])
            for (method, path), answer in answers.items()
        ],
        exception_handlers={RefusedError: refused},
    )


def day_asked_for(text: object) -> date:
    try:
        return date.fromisoformat(text if isinstance(text, str) else "")
    except ValueError:
        raise RefusedError(400, "A day is written like 2026-11-19.") from None


def number_asked_for(
    request: Request, name: str, usual: int, *, most: int | None = None, status: int = 400
) -> int:
    """A parameter that is a whole number from 1 on; refuses with *status*."""
    text = request.query_params.get(name, str(usual))
    number = int(text) if WHOLE_NUMBER.fullmatch(text) else 0
    if number < 1 or (most is not None and number > most):
        wanted = "from 1 on" if most is None else f"from 1 to {most}"
        raise RefusedError(status, f"{name} is a whole number {wanted}.")
    return number


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
