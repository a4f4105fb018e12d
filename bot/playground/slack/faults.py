"""The ways in which Slack can fail, by a script or by chance, and a record of each."""

from __future__ import annotations

import random
from collections import defaultdict, deque
from dataclasses import dataclass

EVERY_METHOD = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimited:
    """429. ``retry_after`` is the header as sent (seconds, a date, nonsense); ``None`` omits it."""

    retry_after: str | None = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerError:
    """A 5xx with no JSON; with *accepts* the call took effect nevertheless."""

    status: int = 500
    accepts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """200 with ``{"ok": false}``; ``fatal_error`` is one that may have taken effect."""

    error: str = "invalid_blocks"
    messages: tuple[str, ...] = ()
    accepts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """The connection closes without an answer; without *accepts* the call has no effect."""

    accepts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncation:
    """The call takes effect, then the answer breaks off in the middle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """The call takes effect at once, the answer comes late."""

    seconds: float = 30


Fault = RateLimited | ServerError | Refusal | Drop | Truncation | Stall


@dataclass(frozen=True, slots=True, kw_only=True)
class Injected:
    method: str
    call: int
    """Which call of this method it hit, counted from 1."""
    fault: Fault


class Faults:
    """Which call fails how.

    A method is ``chat.postMessage`` and the like, ``response_url``, or ``"*"`` for every
    method. Scripts come before chances. Each method draws from a generator of its own, so
    that calls of one do not change what happens to another.
    """

    def __init__(self, *, seed: int = 0) -> None:
        self._seed = seed
        self._script: dict[str, deque[Fault | None]] = defaultdict(deque)
        self._chances: dict[str, list[tuple[float, tuple[Fault, ...]]]] = defaultdict(list)
        self._random: dict[str, random.Random] = {}
        self._calls: dict[str, int] = defaultdict(int)
        self._injected: list[Injected] = []

    @property
    def injected(self) -> tuple[Injected, ...]:
        return tuple(self._injected)

    def next(self, method: str, *faults: Fault | None) -> None:
        """Give the coming calls of *method* these faults, one each; ``None`` spares a call."""
        self._script[method].extend(faults)

    def chance(self, method: str, probability: float, *faults: Fault) -> None:
        """Let calls of *method* fail with *probability*, each time with one of *faults*.

        Several chances of one method add up: 10 % of this and 10 % of that spare 80 %.
        """
        self._chances[method].append((probability, faults))

    def clear(self, method: str | None = None) -> None:
        """Forget the faults to come, of *method* or of all; the record stays."""
        for plan in (self._script, self._chances):
            if method is None:
                plan.clear()
            else:
                plan.pop(method, None)

    def draw(self, method: str) -> Fault | None:
        self._calls[method] += 1
        fault = self._planned(method)
        if fault is not None:
            self._injected.append(Injected(method=method, call=self._calls[method], fault=fault))
        return fault

    def _planned(self, method: str) -> Fault | None:
        for name in (method, EVERY_METHOD):
            if self._script.get(name):
                return self._script[name].popleft()
        chances = [*self._chances.get(method, ()), *self._chances.get(EVERY_METHOD, ())]
        return self._by_chance(method, chances) if chances else None

    def _by_chance(
        self, method: str, chances: list[tuple[float, tuple[Fault, ...]]]
    ) -> Fault | None:
        generator = self._random.setdefault(method, random.Random(f"{self._seed}:{method}"))
        point = generator.random()
        for probability, faults in chances:
            if point < probability:
                return generator.choice(faults)
            point -= probability
        return None
