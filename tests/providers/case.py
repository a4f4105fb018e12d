"""What the tests that hold for every provider need to know about one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

Step = str | int
SECRET = "sk-made-up-0123456789"


def page_name(request: httpx.Request) -> str:
    """Which recorded page answers a request: the end of its path, and what it groups by first."""
    groups = [v for k, v in request.url.params.multi_items() if k.startswith("group_by")]
    name = request.url.path.rsplit("/", 1)[-1]
    return f"{name}_by_{groups[0]}" if groups else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A provider whose pages are recorded in ``tests/fixtures/NAME``, as the day 2026-11-19.

    ``config`` is what its ``Config`` is given, with ``SECRET`` for every key. ``required`` has
    paths into recorded pages whose absence must fail the day, ``amount`` one to an amount of money.
    ``refused`` are answers after which it must fall back. ``circle`` is a page that names itself as
    the next, ``nowhere`` one that says there are more but not where.
    """

    provider: Any
    config: Mapping[str, Any]
    required: Mapping[str, Sequence[tuple[Step, ...]]]
    amount: tuple[str, tuple[Step, ...]] | None = None
    page_name: Callable[[httpx.Request], str] = page_name
    refused: Mapping[str, httpx.Response] = field(default_factory=dict)
    refused_too: Mapping[str, httpx.Response] = field(default_factory=dict)
    """Refused beside those, it must fall back once more: to what else is recorded."""
    circle: Mapping[str, Any] | None = None
    nowhere: Mapping[str, Any] | None = None
    has_bill: bool = True
    names_addresses: bool = True
    """Otherwise another service names them, which is not among what is recorded."""
    is_http: bool = True
    """Otherwise it reads objects, which lie in its folder of fixtures."""
    is_by_day: bool = True
    """Whether its rows carry their day, so that another day's can be told."""
    maps: frozenset[str] = frozenset()
    """Fields whose keys are data, such as models: a new key in one is no new field."""
    spec: str | None = None
    """A file of ../shared/specs; without one ``schema.json`` beside the recorded pages counts."""

    @property
    def name(self) -> str:
        return str(self.provider.name)


def cases() -> dict[str, Case]:
    """By name, from the modules in ``tests/providers/cases`` that each define a ``CASE``."""
    folder = Path(__file__).parent / "cases"
    modules = (
        importlib.import_module(f"tests.providers.cases.{module.name}")
        for module in pkgutil.iter_modules([str(folder)])
    )
    return {module.CASE.name: module.CASE for module in modules}


CASES = cases()
