"""How a message reaches its reader exactly once, although any step may be cut short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid5

from bot.domain.messages import Message
from bot.domain.people import PersonId
from bot.domain.preferences import Cadence

_NAMESPACE = UUID("5b1c7f0e-6a0d-4d0c-9f43-0b5a4c7f9f11")


class DeliveryKind(StrEnum):
    WELCOME = "welcome"
    DIGEST = "digest"
    NUDGE = "nudge"
    BUDGET = "budget"
    TEAM_SUMMARY = "team_summary"
    TEAM_BUDGET = "team_budget"
    ANNOUNCEMENT = "announcement"
    ACCOUNT = "account"
    """That an admin gave the reader's account to somebody, or one to the reader."""


class DeliveryState(StrEnum):
    """``posting`` is committed before the call, so that a cut-off call is known as ``ambiguous``.

    An ambiguous delivery is looked for in the conversation before it is sent again; where we may
    not look it is ``parked``. ``skipped`` was overtaken by a newer one of its kind.
    """

    PLANNED = "planned"
    POSTING = "posting"
    AMBIGUOUS = "ambiguous"
    SENT = "sent"
    REJECTED = "rejected"
    PARKED = "parked"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """``channel`` is a Slack user's id for a private message, else a channel's.

    ``topic`` tells apart what one channel gets of one kind about one period.
    """

    kind: DeliveryKind
    channel: str
    period_start: date
    due_at: datetime
    message: Message
    person: PersonId | None = None
    topic: str = ""

    @property
    def dedup_key(self) -> str:
        return ":".join(filter(None, (self.channel, self.kind, str(self.period_start), self.topic)))

    @property
    def id(self) -> UUID:
        """The same for the same message to the same reader, whoever plans it and how often."""
        return uuid5(_NAMESPACE, self.dedup_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One to be sent now; ``is_ambiguous`` where an earlier attempt may have gone through.

    ``attempt`` fences: what an attempt whose lease ran out says later is not heard any more.
    """

    id: UUID
    channel: str
    message: Message
    is_ambiguous: bool
    posting_at: datetime
    attempt: int
    post_before: datetime


@dataclass(frozen=True, slots=True)
class Posted:
    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Final: sending the same again would be refused again."""

    code: str


@dataclass(frozen=True, slots=True)
class NotNow:
    """Nothing was posted; try again after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Unclear:
    """It may have been posted or not."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotThere:
    """We looked, and our message is not in the conversation."""


@dataclass(frozen=True, slots=True)
class CannotLook:
    """We lack the scope to look."""


def digest_topic(cadence: Cadence) -> str:
    """What tells apart the digests of a day, a week and a month that begin on one day."""
    return "" if cadence is Cadence.WEEKLY else cadence.value


PostResult = Posted | Refused | NotNow | Unclear
SearchResult = Posted | NotThere | CannotLook | NotNow | Unclear
