"""One's own work as it can be told, and digests with work of every kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from bot.blocks.digest import render_digest
from bot.blocks.work import render_work
from bot.domain.digest import OutcomeLine
from bot.domain.links import LinkLevel
from bot.domain.logged import LONGEST_WHAT, LoggedKind, LoggedOutcome, Tag
from bot.domain.messages import Message
from bot.domain.outcomes import LONGEST_TITLE, OutcomeKind, OutcomeState
from bot.domain.people import PersonId
from bot.domain.ratios import CostRange
from bot.domain.statistics import Difference
from bot.domain.tiers import Tier
from bot.domain.work import OwnWork
from bot.language import Language
from tests.blocks.form_cases import LOGGED, NAMES, TAG, TODAY, WHOLE, WORST
from tests.blocks.making import HOSTILE, digest, merged, ratio

LEVELS = (None, *LinkLevel)
TOLD_BY_SOURCES = tuple(kind for kind in OutcomeKind if kind is not OutcomeKind.LOGGED)
LEAST_TAME = (
    HOSTILE,
    "```| a | b |\n|---|---|``` *bold* _it_ ~no~",
    "javascript:alert(1)|>*</a>",
    "]]>&amp;&lt;!here&gt;",
    "\u202e" * 40,
    "\ud800 half a character \x00",
    "x" * 100_000,
)


def piece(number: int = 1, **changes: Any) -> OwnWork:
    values = {
        "owner": PersonId(1),
        "source": "github",
        "source_id": f"acme/web#{number}",
        "kind": OutcomeKind.MERGED_CHANGE,
        "state": OutcomeState.SETTLED,
        "completed_on": TODAY - timedelta(days=number),
        "tier": Tier.ROUTINE,
        "level": LinkLevel.TOOL,
        "tools": ("claude",),
        "title": f"Sort the list of orders, part {number}",
        "url": f"https://github.com/acme/web/pull/{number}",
    }
    return OwnWork(**values | changes)


def logged(number: int) -> LoggedOutcome:
    kinds = list(LoggedKind)
    done_on = TODAY - timedelta(days=number)
    kind = kinds[number % len(kinds)]
    return replace(LOGGED, id=UUID(int=number + 1), kind=kind, done_on=done_on, tier=kind.tier)


def tag(number: int) -> Tag:
    return replace(TAG, id=number, first_day=TODAY - timedelta(days=number))


SHARED = piece(
    source="jira",
    source_id="10001",
    kind=OutcomeKind.TASK_DONE,
    share=Decimal(1) / 3,
    level=None,
    tools=(),
    title=None,
    url=None,
)
EVERYWHERE = piece(also_in=("git", "jira", "linear"), tools=("claude", "copilot"), share=Decimal(1))
HUGE = piece(
    source=f"{HOSTILE}{'x' * 400}",
    source_id="x" * 400,
    title="&" * LONGEST_TITLE,
    url=f"https://example.com/?{'a=1&' * 500}",
    tools=(HOSTILE,) * 4,
    also_in=(HOSTILE,) * 4,
)
_EVERY_STATE = [piece(n, state=state) for n, state in enumerate(OutcomeState, start=1)]
_EVERY_LEVEL = [
    piece(n, level=level, tools=("claude",) if level else (), tier=tier)
    for n, (level, tier) in enumerate(zip(LEVELS, (*Tier, Tier.ROUTINE), strict=True), start=1)
]
_SHOWN_WITHOUT_USE = [piece(n, level=level) for n, level in enumerate(LEVELS[:2], start=1)]
_EVERY_KIND = [
    piece(n, kind=kind, title=None, url=None) for n, kind in enumerate(TOLD_BY_SOURCES, start=1)
]
_HOSTILE = [piece(n, title=title) for n, title in enumerate(LEAST_TAME, start=1)]

_WORK = {
    "nothing": ((), (), ()),
    "every-state": (_EVERY_STATE, (), ()),
    "every-level": (_EVERY_LEVEL, (), ()),
    "every-kind": (_EVERY_KIND, (), ()),
    "shown-without-use": (_SHOWN_WITHOUT_USE, (), ()),
    "shared": ((SHARED,), (), ()),
    "in-other-systems": ((EVERYWHERE,), (), ()),
    "only-logged": ((), (LOGGED, WHOLE), ()),
    "only-tagged": ((), (), (TAG, replace(TAG, id=None, provider=None))),
    "all-of-it": ((piece(),), (LOGGED,), (TAG,)),
    "hostile": (_HOSTILE, (WORST,), (replace(TAG, provider=HOSTILE),)),
    "full": (
        [piece(n) for n in range(1, 41)],
        [logged(n) for n in range(20)],
        [tag(n) for n in range(1, 10)],
    ),
    "full-and-huge": (
        [replace(HUGE, source_id=f"{n}") for n in range(40)],
        [replace(WORST, what="&" * LONGEST_WHAT, id=UUID(int=n + 1)) for n in range(20)],
        [replace(TAG, id=n, provider="&" * 400) for n in range(1, 10)],
    ),
}

TICKETS = OutcomeLine(
    kind=OutcomeKind.TICKET_SOLVED,
    settled=14,
    pending=3,
    reverted=0,
    reopened=1,
    with_evidence=0,
)
_LINKED = merged(
    with_evidence=4,
    shared=2,
    reopened=1,
    by_level=((LinkLevel.SESSION, 1), (LinkLevel.TOOL, 2), (LinkLevel.PERIOD, 1)),
)
_BEFORE = CostRange(low=Decimal(90), high=Decimal(160))
_TICKET_RATIO = ratio(kind=OutcomeKind.TICKET_SOLVED, low=Decimal("1.1"), high=Decimal("2.05"))

_DIGESTS = {
    "linked": digest(outcomes=(_LINKED,)),
    "one-linked": digest(
        outcomes=(
            merged(
                settled=1,
                pending=0,
                reverted=0,
                shared=1,
                with_evidence=1,
                by_level=((LinkLevel.SESSION, 1),),
            ),
        )
    ),
    "several-kinds": digest(
        outcomes=(_LINKED, TICKETS), spend_per_outcome=(ratio(), _TICKET_RATIO)
    ),
    "every-kind": digest(outcomes=tuple(replace(_LINKED, kind=kind) for kind in TOLD_BY_SOURCES)),
    "only-reopened": digest(
        outcomes=(merged(settled=0, pending=0, reverted=0, with_evidence=0, reopened=2),),
        spend_per_outcome=(),
    ),
    "logged": digest(logged=(LoggedKind.DATA_CLEANED, LoggedKind.DID_NOT_WORK)),
    "only-logged": digest(
        spend=(),
        active_days=0,
        outcomes=(),
        spend_per_outcome=(),
        usual=None,
        logged=(LoggedKind.DID_NOT_WORK,),
    ),
    "less-than-before": digest(
        spend_per_outcome=(ratio(before=_BEFORE, difference=Difference.LESS),)
    ),
    "more-than-before": digest(
        spend_per_outcome=(
            ratio(
                before=CostRange(low=Decimal(5), high=Decimal("19.5")), difference=Difference.MORE
            ),
        )
    ),
    "as-before": digest(
        spend_per_outcome=(ratio(before=CostRange(low=Decimal(30), high=Decimal(99))),)
    ),
    "before-unpriced": digest(
        spend_per_outcome=(ratio(before=_BEFORE, difference=Difference.LESS, has_unpriced=True),)
    ),
    "experiments": digest(spend_per_outcome=(ratio(explored=Decimal("12.4")),)),
    "shared-ratio": digest(spend_per_outcome=(ratio(settled=Decimal("7.5")),)),
}


def messages(say: Language) -> dict[str, Message]:
    return {
        **{f"work-{name}": render_work(say, *told, NAMES) for name, told in _WORK.items()},
        **{f"digest-{name}": render_digest(say, value) for name, value in _DIGESTS.items()},
    }
