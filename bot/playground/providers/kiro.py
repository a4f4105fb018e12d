"""A stand-in of the bucket that Kiro writes its reports to: S3 over HTTP, by moto's server."""

from __future__ import annotations

import csv
import io
import logging
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.playground.company import Company, ToolFact
from bot.playground.company.delivery import midnight

BUCKET, PREFIX = "acme-kiro", "reports"
STORE = "d-9066abcdef"
ACCOUNT, REGION = "111122223333", "us-east-1"
ACCESS_KEY, SECRET_KEY = "AKIAPLAYGROUND", "playground-secret"
DOLLARS_A_CREDIT = Decimal("0.04")
WRITTEN_AFTER = timedelta(hours=2)
COLUMNS = (
    "Date", "UserId", "Client_Type", "Chat_Conversations", "Credits_Used", "Overage_Cap",
    "Overage_Credits_Used", "Overage_Enabled", "ProfileId", "Subscription_Tier", "Total_Messages",
)  # fmt: skip


@contextmanager
def kiro_bucket(company: Company) -> Iterator[KiroBucket]:
    """Serve an empty bucket, and the identity store ``STORE`` that knows the users' addresses."""
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
        yield KiroBucket(company, client("s3"), ids, endpoint)
    finally:
        server.stop()


class KiroBucket:
    """A day's report is written once, the night after it, as the day turned out in the end."""

    def __init__(
        self, company: Company, storage: Any, ids: Mapping[str, str], endpoint: str
    ) -> None:
        self.endpoint = endpoint
        self._company = company
        self._storage = storage
        self._ids = ids
        self._ahead = deque(company.days)
        storage.create_bucket(Bucket=BUCKET)

    def grow(self, until: datetime) -> None:
        """Write what is written by *until* and is not there yet."""
        while self._ahead and reported_at(self._ahead[0]) <= until:
            day = self._ahead.popleft()
            report = _report(self._company, day, self._ids)
            self._storage.put_object(Bucket=BUCKET, Key=_key(day), Body=report)


def reported_at(day: date) -> datetime:
    """When the report on *day* is written."""
    return midnight(day + timedelta(days=1)) + WRITTEN_AFTER


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


def _report(company: Company, day: date, ids: Mapping[str, str]) -> bytes:
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
