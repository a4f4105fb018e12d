"""Whom GitHub means: people by an id that never changes, agents and bots as they sign."""

from __future__ import annotations

from bot.domain.commits import Signature
from bot.domain.evidence import Nature, nature_of
from bot.domain.people import normalized_email
from bot.outcomes.github.wire import Actor, GitActor


def account_of(actor: Actor) -> str | None:
    """The immutable id of a human account: logins are given up and taken by others."""
    if actor.type != "User" or nature_of(signature_of(actor)) is not Nature.HUMAN:
        return None
    return None if actor.database_id is None else str(actor.database_id)


def account_in(actor: GitActor) -> str | None:
    return account_of(actor.user) if actor.user else normalized_email(actor.email)


def signature_of(actor: Actor) -> Signature:
    """As GitHub would sign for the account: it leaves ``[bot]`` off a bot's login."""
    login = f"{actor.login}[bot]" if actor.type == "Bot" else actor.login
    return Signature("", f"{login}@users.noreply.github.com")


def signature_in(actor: GitActor) -> Signature:
    return Signature((actor.name or "").strip(), (actor.email or "").strip().lower())
