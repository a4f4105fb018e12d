"""What somebody filled into a form, and what is wrong with it before any of it is kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from bot.domain.logged import (
    LONGEST_WHAT,
    Benefit,
    LoggedKind,
    LoggedOutcome,
    Tag,
    Visibility,
)
from bot.domain.outcomes import link_of
from bot.domain.people import PersonId
from bot.domain.tiers import Tier

A_YEAR = timedelta(days=366)
LONGEST_LINK = 1_000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Fault(StrEnum):
    MISSING = "missing"
    UNKNOWN = "unknown"
    TOO_LONG = "too_long"
    NO_LINK = "no_link"
    NO_DAY = "no_day"
    IN_THE_FUTURE = "in_the_future"
    TOO_FAR_AHEAD = "too_far_ahead"
    TOO_LONG_AGO = "too_long_ago"
    ENDS_TOO_EARLY = "ends_too_early"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong, by the name of the draft's field."""

    of: Mapping[str, Fault]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogDraft:
    """Without a tier it gets that of its kind."""

    kind: str | None = None
    what: str | None = None
    done_on: str | None = None
    link: str | None = None
    helped_by: tuple[str, ...] = ()
    benefit: str | None = None
    tier: str | None = None
    visibility: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TagDraft:
    """Without a provider it is about all of them."""

    tier: str | None = None
    provider: str | None = None
    first_day: str | None = None
    last_day: str | None = None


_Faults = dict[str, Fault]
_Member = TypeVar("_Member", bound=StrEnum)


def read_log(
    draft: LogDraft,
    *,
    logged: UUID,
    owner: PersonId,
    at: datetime,
    today: date,
    tools: Collection[str],
) -> LoggedOutcome | Faults:
    """*tools* are those that may have helped: the person's own; *today* is it where they are."""
    faults: _Faults = {}
    kind = _member(LoggedKind, draft.kind, "kind", faults)
    what = _words(draft.what, faults)
    done_on = _past_day(draft.done_on, today, faults)
    link = _link(draft.link, faults)
    benefit = _member(Benefit, draft.benefit, "benefit", faults) if draft.benefit else None
    tier = _member(Tier, draft.tier, "tier", faults) if draft.tier else None
    visibility = _member(Visibility, draft.visibility, "visibility", faults)
    if not set(draft.helped_by) <= set(tools):
        faults["helped_by"] = Fault.UNKNOWN
    if faults or kind is None or what is None or done_on is None or visibility is None:
        return Faults(faults)
    return LoggedOutcome(
        id=logged,
        owner=owner,
        kind=kind,
        what=what,
        done_on=done_on,
        logged_at=at,
        link=link,
        helped_by=tuple(sorted(set(draft.helped_by))),
        benefit=benefit,
        tier=tier or kind.tier,
        visibility=visibility,
    )


def read_tag(draft: TagDraft, *, today: date, tools: Collection[str]) -> Tag | Faults:
    faults: _Faults = {}
    tier = _member(Tier, draft.tier, "tier", faults)
    first = _day(draft.first_day, "first_day", faults)
    last = _day(draft.last_day, "last_day", faults)
    if draft.provider is not None and draft.provider not in tools:
        faults["provider"] = Fault.UNKNOWN
    if first is not None and first < today - A_YEAR:
        faults["first_day"] = Fault.TOO_LONG_AGO
    if last is not None and last > today + A_YEAR:
        faults["last_day"] = Fault.TOO_FAR_AHEAD
    if first is not None and last is not None and last < first:
        faults["last_day"] = Fault.ENDS_TOO_EARLY
    if faults or tier is None or first is None or last is None:
        return Faults(faults)
    return Tag(tier=tier, provider=draft.provider, first_day=first, last_day=last)


def _member(kinds: type[_Member], given: str | None, field: str, faults: _Faults) -> _Member | None:
    try:
        return kinds(given or "")
    except ValueError:
        faults[field] = Fault.UNKNOWN if given else Fault.MISSING
        return None


def _words(given: str | None, faults: _Faults) -> str | None:
    one_line = " ".join((given or "").split())
    what = "".join(character for character in one_line if character.isprintable())
    if not what or len(what) > LONGEST_WHAT:
        faults["what"] = Fault.TOO_LONG if what else Fault.MISSING
        return None
    return what


def _link(given: str | None, faults: _Faults) -> str | None:
    scheme, colon, rest = (given or "").strip().partition("://")
    typed = f"{scheme.lower()}{colon}{rest}"
    if not typed:
        return None
    if len(typed) > LONGEST_LINK:
        faults["link"] = Fault.TOO_LONG
        return None
    link = link_of(typed) if typed.isprintable() else None
    if link is None:
        faults["link"] = Fault.NO_LINK
    return link


def _past_day(given: str | None, today: date, faults: _Faults) -> date | None:
    day = _day(given, "done_on", faults)
    if day is not None and day > today:
        faults["done_on"] = Fault.IN_THE_FUTURE
    if day is not None and day < today - A_YEAR:
        faults["done_on"] = Fault.TOO_LONG_AGO
    return day


def _day(given: str | None, field: str, faults: _Faults) -> date | None:
    try:
        # fromisoformat alone would also take a week, and a day without its dashes.
        return date.fromisoformat(given if given and _DAY.fullmatch(given) else "")
    except ValueError:
        faults[field] = Fault.NO_DAY if given else Fault.MISSING
        return None
