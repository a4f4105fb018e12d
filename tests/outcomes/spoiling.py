"""Recorded pages in which something else stands than what was recorded."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx

from bot.domain.outcomes import Outcome
from bot.errors import SourceError
from bot.ports import OutcomeBatch
from tests.outcomes.case import Case
from tests.outcomes.recorded_work import RecordedWork, load_page, page_names, reading

Path = tuple[str | int, ...]


def leaves(case: Case) -> Iterator[tuple[str, Path]]:
    """One path to each field that a recorded page has, by the names on the way."""
    for page in sorted(page_names(case.name)):
        seen = set()
        for path in paths(load_page(case.name, page)):
            key = tuple(step for step in path if isinstance(step, str))
            if key not in seen:
                seen.add(key)
                yield page, path


def paths(value: Any, steps: Path = ()) -> Iterator[Path]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from paths(inner, (*steps, key))
        case list():
            for number, inner in enumerate(value):
                yield from paths(inner, (*steps, number))
        case _:
            yield steps


def spoilt(case: Case, name: str, path: Path, change: Callable[[Any], Any]) -> Any:
    """A source whose page *name* has at *path* what *change* makes of it."""
    page = load_page(case.name, name)
    *parents, last = path
    inner = page
    for step in parents:
        inner = inner[step]
    inner[last] = change(inner[last])
    return reading(case, or_nothing(RecordedWork(case, **{name: page})))


def rewritten(case: Case, change: Callable[[Any], Any]) -> Any:
    """A source each of whose pages is what *change* makes of it."""
    pages = {name: change(load_page(case.name, name)) for name in page_names(case.name)}
    return reading(case, or_nothing(RecordedWork(case, **pages)))


def or_nothing(recorded: RecordedWork) -> Callable[[httpx.Request], httpx.Response]:
    """An id that is none leads to a page that nobody has."""

    def answer(request: httpx.Request) -> httpx.Response:
        try:
            found = recorded(request)
        except (AssertionError, ValueError):
            return httpx.Response(404)
        return found

    return answer


def with_texts(value: Any, change: Callable[[str], str]) -> Any:
    """A copy of *value* with each text changed."""
    match value:
        case dict():
            return {key: with_texts(inner, change) for key, inner in value.items()}
        case list():
            return [with_texts(inner, change) for inner in value]
        case str():
            return change(value)
        case _:
            return value


def repeated(value: Any, times: int) -> Any:
    """A copy of *value* in which the outermost lists come again and again."""
    match value:
        case dict():
            return {key: repeated(inner, times) for key, inner in value.items()}
        case list():
            return json.loads(json.dumps(value)) * times
        case _:
            return value


def beside_titles(batch: OutcomeBatch | SourceError) -> str:
    """All that *batch* says, but for titles; or all that is said of the error instead of it."""
    if isinstance(batch, SourceError):
        return f"{batch} {batch!r} {batch.__cause__!r} {batch.hint}"
    return repr(replace(batch, outcomes=tuple(map(_untitled, batch.outcomes))))


def _untitled(outcome: Outcome) -> Outcome:
    return replace(outcome, title=None)
