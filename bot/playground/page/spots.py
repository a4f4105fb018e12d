"""Where somebody is on the page, and the addresses that lead back there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlencode

APP, HOME = "app", "home"
NOTHING_YET = "0"
_SINCE = re.compile(r"\d{1,12}(\.\d{6})?")

Verb = Literal["press", "shortcut", "submit", "close", "home", "say"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    user: str
    place: str
    since: str
    """The timestamp of the last answer that a reload made disappear."""
    has_requests: bool = False
    """Whether the requests are shown beside the conversation."""

    def url(self, note: str | None = None) -> str:
        """Where a form that was posted here leads back to."""
        noted = {} if note is None else {"note": note}
        return f"{self.path}?{urlencode({'since': self.since, **noted})}"

    @property
    def path(self) -> str:
        """Its address for somebody who comes anew."""
        return self._path("/requests" if self.has_requests else "")

    @property
    def other_path(self) -> str:
        """The same with the requests shown if they are hidden, and hidden if they are shown."""
        return self._path("" if self.has_requests else "/requests")

    def to(self, verb: Verb) -> str:
        """Where a form is posted to that leads back here."""
        back = {"at": self.place, "since": self.since}
        if self.has_requests:
            back["requests"] = "1"
        target = f"{quote(self.place)}/say" if verb == "say" else verb
        return f"/as/{quote(self.user)}/{target}?{urlencode(back)}"

    def _path(self, more: str) -> str:
        return f"/as/{quote(self.user)}/{quote(self.place)}{more}"


def since_in(text: str | None) -> str | None:
    """What an address carries, unless it is nothing of ours."""
    return text if text and _SINCE.fullmatch(text) else None


def order_of(ts: str) -> tuple[int, int]:
    seconds, _, micros = ts.partition(".")
    return int(seconds), int(micros or 0)
