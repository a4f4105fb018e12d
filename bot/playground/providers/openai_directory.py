"""OpenAI's lists of users, projects and a project's API keys, walked by id."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.playground.company import Company, Employee, ProviderAccount
from bot.playground.company.delivery import midnight
from bot.playground.providers import parameters
from bot.playground.providers.cursors import Query
from bot.playground.providers.errors import RefusedError
from bot.playground.providers.openai_reports import PEOPLE_PROJECT, SERVICES_PROJECT

PROJECTS = {PEOPLE_PROJECT: "People", SERVICES_PROJECT: "Services"}


def users_page(company: Company, query: Query) -> dict[str, Any]:
    """Answer /organization/users."""
    parameters.refuse_unknown(query, {"limit", "after", "emails", "emails[]"})
    emails = parameters.values(query, "emails", "emails[]")
    users = [
        _user(company, person.name, account.id, account.email)
        for person, account in _accounts(company)
    ]
    return _page(query, [user for user in users if not emails or user["email"] in emails])


def projects_page(company: Company, query: Query) -> dict[str, Any]:
    """Answer /organization/projects."""
    parameters.refuse_unknown(query, {"limit", "after", "include_archived"})
    return _page(
        query,
        [
            {
                "object": "organization.project",
                "id": project,
                "name": name,
                "created_at": _added_at(company),
                "archived_at": None,
                "status": "active",
            }
            for project, name in PROJECTS.items()
        ],
    )


def api_keys_page(company: Company, project: str, query: Query) -> dict[str, Any]:
    """Answer /organization/projects/{project}/api_keys."""
    parameters.refuse_unknown(query, {"limit", "after", "owner_project_access"})
    if project not in PROJECTS:
        raise RefusedError(404, "No such project")
    if project == PEOPLE_PROJECT:
        keys = [
            _key(
                company,
                str(account.api_key),
                f"{person.handle}-laptop",
                {"type": "user", "user": _user(company, person.name, account.id, account.email)},
            )
            for person, account in _accounts(company)
        ]
    else:
        keys = [
            _key(company, service.id, service.name, _service_owner(company, service.name))
            for service in company.services
            if service.provider == "openai"
        ]
    return _page(query, keys)


def _accounts(company: Company) -> list[tuple[Employee, ProviderAccount]]:
    return [
        (person, account)
        for person in company.employees
        if (account := person.account_at("openai")) is not None
    ]


def _user(company: Company, name: str, user_id: str, email: str) -> dict[str, Any]:
    return {
        "object": "organization.user",
        "id": user_id,
        "email": email,
        "name": name,
        "role": "reader",
        "added_at": _added_at(company),
        "created_at": _added_at(company),
        "is_service_account": False,
    }


def _service_owner(company: Company, name: str) -> dict[str, Any]:
    account = {
        "object": "organization.project.service_account",
        "id": f"svc_acct_{name}",
        "name": name,
        "role": "member",
        "created_at": _added_at(company),
    }
    return {"type": "service_account", "service_account": account}


def _key(company: Company, key_id: str, name: str, owner: dict[str, Any]) -> dict[str, Any]:
    return {
        "object": "organization.project.api_key",
        "id": key_id,
        "name": name,
        "redacted_value": f"sk-...{key_id[-4:]}",
        "created_at": _added_at(company),
        "last_used_at": None,
        "expires_at": None,
        "owner_project_access": "active",
        "owner": owner,
    }


def _added_at(company: Company) -> int:
    return int((midnight(company.start) - timedelta(days=30)).timestamp())


def _page(query: Query, rows: list[dict[str, Any]]) -> dict[str, Any]:
    size = parameters.limit(query, default=20, most=100)
    ids = [row["id"] for row in rows]
    after = parameters.one(query, "after")
    if after is not None and after not in ids:
        raise RefusedError(400, "after: not an id of this list")
    first = 0 if after is None else ids.index(after) + 1
    page = rows[first : first + size]
    return {
        "object": "list",
        "data": page,
        "first_id": page[0]["id"] if page else None,
        "last_id": page[-1]["id"] if page else None,
        "has_more": first + size < len(rows),
    }
