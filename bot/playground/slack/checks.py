"""Small checks that put together describe a JSON payload, each saying where it is broken."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

Check = Callable[[Any, str], Iterator[str]]
Shapes = Mapping[str, Check]

NOTHING: Shapes = MappingProxyType({})


def at(pointer: str, complaint: str) -> str:
    """One violation, in the words of Slack's ``response_metadata.messages``."""
    return f"[ERROR] {complaint} [json-pointer:{pointer or '/'}]"


def string(*, longest: int | None = None, shortest: int = 1, pattern: str | None = None) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield at(pointer, "must be a string")
        elif len(value) < shortest:
            yield at(pointer, f"must be more than {shortest - 1} characters")
        elif longest is not None and len(value) > longest:
            yield at(pointer, f"must be less than {longest + 1} characters")
        elif pattern is not None and not re.fullmatch(pattern, value):
            yield at(pointer, "does not match the required format")

    return check


def boolean(value: Any, pointer: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield at(pointer, "must be a boolean")


def integer(*, least: int = 0, most: int | None = None) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield at(pointer, "must be an integer")
        elif value < least or (most is not None and value > most):
            yield at(pointer, f"must be between {least} and {most}")

    return check


def number(value: Any, pointer: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        yield at(pointer, "must be a finite number")


def positive(value: Any, pointer: str) -> Iterator[str]:
    complaints = list(number(value, pointer))
    yield from complaints
    if not complaints and value <= 0:
        yield at(pointer, "must be greater than 0")


def choice(*allowed: str) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if value not in allowed:
            yield at(pointer, f"must be one of {', '.join(allowed)}")

    return check


def items(each: Check, *, most: int | None = None, fewest: int = 1) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield at(pointer, "must be an array")
            return
        if len(value) < fewest:
            yield at(pointer, f"no fewer than {fewest} items allowed")
        if most is not None and len(value) > most:
            yield at(pointer, f"no more than {most} items allowed")
        for index, item in enumerate(value):
            yield from each(item, f"{pointer}/{index}")

    return check


def shape(required: Shapes = NOTHING, optional: Shapes = NOTHING) -> Check:
    """An object with these keys and no others."""
    known = {**required, **optional}

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield at(pointer, "must be an object")
            return
        yield from (
            at(pointer, f"missing required field: {key}") for key in required.keys() - value
        )
        for key, part in value.items():
            if key not in known:
                yield at(f"{pointer}/{key}", f"unknown field: {key}")
            else:
                yield from known[key](part, f"{pointer}/{key}")

    return check


def by_type(shapes: Shapes) -> Check:
    """An object whose ``type`` says which of these shapes it must have."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in shapes:
            yield at(f"{pointer}/type", f"unsupported type: {kind}")
        else:
            yield from shapes[kind](value, pointer)

    return check


def all_of(*checks: Check) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        for part in checks:
            yield from part(value, pointer)

    return check


def one_of_the_keys(*keys: str, least: int = 1, most: int = 1) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        given = sum(key in value for key in keys) if isinstance(value, dict) else least
        if not least <= given <= most:
            exactly = "exactly one" if most == 1 else "at least one"
            yield at(pointer, f"{exactly} of {', '.join(keys)} is required")

    return check
