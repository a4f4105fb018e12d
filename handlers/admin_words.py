"""The words that may follow the admins' command, and who answers each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from bot.domain.messages import Message, Modal
from bot.domain.people import Person
from handlers import accounts, administration, teams_admin
from handlers.services import Services


class AdminWord(Protocol):
    """Given all that was typed, the word itself first, by an admin: *by* is the Slack user's id.

    *person* is ``None`` where the admin is not in the directory, by own wish for example.
    """

    def __call__(
        self, services: Services, person: Person | None, words: Sequence[str], /, *, by: str
    ) -> Awaitable[Message | Modal]: ...


Reader = Callable[[Services, Person | None, Sequence[str]], Awaitable[Message | Modal]]


def read_only(answer: Reader) -> AdminWord:
    """*answer* changes nothing, so that it needs not know by whom."""

    async def word(
        services: Services, person: Person | None, words: Sequence[str], /, *, by: str
    ) -> Message | Modal:
        del by
        return await answer(services, person, words)

    return word


ADMIN_WORDS: Mapping[str, AdminWord] = MappingProxyType(
    {
        "thresholds": administration.thresholds,
        "admins": administration.admins,
        "providers": read_only(administration.providers),
        "status": read_only(administration.status),
        "audit": read_only(administration.audit),
        "accounts": accounts.count_or_import,
        "teams": teams_admin.teams,
    }
)
"""By the word in lower case."""
