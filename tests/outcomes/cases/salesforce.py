"""Salesforce: a page for each object that is queried, and a second one of cases."""

from __future__ import annotations

import re

import httpx

from bot.outcomes.salesforce.source import SalesforceSource
from tests.outcomes.case import SECRET, Case

SECOND = "/services/data/v62.0/query/01gA0000000Case-2000"


def page_name(request: httpx.Request) -> str:
    """By what is selected from; whether it may be read at all is asked of the first page."""
    if request.url.path == SECOND:
        return "Case_2"
    [table] = re.findall(r" FROM (\w+)", request.url.params["q"])
    return str(table)


CASE = Case(
    source=SalesforceSource,
    config={"base_url": "https://acme.my.salesforce.com", "access_token": SECRET},
    page_name=page_name,
    required={
        "Case": [
            ("done",),
            ("records",),
            ("records", 0, "Id"),
            ("records", 0, "CreatedDate"),
            ("records", 0, "IsClosed"),
            ("records", 0, "ClosedDate"),
            ("records", 0, "OwnerId"),
        ],
        "CaseStatus": [("records", 0, "MasterLabel"), ("records", 0, "IsClosed")],
        "CaseHistory": [("records", 0, "CaseId"), ("records", 0, "NewValue")],
        "Opportunity": [
            ("records", 0, "Id"),
            ("records", 0, "IsWon"),
            ("records", 0, "CloseDate"),
            ("records", 0, "SystemModstamp"),
        ],
        "OpportunityHistory": [("records", 0, "OpportunityId"), ("records", 0, "StageName")],
        "KnowledgeArticleVersion": [
            ("records", 0, "KnowledgeArticleId"),
            ("records", 0, "FirstPublishedDate"),
        ],
        "User": [("records", 0, "Id"), ("records", 0, "UserType")],
    },
    schemas={
        "Case": "page_of_case",
        "Case_2": "page_of_case",
        "CaseStatus": "page_of_case_status",
        "CaseHistory": "page_of_case_change",
        "Opportunity": "page_of_opportunity",
        "OpportunityStage": "page_of_stage",
        "OpportunityHistory": "page_of_stage_reached",
        "KnowledgeArticleVersion": "page_of_article",
        "User": "page_of_user",
    },
    titles=(
        "Contract ends too early",
        "Asked in the wrong place",
        "Dashboard shows old figures",
        "Sorted by a flow",
        "Acme renews for three years",
        "Globex buys the add-on",
        "Initech wants out again",
        "Renewing a contract",
    ),
    circle={"Case_2": {"totalSize": 0, "done": False, "records": [], "nextRecordsUrl": SECOND}},
    forbidden=("Case_2",),
    partly_forbidden=("Case", "Opportunity", "KnowledgeArticleVersion"),
    nonsense=(
        {"base_url": "acme"},
        {"access_token": None},
        {"client_id": "an-app"},
        {"client_id": "an-app", "client_secret": SECRET},
    ),
)
