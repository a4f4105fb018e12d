"""Facts about the stand-ins of the other tools: real shapes, one truth, and nothing given away."""

from __future__ import annotations

import csv
import io
import json
import re
from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import boto3
import httpx
import msgspec
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from bot.domain.periods import midnight
from bot.domain.usage import ChargeCategory, ProviderDay, UsageRecord
from bot.http import Retry
from bot.playground.company import OFFERS, ToolFact, make_company
from bot.playground.company.delivery import delivery_of
from bot.playground.providers import kiro
from bot.playground.providers.copilot import ENTERPRISE, GITHUB_TOKEN, copilot_app
from bot.playground.providers.cursor import CURSOR_KEY, cursor_app
from bot.playground.providers.kiro import kiro_bucket
from bot.playground.providers.litellm import LITELLM_KEY, litellm_app
from bot.playground.serving import serving
from bot.providers.copilot import Config as CopilotConfig
from bot.providers.copilot import Copilot
from bot.providers.cursor import Config as CursorConfig
from bot.providers.cursor import Cursor
from bot.providers.kiro import Config as KiroConfig
from bot.providers.kiro import Kiro
from bot.providers.litellm import ActivityPage, LiteLLM
from bot.providers.litellm import Config as LiteLLMConfig
from bot.services.handover import understood
from tests.shared_data import shared

COMPANY = make_company(people=120, weeks=4, ends=date(2026, 11, 16), longest_revision_days=1)
DAYS = list(COMPANY.days)
SETTLED = COMPANY.settled_at
MONDAY = COMPANY.start
TUESDAY, NEXT_MONDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=7)
CENT = Decimal("0.01")
NO_RETRY = Retry(attempts=1)
CURSOR_AUTH = {"authorization": "Basic " + b64encode(f"{CURSOR_KEY}:".encode()).decode()}
GITHUB_AUTH = {"authorization": f"Bearer {GITHUB_TOKEN}"}
LITELLM_AUTH = {"authorization": f"Bearer {LITELLM_KEY}"}
EVENTS, MEMBERS = "/teams/filtered-usage-events", "/teams/members"
ACTIVITY, USERS = "/user/daily/activity", "/user/list"
OURS = f"/enterprises/{ENTERPRISE}"
DAILY = "/teams/daily-usage-data"
REPORT = f"{OURS}/copilot/metrics/reports/users-1-day"
SEATS = f"{OURS}/copilot/billing/seats"
EXPORTS = f"{OURS}/settings/billing/reports"


