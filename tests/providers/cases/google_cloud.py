"""Google Cloud: a query of the billing export, and the second page of its rows."""

from __future__ import annotations

from bot.providers.google_cloud import GoogleCloud
from tests.providers.case import SECRET, Case

JOB = {"jobReference": {"jobId": "job_1"}, "jobComplete": True}
CASE = Case(
    provider=GoogleCloud,
    config={
        "access_token": SECRET,
        "project": "acme-billing",
        "table": "acme-billing.exports.gcp_billing_export_v1_0A1B2C",
        "person_label": "person",
    },
    circle={**JOB, "rows": [], "pageToken": "again"},
    amount=("queries", ("rows", 0, "f", 8, "v")),
    required={
        "queries": [
            ("jobReference",),
            ("jobReference", "jobId"),
            ("jobComplete",),
            ("rows", 0, "f"),
            ("rows", 0, "f", 8, "v"),
        ],
        "job_1": [("jobComplete",), ("rows", 0, "f")],
    },
)
