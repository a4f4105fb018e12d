"""What our adapters make of the stand-ins is what the company did."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import boto3
import pytest

from bot.domain.periods import midnight
from bot.http import Retry
from bot.playground.company import OFFERS
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
from bot.providers.litellm import Config as LiteLLMConfig
from bot.providers.litellm import LiteLLM
from bot.services.handover import understood
from tests.playground.tools.asking import COMPANY, MONDAY, SETTLED, TUESDAY, assert_true
from tests.shared_data import shared

DAYS = list(COMPANY.days)
NO_RETRY = Retry(attempts=1)


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
