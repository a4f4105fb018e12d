"""The fields of a form that a browser sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

LONGEST_FORM = 200_000
MOST_FIELDS = 1_000

Posted = Mapping[str, Sequence[str]]


async def fields(request: Request) -> Posted:
    """By name; one that was not sent is empty."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM:
            raise HTTPException(413)
    try:
        posted = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(400) from error
    return defaultdict(lambda: [""], posted)
