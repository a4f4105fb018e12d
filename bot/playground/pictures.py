"""Draws a message as a picture, for the papers: of what is really rendered, so it cannot drift."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from html import escape, unescape
from typing import Any

from bot.blocks.digest import render_digest
from bot.domain.digest import build_digest
from bot.domain.history import DayOfUse, FinishedWork, PersonalHistory
from bot.domain.links import LinkLevel
from bot.domain.messages import Block, Message
from bot.domain.outcomes import OutcomeKind, OutcomeState
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek
from bot.domain.usage import CostBasis
from bot.language import ENGLISH

WIDTH, MARGIN, LINE, GAP, BAR = 720, 24, 21, 12, 90
LETTER = 7.4
"""How wide a letter of 14 pixels is at most, on average: no font is at hand to ask."""

_STYLE = (
    "text{font-family:Helvetica,Arial,sans-serif;font-size:14px;fill:#1d1c1d}"
    ".title{font-size:18px;font-weight:bold}.foot{font-size:12px;fill:#55545a}"
    ".bold{font-weight:bold}.bar{fill:#4a7fb5}.button{fill:#fff;stroke:#b4b3b8}"
)
_BOLD = re.compile(r"\*([^*\n]+)\*")


def picture_of(message: Message) -> str:
    """*message* as SVG; its text is the picture's description."""
    sheet = _Sheet()
    for block in message.blocks:
        _draw(sheet, block)
    body = "\n".join(sheet.marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{WIDTH}" '
        f'height="{sheet.y:g}" viewBox="0 0 {WIDTH} {sheet.y:g}">\n'
        f"<title>A message from Upshot</title>\n"
        f"<desc>{escape(unescape(message.text), quote=False)}</desc>\n"
        f"<style>{_STYLE}</style>\n"
        f'<rect width="100%" height="100%" rx="8" fill="#fff" stroke="#ddd"/>\n{body}\n</svg>\n'
    )


@dataclass(slots=True)
class _Sheet:
    """What is drawn so far, and how far down that reaches."""

    marks: list[str] = field(default_factory=list)
    y: float = MARGIN

    def write(self, lines: Sequence[str], *, left: float = MARGIN, style: str = "plain") -> float:
        """Write *lines* from here down and say where they end, without moving on."""
        y = self.y
        for line in lines:
            y += LINE
            self.marks.append(f'<text x="{left:g}" y="{y:g}" class="{style}">{line}</text>')
        return y

    def move_to(self, y: float) -> None:
        self.y = y + GAP


def _draw(sheet: _Sheet, block: Block) -> None:
    match block:
        case {"type": "header", "text": {"text": str(title)}}:
            sheet.move_to(sheet.write(_lines(title), style="title"))
        case {"type": "section", "fields": fields}:
            half = (WIDTH - 2 * MARGIN) / len(fields)
            ends = [
                sheet.write(_lines(column["text"], half), left=MARGIN + half * index)
                for index, column in enumerate(fields)
            ]
            sheet.move_to(max(ends))
        case {"type": "section", "text": {"text": str(text)}}:
            sheet.move_to(sheet.write(_lines(text)))
        case {"type": "context", "elements": elements}:
            lines = [line for element in elements for line in _lines(element["text"])]
            sheet.move_to(sheet.write(lines, style="foot"))
        case {"type": "data_visualization", "title": str(title), "chart": chart}:
            _bars(sheet, title, chart["series"][0]["data"])
        case {"type": "actions", "elements": buttons}:
            _buttons(sheet, [button["text"]["text"] for button in buttons])


def _bars(sheet: _Sheet, title: str, points: Sequence[dict[str, Any]]) -> None:
    sheet.move_to(sheet.write([escape(title)], style="bold"))
    highest = max(point["value"] for point in points) or 1
    step = (WIDTH - 2 * MARGIN) / len(points)
    bottom = sheet.y + BAR
    for number, point in enumerate(points):
        left, height = MARGIN + number * step, BAR * point["value"] / highest
        box = f'x="{left:g}" y="{bottom - height:g}" width="{step - GAP:g}" height="{height:g}"'
        sheet.marks.append(f'<rect class="bar" {box}/>')
    sheet.move_to(bottom)


def _buttons(sheet: _Sheet, titles: Sequence[str]) -> None:
    left = float(MARGIN)
    for title in titles:
        width = len(title) * LETTER + MARGIN
        box = f'x="{left:g}" y="{sheet.y:g}" width="{width:g}" height="32" rx="4"'
        sheet.marks.append(f'<rect class="button" {box}/>')
        sheet.write([escape(title)], left=left + MARGIN / 2)
        left += width + GAP
    sheet.move_to(sheet.y + 32)


def _lines(text: str, width: float = WIDTH - 2 * MARGIN) -> list[str]:
    """*text* in lines that fit, with what is bold in it marked."""
    return [line for part in text.split("\n") for line in _wrapped(part, int(width / LETTER))]


def _wrapped(text: str, letters: int) -> Iterator[str]:
    is_bold = False
    for line in textwrap.wrap(unescape(_BOLD.sub("\x02\\1\x03", text)), letters):
        opened = ("\x02" if is_bold else "") + line
        is_bold = opened.rfind("\x02") > opened.rfind("\x03")
        closed = opened + ("\x03" if is_bold else "")
        marked = escape(closed, quote=False)
        yield marked.replace("\x02", '<tspan class="bold">').replace("\x03", "</tspan>")


def example() -> Message:
    """An invented person's week, made as every digest is made."""
    week = IsoWeek(2026, 46)
    history = PersonalHistory(
        owner=PersonId(1),
        use=tuple(_use(week)),
        work=tuple(_work(week)),
        data_through=(
            ("anthropic", week.period.last_day),
            ("git", week.period.last_day),
            ("openai", week.period.last_day),
        ),
    )
    digest = build_digest(history, week.period, is_closed=True, minimum_outcomes=5)
    return render_digest(ENGLISH, digest)


def _use(week: IsoWeek) -> Iterator[DayOfUse]:
    weekly = ("24.10", "31.75", "18.20", "44.60", "29.40", "36.90", "22.85", "33.15", "32.40")
    for back, cost in enumerate(reversed(weekly)):
        for day, share in ((0, "0.3"), (1, "0.4"), (3, "0.3")):
            on = week.back(back).monday + timedelta(days=day)
            amount = Decimal(cost) * Decimal(share)
            yield _day("anthropic", on, amount)
            yield _day("openai", on, amount / 4)


def _day(provider: str, on: date, cost: Decimal) -> DayOfUse:
    return DayOfUse(day=on, provider=provider, cost=cost, bases=frozenset({CostBasis.BILLED}))


def _work(week: IsoWeek) -> Iterator[FinishedWork]:
    for back, states in enumerate(("sdd", "ssr", "ss", "sss", "s", "ss", "sr", "ss")):
        for number, state in enumerate(states):
            yield FinishedWork(
                kind=OutcomeKind.MERGED_CHANGE,
                completed_on=week.back(back).monday + timedelta(days=number),
                state={
                    "d": OutcomeState.DONE,
                    "s": OutcomeState.SETTLED,
                    "r": OutcomeState.REVERTED,
                }[state],
                has_evidence=number != 1,
                level=LinkLevel.PERIOD if number == 1 else LinkLevel.TOOL,
            )


if __name__ == "__main__":
    sys.stdout.write(picture_of(example()))
