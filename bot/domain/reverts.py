"""Work that was taken back, and work that came back: reverts and re-lands on a default branch."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.commits import subject_of

SHORTEST_PREFIX = 12
"""Of a subject cut off by an ellipsis, so much must be left for it to be recognized."""

_SHA = re.compile(r"\bThis reverts commit ([0-9a-f]{7,40})\b")
_CLOSING = re.compile(
    r"^Reverts (?P<repository>[\w.-]+/[\w.-]+)?#(?P<number>\d{1,10})\b", re.MULTILINE
)
_MERGE_REQUEST = re.compile(r"(?m)^This reverts merge request \S{0,300}?!(\d{1,10})\b")
_BRANCH = re.compile(r"revert-(\d{1,10})-")
_NUMBERS_AT_THE_END = re.compile(r"(?:\s*\(#\d{1,10}\))+\s*$")
_LAST_NUMBER = re.compile(r"\(#(\d{1,10})\)\s*$")
_VERBS = {"revert": True, "reapply": False, "reland": False}


@dataclass(frozen=True, slots=True)
class Quotation:
    """``Revert "…"``, or ``Reapply "…"``, which takes the revert of what is quoted back."""

    text: str
    is_revert: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Everything a change says of what it takes back, before anybody checked that it is there."""

    shas: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    quotation: Quotation | None = None
    branch_number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """A commit as it arrived on the default branch; *within* is the merge that brought it."""

    sha: str
    at: datetime
    subject: str
    number: int | None = None
    mention: Mention | None = None
    within: str | None = None


def mention_in(
    message: str, *, branch: str | None = None, repository: str | None = None
) -> Mention | None:
    """What *message* takes back; mentions of changes in another *repository* do not count."""
    from_branch = _BRANCH.match(branch or "")
    closing = [
        int(found["number"])
        for found in _CLOSING.finditer(message)
        if found["repository"] is None
        or repository is None
        or found["repository"].lower() == repository.lower()
    ]
    mention = Mention(
        shas=tuple(dict.fromkeys(_SHA.findall(message))),
        numbers=(*closing, *map(int, _MERGE_REQUEST.findall(message))),
        quotation=quotation_in(subject_of(message)),
        branch_number=int(from_branch[1]) if from_branch else None,
    )
    return None if mention == Mention() else mention


def quotation_in(subject: str) -> Quotation | None:
    """The quoted form only: "revert fees on cancel" is a feature."""
    bare = without_numbers(subject)
    verb, opened, quoted = bare.partition(' "')
    is_revert = _VERBS.get(verb.lower())
    if not opened or is_revert is None or len(quoted) < 2 or quoted[-1] not in '"…':
        return None
    return Quotation(quoted.removesuffix('"'), is_revert)


