"""Refusals in the shapes of the two providers."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

ANTHROPIC_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
OPENAI_TYPES = {429: "requests", 500: "server_error", 503: "server_error"}
OPENAI_CODES = {401: "invalid_api_key", 403: "missing_scopes", 429: "rate_limit_exceeded"}


class RefusedError(Exception):
    """The request is answered with an error; the message says what the caller did."""

    def __init__(self, status: int, message: str, *, error_code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.error_code = error_code


def error_body(path: str, refusal: RefusedError) -> dict[str, Any]:
    """Give the body in the shape of the provider that *path* belongs to."""
    return (_anthropic if path.startswith("/v1/organizations/") else _openai)(refusal)


def _anthropic(refusal: RefusedError) -> dict[str, Any]:
    return {
        "type": "error",
        "error": {
            "type": ANTHROPIC_TYPES.get(refusal.status, "api_error"),
            "message": refusal.message,
            "details": {"error_code": refusal.error_code} if refusal.error_code else None,
        },
        "request_id": "req_01UPSHOT",
    }


def _openai(refusal: RefusedError) -> dict[str, Any]:
    return {
        "error": {
            "message": refusal.message,
            "type": OPENAI_TYPES.get(refusal.status, "invalid_request_error"),
            "param": None,
            "code": refusal.error_code or OPENAI_CODES.get(refusal.status),
        }
    }


async def answer_refusal(request: Request, refusal: Exception) -> JSONResponse:
    """Turn a refusal into a response (a Starlette exception handler)."""
    assert isinstance(refusal, RefusedError)
    return JSONResponse(error_body(request.url.path, refusal), refusal.status)
