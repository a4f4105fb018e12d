"""A planned job in its asker's words: tokens, or the size of something, and names of models.

The words are English, German and Spanish ones. A number is understood in all of them, and asked
again where two of them would read it differently: 1.500k.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from bot.domain.estimate import EXTENTS, MOST_MODELS, MOST_TOKENS, Job, Size, Thing
from bot.domain.job_vocabulary import FAMILIES, POWERS, SIZES, THINGS, WORDS, Kind


class Trouble(StrEnum):
    """Why a job could not be read; with the word that it is about, if it is about one."""

    NO_JOB = "no_job"
    UNKNOWN_WORD = "unknown_word"
    TWO_WAYS = "two_ways"
    UNCLEAR = "unclear"
    SHARE = "share"
    TOO_MANY = "too_many"
    TOO_MANY_MODELS = "too_many_models"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    trouble: Trouble
    word: str = ""


class _UnreadError(Exception):
    def __init__(self, trouble: Trouble, word: str = "") -> None:
        super().__init__(trouble)
        self.unread = Unread(trouble=trouble, word=word)


class _Part(NamedTuple):
    kind: Kind
    text: str
    amount: Decimal = Decimal(0)


_HUNDRED = 100

_FROM_CACHE = re.compile(r"\b(?:aus dem|from the|from|im|in the|desde|del|de la|en) cache\b")
_TIMES_IN_A_WORD = re.compile(r"(?<!\S)([0-9][0-9.,']*)\s*[x*]\s*(?=[0-9]|\s|$)")
_TIMES_AT_THE_END = re.compile(r"(?<!\S)[x*](?=[0-9])")
_UNITS = "|".join(sorted(POWERS, key=len, reverse=True))
_NUMBER = r"[0-9]{1,3}(?: [0-9]{3})+(?![0-9.,'])|[0-9]+(?:[.,'][0-9]+)*"
_PARTS = re.compile(
    rf"(?P<number>{_NUMBER})\s*(?:(?P<unit>{_UNITS})\.?|(?P<percent>%))?(?=[\s;,:]|$)"
    r"|(?P<word>[^\s;,]+)"
)
_MODEL = re.compile(r"[a-z][a-z0-9._:/@-]*")
_GROUPS = re.compile(r"[0-9]{1,3}(?P<mark>[.,])[0-9]{3}(?:(?P=mark)[0-9]{3})*")


def read_job(words: Sequence[str]) -> Job | Unread:
    """The job that is told by *words*, or what about them is not clear."""
    try:
        return _job([*_parts(_plain(" ".join(words)))])
    except _UnreadError as error:
        return error.unread


def _plain(text: str) -> str:
    """In small letters without accents, the words apart from one another."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
    bare = bare.replace("\N{MULTIPLICATION SIGN}", "x")
    bare = re.sub(r"\s*/\s*(?=[0-9])", " ", _FROM_CACHE.sub(" cache ", bare))
    return _TIMES_AT_THE_END.sub("x ", _TIMES_IN_A_WORD.sub(r"\1 x ", bare))


def _parts(text: str) -> Iterator[_Part]:
    for found in _PARTS.finditer(text):
        number, word = found["number"], found["word"]
        if number is None:
            yield from _word(word.strip(".:!?()\"'`"))
        elif found["percent"]:
            yield _Part(Kind.SHARE, found[0].strip(), _amount(number, has_unit=True))
        else:
            amount = _amount(number, has_unit=found["unit"] is not None)
            yield _Part(Kind.NUMBER, found[0].strip(), _whole(amount, found["unit"], found[0]))


def _word(word: str) -> Iterator[_Part]:
    if not word:
        return
    kind = WORDS.get(word) or _kind_of_thing(word)
    if kind is None:
        raise _UnreadError(Trouble.UNKNOWN_WORD, word)
    if kind is not Kind.FILLER:
        yield _Part(kind, word)


def _kind_of_thing(word: str) -> Kind | None:
    if word in SIZES:
        return Kind.SIZE
    if word in THINGS:
        return Kind.THING
    is_named = _MODEL.fullmatch(word) and re.search(r"[0-9-]", word)
    return Kind.MODEL if is_named or word in FAMILIES else None


