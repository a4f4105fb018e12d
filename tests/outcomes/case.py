"""What the tests that hold for every source of finished work need to know about one."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

Step = str | int

SECRET = "sk-made-up-0123456789"
WINDOW_END = datetime(2026, 11, 20, tzinfo=UTC)
SINCE = datetime(2026, 11, 19, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A source whose pages are recorded in ``tests/fixtures/NAME``, read up to ``WINDOW_END``.

    ``config`` is what its ``Config`` is given, with ``SECRET`` for every key; ``page_name`` says
    which recorded page answers a request. ``required`` has paths into recorded pages whose absence
    must fail the collection, ``schemas`` the definition in ``schema.json`` that a page agrees with.
    ``circle`` is a page, by its name, that names itself as the next. ``titles`` are those in the
    pages. ``forbidden`` are pages whose refusal fails the collection, ``partly_forbidden`` those
    whose refusal costs one project alone.
    """

    source: Any
    config: Mapping[str, Any]
    page_name: Callable[[httpx.Request], str]
    required: Mapping[str, Sequence[tuple[Step, ...]]]
    schemas: Mapping[str, str]
    titles: tuple[str, ...]
    circle: Mapping[str, Any] | None = None
    forbidden: tuple[str, ...] = ()
    partly_forbidden: tuple[str, ...] = ()
    nonsense: Sequence[Mapping[str, Any]] = ()
    """Settings of its own that it must refuse."""
    empty: Mapping[str, Any] | None = None
    """Pages, by name, where nothing was finished; else those with titles, their lists emptied."""
    maps: frozenset[str] = frozenset()
    """Fields whose keys are data: a new key in one is no new field."""

    @property
    def name(self) -> str:
        return str(self.source.name)

    @property
    def make_config(self) -> Any:
        """The ``Config`` beside the source."""
        module = inspect.getmodule(self.source)
        assert module is not None
        return module.Config


def cases() -> dict[str, Case]:
    """By name, from the modules in ``tests/outcomes/cases`` that each define a ``CASE``."""
    folder = Path(__file__).parent / "cases"
    modules = (
        importlib.import_module(f"tests.outcomes.cases.{module.name}")
        for module in pkgutil.iter_modules([str(folder)])
    )
    return {module.CASE.name: module.CASE for module in modules}
