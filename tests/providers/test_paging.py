"""However the rows of a day are cut into pages, the day is the same."""

from __future__ import annotations

import json
from decimal import Decimal

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SourceResponseError
from bot.http import Http, Retry
from bot.providers.anthropic import Anthropic, analytics, claude_code, enterprise, reports
from bot.providers.openai import OpenAI, pages
from bot.reading.days import every_page
from tests.providers.recorded import DAY, load_page

RECORDED = {
    Anthropic: [
        [
            ("usage_by_actor", analytics.UsagePage),
            ("cost_by_actor", analytics.CostPage),
            ("cost", analytics.BillPage),
        ],
        [
            ("messages_by_account_id", reports.MessagesPage),
            ("cost_report", reports.CostPage),
            ("claude_code", claude_code.Page),
            ("users", reports.UsersPage),
            ("api_keys", reports.ApiKeysPage),
        ],
        [
            ("user_usage_report_by_model", enterprise.UsagePage),
            ("user_cost_report_by_model", enterprise.CostPage),
            ("analytics_cost_report", enterprise.BillPage),
        ],
    ],
    OpenAI: [
        [
            (costs, pages.CostsPage),
            ("completions_by_user_id", pages.UsagePage),
            *((f"{kind.kind}_by_{kind.group_by[0]}", kind) for kind in pages.OTHER_KINDS),
            ("costs", pages.BillPage),
            ("users", pages.UsersPage),
            ("api_keys", pages.ApiKeysPage),
        ]
        for costs in ("costs_by_user_id", "costs_by_api_key_id")
    ],
}
CASES = [
    pytest.param(provider, kinds, id=f"{provider.name}-{kinds[0][0]}")
    for provider, answers in RECORDED.items()
    for kinds in answers
]


def one_row_each(page: dict) -> list[dict]:
    """The page as pages of a single row; buckets repeat their bounds."""
    rows = []
    for item in page["data"]:
        parts = [{**item, "results": [row]} for row in item["results"]] if "results" in item else []
        rows.extend(parts or [item])
    return [{**page, "data": [row]} for row in rows]


def decoded(page: dict, into: type) -> object:
    return msgspec.json.decode(json.dumps(page), type=into)


@pytest.mark.parametrize(("provider", "kinds"), CASES)
@given(data=st.data())
def test_split_shuffled_and_repeated_pages_give_the_same_day(provider, kinds, data):
    recorded = [(load_page(provider.name, name), into) for name, into in kinds]
    single = [(part, into) for page, into in recorded for part in one_row_each(page)]
    again = data.draw(st.lists(st.sampled_from([*single, *recorded]), max_size=5))
    dealt = data.draw(st.permutations([*single, *again]))

    whole = provider.parse(DAY, [decoded(page, into) for page, into in recorded])

    assert provider.parse(DAY, [decoded(page, into) for page, into in dealt]) == whole


amounts = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=9)


@given(st.lists(amounts, max_size=30))
def test_no_digit_of_an_amount_in_cents_is_lost(cents):
    page = load_page("anthropic", "cost_by_actor")
    row = page["data"][0]
    page["data"] = [
        {
            **row,
            "group": {**row["group"], "product": f"product-{number}"},
            "cost": {**row["cost"], "amount": str(amount)},
        }
        for number, amount in enumerate(cents)
    ]

    day = Anthropic.parse(DAY, [decoded(page, analytics.CostPage)])

    assert sum((r.cost * 100 for r in day.records), Decimal(0)) == sum(cents, Decimal(0))


@given(st.lists(amounts, min_size=1, max_size=30))
def test_no_digit_of_an_amount_in_dollars_is_lost(dollars):
    page = load_page("openai", "costs_by_user_id")
    [bucket] = page["data"]
    row = bucket["results"][0]
    bucket["results"] = [
        {
            **row,
            "line_item": f"gpt-6-astra, kind {number} tokens",
            "amount": {"currency": "usd", "value": str(amount)},
        }
        for number, amount in enumerate(dollars)
    ]

    day = OpenAI.parse(DAY, [decoded(page, pages.CostsPage)])

    assert [record.cost for record in day.records] == [sum(dollars, Decimal(0))]


async def test_paging_ends_somewhere():
    def endless(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("page", "0"))
        page = {"data": [], "has_more": True, "next_page": str(number + 1)}
        return httpx.Response(200, json=page)

    http = Http(
        "https://api.example.com",
        headers={},
        retry=Retry(attempts=1),
        transport=httpx.MockTransport(endless),
    )

    with pytest.raises(SourceResponseError, match="/things: more than 5 pages"):
        async for _ in every_page(http, "/things", {}, into=analytics.UsagePage, most=5):
            pass
