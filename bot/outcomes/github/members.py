"""Whose accounts are whose, as an organization's administrators know it.

Both ways are optional: verified domains need a member's rights and a plan that has them, single
sign-on the rights of an owner. What may not be read is left out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterable
from typing import TypeVar

from bot import errors
from bot.domain.people import Identity, Proof, normalized_email
from bot.outcomes.github import queries
from bot.outcomes.github.graph import Graph
from bot.outcomes.github.wire import Page, Wire

_LEFT_OUT = (
    errors.SourceForbiddenError,
    errors.SourceNotFoundError,
    errors.SourceRefusedError,
)


class Member(Wire):
    database_id: int | None
    organization_verified_domain_emails: list[str]

    @property
    def account(self) -> int | None:
        return self.database_id

    @property
    def addresses(self) -> list[str | None]:
        return [*self.organization_verified_domain_emails]


class Address(Wire):
    value: str


class Saml(Wire):
    name_id: str | None = None
    username: str | None = None
    emails: list[Address] | None = None


class User(Wire):
    database_id: int | None = None


class External(Wire):
    """An identity at the company's own sign-on; ``user`` is ``None`` until it was joined."""

    saml_identity: Saml | None
    user: User | None

    @property
    def account(self) -> int | None:
        return self.user.database_id if self.user else None

    @property
    def addresses(self) -> list[str | None]:
        saml = self.saml_identity or Saml()
        return [*(email.value for email in saml.emails or ()), saml.name_id, saml.username]


class Externals(Wire):
    external_identities: Page[External]


class Organization(Wire):
    members_with_role: Page[Member] | None = None
    saml_identity_provider: Externals | None = None


class OrganizationAnswer(Wire):
    organization: Organization | None


Known = TypeVar("Known", Member, External)


async def identities_of(
    graph: Graph, organizations: Iterable[str], known_addresses: Collection[str]
) -> dict[str, Identity]:
    """The best-proven address of each account; of several, one that is among *known_addresses*."""
    verified: dict[str, Identity] = {}
    signed_on: dict[str, Identity] = {}
    for login in organizations:
        members = _asked(graph, queries.MEMBERS, login, _members_in)
        verified |= await _identities(members, Proof.ADMIN_EMAIL, known_addresses)
        externals = _asked(graph, queries.SIGNED_ON, login, _externals_in)
        signed_on |= await _identities(externals, Proof.IDP, known_addresses)
    return verified | signed_on


async def _identities(
    people: AsyncIterator[Known], proof: Proof, known_addresses: Collection[str]
) -> dict[str, Identity]:
    found: dict[str, Identity] = {}
    try:
        async for person in people:
            emails = [email for a in person.addresses if (email := normalized_email(a))]
            if person.account is None or not emails:
                continue
            emails.sort(key=lambda email: email not in known_addresses)
            found[str(person.account)] = Identity(email=emails[0], proof=proof)
    except _LEFT_OUT:
        return {}
    return found


def _asked(
    graph: Graph,
    query: str,
    login: str,
    page_in: Callable[[OrganizationAnswer], Page[Known] | None],
) -> AsyncIterator[Known]:
    return graph.pages(query, OrganizationAnswer, page_in, login=login)


def _members_in(answer: OrganizationAnswer) -> Page[Member] | None:
    return answer.organization.members_with_role if answer.organization else None


def _externals_in(answer: OrganizationAnswer) -> Page[External] | None:
    provider = answer.organization and answer.organization.saml_identity_provider
    return provider.external_identities if provider else None
