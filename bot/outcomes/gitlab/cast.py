"""Tells people from agents and machines among the accounts of a GitLab and its commits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.commits import Signature
from bot.domain.evidence import Nature, fingerprint_of, nature_of
from bot.domain.people import Identity, Proof, normalized_email
from bot.outcomes.gitlab.wire import Account, Question, User

DUO = "gitlab_duo"

_DUO = re.compile(r"duo-developer(?:-.+)?|gitlabduo", re.IGNORECASE)
_MACHINE = re.compile(r"(?:project|group)_\d+_bot.*|service_account_.+", re.IGNORECASE)
_GHOST = re.compile(r"ghost\d*", re.IGNORECASE)
_PRIVATE = re.compile(r"(?P<id>\d+)-[^@]+@users\.noreply\.(?P<host>.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """*agents* are usernames with the tool behind each, *machines* ids that GitLab calls bots."""

    host: str
    agents: Mapping[str, str]
    bots: frozenset[str]
    machines: frozenset[int]
    accounts: Mapping[str, str]
    """By address, where it is proven."""

    def tool_of(self, account: Account) -> str | None:
        """The agent that works under this account, if that is known by its username."""
        named = self.agents.get(account.username.lower())
        return named or (DUO if _DUO.fullmatch(account.username) else None)

    def signature_of(self, account: Account) -> Signature:
        """A machine's username counts as one: a person's may be a tool's name by chance."""
        address = f"{account.username}[bot]@users.noreply.github.com"
        return Signature(account.name.strip(), address if self._is_machine(account) else "")

    def nature_of(self, account: Account) -> Nature:
        if self.tool_of(account):
            return Nature.AGENT
        return nature_of(self.signature_of(account))

    def is_unknown_machine(self, account: Account) -> bool:
        """A service account that might be anything's."""
        return (
            self._is_machine(account)
            and account.username.lower() not in self.bots
            and fingerprint_of(self.signature_of(account)) is None
        )

    def person(self, account: Account | None) -> str | None:
        """The immutable id of a person's account; that of who left is everybody's who did."""
        if account is None or is_ghost(account) or self.nature_of(account) is not Nature.HUMAN:
            return None
        return str(account.id)

    def person_who_signed(self, who: Signature) -> str | None:
        """The account of an address that GitLab made up or has proven, else the address itself."""
        email = normalized_email(who.email)
        if email is None or nature_of(who) is not Nature.HUMAN:
            return None
        private = _PRIVATE.fullmatch(email)
        if private and private["host"] == self.host:
            return private["id"]
        return self.accounts.get(email, email)

    def _is_machine(self, account: Account) -> bool:
        return bool(
            account.bot
            or account.id in self.machines
            or account.username.lower() in self.bots
            or _MACHINE.fullmatch(account.username)
        )


def cast_of(question: Question, users: Iterable[User]) -> Cast:
    known = list(users)
    return Cast(
        host=question.host,
        agents={username.lower(): tool for username, tool in question.agents.items()},
        bots=frozenset(username.lower() for username in question.bots),
        machines=frozenset(user.id for user in known if user.bot),
        accounts={
            identity.email: account
            for account, identity in identities_of(known).items()
            if identity.proof is Proof.ADMIN_EMAIL
        },
    )


def identities_of(users: Iterable[User]) -> dict[str, Identity]:
    """An administrator is told the address that the user signs in by, and whether it is theirs."""
    found = {str(user.id): identity for user in users if (identity := _identity(user))}
    return dict(sorted(found.items()))


def is_ghost(account: Account) -> bool:
    """GitLab gives the work of deleted users to one account."""
    return _GHOST.fullmatch(account.username) is not None


def _identity(user: User) -> Identity | None:
    if user.bot:
        return None
    if user.confirmed_at and (email := normalized_email(user.email)):
        return Identity(email=email, proof=Proof.ADMIN_EMAIL)
    shown = normalized_email(user.public_email)
    return Identity(email=shown, proof=Proof.ASSERTED) if shown else None