class Clock:
    def __init__(self) -> None:
        self.time = SETTLED

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Api:
    """A stand-in and the headers it wants, asked without a network."""

    def __init__(self, app: Any, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = headers

    async def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        headers = request.pop("headers", self.headers)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            return await client.request(method, path, headers=headers, **request)

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.ask("GET", path, params=params)

    async def post(self, path: str, body: Any) -> httpx.Response:
        return await self.ask("POST", path, json=body)


@pytest.fixture
def cursor(clock) -> Api:
    return Api(cursor_app(COMPANY, now=clock.now), CURSOR_AUTH)


@pytest.fixture
def litellm(clock) -> Api:
    return Api(litellm_app(COMPANY, now=clock.now), LITELLM_AUTH)


@pytest.fixture
def github(clock) -> Api:
    return Api(copilot_app(COMPANY, now=clock.now), GITHUB_AUTH)


def day_in_milliseconds(first: date, days: int = 1, **more: Any) -> dict[str, Any]:
    start, end = midnight(first), midnight(first + timedelta(days=days))
    return {"startDate": int(start.timestamp()) * 1000, "endDate": int(end.timestamp()) * 1000} | (
        more
    )


def asked_export(first: date, last: date | None = None, kind: str = "ai_credit") -> dict[str, Any]:
    span = {"start_date": f"{first}", "end_date": f"{last or first}"}
    return {"report_type": kind, **span, "send_email": False}


def nullable(schema: Any) -> Any:
    """OpenAPI 3.0's ``nullable`` as JSON Schema has it."""
    match schema:
        case {"nullable": True, **rest}:
            return {"anyOf": [nullable(rest), {"type": "null"}]}
        case dict():
            return {key: nullable(value) for key, value in schema.items()}
        case list():
            return [nullable(item) for item in schema]
        case _:
            return schema


class Spec:
    """A published description of an API, asked what may be answered."""

    def __init__(self, name: str) -> None:
        spec = nullable(json.loads(shared(f"specs/{name}").read_text()))
        self._paths = spec["paths"]
        resource = Resource(contents=spec, specification=DRAFT202012)
        self._registry = Registry().with_resource("spec", resource)

    def require(self, operation: str, answer: httpx.Response) -> None:
        method, path = operation.split()
        declared = self._paths[path][method]["responses"][str(answer.status_code)]
        schema = declared["content"]["application/json"]["schema"]
        rebased = json.loads(json.dumps(schema).replace('"#/', '"spec#/'))
        Draft202012Validator(rebased, registry=self._registry).validate(answer.json())


class TestCursor:
    async def test_answers_in_the_published_shapes(self, cursor):
        spec = Spec("cursor-admin.openapi.json")
        members = await cursor.get(MEMBERS)
        events = await cursor.post(EVENTS, day_in_milliseconds(MONDAY, pageSize=1000))
        stranger = await cursor.ask("GET", MEMBERS, headers={"authorization": "Basic eDo="})
        odd = await cursor.post(EVENTS, {})

        assert (members.status_code, events.status_code) == (200, 200)
        assert (stranger.status_code, odd.status_code) == (401, 400)
        assert events.json()["usageEvents"]
        spec.require(f"get {MEMBERS}", members)
        spec.require(f"get {MEMBERS}", stranger)
        spec.require(f"post {EVENTS}", events)
        spec.require(f"post {EVENTS}", odd)

    @pytest.mark.parametrize(
        "authorization", [f"Bearer {CURSOR_KEY}", "Basic " + b64encode(b":key_playground").decode()]
    )
    async def test_takes_the_key_as_a_user_s_name_alone(self, cursor, authorization):
        for method, path in (("GET", MEMBERS), ("POST", EVENTS)):
            answer = await cursor.ask(method, path, headers={"authorization": authorization})
            assert answer.status_code == 401

    @pytest.mark.parametrize(
        "body",
        [
            [],
            {},
            {"startDate": "2026-11-09", "endDate": "2026-11-10"},
            day_in_milliseconds(MONDAY, pageSize=1001),
            day_in_milliseconds(MONDAY, pageSize=0),
            day_in_milliseconds(MONDAY, page=0),
            day_in_milliseconds(MONDAY, page="2"),
        ],
        ids=str,
    )
    async def test_refuses_what_it_does_not_understand(self, cursor, body):
        assert (await cursor.post(EVENTS, body)).status_code == 400

    async def test_pages_of_any_size_hold_each_event_once_newest_first(self, cursor):
        week = day_in_milliseconds(MONDAY, 7)
        whole = (await cursor.post(EVENTS, {**week, "pageSize": 1000})).json()
        events, page = [], 1
        while True:
            answer = (await cursor.post(EVENTS, {**week, "pageSize": 100, "page": page})).json()
            events += answer["usageEvents"]
            if not answer["pagination"]["hasNextPage"]:
                break
            page += 1

        assert events[:1000] == whole["usageEvents"]
        assert len(events) == whole["totalUsageEventsCount"]
        assert answer["pagination"]["numPages"] == page
        times = [int(event["timestamp"]) for event in events]
        assert times == sorted(times, reverse=True)

    async def test_an_event_is_one_request_and_those_of_a_day_are_all_of_that_day(self, cursor):
        body = day_in_milliseconds(MONDAY, pageSize=1000)
        events = (await cursor.post(EVENTS, body)).json()["usageEvents"]
        facts = COMPANY.tool_facts("cursor", MONDAY, SETTLED)

        assert len(events) == sum(fact.requests for fact in facts)
        assert all(
            body["startDate"] <= int(event["timestamp"]) < body["endDate"] for event in events
        )

    async def test_a_day_s_edits_are_told_in_the_published_shape(self, cursor):
        spec = Spec("cursor-admin.openapi.json")
        answer = await cursor.post(DAILY, day_in_milliseconds(MONDAY, page=1, pageSize=500))
        odd = await cursor.post(DAILY, day_in_milliseconds(MONDAY, 31))

        spec.require(f"post {DAILY}", answer)
        spec.require(f"post {DAILY}", odd)
        assert (answer.status_code, odd.status_code) == (200, 400)
        rows = [row for row in answer.json()["data"] if row["day"] == f"{MONDAY}"]
        assert {row["email"] for row in rows} == {u.email for u in COMPANY.tool_users["cursor"]}

    async def test_without_pages_only_those_who_used_it_are_told(self, cursor):
        answer = await cursor.post(DAILY, day_in_milliseconds(MONDAY))

        assert all(row["isActive"] for row in answer.json()["data"])

    async def test_pages_of_days_hold_each_member_once(self, cursor):
        body = day_in_milliseconds(MONDAY)
        whole = (await cursor.post(DAILY, {**body, "pageSize": 500})).json()["data"]
        first = (await cursor.post(DAILY, {**body, "pageSize": 2})).json()
        second = (await cursor.post(DAILY, {**body, "pageSize": 2, "page": 2})).json()

        assert first["pagination"]["hasNextPage"]
        assert first["data"] + second["data"] == whole[:4]


class TestLiteLLM:
    async def test_answers_in_the_published_shapes(self, litellm):
        spec = Spec("litellm-proxy.openapi.json")
        days = {"start_date": f"{MONDAY}", "end_date": f"{TUESDAY}"}
        activity, users = await litellm.get(ACTIVITY, **days), await litellm.get(USERS)
        stranger = await litellm.ask("GET", USERS, headers={"authorization": "Bearer sk-x"})
        odd = await litellm.get(ACTIVITY, start_date="yesterday", end_date=f"{MONDAY}")

        assert [day["date"] for day in activity.json()["results"]] == [f"{TUESDAY}", f"{MONDAY}"]
        assert (users.status_code, stranger.status_code, odd.status_code) == (200, 401, 400)
        spec.require(f"get {ACTIVITY}", activity)
        spec.require(f"get {ACTIVITY}", odd)
        spec.require(f"get {USERS}", users)
        spec.require(f"get {USERS}", stranger)

    @pytest.mark.parametrize(
        ("name", "value"), [("page_size", "1001"), ("page_size", "x"), ("page", "0"), ("page", "-")]
    )
    async def test_refuses_pages_that_there_are_not(self, litellm, name, value):
        days = {"start_date": f"{MONDAY}", "end_date": f"{MONDAY}"}

        assert (await litellm.get(ACTIVITY, **days, **{name: value})).status_code == 422

    async def test_totals_are_those_of_what_is_on_the_page(self, litellm):
        days = {"start_date": f"{MONDAY}", "end_date": f"{MONDAY}"}
        page = (await litellm.get(ACTIVITY, **days, page_size=1000)).json()
        facts = COMPANY.tool_facts("litellm", MONDAY, SETTLED)

        told = page["metadata"]
        assert Decimal(str(told["total_spend"])) == sum(fact.charged for fact in facts)
        assert told["total_api_requests"] == sum(fact.requests for fact in facts)
        assert told["total_tokens"] == sum(tokens_of(fact) for fact in facts)

    @pytest.mark.parametrize("size", [1, 3, 1000])
    async def test_a_day_on_several_pages_adds_up_to_the_same(self, litellm, size):
        days = {"start_date": f"{MONDAY}", "end_date": f"{MONDAY}"}
        pages, is_last = [], False
        while not is_last:
            page = (await litellm.get(ACTIVITY, **days, page_size=size, page=len(pages) + 1)).json()
            pages.append(page)
            is_last = not page["metadata"]["has_more"]

        assert_true("litellm", LiteLLM.parse(MONDAY, map(to_page, pages)))
        assert len(pages) == pages[0]["metadata"]["total_pages"]

    async def test_lists_everybody_once_however_long_the_pages_are(self, litellm):
        first = (await litellm.get(USERS, page_size=5)).json()
        later = [
            (await litellm.get(USERS, page_size=5, page=page)).json()["users"]
            for page in range(2, first["total_pages"] + 1)
        ]
        listed = first["users"] + [user for users in later for user in users]

        assert [user["user_email"] for user in listed] == [
            user.email for user in COMPANY.tool_users["litellm"]
        ]


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


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of somebody's day; tokens are ``None`` where the tool tells none."""

    charged: Decimal
    seat: Decimal
    requests: int
    tokens: tuple[int, int, int, int] | None


def tokens_of(fact: ToolFact) -> int:
    return fact.input_uncached + fact.cache_read + fact.cache_write + fact.output


def to_page(page: Mapping[str, Any]) -> ActivityPage:
    return msgspec.json.decode(json.dumps(page), type=ActivityPage)


def truth(tool, day: date, as_of: datetime, *, has_tokens: bool) -> dict[str, Known]:
    """By address, of everybody who has a seat or used something."""
    facts = {fact.user.email: fact for fact in COMPANY.tool_facts(tool, day, as_of)}
    users = COMPANY.tool_users[tool]
    share = COMPANY.tool_invoice(tool, day, as_of) - sum(f.charged for f in facts.values())
    seat = (share / len(users)).quantize(CENT)
    known = {}
    for user in users:
        fact = facts.get(user.email)
        if fact is None and not seat:
            continue
        told = (fact.input_uncached, fact.cache_read, fact.cache_write, fact.output) if fact else ()
        known[user.email] = Known(
            charged=fact.charged if fact else Decimal(0),
            seat=seat,
            requests=fact.requests if fact else 0,
            tokens=told or (0, 0, 0, 0) if has_tokens else None,
        )
    return known


def sums(answer: ProviderDay, *, has_tokens: bool) -> dict[str, Known]:
    by_person: defaultdict[str, list[UsageRecord]] = defaultdict(list)
    for record in answer.records:
        by_person[answer.emails[record.account or ""]].append(record)
    return {email: sum_of(records, has_tokens) for email, records in by_person.items()}


def sum_of(records: list[UsageRecord], has_tokens: bool) -> Known:  # noqa: FBT001
    seats = [r for r in records if r.charge_category is ChargeCategory.PURCHASE]
    used = [record for record in records if record not in seats]
    parts = [
        (t.input_uncached, t.cache_read, t.cache_write, t.output)
        for t in (record.tokens for record in used)
        if t is not None
    ]
    assert bool(parts) <= has_tokens
    return Known(
        charged=sum((r.cost for r in used if r.cost is not None), Decimal(0)),
        seat=sum((r.cost for r in seats if r.cost is not None), Decimal(0)).quantize(CENT),
        requests=sum(record.requests or 0 for record in used),
        tokens=tuple(map(sum, zip((0, 0, 0, 0), *parts, strict=True))) if has_tokens else None,  # type: ignore[arg-type]
    )


def assert_true(tool, answer: ProviderDay, as_of: datetime = SETTLED) -> None:
    """That the day is the company's truth: by person, and the invoice to the cent."""
    has_tokens = tool in {"cursor", "litellm"}
    expected = truth(tool, answer.day, as_of, has_tokens=has_tokens)
    invoice = COMPANY.tool_invoice(tool, answer.day, as_of).quantize(CENT)
    assert sums(answer, has_tokens=has_tokens) == expected
    assert sum((r.cost or Decimal(0) for r in answer.records), Decimal(0)).quantize(CENT) == invoice
    if answer.billed is not None:
        assert answer.billed.quantize(CENT) == invoice
        assert answer.unattributed == 0


@pytest.fixture(scope="module")
def bucket() -> Iterator[tuple[str, str]]:
    with kiro_bucket(COMPANY) as found:
        found.grow(COMPANY.settled_at)
        yield found.endpoint, kiro.STORE


def copilot_at(url: str) -> Copilot:
    config = {"token": GITHUB_TOKEN, "enterprise": ENTERPRISE, "base_url": url}
    price = OFFERS["copilot"].seat_dollars_a_month
    told = CopilotConfig.model_validate({**config, "seat_price_usd_month": price})
    return Copilot.from_config(told, retry=NO_RETRY)


def cursor_at(url: str) -> Cursor:
    price = OFFERS["cursor"].seat_dollars_a_month
    config = {"api_key": CURSOR_KEY, "base_url": url, "seat_price_usd_month": price}
    return Cursor.from_config(CursorConfig.model_validate(config), retry=NO_RETRY)


def litellm_at(url: str) -> LiteLLM:
    config = {"admin_key": LITELLM_KEY, "base_url": url}
    return LiteLLM.from_config(LiteLLMConfig.model_validate(config), retry=NO_RETRY)


def kiro_at(endpoint: str, store: str) -> Kiro:
    config = {
        "location": f"s3://{kiro.BUCKET}/{kiro.PREFIX}",
        "region": kiro.REGION,
        "endpoint_url": endpoint,
        "access_key_id": kiro.ACCESS_KEY,
        "secret_access_key": kiro.SECRET_KEY,
        "tier_prices_usd_month": {"PRO": OFFERS["kiro"].seat_dollars_a_month},
        "identity_store_id": store,
    }
    return Kiro.from_config(KiroConfig.model_validate(config), retry=NO_RETRY)


HTTP = {
    "copilot": (copilot_app, copilot_at),
    "cursor": (cursor_app, cursor_at),
    "litellm": (litellm_app, litellm_at),
}
every_http_tool = pytest.mark.parametrize("tool", HTTP)


@pytest.fixture
async def adapter_of(clock):
    """The real adapter of a tool, reading the stand-in over HTTP."""
    opened: list[Any] = []
    servers = []

    def open_(tool: str) -> Any:
        app, at = HTTP[tool]
        server = serving(app(COMPANY, now=clock.now))
        servers.append(server)
        opened.append(at(server.__enter__()))
        return opened[-1]

    yield open_
    for adapter in opened:
        await adapter.close()
    for server in servers:
        server.__exit__(None, None, None)


def course(tool: str, day: date) -> Any:
    return delivery_of(tool, day, COMPANY.seed, COMPANY.longest_revision_days, days_late=1)


def first_day(tool: str, fits: Callable[[Any], bool]) -> date:
    return next(day for day in DAYS if fits(course(tool, day)) and told_something(tool, day))


def told_something(tool: Any, day: date) -> bool:
    return bool(COMPANY.tool_facts(tool, day, SETTLED))


class TestTheAdapters:
    @every_http_tool
    async def test_read_the_truth_of_each_day(self, adapter_of, tool):
        adapter = adapter_of(tool)
        for day in (*DAYS[:8], DAYS[-1]):
            answer = await understood(adapter, day)
            assert answer.data_through == midnight(day + timedelta(days=1))
            assert_true(tool, answer)

    async def test_read_the_truth_of_each_day_from_a_bucket(self, bucket):
        adapter = kiro_at(*bucket)
        for day in DAYS[:8]:
            answer = await understood(adapter, day)
            assert answer.data_through == midnight(day + timedelta(days=1))
            assert_true("kiro", answer)
        await adapter.close()

    async def test_say_that_a_day_is_not_told_yet(self, adapter_of, bucket, clock):
        clock.time = midnight(TUESDAY)
        late = await understood(adapter_of("copilot"), MONDAY)
        bucketful = kiro_at(*bucket)
        later = await understood(bucketful, COMPANY.end)
        await bucketful.close()

        for answer, day in ((late, MONDAY), (later, COMPANY.end)):
            assert answer.records == ()
            assert answer.billed is None
            assert answer.data_through == midnight(day)

    async def test_read_what_is_there_of_a_day_that_comes_in_parts(self, adapter_of, clock):
        day = first_day("cursor", lambda c: c.first_seen_at < c.complete_at)
        adapter = adapter_of("cursor")

        clock.time = course("cursor", day).first_seen_at
        part = await understood(adapter, day)
        clock.time = course("cursor", day).complete_at
        whole = await understood(adapter, day)

        assert 0 < len(part.emails) <= len(whole.emails)
        assert_true("cursor", part, course("cursor", day).first_seen_at)
        assert_true("cursor", whole, clock.time)

    @pytest.mark.parametrize("tool", ["copilot", "cursor"])
    async def test_read_a_correction_when_it_was_made(self, adapter_of, clock, tool):
        day = first_day(tool, lambda c: c.revised_at is not None)
        adapter, revised_at = adapter_of(tool), course(tool, day).revised_at

        clock.time = revised_at - timedelta(minutes=1)
        before = await understood(adapter, day)
        clock.time = revised_at
        after = await understood(adapter, day)

        assert_true(tool, before, revised_at - timedelta(minutes=1))
        assert_true(tool, after)
        assert before != after


class TestKiro:
    @pytest.fixture
    def objects(self, bucket) -> dict[str, bytes]:
        store = boto3.client(
            "s3",
            endpoint_url=bucket[0],
            region_name=kiro.REGION,
            aws_access_key_id=kiro.ACCESS_KEY,
            aws_secret_access_key=kiro.SECRET_KEY,
        )
        listed = store.list_objects_v2(Bucket=kiro.BUCKET)["Contents"]
        keys = [each["Key"] for each in listed][:2]
        found = {k: store.get_object(Bucket=kiro.BUCKET, Key=k)["Body"].read() for k in keys}
        store.close()
        return found

    def test_writes_reports_as_they_are_published(self, objects):
        spec = json.loads(shared("specs/kiro-s3-reports.json").read_text())["user_report"]
        wanted = {"prefix": kiro.PREFIX, "accountId": r"\d{12}", "region": r"[a-z0-9-]+"}
        wanted |= {"yyyy": r"\d{4}", "MM": r"\d\d", "dd": r"\d\d", "ClientType": "[A-Z_]+"}
        wanted |= {"yyyyMMddHHmm": r"\d{12}"}
        key = re.sub(r"\{(\w+)\}", lambda found: wanted[found[1]], spec["key"].replace(".", r"\."))

        for name, content in objects.items():
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
            assert re.fullmatch(key, name)
            assert rows[0] == spec["columns"]
            for row in rows[1:]:
                for told, example in zip(row, spec["example_rows"][0], strict=True):
                    assert shape_of(told) == shape_of(example)

    async def test_every_user_has_an_address(self, bucket):
        adapter = kiro_at(*bucket)
        answer = await understood(adapter, MONDAY)
        await adapter.close()

        assert Counter(answer.emails.values()) == Counter(
            user.email for user in COMPANY.tool_users["kiro"]
        )


def shape_of(text: str) -> str:
    """What kind of a thing is written there."""
    kinds = {
        "number": r"\d+(\.\d+)?",
        "day": r"\d{4}-\d\d-\d\d",
        "flag": "true|false",
        "user": r"d-[0-9a-f]{10}\.[0-9a-f-]+",
        "arn": r"arn:aws:codewhisperer:.*:profile/[A-Z]+",
        "word": "[A-Z_]+",
    }
    return next(kind for kind, pattern in kinds.items() if re.fullmatch(pattern, text))
