"""The stand-in of GitHub answers about Copilot as GitHub does."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from bot.domain.periods import midnight
from bot.playground.providers.copilot import ENTERPRISE, GITHUB_TOKEN, copilot_app
from tests.playground.tools.asking import COMPANY, MONDAY, SETTLED, TUESDAY, Api, Spec
from tests.shared_data import shared

GITHUB_AUTH = {"authorization": f"Bearer {GITHUB_TOKEN}"}
OURS = f"/enterprises/{ENTERPRISE}"
REPORT = f"{OURS}/copilot/metrics/reports/users-1-day"
SEATS = f"{OURS}/copilot/billing/seats"
EXPORTS = f"{OURS}/settings/billing/reports"


@pytest.fixture
def github(clock) -> Api:
    return Api(copilot_app(COMPANY, now=clock.now), GITHUB_AUTH)


def asked_export(first: date, last: date | None = None, kind: str = "ai_credit") -> dict[str, Any]:
    span = {"start_date": f"{first}", "end_date": f"{last or first}"}
    return {"report_type": kind, **span, "send_email": False}


class TestGitHub:
    async def test_answers_in_the_published_shapes(self, github):
        spec = Spec("github-copilot-billing.openapi.json")
        base = "/enterprises/{enterprise}"
        report = await github.get(REPORT, day=f"{MONDAY}")
        export = await github.post(EXPORTS, asked_export(MONDAY))
        again = await github.get(f"{EXPORTS}/{export.json()['id']}")

        spec.require(f"get {base}/copilot/metrics/reports/users-1-day", report)
        spec.require(f"get {base}/copilot/billing/seats", await github.get(SEATS))
        assert export.status_code == 202
        declared = httpx.Response(200, json=export.json())
        spec.require(f"get {base}/settings/billing/reports/{{report_id}}", declared)
        spec.require(f"get {base}/settings/billing/reports/{{report_id}}", again)

    async def test_every_line_of_a_report_is_what_it_may_hold(self, github):
        schema = json.loads(shared("specs/github-copilot-user-report-line.schema.json").read_text())
        [link] = (await github.get(REPORT, day=f"{MONDAY}")).json()["download_links"]
        lines = (await github.ask("GET", link, headers={})).text.splitlines()

        assert len(lines) == len(COMPANY.tool_facts("copilot", MONDAY, SETTLED))
        for line in map(json.loads, lines):
            Draft202012Validator(schema).validate(line)
            offered = line["code_generation_activity_count"]
            assert 0 <= line["code_acceptance_activity_count"] <= offered

    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", REPORT), ("GET", SEATS), ("POST", EXPORTS), ("POST", "/graphql")],
    )
    async def test_refuses_who_has_no_token(self, github, method, path):
        for headers in ({}, {"authorization": "Bearer ghp_x"}):
            assert (await github.ask(method, path, headers=headers)).status_code == 401

    async def test_knows_one_enterprise(self, github):
        elsewhere = [
            await github.get(REPORT.replace(ENTERPRISE, "initech"), day=f"{MONDAY}"),
            await github.get(SEATS.replace(ENTERPRISE, "initech")),
            await github.post(EXPORTS.replace(ENTERPRISE, "initech"), asked_export(MONDAY)),
            await github.get(f"{EXPORTS}/no-such-report"),
        ]

        assert {answer.status_code for answer in elsewhere} == {404}

    async def test_refuses_what_it_does_not_understand(self, github):
        answers = [
            await github.get(REPORT),
            await github.get(REPORT, day="19.11.2026"),
            await github.post(EXPORTS, asked_export(MONDAY, TUESDAY)),
            await github.post(EXPORTS, asked_export(MONDAY, kind="detailed")),
            await github.post(EXPORTS, {"report_type": "ai_credit", "start_date": 7}),
            await github.post(EXPORTS, []),
            await github.post("/graphql", {"query": "{ viewer { login } }"}),
        ]

        assert {answer.status_code for answer in answers} == {400}
        assert (await github.get(SEATS, per_page="many")).status_code == 422

    async def test_a_link_works_once_and_never_for_who_shows_a_key(self, github):
        [link] = (await github.get(REPORT, day=f"{MONDAY}")).json()["download_links"]

        with_key = await github.ask("GET", link)
        first, again = [await github.ask("GET", link, headers={}) for _ in range(2)]

        assert (with_key.status_code, first.status_code, again.status_code) == (400, 200, 404)

    async def test_no_two_links_are_the_same(self, github):
        async def new_link() -> str:
            [link] = (await github.get(REPORT, day=f"{MONDAY}")).json()["download_links"]
            return str(link)

        links = [await new_link(), await new_link()]
        await github.ask("GET", links[0], headers={})
        links += [await new_link(), await new_link()]

        assert len(set(links)) == 4

    async def test_pages_of_seats_hold_each_once(self, github):
        seats: list[Any] = []
        while len(seats) < len(COMPANY.tool_users["copilot"]):
            page = await github.get(SEATS, per_page=7, page=len(seats) // 7 + 1)
            seats += page.json()["seats"]

        ids = [seat["assignee"]["id"] for seat in seats]
        assert ids == [user.number for user in COMPANY.tool_users["copilot"]]

    async def test_has_no_report_until_the_day_is_told_whole(self, github, clock):
        clock.time = midnight(TUESDAY)

        answer = await github.get(REPORT, day=f"{MONDAY}")

        assert (answer.status_code, answer.content) == (204, b"")

    async def test_a_bill_is_a_spreadsheet_with_its_mark(self, github):
        [link] = (await github.post(EXPORTS, asked_export(MONDAY))).json()["download_urls"]
        content = (await github.ask("GET", link, headers={})).content
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))

        assert content.startswith(b"\xef\xbb\xbf")
        for row in rows:
            gross, discount = Decimal(row["gross_amount"]), Decimal(row["discount_amount"])
            assert gross - discount == Decimal(row["net_amount"])
            assert not re.search(r"\dE", row["net_amount"] + row["discount_amount"])
