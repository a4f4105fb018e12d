"""Bold, italic and struck text: marks that stand at the edges of words, on one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from markupsafe import Markup, escape

_TAGS: Mapping[str, str] = MappingProxyType({"*": "strong", "_": "em", "~": "s"})


def emphasized(pieces: Sequence[str]) -> Markup:
    """*pieces* are single characters, and Markup for what is one whole and stays as it is."""
    told: list[Markup] = []
    never_closed: set[str] = set()
    at = 0
    while at < len(pieces):
        mark = pieces[at]
        opens = mark not in never_closed and _opens(pieces, at)
        end = _end(pieces, at) if opens else None
        if end is None:
            if opens:
                never_closed.add(mark)  # nor is it further on: never look again
            told.append(escape(mark))
            at += 1
        else:
            inside = emphasized(pieces[at + 1 : end])
            told.append(Markup("<{0}>{1}</{0}>").format(_TAGS[mark], inside))
            at = end + 1
    return Markup("").join(told)


def _opens(pieces: Sequence[str], at: int) -> bool:
    if pieces[at] not in _TAGS or at + 1 == len(pieces):
        return False
    after = pieces[at + 1]
    in_a_word = at > 0 and _is_letter(pieces[at - 1])
    return not (in_a_word or _is_space(after) or after == pieces[at])


def _end(pieces: Sequence[str], start: int) -> int | None:
    mark = pieces[start]
    ends = (at for at in range(start + 2, len(pieces)) if pieces[at] == mark)
    return next((at for at in ends if _closes(pieces, at)), None)


def _closes(pieces: Sequence[str], at: int) -> bool:
    before = pieces[at - 1]
    in_a_word = at + 1 < len(pieces) and _is_letter(pieces[at + 1])
    return not (in_a_word or _is_space(before) or before == pieces[at])


def _is_letter(piece: str) -> bool:
    return not isinstance(piece, Markup) and piece.isalnum()


def _is_space(piece: str) -> bool:
    return not isinstance(piece, Markup) and piece.isspace()
