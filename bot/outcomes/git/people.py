"""Which addresses are one person's: the operator's file of people, and what a directory knows."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.evidence import login_in
from bot.domain.people import normalized_email
from bot.outcomes.git.problems import PeopleFileError


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Every address is a person of its own unless the file says that it is not."""

    addresses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """All the addresses of whoever has this one."""
    known: frozenset[str] | None = None

    def account(self, email: str) -> str:
        """The one address that stands for the person: one the directory knows, if there is one."""
        own = self.addresses.get(email, (email,))
        preferred = [a for a in own if a in (self.known or ())]
        reachable = [a for a in own if login_in(a) is None]
        return (preferred or reachable or list(own))[0]

    def is_known(self, email: str) -> bool:
        """Whether the file or the directory says whose address this is."""
        return email in self.addresses or self.account(email) in (self.known or ())

    @property
    def is_told(self) -> bool:
        """Whether there is anything to know an address by."""
        return bool(self.addresses) or self.known is not None


def read_people(path: Path | None, known_addresses: Collection[str] | None) -> People:
    """People as the file and the directory tell of them; raises ``SourceError``."""
    known = None
    if known_addresses is not None:
        known = frozenset(a for raw in known_addresses if (a := normalized_email(raw)))
    return People(addresses=_addresses(path) if path else {}, known=known)


def _addresses(path: Path) -> dict[str, tuple[str, ...]]:
    owners: dict[str, str] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                person, email = row["person"], normalized_email(row["email"])
                if not person or not email or owners.setdefault(email, person) != person:
                    raise PeopleFileError(path.name, f"line {line} does not fit")
    except OSError:
        raise PeopleFileError(path.name, "cannot be read") from None
    except KeyError:
        raise PeopleFileError(path.name, "has other columns") from None
    except (UnicodeDecodeError, csv.Error):
        raise PeopleFileError(path.name, "is not CSV in UTF-8") from None
    groups: dict[str, list[str]] = {}
    for email, person in owners.items():
        groups.setdefault(person, []).append(email)
    return {email: tuple(groups[person]) for email, person in owners.items()}