def _amount(number: str, *, has_unit: bool) -> Decimal:
    """As it is written, where it can only be meant in one way."""
    bare = number.replace(" ", "").replace("'", "")
    marks = [letter for letter in bare if letter in ".,"]
    is_grouped = _GROUPS.fullmatch(bare) is not None
    if len(marks) == 1 and is_grouped and has_unit and not bare.startswith("0"):
        raise _UnreadError(Trouble.TWO_WAYS, number)
    if not marks or (is_grouped and not bare.startswith("0")):
        return Decimal(bare.replace(".", "").replace(",", ""))
    before, _, after = bare.rpartition(marks[-1])
    if marks[-1] in before or (marks[:-1] and not _GROUPS.fullmatch(before)):
        raise _UnreadError(Trouble.UNKNOWN_WORD, number)
    return Decimal(f"{before.replace('.', '').replace(',', '')}.{after}")


def _whole(amount: Decimal, unit: str | None, text: str) -> Decimal:
    value = amount.scaleb(POWERS[unit]) if unit else amount
    if value > MOST_TOKENS:
        raise _UnreadError(Trouble.TOO_MANY)
    whole = value.to_integral_value()
    if unit is None and whole != value:
        raise _UnreadError(Trouble.UNKNOWN_WORD, text.strip())
    return whole


def _job(parts: Sequence[_Part]) -> Job:
    counted = [p for p in parts if p.kind in {Kind.NUMBER, Kind.TIMES, Kind.IN, Kind.OUT}]
    times, rest = _times(counted)
    described = _described(parts)
    if described is None:
        read, written = _tokens(rest)
    elif rest:
        raise _UnreadError(Trouble.UNCLEAR)
    else:
        read, written = EXTENTS[described].input, EXTENTS[described].output
    _refuse_unless_plausible((1 if times is None else times) * (read + written))
    return Job(
        input=read,
        output=written,
        times=times,
        described=described,
        cached_share=_share(parts),
        models=_models(parts),
    )


def _refuse_unless_plausible(tokens: int) -> None:
    if tokens == 0:
        raise _UnreadError(Trouble.NO_JOB)
    if tokens > MOST_TOKENS:
        raise _UnreadError(Trouble.TOO_MANY)


def _times(counted: Sequence[_Part]) -> tuple[int | None, Sequence[_Part]]:
    """How often, which is said before all else, or after it with an x: the rest is of each."""
    match [part.kind for part in counted]:
        case [Kind.NUMBER, Kind.TIMES, *_]:
            return int(counted[0].amount), counted[2:]
        case [*_, Kind.TIMES, Kind.NUMBER]:
            return int(counted[-1].amount), counted[:-2]
        case _:
            return None, counted


def _described(parts: Iterable[_Part]) -> tuple[Thing, Size] | None:
    things = {THINGS[part.text] for part in parts if part.kind is Kind.THING}
    sizes = {SIZES[part.text] for part in parts if part.kind is Kind.SIZE}
    if len(things) > 1 or len(sizes) > 1:
        raise _UnreadError(Trouble.UNCLEAR)
    if not things and not sizes:
        return None
    return next(iter(things), Thing.CHANGE), next(iter(sizes), Size.MEDIUM)


def _tokens(counted: Sequence[_Part]) -> tuple[int, int]:
    """Input and output: each number beside its word, which all come after it or all before."""
    if not counted:
        raise _UnreadError(Trouble.NO_JOB)
    first, second = counted[::2], counted[1::2]
    numbers, labels = (first, second) if first[0].kind is Kind.NUMBER else (second, first)
    told = {
        label.kind: int(number.amount)
        for number, label in zip(numbers, labels, strict=False)
        if number.kind is Kind.NUMBER and label.kind in {Kind.IN, Kind.OUT}
    }
    if len(told) * 2 != len(counted):
        raise _UnreadError(Trouble.UNCLEAR)
    return told.get(Kind.IN, 0), told.get(Kind.OUT, 0)


def _share(parts: Iterable[_Part]) -> Decimal | None:
    shares = [part for part in parts if part.kind is Kind.SHARE]
    if len(shares) > 1:
        raise _UnreadError(Trouble.UNCLEAR)
    for share in shares:
        if share.amount > _HUNDRED:
            raise _UnreadError(Trouble.SHARE, share.text)
        return share.amount / _HUNDRED
    return None


def _models(parts: Iterable[_Part]) -> tuple[str, ...]:
    models = tuple(dict.fromkeys(part.text for part in parts if part.kind is Kind.MODEL))
    if len(models) > MOST_MODELS:
        raise _UnreadError(Trouble.TOO_MANY_MODELS)
    return models
