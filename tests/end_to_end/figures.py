"""The figures that a text tells: all its numbers but those of dates and of names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache
from typing import Any

from bot.domain.periods import IsoWeek, days
from bot.language import Language

AROUND = timedelta(days=120)
_NUMBER = re.compile(r"(?<![\w-])\d(?:[\d.,]*\d)?(?![\d\w])(\s?%)?")
_SPACE = re.compile(r"\s")
_ROUGHLY = Context(prec=2)
_ANY_SIZE = Context(prec=80, rounding=ROUND_HALF_EVEN)


def strange(text: str, say: Language, known: Collection[Decimal], day: date) -> list[str]:
    """The figures of *text* that none of the *known* ones is, rounded as they are told.

    Days round *day* are dates, in every way in which they are written.
    """
    plain = _dates(say, day).sub(" ", _SPACE.sub(" ", text))
    return [told[0] for told in _NUMBER.finditer(plain) if not _is_known(told, say, known)]


def _is_known(told: re.Match[str], say: Language, known: Iterable[Decimal]) -> bool:
    marks = say.locale.number_symbols["latn"]
    bare = told[0].rstrip("% ").replace(str(marks["group"]), "")
    number = Decimal(bare.replace(str(marks["decimal"]), "."))
    step = number / 100 if told[1] else number
    smallest = Decimal(1).scaleb(step.as_tuple().exponent)  # type: ignore[arg-type]
    return any(_rounded(figure, smallest) == step for figure in known)


def _rounded(figure: Decimal, smallest: Decimal) -> Decimal:
    return abs(figure).quantize(smallest, context=_ANY_SIZE)


@lru_cache
def _dates(say: Language, day: date) -> re.Pattern[str]:
    written: set[str] = set()
    for when in days(day - AROUND, day + AROUND):
        week = IsoWeek.of(when).period
        written |= {say.day(when), say.short_day(when), say.day_and_year(when), say.month(when)}
        written.add(say.span(week.first_day, week.last_day))
    longest_first = sorted((_SPACE.sub(" ", words) for words in written), key=len, reverse=True)
    return re.compile(rf"(?<!\d)(?:{'|'.join(map(re.escape, longest_first))})(?!\d)")


def figures_of(part: Any) -> Iterator[Decimal]:
    """Every number in a value of the domain but its owner's and its weeks'."""
    if isinstance(part, bool | str | IsoWeek):
        return
    if isinstance(part, int | float | Decimal):
        yield Decimal(part)
    elif is_dataclass(part):
        named = {field.name for field in fields(part)} - {"owner"}
        yield from figures_of([getattr(part, name) for name in named])
    elif isinstance(part, Mapping):
        yield from figures_of(list(part.values()))
    elif isinstance(part, list | tuple | set | frozenset):
        for inner in part:
            yield from figures_of(inner)


def roughly(figures: Iterable[Decimal]) -> Iterator[Decimal]:
    """As tips tell them: of two digits, some of them from a logarithm."""
    for figure in figures:
        yield from (figure, _ROUGHLY.plus(figure))
        if abs(figure) < 50:
            yield _ROUGHLY.plus(figure.exp())
