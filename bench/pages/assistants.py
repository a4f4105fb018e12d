"""What people use by seat: ChatGPT, Copilot, Cursor, Windsurf, Devin, Gemini Code Assist, Kiro."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Any

import msgspec

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
    reading,
)
from bot.domain.periods import midnight
from bot.objects import StoredObject
from bot.providers import chatgpt as chatgpt_pages
from bot.providers import devin as devin_pages
from bot.providers import gemini_code_assist as gemini_pages
from bot.providers import kiro as kiro_pages
from bot.providers import windsurf as windsurf_pages
from bot.providers.copilot import Copilot
from bot.providers.copilot.files import read_report
from bot.providers.copilot.pages import Reported, Terms
from bot.providers.cursor import Cursor
from bot.providers.cursor.pages import EventsPage

START = int(midnight(DAY).timestamp())
END = START + 86_400
A_PERSON = 4


def chatgpt(people: int) -> Source:
    return Source(
        name="chatgpt",
        pages=[
            page({"data": rows, "has_more": False}, chatgpt_pages.UsagePage, len(rows))
            for rows in in_pages(map(_workspace_use, range(people * A_PERSON)))
        ],
        understand=of(chatgpt_pages.ChatGPT, chatgpt_pages.Terms(report="usage")),
    )


def _workspace_use(number: int) -> dict[str, Any]:
    user = f"user-{number:06}"
    models = ("gpt-6-astra", "gpt-6-nova")
    return {
        "object": "workspace.usage.result",
        "start_time": START,
        "end_time": END,
        "user_id": user,
        "actor": {"type": "ACCOUNT_USER", "user_id": user, "email": address_of(number)},
        "totals": {
            "threads": 3,
            "turns": 20 + number % 7,
            "credits": 41.5 + number % 9,
            "cost_usd": None,
            "estimated_cost_usd": 1.66,
            "uncached_text_input_tokens": 1100 + number,
            "cached_text_input_tokens": 2200,
            "text_output_tokens": 55,
            "text_total_tokens": 3355 + number,
        },
        "clients": [{"client_id": "CODEX_CLI", "threads": 1, "turns": 9, "credits": 30}],
        "models": [{"model": model, "speed": "standard", "credits": 20.5} for model in models],
    }


def copilot(people: int) -> Source:
    return Source(
        name="copilot",
        pages=[
            WirePage(b"\n".join(map(msgspec.json.encode, some)), read_report, len(some))
            for some in in_pages(map(_copilot_day, range(people * A_PERSON)))
        ],
        understand=of(Copilot, Terms("none", None), Reported(DAY)),
        bare=msgspec.json.Decoder().decode_lines,
    )


def _copilot_day(number: int) -> dict[str, Any]:
    counts = {
        "user_initiated_interaction_count": 24 + number % 9,
        "code_generation_activity_count": 25,
        "code_acceptance_activity_count": 24,
        "loc_suggested_to_add_sum": 120,
        "loc_suggested_to_delete_sum": 0,
        "loc_added_sum": 435,
        "loc_deleted_sum": 29,
    }
    return {
        "report_start_day": f"{DAY}",
        "report_end_day": f"{DAY}",
        "day": f"{DAY}",
        "enterprise_id": "200001",
        "user_id": 4_000_000 + number,
        "user_login": f"person-{number}",
        **counts,
        "used_agent": False,
        "used_chat": True,
        "used_cli": True,
        "ai_credits_used": 3.25 + number % 9,
        "totals_by_ide": [{"ide": "vscode", **counts}],
        "totals_by_feature": [{"feature": "copilot_cli", **counts}],
    }


def cursor(people: int) -> Source:
    answers: Iterator[dict[str, Any]] = (
        {
            "totalUsageEventsCount": people * A_PERSON,
            "pagination": {"currentPage": number, "hasNextPage": True},
            "usageEvents": events,
        }
        for number, events in enumerate(in_pages(map(_event, range(people * A_PERSON))), 1)
    )
    return Source(
        name="cursor",
        pages=[page(a, EventsPage, len(a["usageEvents"])) for a in answers],
        understand=of(Cursor),
    )


def _event(number: int) -> dict[str, Any]:
    return {
        "timestamp": f"{START * 1000 + number}",
        "userEmail": address_of(number // A_PERSON),
        "conversationId": f"c-{number // 3}",
        "model": ("claude-opus-5", "gpt-6-astra")[number % 2],
        "kind": "Usage-based",
        "maxMode": False,
        "requestsCosts": 5,
        "isTokenBasedCall": True,
        "isChargeable": True,
        "isHeadless": False,
        "tokenUsage": {
            "inputTokens": 126 + number,
            "outputTokens": 450,
            "cacheWriteTokens": 6112,
            "cacheReadTokens": 11964,
            "totalCents": 20.18232,
        },
        "chargedCents": 21.36232,
        "cursorTokenFee": 1.18,
        "isFreeBugbot": False,
    }


def windsurf(people: int) -> Source:
    metadata = {"billing_strategy": "CREDITS", "data_freshness": f"{DAY}T23:00:00.000Z"}
    answers = (
        {"data": rows, "pagination": {"next_page_cursor": "next"}, "metadata": metadata}
        for rows in in_pages(map(_editor_use, range(people * A_PERSON)))
    )

    def read(content: bytes) -> windsurf_pages.Page:
        return windsurf_pages.Page(reading(windsurf_pages.Answer)(content))

    return Source(
        name="windsurf",
        pages=[WirePage(msgspec.json.encode(a), read, len(a["data"])) for a in answers],
        understand=of(windsurf_pages.Windsurf),
    )


def _editor_use(number: int) -> dict[str, Any]:
    person = number // A_PERSON
    return {
        "timestamp": f"{DAY}T00:00:00.000Z",
        "user_id": f"user_{person:06}",
        "user_email": address_of(person),
        "model_uid": f"MODEL_{number % A_PERSON}",
        "consumption": {
            "prompt_credits": 1250 + number % 9,
            "flex_credits": 0,
            "billed_acus": None,
            "message_count": 87,
        },
    }


def devin(people: int) -> Source:
    """A page for each user, of one row."""
    whole = devin_pages.Total(_consumption(people * A_PERSON), None)
    return Source(
        name="devin",
        pages=[
            WirePage(msgspec.json.encode(_acus(number)), partial(_of_user, f"user-{number}"), 1)
            for number in range(people * A_PERSON)
        ],
        understand=of(devin_pages.Devin, whole),
    )


_read_consumption = reading(devin_pages.Consumption)


def _of_user(user: str, content: bytes) -> devin_pages.OfUser:
    return devin_pages.OfUser(user, _read_consumption(content))


def _consumption(number: int) -> devin_pages.Consumption:
    return msgspec.convert(_acus(number), devin_pages.Consumption)


def _acus(number: int) -> dict[str, Any]:
    acus = 6.5 + number % 9
    parts = {"devin": acus - 2.25, "cascade": 2.25, "terminal": 0.0}
    told = {"date": START, "acus": acus, "acus_by_product": parts}
    return {"total_acus": acus, "consumption_by_date": [told]}


def gemini_code_assist(people: int) -> Source:
    return Source(
        name="gemini_code_assist",
        pages=[
            page({"entries": entries, "nextPageToken": "next"}, gemini_pages.Page, len(entries))
            for entries in in_pages(map(_entry, range(people * A_PERSON)))
        ],
        understand=of(gemini_pages.GeminiCodeAssist),
    )


def _entry(number: int) -> dict[str, Any]:
    log = "projects/acme-editors/logs/cloudaicompanion.googleapis.com%2Fmetadata"
    kind = "type.googleapis.com/google.cloud.cloudaicompanion.logging.v1.MetadataLog"
    shown = {"originalRequestId": f"r{number}", "programmingLanguage": "python"}
    return {
        "insertId": f"e{number}",
        "timestamp": f"{DAY}T09:00:01.021564463Z",
        "logName": log,
        "labels": {
            "method": "Export.Metrics",
            "product": "code_assist",
            "user_id": address_of(number // A_PERSON),
        },
        "jsonPayload": {"@type": kind, "codeExposure": shown, "requestId": f"x{number}"},
    }


def kiro(people: int) -> Source:
    night = DAY + timedelta(days=1)
    stored = StoredObject(
        key="KIRO_user_report_202611210200.csv",
        etag="1",
        modified=datetime(2026, 11, 21, 2, tzinfo=UTC),
        size=0,
    )
    read = partial(kiro_pages._report, kiro_pages.REPORT, night, stored)  # noqa: SLF001
    terms = kiro_pages.Terms({"PRO": Decimal(20)}, Decimal("0.04"), is_past=True)
    return Source(
        name="kiro",
        pages=[
            WirePage(as_csv(rows), read, len(rows))
            for rows in in_pages(_kiro_lines(people), people * A_PERSON)
        ],
        understand=of(kiro_pages.Kiro, terms),
        bare=read_cells,
    )


def _kiro_lines(people: int) -> Iterator[dict[str, Any]]:
    for number, client in product(range(people * 2), ("KIRO_IDE", "KIRO_CLI")):
        yield {
            "Date": f"{DAY}",
            "UserId": f"d-90663be888.34a8e4c8-{number:06}-70bd",
            "Client_Type": client,
            "Chat_Conversations": 4,
            "Credits_Used": f"{45 + number % 9}.5",
            "Overage_Cap": 1000,
            "Overage_Credits_Used": 0,
            "Overage_Enabled": "false",
            "ProfileId": "arn:aws:codewhisperer:us-east-1:111122223333:profile/ABC",
            "Subscription_Tier": "PRO",
            "Total_Messages": 120,
        }
