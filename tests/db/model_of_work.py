"""What linking must come to, said the simple way: for a handful of outcomes, and one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from bot.domain.outcomes import Outcome, OutcomeKind

Key = tuple[str, str]
NEVER = datetime.min.replace(tzinfo=UTC)
FORGES = {"github": 0, "gitlab": 0, "git": 1}


def key_of(work: Outcome) -> Key:
    return work.source, work.source_id


def is_change(work: Outcome) -> bool:
    return work.kind is OutcomeKind.MERGED_CHANGE


def _joins(work: Outcome) -> bool:
    return work.completed_at is not None and work.kind is not OutcomeKind.REVIEW_GIVEN


def _precedence(work: Outcome) -> tuple[bool, int, Key]:
    return not is_change(work), FORGES.get(work.source, 2), key_of(work)


def _last_turn(work: Outcome) -> datetime:
    turns = (work.reverted_at, work.restored_at)
    return max((turn for turn in turns if turn is not None), default=NEVER)


@dataclass(frozen=True, slots=True)
class Piece:
    main: Outcome
    parts: tuple[Outcome, ...]

    @property
    def works(self) -> tuple[Outcome, ...]:
        return (self.main, *self.parts)

    def state(self, now: datetime, settle: timedelta, forbidden: datetime | None) -> str:
        main = self.main
        if main.completed_at is None or now < main.completed_at:
            return "open"
        landed = self.landed
        if landed.reverted_at is not None and landed.reverted_at <= now:
            return "reverted"
        if any(work.reopened_at is not None and work.reopened_at <= now for work in self.works):
            return "reopened"
        settles_at = max(main.completed_at, landed.restored_at or main.completed_at) + settle
        may_settle = forbidden is None or settles_at <= forbidden
        return "settled" if may_settle and settles_at <= now else "done"

    @property
    def landed(self) -> Outcome:
        """Who of those that tell of a change knows the latest of what became of it."""
        telling = [work for work in self.works if is_change(work) or work is self.main]
        return max(sorted(telling, key=_precedence), key=_last_turn)

    def told_by(self, owners: Mapping[str, str]) -> Outcome:
        """Where it counts; *owners* has the people whose accounts are known."""
        for work in (self.main, *sorted(self.parts, key=key_of)):
            if any(credit.account in owners for credit in work.credits):
                return work
        return self.main

    def shares(self, owners: Mapping[str, str]) -> dict[str, Fraction]:
        """By holder: a person, or an account that is nobody's."""
        credits_ = self.told_by(owners).credits
        holders = {owners.get(credit.account, f"? {credit.account}") for credit in credits_}
        return {holder: Fraction(1, len(holders)) for holder in holders}


def pieces_of(works: Collection[Outcome]) -> list[Piece]:
    groups = _same_work([work for work in works if _joins(work)])
    groups += [[work] for work in works if not _joins(work)]
    pieces = {key_of(group[0]): group for group in groups}
    for group in groups:
        if not is_change(group[0]) and (change := _first_closing(group, works)):
            [whole] = [other for other in groups if change in other]
            whole.extend(group)
            del pieces[key_of(group[0])]
    return [Piece(group[0], tuple(group[1:])) for group in pieces.values()]


def _same_work(works: Collection[Outcome]) -> list[list[Outcome]]:
    """Those that share a name, each group with its main one first."""
    groups: list[list[Outcome]] = []
    for work in works:
        same = [g for g in groups if any(work.names & other.names for other in g)]
        groups = [g for g in groups if g not in same] + [[work, *(o for g in same for o in g)]]
    return [sorted(group, key=_precedence) for group in groups]


def _first_closing(group: Collection[Outcome], works: Collection[Outcome]) -> Outcome | None:
    if not all(_joins(work) for work in group):
        return None
    closing = [
        work
        for work in works
        if is_change(work)
        and _joins(work)
        and any(work.closes & part.names or part.closed_by & work.names for part in group)
    ]
    return min(closing, key=lambda work: (work.completed_at, key_of(work)), default=None)
