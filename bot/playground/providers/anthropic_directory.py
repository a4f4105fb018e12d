"""Anthropic's lists of users and API keys, walked by id."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.playground.company import Company
from bot.playground.company.delivery import midnight
from bot.playground.providers import parameters
from bot.playground.providers.anthropic_dimensions import SERVICES_WORKSPACE
from bot.playground.providers.cursors import Query
from bot.playground.providers.errors import RefusedError

OLD_VERSION = "2023-06-01"


def users_page(company: Company, query: Query) -> dict[str, Any]:
    """Answer /users."""
    parameters.refuse_unknown(query, {"limit", "after_id", "before_id", "email", "roles[]"})
    added_at = _text(midnight(company.start) - timedelta(days=30))
    email = parameters.one(query, "email")
    roles = parameters.values(query, "roles[]")
    return _page(
        query,
        [
            {
                "id": account.id,
                "type": "user",
                "email": account.email,
                "name": person.name,
                "role": "developer",
                "added_at": added_at,
            }
            for person in company.employees
            if (account := person.account_at("anthropic"))
            and email in {None, account.email}
            and (not roles or "developer" in roles)
        ],
    )


def api_keys_page(company: Company, query: Query, version: str) -> dict[str, Any]:
    """Answer /api_keys: people's own keys first, then those of services."""
    known = {"limit", "after_id", "before_id", "created_by_user_id", "status", "workspace_id"}
    parameters.refuse_unknown(query, known)
    keys = [*_personal_keys(company, version), *_service_keys(company, version)]
    creator = parameters.one(query, "created_by_user_id")
    if creator:
        keys = [key for key in keys if key["created_by"] and key["created_by"]["id"] == creator]
    if parameters.one(query, "status") not in {None, "active"}:
        keys = []
    return _page(query, keys)


def _personal_keys(company: Company, version: str) -> list[dict[str, Any]]:
    return [
        _key(company, account.api_key, f"{person.handle}-laptop", version, user=account.id)
        for person in company.employees
        if (account := person.account_at("anthropic")) and account.api_key
    ]


def _service_keys(company: Company, version: str) -> list[dict[str, Any]]:
    return [
        _key(company, service.id, service.name, version, service_account=service.service_account)
        for service in company.services
        if service.provider == "anthropic"
    ]


def _key(
    company: Company,
    key_id: str,
    name: str,
    version: str,
    *,
    user: str | None = None,
    service_account: str | None = None,
) -> dict[str, Any]:
    owner = user or service_account
    kind = "user" if user else "service_account"
    workspace = None if user else SERVICES_WORKSPACE
    is_old = version == OLD_VERSION
    return {
        "id": key_id,
        "type": "api_key",
        "name": name,
        "status": "active",
        "partial_key_hint": f"sk-ant-api03-...{key_id[-4:]}",
        "created_at": _text(midnight(company.start) - timedelta(days=30)),
        "created_by": {"id": owner, "type": kind} if owner else None,
        "expires_at": None,
        "principal": _principal(owner, kind, is_old=is_old),
        **({"workspace_id": workspace} if is_old else {"scope": _scope(workspace)}),
    }


def _principal(owner: str | None, kind: str, *, is_old: bool) -> dict[str, str] | None:
    if owner is None:
        return None
    return {"id": owner, "type": kind} if is_old else {"type": f"{kind}_actor", f"{kind}_id": owner}


def _scope(workspace: str | None) -> dict[str, str]:
    if workspace is None:
        return {"type": "organization"}
    return {"type": "workspace", "workspace_id": workspace}


def _page(query: Query, rows: list[dict[str, Any]]) -> dict[str, Any]:
    size = parameters.limit(query, default=20, most=1000)
    ids = [row["id"] for row in rows]
    after, before = parameters.one(query, "after_id"), parameters.one(query, "before_id")
    for edge in (after, before):
        if edge is not None and edge not in ids:
            raise RefusedError(400, "after_id, before_id: not an id of this list")
    first = ids.index(after) + 1 if after else 0
    if before:
        first = max(0, ids.index(before) - size)
        size = ids.index(before) - first
    page = rows[first : first + size]
    return {
        "data": page,
        "has_more": first > 0 if before else first + size < len(rows),
        "first_id": page[0]["id"] if page else None,
        "last_id": page[-1]["id"] if page else None,
    }


def _text(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
