"""What Anthropic's reports can be grouped and filtered by, and how each value looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.playground.company import Company, UsageFact
from bot.playground.providers.cursors import Query
from bot.playground.providers.grouping import Entry, Piece
from bot.playground.providers.parameters import values

ORGANIZATION = "0f7b2c1e-5a54-4f0a-9d0e-6c1b8a2f4d33"
SERVICES_WORKSPACE = "wrkspc_01UPSERVICES"
TOKEN_TYPES = (
    "uncached_input_tokens",
    "cache_read_input_tokens",
    "cache_creation.ephemeral_5m_input_tokens",
    "cache_creation.ephemeral_1h_input_tokens",
    "output_tokens",
)
SPLITS = ("cost_type", "token_type")


class Dimensions:
    """Reads an entry's values; charges of the organization have none."""

    def __init__(self, company: Company) -> None:
        self._services = {key.id: key for key in company.services}
        self._accounts = {
            account.id: (person, account)
            for person in company.employees
            for account in person.accounts
        }
        self._readers: dict[str, Callable[[UsageFact], str | None]] = {
            "actor": self.actor_id,
            "actor_type": lambda fact: self.actor(self.actor_id(fact))["type"],
            "account_id": lambda fact: None if fact.api_key else fact.account,
            "service_account_id": self._service_account,
            "api_key_id": lambda fact: fact.api_key,
            "workspace_id": lambda fact: (
                SERVICES_WORKSPACE if fact.api_key in self._services else None
            ),
            "organization_id": lambda _: ORGANIZATION,
            "product": lambda fact: fact.product,
            "model": lambda fact: fact.model,
            "service_tier": lambda _: "standard",
            "context_window": lambda _: "0-200k",
            "inference_geo": lambda _: "global",
            "speed": lambda _: "standard",
        }

    def value(self, piece: Piece, name: str) -> str | None:
        """Give the piece's value of a dimension, None where it has none."""
        if name == "cost_type":
            return "tokens" if isinstance(piece.entry, UsageFact) else "code_execution"
        if name == "token_type":
            return None if piece.token_part is None else TOKEN_TYPES[piece.token_part]
        return self._of_entry(piece.entry, name)

    def _of_entry(self, entry: Entry, name: str) -> str | None:
        read = self._readers.get(name)
        return read(entry) if read and isinstance(entry, UsageFact) else None

    def _service_account(self, fact: UsageFact) -> str | None:
        service = self._services.get(fact.api_key or "")
        return service.service_account if service else None

    def actor_id(self, fact: UsageFact) -> str | None:
        """Give who acted: the person, else the service account, else the key."""
        return fact.account or self._service_account(fact) or fact.api_key

    def actor(self, actor_id: str | None) -> dict[str, Any]:
        """Give the actor as the API describes it."""
        known = self._accounts.get(actor_id or "")
        if known is None:
            if actor_id and actor_id.startswith("svac_"):
                return {"type": "service_account_actor", "service_account_id": actor_id}
            return {"type": "api_actor", "api_key_id": actor_id}
        person, account = known
        return {
            "type": "user_actor",
            "user_id": account.id,
            "email_address": account.email,
            "name": person.name,
            "deleted": False,
        }

    def shown(self, name: str, value: object) -> object:
        """Give a group's value as it stands in the answer."""
        if name == "actor" and isinstance(value, str):
            return self.actor(value)
        return value

    def passes(self, entry: Entry, query: Query, filters: dict[str, str]) -> bool:
        """Whether the entry is wanted; an empty filter value asks for entries without one."""
        return all(
            (self._of_entry(entry, dimension) or "") in wanted
            for parameter, dimension in filters.items()
            if (wanted := values(query, parameter))
        )
