"""What it means that Anthropic refuses a question, by the kind of key that it was asked with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final, TypeVar

from bot.errors import (
    SourceError,
    SourceForbiddenError,
    SourceNotFoundError,
    SourceRefusedError,
    SourceUnauthorizedError,
)

T = TypeVar("T")

REFUSALS: Final = (SourceRefusedError, SourceForbiddenError, SourceNotFoundError)
KEY_REFUSALS: Final = (*REFUSALS, SourceUnauthorizedError)

_EITHER = (
    "an Admin key (sk-ant-admin01-) of a Console organization, "
    "or a key of an Enterprise organization with the scope read:analytics"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyKind:
    """Told by how a key begins; a guess, since what counts is whether the questions are answered.

    ``given`` and ``needed`` complete the sentence of a refusal.
    """

    prefix: str
    given: str
    needed: str
    is_of_enterprise: bool = False

    def explain(self, refusal: SourceError) -> SourceError:
        """*refusal*, saying what kind of key was given and which is needed."""
        said = str(refusal).removesuffix(".")
        refusal.args = (f"{said}: the key given is {self.given}; needed is {self.needed}",)
        return refusal


KINDS: Final = (
    KeyKind(
        prefix="sk-ant-admin01-",
        given="an Admin key of a Console organization",
        needed=(
            "one that an admin of the organization made and nobody revoked; in an Enterprise "
            "organization a key with the scope read:analytics"
        ),
    ),
    KeyKind(
        prefix="sk-ant-api01-",
        given="a key of an Enterprise organization",
        needed=(
            "one with the scope read:analytics; in a Console organization an Admin key "
            "(sk-ant-admin01-)"
        ),
        is_of_enterprise=True,
    ),
    KeyKind(
        prefix="sk-ant-oat01-",
        given="an OAuth token",
        needed="one with the scope org:admin, sent in the header authorization",
    ),
    KeyKind(prefix="sk-ant-api", given="a key for calling models", needed=_EITHER),
    KeyKind(prefix="", given="of an unknown kind", needed=_EITHER),
)


def kind_of(key: str) -> KeyKind:
    return next(kind for kind in KINDS if key.startswith(kind.prefix))


async def unless_refused(pages: AsyncIterator[T]) -> AsyncIterator[T]:
    """*pages*, or none where the question is refused; a refusal half way is still an error."""
    has_begun = False
    try:
        async for page in pages:
            has_begun = True
            yield page
    except REFUSALS:
        if has_begun:
            raise
