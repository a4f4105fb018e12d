"""Noise that waiting does not wear off: the same people have the same noise.

It has three parts, all of them measured by the cap, not by the week's own largest amount, so that
it stays when amounts change and trends stay true:

- of the *member set*, for good, and of the member set in this *quarter*: whoever compares a team
  before and after somebody left compares two independent draws. The first does not average out
  over the years; the second is worth nothing any more to whoever learned it in another quarter.
- of each *contributor*, for good: also within one member set (somebody is away for two months, or
  idle people are added and taken out to have other sets drawn) nothing comes out but an amount
  that is off by a shift of that person's own.

Evenly spread draws, and not such as stay away from zero: between two teams what counts is how often
two draws are nearly the same, and that is half as often at the same median error.
"""

from __future__ import annotations

from decimal import Decimal
from hashlib import blake2b

from bot.domain.disclosure.cohorts import Cohort
from bot.domain.keyed import Key

FOR_GOOD = Decimal("0.4")
OF_THE_QUARTER = Decimal("0.4")
SMALLEST_SHIFT = Decimal("0.05")
LARGEST_SHIFT = Decimal("0.15")
"""All in caps, before they are made louder for the few."""
_LOUDNESS = ((12, Decimal(2)), (20, Decimal("1.25")))
_MORE_SHIFT = LARGEST_SHIFT - SMALLEST_SHIFT
_DRAWS = 2**64


class Noise:
    """The noise of one quarter."""

    def __init__(self, key: Key, epoch: str) -> None:
        self._key = key
        self._epoch = epoch
        self._sets: dict[tuple[bytes, ...], bytes] = {}
        self._secrets: dict[str, bytes] = {}

    def added_to(self, cohort: Cohort, figure: str, cap: Decimal) -> Decimal:
        """The cohort's total of *figure* with its noise; never below zero.

        Every figure has its own, so that whoever knows one exactly learns nothing of another's.
        """
        level = loudness(cohort)
        drawn = self._of_set(cohort.members, figure, level) + self._of_people(cohort, figure)
        return max(cohort.total + cap * level * drawn, Decimal(0))

    def _of_set(self, members: tuple[bytes, ...], figure: str, level: Decimal) -> Decimal:
        # Were one draw made louder and softer, the difference would tell it.
        of_this = (figure, str(level), self._tag(members))
        for_good = _draw(self._key.tag("noise for good", *of_this))
        of_the_quarter = _draw(self._key.tag("noise of the quarter", self._epoch, *of_this))
        return (FOR_GOOD * for_good + OF_THE_QUARTER * of_the_quarter) / _DRAWS

    def _tag(self, members: tuple[bytes, ...]) -> bytes:
        if members not in self._sets:
            self._sets[members] = self._key.tag("member set", *members)
        return self._sets[members]

    def _of_people(self, cohort: Cohort, figure: str) -> Decimal:
        if figure not in self._secrets:
            self._secrets[figure] = self._key.tag("shift", figure)
        secret = self._secrets[figure]
        draws = [_draw(_tagged(who, secret)) for who in cohort.amounts]
        # Whole numbers up to here: this is done for everybody, every week.
        either_way = sum(1 if draw > 0 else -1 for draw in draws)
        return SMALLEST_SHIFT * either_way + _MORE_SHIFT * sum(draws) / _DRAWS


def loudness(cohort: Cohort) -> Decimal:
    """How much louder noise is among few people; idle members make them no more than twice as many.

    It goes by members first, because contributors come and go, and each other level is another
    draw.
    """
    size = min(len(cohort.members), 2 * len(cohort.amounts))
    return next((level for fewer_than, level in _LOUDNESS if size < fewer_than), Decimal(1))


def _tagged(member: bytes, secret: bytes) -> bytes:
    """An HMAC would take three times as long."""
    return blake2b(member, key=secret, digest_size=8).digest()


def _draw(digest: bytes) -> int:
    """Evenly spread from ``-_DRAWS`` to ``_DRAWS``."""
    return 2 * int.from_bytes(digest[:8]) - _DRAWS
