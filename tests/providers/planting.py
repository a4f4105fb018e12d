"""Recorded pages in which a source tells what somebody typed, wherever it could be told."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

import httpx

from tests.providers.case import Case
from tests.providers.recorded import FIXTURES, Recorded, reading

TYPED = "rewrite the letter about the merger with Initech"
TRACES = ("merger", "initech")

_MESSAGES = [{"role": "user", "content": TYPED, "parts": [{"text": TYPED}]}]
_FIELDS: dict[str, Any] = {
    "prompt": TYPED,
    "input_text": TYPED,
    "completion": [TYPED],
    "messages": _MESSAGES,
    "inputBodyJson": {"messages": _MESSAGES, TYPED: 1},
    "request": {"payload": {"body": json.dumps(_MESSAGES)}},
    TYPED: TYPED,
}
_COLUMNS = (TYPED, "prompt", "input_text", "=completion")
_PROMPT_LOGS = "AWSLogs/111122223333/KiroLogs/GenerateAssistantResponse/us-east-1/2026/11/19/00"


def planted_adapter(case: Case, folder: Path) -> Any:
    """It with all that is recorded, and a text of somebody's in every page of it."""
    if not case.is_http:
        return reading(case.provider, None, location=str(_planted_folder(case, folder)))
    recorded = Recorded(case.name)
    return reading(case.provider, lambda request: planted(recorded(request), case.maps))


def planted(answer: httpx.Response, maps: Collection[str] = ()) -> httpx.Response:
    """A copy of *answer* whose objects or rows have fields that nobody asked for."""
    content = answer.content
    if content.lstrip()[:1] in {b"{", b"["}:
        documents = [json.loads(line) for line in _documents(content)]
        told = "\n".join(json.dumps(in_every_object(each, maps)) for each in documents)
        kind = answer.headers["content-type"]
        return httpx.Response(answer.status_code, text=told, headers={"content-type": kind})
    return httpx.Response(answer.status_code, content=in_every_row(content))


def in_every_object(value: Any, maps: Collection[str], *, is_map: bool = False) -> Any:
    match value:
        case dict():
            known = {k: in_every_object(v, maps, is_map=k in maps) for k, v in value.items()}
            return known if is_map else {**_FIELDS, **known}
        case list():
            return [in_every_object(item, maps) for item in value]
        case _:
            return value


def in_every_row(content: bytes) -> bytes:
    """A CSV with more columns, in front of those it has."""
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    file = io.StringIO()
    table = [[*_COLUMNS, *header], *([*([TYPED] * len(_COLUMNS)), *row] for row in rows if row)]
    csv.writer(file).writerows(table)
    return file.getvalue().encode()


def _documents(content: bytes) -> list[bytes]:
    """One, or those of the lines."""
    try:
        json.loads(content)
    except ValueError:
        return content.splitlines()
    return [content]


def _planted_folder(case: Case, folder: Path) -> Path:
    place = folder / case.name
    shutil.copytree(FIXTURES / case.name, place)
    for path in place.rglob("*.csv"):
        path.write_bytes(in_every_row(path.read_bytes()))
    prompts = place / _PROMPT_LOGS
    prompts.mkdir(parents=True)
    (prompts / "prompts.json").write_text(json.dumps(_FIELDS))
    return place
