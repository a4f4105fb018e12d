"""One call and its answer, with the faults, limits and records that go with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.playground.slack.calls import Call, CallLog
from bot.playground.slack.delivery import Dropped, Stalled, Truncated
from bot.playground.slack.errors import SlackError, explained
from bot.playground.slack.faults import (
    Drop,
    Fault,
    Faults,
    RateLimited,
    Refusal,
    ServerError,
    Stall,
    Truncation,
)
from bot.playground.slack.rate_limits import PatienceLog, RateLimits
from bot.playground.slack.workspace import Workspace

Action = Callable[[], dict[str, Any]]

_LIMITED_METHOD = "chat.postMessage"


class Exchange:
    def __init__(
        self,
        workspace: Workspace,
        *,
        faults: Faults,
        rate_limits: RateLimits,
        clock: Callable[[], float],
    ) -> None:
        self._workspace = workspace
        self._faults = faults
        self._rate_limits = rate_limits
        self._clock = clock
        self.calls = CallLog()
        self.patience = PatienceLog(clock, workspace.now)

    def answer(
        self, method: str, http_method: str, arguments: Mapping[str, Any], act: Action
    ) -> Response:
        """Let *act* change the workspace, unless a fault comes before; answer what it gave."""
        with self._workspace.lock:
            self.patience.arrived(method)
            fault = self._faults.draw(method) or self._too_often(method, arguments)
            response, error = self._outcome(fault, act)
            if isinstance(fault, RateLimited):
                self.patience.told_to_wait(method, fault.retry_after)
            self.calls.add(
                Call(
                    method=method,
                    http_method=http_method,
                    arguments=arguments,
                    when=self._workspace.now(),
                    clock=self._clock(),
                    status=None if isinstance(fault, Drop) else response.status_code,
                    error=error,
                    fault=fault,
                    answer=bytes(response.body),
                )
            )
            return response

    def _too_often(self, method: str, arguments: Mapping[str, Any]) -> RateLimited | None:
        if method != _LIMITED_METHOD:
            return None
        wait = self._rate_limits.wait_for(str(arguments.get("channel")), self._clock())
        return None if wait is None else RateLimited(retry_after=str(wait))

    def _outcome(self, fault: Fault | None, act: Action) -> tuple[Response, str | None]:
        match fault:
            case RateLimited(retry_after=retry_after):
                headers = {} if retry_after is None else {"Retry-After": retry_after}
                body = {"ok": False, "error": "ratelimited"}
                return JSONResponse(body, 429, headers), "ratelimited"
            case ServerError(status=status, accepts=accepts):
                error = self._attempted(act)[1] if accepts else f"http_{status}"
                return PlainTextResponse("Something went wrong.", status), error
            case Refusal(error=code, messages=messages, accepts=accepts):
                if accepts:
                    self._attempted(act)
                refusal = explained(code, messages) if messages else SlackError(code)
                return JSONResponse(refusal.answer()), code
            case Drop(accepts=accepts):
                return Dropped(), self._attempted(act)[1] if accepts else "dropped"
        body, error = self._attempted(act)
        return self._delivered(fault, body), error

    @staticmethod
    def _attempted(act: Action) -> tuple[dict[str, Any], str | None]:
        try:
            return {"ok": True, **act()}, None
        except SlackError as refusal:
            return refusal.answer(), refusal.code

    def _delivered(self, fault: Fault | None, body: dict[str, Any]) -> Response:
        expired = body.get("error") == "expired_url"
        whole = JSONResponse(body, 404 if expired else 200, self._scope_headers())
        match fault:
            case Truncation():
                return Truncated(whole.body, whole.status_code, dict(whole.headers))
            case Stall(seconds=seconds):
                return Stalled(whole, seconds=seconds)
            case _:
                return whole

    def _scope_headers(self) -> dict[str, str]:
        return {"X-OAuth-Scopes": ",".join(sorted(self._workspace.scopes))}