def without_numbers(subject: str) -> str:
    return _NUMBERS_AT_THE_END.sub("", subject).strip()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a landing stands: taken back since, or standing again since; both ``None`` at first."""

    reverted_at: datetime | None = None
    restored_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reverts:
    """Which landing takes which back: *targets* by the revert, its first mention first."""

    targets: Mapping[str, tuple[str, ...]]
    reverted_at: Mapping[str, datetime]
    """Since when a landing is taken back; one that was re-landed is not in it."""
    restored_at: Mapping[str, datetime]
    """Since when a landing that was taken back stands again."""

    @property
    def first_targets(self) -> frozenset[str]:
        """What was ever taken back, counting one target for each revert."""
        return frozenset(targets[0] for targets in self.targets.values())

    @property
    def all_targets(self) -> frozenset[str]:
        return frozenset(target for targets in self.targets.values() for target in targets)

    def standing_of(self, landing: str, parts: Sequence[str] = ()) -> Standing:
        """How a change stands: it is gone with its *landing*, or with the last of its *parts*."""
        if at := self.reverted_at.get(landing):
            return Standing(reverted_at=at)
        gone = [at for part in parts if (at := self.reverted_at.get(part))]
        if gone and len(gone) == len(parts):
            return Standing(reverted_at=max(gone))
        back = [at for part in parts if (at := self.restored_at.get(part))]
        restored_at = self.restored_at.get(landing)
        if restored_at is None and back and len(gone) + len(back) == len(parts):
            # It was gone only if the others went before the first of them came back.
            first = min(back)
            restored_at = first if first >= max(gone, default=first) else None
        return Standing(restored_at=restored_at)


def find_reverts(landings: Sequence[Landing]) -> Reverts:
    """Resolve what *landings*, oldest first, take back; only what came earlier can be meant."""
    ledger = _Ledger(sorted(landing.sha for landing in landings))
    for landing in landings:
        ledger.add(landing)
    standings = _standings(landings, ledger.reverters)
    return Reverts(
        ledger.targets,
        {sha: at for sha, found in standings.items() if (at := found.reverted_at)},
        {sha: at for sha, found in standings.items() if (at := found.restored_at)},
    )


def _standings(
    landings: Sequence[Landing], reverters: Mapping[str, Sequence[Landing]]
) -> dict[str, Standing]:
    """From the newest back, because a revert that was itself reverted takes nothing back."""
    standings: dict[str, Standing] = {}
    for landing in reversed(landings):
        later = [(r.at, standings.get(r.sha, Standing())) for r in reverters.get(landing.sha, ())]
        gone = [found.restored_at or at for at, found in later if found.reverted_at is None]
        back = [found.reverted_at for _, found in later if found.reverted_at is not None]
        if around := standings.get(landing.within or ""):
            gone += [around.reverted_at] if around.reverted_at else []
            back += [around.restored_at] if around.restored_at else []
        if gone:
            standings[landing.sha] = Standing(reverted_at=min(gone))
        elif back:
            standings[landing.sha] = Standing(restored_at=max(back))
    return standings


@dataclass(slots=True)
class _Ledger:
    """What has landed so far, by everything that a later change may call it."""

    shas: list[str]
    targets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reverters: defaultdict[str, list[Landing]] = field(default_factory=lambda: defaultdict(list))
    landed: set[str] = field(default_factory=set)
    by_number: dict[int, str] = field(default_factory=dict)
    by_subject: dict[str, str] = field(default_factory=dict)
    cut_off: dict[str, str] = field(default_factory=dict)

    def add(self, landing: Landing) -> None:
        if landing.mention and (targets := self._resolve(landing.mention)):
            self.targets[landing.sha] = targets
            for target in targets:
                self.reverters[target].append(landing)
        subject = without_numbers(landing.subject)
        self.landed.add(landing.sha)
        self.by_subject[subject] = landing.sha
        if subject.endswith("…"):
            self.cut_off[subject[:-1]] = landing.sha
        if landing.number is not None:
            self.by_number[landing.number] = landing.sha

    def _resolve(self, mention: Mention) -> tuple[str, ...]:
        """In the order of how far a mention can be trusted; the first kind that is there."""
        quoted = self._meant_by(mention.quotation) if mention.quotation else None
        return (
            _present(map(self._sha, mention.shas))
            or _present(map(self.by_number.get, mention.numbers))
            or _present([quoted])
            or _present([self.by_number.get(mention.branch_number or 0)])
        )

    def _sha(self, prefix: str) -> str | None:
        start = bisect_left(self.shas, prefix)
        fitting = [sha for sha in self.shas[start : start + 2] if sha.startswith(prefix)]
        return fitting[0] if len(fitting) == 1 and fitting[0] in self.landed else None

    def _meant_by(self, quotation: Quotation) -> str | None:
        quoted = self._called(quotation.text)
        return quoted if quotation.is_revert else self._latest_revert_of(quoted)

    def _called(self, text: str) -> str | None:
        """The landing with that subject; a revert can also be known by what it reverts."""
        number = _LAST_NUMBER.search(text)
        bare = without_numbers(text)
        found = (
            (self.by_number.get(int(number[1])) if number else None)
            or self.by_subject.get(bare)
            or self._cut_off_like(bare)
        )
        if found is None and (inner := quotation_in(text)):
            return self._latest_revert_of(self._meant_by(inner))
        return found

    def _cut_off_like(self, text: str) -> str | None:
        """Long subjects are cut off by an ellipsis, in the quotation or where they first stood."""
        if text.endswith("…"):
            beginning = text[:-1]
            candidates = {s: sha for s, sha in self.by_subject.items() if s.startswith(beginning)}
            shortest = beginning
        else:
            candidates = {s: sha for s, sha in self.cut_off.items() if text.startswith(s)}
            shortest = min(candidates, key=len, default="")
        if len(shortest) < SHORTEST_PREFIX or not candidates:
            return None
        return list(candidates.values())[-1]

    def _latest_revert_of(self, target: str | None) -> str | None:
        reverters = self.reverters.get(target or "")
        return reverters[-1].sha if reverters else None


def _present(found: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sha for sha in found if sha))
