"""A stand-in of the bucket that Kiro writes its reports to: S3 over HTTP, by moto's server."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from bot.playground.company import Company, ToolFact

BUCKET, PREFIX = "acme-kiro", "reports"
STORE = "d-9066abcdef"
ACCOUNT, REGION = "111122223333", "us-east-1"
ACCESS_KEY, SECRET_KEY = "AKIAPLAYGROUND", "playground-secret"
DOLLARS_A_CREDIT = Decimal("0.04")
COLUMNS = (
    "Date", "UserId", "Client_Type", "Chat_Conversations", "Credits_Used", "Overage_Cap",
    "Overage_Credits_Used", "Overage_Enabled", "ProfileId", "Subscription_Tier", "Total_Messages",
)  # fmt: skip


@contextmanager
def kiro_bucket(company: Company) -> Iterator[tuple[str, str]]:
    """The endpoint, and the id of the identity store that knows the users' addresses.

    Every day's report is there from the start: nobody may ask for a day that is not over.
    """
    import boto3  # noqa: PLC0415 - an extra, and slow to import
    from moto.server import ThreadedMotoServer  # noqa: PLC0415

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"

        def client(service: str) -> Any:
            return boto3.client(
                service,
                endpoint_url=endpoint,
                region_name=REGION,
                aws_access_key_id=ACCESS_KEY,
                aws_secret_access_key=SECRET_KEY,
            )

        ids = _enter_users(client("identitystore"), company)
        bucket = client("s3")
        bucket.create_bucket(Bucket=BUCKET)
        for day in company.days:
            bucket.put_object(Bucket=BUCKET, Key=_key(day), Body=_report(company, day, ids))
        yield endpoint, STORE
    finally:
        server.stop()


def _enter_users(store: Any, company: Company) -> dict[str, str]:
    """Their ids, by handle."""
    return {
        user.handle: store.create_user(
            IdentityStoreId=STORE,
            UserName=user.handle,
            DisplayName=user.handle,
            Name={"FamilyName": "Example", "GivenName": user.handle},
            Emails=[{"Value": user.email, "Type": "work", "Primary": True}],
        )["UserId"]
        for user in company.tool_users["kiro"]
    }


def _key(day: date) -> str:
    where = f"{PREFIX}/AWSLogs/{ACCOUNT}/KiroLogs/user_report/{REGION}/{day:%Y/%m/%d}/00"
    return f"{where}/KIRO_IDE_{ACCOUNT}_user_report_{day:%Y%m%d}0200.csv"


def _report(company: Company, day: date, ids: dict[str, str]) -> bytes:
    facts = {f.user.handle: f for f in company.tool_facts("kiro", day, company.settled_at)}
    target = io.StringIO()
    rows = csv.writer(target)
    rows.writerow(COLUMNS)
    for user in company.tool_users["kiro"]:
        rows.writerow(_line(ids[user.handle], day, facts.get(user.handle)))
    return target.getvalue().encode("utf-8-sig")


def _line(user_id: str, day: date, fact: ToolFact | None) -> tuple[object, ...]:
    worth, charged = (fact.worth, fact.charged) if fact else (Decimal(0), Decimal(0))
    profile = f"arn:aws:codewhisperer:{REGION}:{ACCOUNT}:profile/UPSHOT"
    return (
        day, f"{STORE}.{user_id}", "KIRO_IDE", 1 if fact else 0,
        _credits(worth - charged), 1000, _credits(charged), "true", profile, "PRO",
        fact.requests if fact else 0,
    )  # fmt: skip


def _credits(dollars: Decimal) -> str:
    """Digits alone: nobody's spreadsheet says 0E-7."""
    return f"{dollars / DOLLARS_A_CREDIT:f}"
