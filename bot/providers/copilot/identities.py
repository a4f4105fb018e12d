"""Who is who on GitHub, where people sign in through their company (SAML)."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable

import msgspec

from bot.errors import (
    SourceForbiddenError,
    SourceNotFoundError,
    SourceRateLimitedError,
    SourceRefusedError,
    SourceResponseError,
)
from bot.http import Http
from bot.reading.remembered import Remembered

QUERY = """
query($name: String!, $after: String) {
  owner: %s(%s: $name) {
    %s
  }
}
"""
SAML = """
samlIdentityProvider {
  externalIdentities(first: 100, after: $after) {
    nodes { samlIdentity { nameId username emails { value } } user { databaseId } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


class Address(msgspec.Struct):
    value: str


class Saml(msgspec.Struct, rename="camel"):
    name_id: str | None = None
    username: str | None = None
    emails: list[Address] | None = None

    @property
    def address(self) -> str | None:
        told = [*(email.value for email in self.emails or ()), self.name_id, self.username]
        return next((text.lower() for text in told if text and "@" in text), None)


class User(msgspec.Struct, rename="camel"):
    database_id: int | None = None


class Identity(msgspec.Struct, rename="camel"):
    saml_identity: Saml | None = None
    user: User | None = None

    @property
    def account_and_address(self) -> tuple[str, str] | None:
        address = self.saml_identity and self.saml_identity.address
        if not address or self.user is None or self.user.database_id is None:
            return None
        return str(self.user.database_id), address


class PageInfo(msgspec.Struct, rename="camel"):
    has_next_page: bool
    end_cursor: str | None = None


class Identities(msgspec.Struct, rename="camel"):
    nodes: list[Identity]
    page_info: PageInfo


class IdentityProvider(msgspec.Struct, rename="camel"):
    external_identities: Identities


class Owner(msgspec.Struct, rename="camel"):
    saml_identity_provider: IdentityProvider | None = None
    owner_info: Owner | None = None


class Data(msgspec.Struct):
    owner: Owner | None = None


class GraphError(msgspec.Struct):
    type: str | None = None


class GraphAnswer(msgspec.Struct):
    data: Data | None = None
    errors: list[GraphError] = []

    @property
    def identities(self) -> Identities | None:
        owner = self.data and self.data.owner
        found = owner and (owner.owner_info or owner).saml_identity_provider
        return found.external_identities if found else None


class SingleSignOn:
    """The identities of an organization or enterprise, asked for again after ten minutes."""

    def __init__(
        self,
        api: Http,
        name: str,
        *,
        is_enterprise: bool,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        asked = ("enterprise", "slug", f"ownerInfo {{ {SAML} }}")
        self._query = QUERY % (asked if is_enterprise else ("organization", "login", SAML))
        self._api = api
        self._name = name
        self._known = Remembered(self._read, now=now)

    async def identities(self) -> list[Identities]:
        """Nobody's where there is no single sign-on or the key may not read it."""
        return await self._known.get()

    async def _read(self) -> list[Identities]:
        try:
            return [page async for page in self._pages()]
        except (SourceForbiddenError, SourceNotFoundError, SourceRefusedError):
            return []

    async def _pages(self) -> AsyncIterator[Identities]:
        cursors: set[str | None] = set()
        after: str | None = None
        while after not in cursors:
            cursors.add(after)
            body = {"query": self._query, "variables": {"name": self._name, "after": after}}
            answer = await self._api.post("/graphql", body, into=GraphAnswer)
            if any(error.type == "RATE_LIMITED" for error in answer.errors):
                raise SourceRateLimitedError
            if (page := answer.identities) is None:
                return
            yield page
            if not page.page_info.has_next_page:
                return
            after = page.page_info.end_cursor
        raise SourceResponseError("/graphql: paging loops")
