"""Holds what a source of finished work says against what can be kept, whatever it is that it says.

A system of record is not ours: what its users type and what its add-ons write comes to us as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from bot.domain.outcomes import Outcome
from bot.domain.people import Identity
from bot.errors import SourceResponseError
from bot.ports import OutcomeBatch

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time on the wire, which is none without its time zone."""
LONGEST_WORD = 500
"""Of ids, accounts, addresses, names and projects: an index takes no more than about 2,700 bytes
of all that is in its key."""


def sound(outcome: Outcome) -> Outcome:
    """*outcome* with its times in UTC; raises ``SourceResponseError`` where one is none."""
    opened_at, completed_at = _in_utc(outcome.opened_at), _in_utc(outcome.completed_at)
    if opened_at is not None and completed_at is not None and completed_at < opened_at:
        opened_at = None
    return replace(
        outcome,
        opened_at=opened_at,
        completed_at=completed_at,
        reverted_at=_in_utc(outcome.reverted_at),
        restored_at=_in_utc(outcome.restored_at),
        reopened_at=_in_utc(outcome.reopened_at),
    )


def hold_words(batch: OutcomeBatch) -> None:
    """Raises ``SourceResponseError`` where something is called by what can be no name."""
    _hold("a project", batch.readable or ())
    _hold("an account", batch.identities)
    _hold("an id", batch.unfinished | batch.withdrawn)
    for outcome in batch.outcomes:
        _hold("an id", [outcome.source_id])
        _hold("a project", [] if outcome.project is None else [outcome.project])
        _hold("an account", (credit.account for credit in outcome.credits))
        _hold("a name", outcome.names | outcome.closes | outcome.closed_by)


def with_addresses(identities: Mapping[str, Identity]) -> dict[str, Identity]:
    """Without addresses that are none: whoever typed one stays unknown."""
    return {account: each for account, each in identities.items() if _is_word(each.email)}


def _hold(what: str, words: Iterable[str]) -> None:
    if not all(map(_is_word, words)):
        raise SourceResponseError(f"{what} is empty, too long or not printable")


def _is_word(word: str) -> bool:
    return 0 < len(word) <= LONGEST_WORD and word.isprintable()


def _in_utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise SourceResponseError("a time has no time zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise SourceResponseError("a time is in no calendar") from None
