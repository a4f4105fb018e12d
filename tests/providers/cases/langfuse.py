"""Langfuse: sums by user and model, and single observations where there are none."""

from __future__ import annotations

import httpx

from bot.providers.langfuse import Langfuse
from tests.providers.case import SECRET, Case, page_name


def page_of(request: httpx.Request) -> str:
    by_user = '"userId"' in request.url.params.get("query", "")
    return "metrics_by_user" if by_user else page_name(request)


CASE = Case(
    provider=Langfuse,
    config={"public_key": "pk-lf-made-up", "secret_key": SECRET},
    page_name=page_of,
    refused={"metrics_by_user": httpx.Response(400)},
    has_bill=False,
    amount=("metrics_by_user", ("data", 0, "sum_totalCost")),
    required={
        "metrics_by_user": [
            ("data",),
            ("data", 0, "time_dimension"),
            ("data", 0, "count_count"),
            ("data", 0, "sum_totalCost"),
            ("data", 0, "sum_inputTokens"),
            ("data", 0, "sum_outputTokens"),
        ],
        "metrics": [("data",), ("data", 0, "count_count")],
    },
)
