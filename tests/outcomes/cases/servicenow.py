"""ServiceNow: the pages of each table, and the users that are named in them."""

from __future__ import annotations

import httpx

from bot.outcomes.servicenow import ServiceNowSource
from tests.outcomes.case import SECRET, Case
from tests.outcomes.recorded_work import load_page


def page_name(request: httpx.Request) -> str:
    """A table's pages by number; whether it may be read at all is asked of the first."""
    table = request.url.path.rsplit("/", 1)[-1]
    if table == "sys_user":
        return table
    return f"{table}_{int(request.url.params.get('sysparm_offset', 0)) // 1000 + 1}"


CASE = Case(
    source=ServiceNowSource,
    config={
        "base_url": "https://acme.service-now.com",
        "username": "upshot",
        "password": SECRET,
    },
    page_name=page_name,
    required={
        "incident_1": [
            ("result",),
            ("result", 0, "sys_id"),
            ("result", 0, "state"),
            ("result", 0, "sys_updated_on"),
        ],
        "change_request_1": [("result",)],
        "sys_user": [("result",), ("result", 0, "sys_id")],
    },
    schemas={
        "incident_1": "incidents",
        "incident_2": "incidents",
        "incident_3": "incidents",
        "change_request_1": "tasks",
        "change_request_2": "tasks",
        "sc_req_item_1": "tasks",
        "sc_req_item_2": "tasks",
        "sys_user": "users",
    },
    titles=(
        "Mail does not arrive",
        "Printer on floor 3 is offline",
        "VPN drops every hour",
        "Disk of the build server is full",
        "Upgrade the mail gateway",
        "Laptop for a new colleague",
        "Badge for the Berlin office",
    ),
    circle={"incident_2": load_page("servicenow", "incident_1")},
    partly_forbidden=("incident_1", "change_request_1", "sc_req_item_1"),
    nonsense=(
        {"base_url": "acme"},
        {"username": None},
        {"password": None},
        {"oauth_token": SECRET},
        {"tables": ()},
        {"tables": ("../sys_user",)},
    ),
)
