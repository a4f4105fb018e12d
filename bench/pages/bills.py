"""Cloud bills of one line a charge: Google Cloud, Bedrock, FOCUS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from bench.pages.wire import (
    DAY,
    Source,
    WirePage,
    address_of,
    as_csv,
    in_pages,
    of,
    page,
    read_cells,
)
from bot.providers import bedrock as bedrock_files
from bot.providers import google_cloud as google_cloud_pages
from bot.providers.focus import parse_file
from bot.reading.bills import Charge
from bot.reading.months import days_in

METERS = ("input", "output", "cache-read-input", "cache-write-input")
A_PERSON = len(METERS)
FILE = "part-00001.csv"


def google_cloud(people: int) -> Source:
    answers: Iterator[dict[str, Any]] = (
        {
            "kind": "bigquery#queryResponse",
            "jobReference": {"projectId": "acme-billing", "jobId": "job_1", "location": "EU"},
            "jobComplete": True,
            "rows": rows,
        }
        for rows in in_pages(map(_cells, range(people * A_PERSON)))
    )
    return Source(
        name="google_cloud",
        pages=[page(a, google_cloud_pages.Page, len(a["rows"])) for a in answers],
        understand=of(google_cloud_pages.GoogleCloud),
    )


def _cells(number: int) -> dict[str, Any]:
    person, meter = divmod(number, A_PERSON)
    values = (
        "1795190400", f"{DAY}", f"person-{person}", "acme-web", "Vertex AI",
        f"Gemini 2.5 Pro {METERS[meter]}", "regular", "USD", f"{person % 97}.25", None,
    )  # fmt: skip
    return {"f": [{"v": value} for value in values]}


def bedrock(people: int) -> Source:
    rows = [_line_item(number) for number in range(people * A_PERSON)]
    return Source(
        name="bedrock",
        pages=[WirePage(as_csv(rows), _unread, len(rows))],
        understand=_of_bedrock,
        bare=read_cells,
    )


def _of_bedrock(files: Iterable[bytes]) -> int:
    return sum(
        len(bedrock_files.Bedrock.parse(day, pages).records)
        for content in files
        for day, pages in days_in(iter((content,)), FILE, bedrock_files.charges, Charge)
    )


def _line_item(number: int) -> dict[str, Any]:
    person, meter = divmod(number, A_PERSON)
    role = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_ab"
    return {
        "bill_billing_period_start_date": f"{DAY:%Y-%m}-01T00:00:00.000Z",
        "line_item_line_item_type": "Usage",
        "line_item_usage_start_date": f"{DAY}T08:00:00.000Z",
        "line_item_product_code": "AmazonBedrock",
        "line_item_usage_type": f"USE1-Claude4.6Sonnet-{METERS[meter]}-token-count",
        "line_item_usage_amount": f"{person % 97}.234",
        "pricing_unit": "1K tokens",
        "line_item_unblended_cost": f"0.{1 + person % 97:06}",
        "line_item_currency_code": "USD",
        "line_item_iam_principal": f"{role}/{address_of(person)}",
        "product": "{}",
    }


def focus(people: int) -> Source:
    rows = [_charge(number) for number in range(people * A_PERSON)]
    return Source(
        name="focus",
        pages=[WirePage(as_csv(rows), _unread, len(rows))],
        understand=_of_focus,
        bare=read_cells,
    )


def _of_focus(files: Iterable[bytes]) -> int:
    return sum(len(d.records) for content in files for d in parse_file((content,), FILE))


def _charge(number: int) -> dict[str, Any]:
    person, meter = divmod(number, A_PERSON)
    return {
        "BilledCost": f"{person % 97}.25",
        "BillingCurrency": "USD",
        "ChargeCategory": "Usage",
        "ChargeClass": "",
        "ChargeDescription": "requests",
        "ChargePeriodEnd": f"{DAY + timedelta(days=1)}T00:00:00Z",
        "ChargePeriodStart": f"{DAY}T00:00:00Z",
        "ConsumedQuantity": 125_000 + number,
        "ConsumedUnit": "Tokens",
        "ServiceCategory": "AI and Machine Learning",
        "ServiceName": "Acme Models",
        "SkuMeter": f"gpt-6-astra {METERS[meter]} tokens",
        "Tags": f'{{"user.email": "{address_of(person)}", "team": "payments"}}',
    }


def _unread(content: bytes) -> bytes:
    """A file is read line by line, while it is understood."""
    return content
