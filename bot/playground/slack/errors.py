"""Slack's way of saying no."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class SlackError(Exception):
    """The answer is ``{"ok": false, "error": code, …}``."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def answer(self) -> dict[str, Any]:
        return {"ok": False, "error": self.code, **self.details}


def explained(code: str, messages: Iterable[str]) -> SlackError:
    """A refusal that says where the payload is wrong."""
    return SlackError(code, response_metadata={"messages": list(messages)})


def invalid_arguments(messages: Iterable[str]) -> SlackError:
    return explained("invalid_arguments", messages)
