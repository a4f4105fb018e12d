"""People, as the Slack directory knows them, and the accounts that are proven to be theirs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from string import ascii_lowercase, ascii_uppercase
from typing import NewType

PersonId = NewType("PersonId", int)


class Proof(StrEnum):
    """How an account was shown to be a person's, most trusted first."""

    ADMIN_EMAIL = "admin_email"
    IDP = "idp"
    OAUTH = "oauth"
    ASSERTED = "asserted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An address that a source names for an account, and what makes it that account's."""

    email: str
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryMember:
    """Somebody in the workspace; ``email`` is ``None`` where the directory does not tell."""

    slack_user_id: str
    email: str | None
    time_zone: str | None
    locale: str | None
    is_bot: bool = False
    is_deactivated: bool = False
    is_guest: bool = False
    is_external: bool = False

    @property
    def is_eligible(self) -> bool:
        """Full members only: bots, guests, strangers and those who left get no digest."""
        return not (self.is_bot or self.is_deactivated or self.is_guest or self.is_external)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: PersonId
    slack_user_id: str
    time_zone: str
    locale: str


_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


def normalized_email(email: str | None) -> str | None:
    """Lower-cased, never folded further: a plus-address is an address of its own.

    Only the letters A to Z have a lower case here: that of the Kelvin sign would be a plain k.
    """
    cleaned = (email or "").strip().translate(_LOWER)
    return cleaned if "@" in cleaned else None
