"""The files that GitHub's links lead to: reports of users, and exports of charges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, localcontext

import msgspec

from bot.errors import SourceResponseError
from bot.providers.copilot.pages import ExportFile, Line, Meter, ReportFile
from bot.reading.days import EXACT, require_plausible
from bot.reading.tables import rows

REPORT = "users-1-day"
EXPORT = "ai_credit.csv"
SHORT = 12
"""An amount of so few digits and a point needs no closer look."""

_lines: msgspec.json.Decoder[Line | list[Line]] = msgspec.json.Decoder(Line | list[Line])


def read_report(content: bytes) -> ReportFile:
    """NDJSON, or one JSON document that wraps its lines in lists."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        if not content.isascii():
            content.decode()
        documents = _lines.decode_lines(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _blame(content, error) from None
    lines: list[Line] = []
    for document in documents:
        if isinstance(document, Line) and document.day_totals is document.user_totals is None:
            lines.append(document)
        else:
            lines += _unwrapped(document)
    for number, line in enumerate(lines, 1):
        if line.day is None or line.user_id is None or line.user_login is None:
            raise _incomplete(line, number)
        if line.ai_credits_used is not None:
            _check(line.ai_credits_used, number)
    return ReportFile(lines)


def _check(amount: Decimal, number: int) -> None:
    if len(text := str(amount)) <= SHORT and text.replace(".", "").isdigit():
        return
    try:
        require_plausible(amount)
    except ValueError as error:
        raise SourceResponseError(f"{REPORT}, line {number}: {error}") from None


def _unwrapped(document: Line | list[Line]) -> Iterator[Line]:
    """The lines in *document*, which may leave out what it says itself."""
    if isinstance(document, list):
        for line in document:
            yield from _unwrapped(line)
    elif document.day_totals is document.user_totals is None:
        yield document
    else:
        for line in (*(document.day_totals or ()), *(document.user_totals or ())):
            line.day = line.day or document.day
            line.user_id = document.user_id if line.user_id is None else line.user_id
            line.user_login = line.user_login or document.user_login
            yield from _unwrapped(line)


def _incomplete(line: Line, number: int) -> SourceResponseError:
    fields = ("day", "user_id", "user_login")
    missing = next(field for field in fields if getattr(line, field) is None)
    message = f"{REPORT}, line {number}: Object missing required field `{missing}`"
    return SourceResponseError(message)


def _blame(content: bytes, error: Exception) -> SourceResponseError:
    """An error that names the line, where it is one line's."""
    for number, line in enumerate(content.split(b"\n"), 1):
        try:
            line.decode()
            _lines.decode_lines(line)
        except msgspec.ValidationError as of_line:
            return SourceResponseError(f"{REPORT}, line {number}: {of_line}")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return SourceResponseError(f"{REPORT}, line {number}: the line is not JSON")
    told = error if isinstance(error, msgspec.ValidationError) else "the file is not JSON"
    return SourceResponseError(f"{REPORT}: {told}")


def read_export(content: bytes) -> ExportFile:
    """CSV, whose net amounts are what is charged after the discount of the plan."""
    charges: defaultdict[tuple[str | None, Meter], Decimal] = defaultdict(Decimal)
    days: set[date] = set()
    with localcontext(EXACT):
        for row in rows(content, required=("date", "username", "net_amount"), what=EXPORT):
            day, amount, text = row.day("date"), row.decimal("net_amount"), row.text
            if day is None or amount is None:
                raise row.error("date" if day is None else "net_amount", "empty")
            days.add(day)
            charges[text("username"), (text("product"), text("sku"), text("model"))] += amount
    return ExportFile(days, charges)
