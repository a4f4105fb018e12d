"""Windsurf: credits of two kinds, ACUs, and teams that this API does not serve."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.domain.usage import CostBasis, ProviderDay, UsageRecord
from bot.providers.windsurf import Answer, Page, Windsurf
from tests.providers.recorded import DAY, SECRET, Recorded, load_page, read_day, reading
from tests.providers.small_schemas import assert_agrees_with_its_schema


def make_record(account: str | None, kind: str | None, amount: str | None, **more) -> UsageRecord:
    record = {
        "provider": "windsurf",
        "account": account,
        "day": DAY,
        "model": "MODEL_ASTRA",
        "cost_type": kind,
        "currency": "USD" if amount is None else "credits:windsurf",
        "cost_basis": None if amount is None else CostBasis.BILLED,
        "foreign_cost": None if amount is None else Decimal(amount),
    }
    return UsageRecord(**(record | more))


async def day_of(config: dict | None = None, **instead) -> ProviderDay:
    return await read_day(reading(Windsurf, Recorded("windsurf", **instead), **(config or {})))


def only(**used) -> dict:
    """One user's consumption alone."""
    page = load_page("windsurf", "consumption")
    page["data"] = page["data"][:1]
    page["data"][0]["consumption"] = {"message_count": 8} | used
    page["pagination"] = {"next_page_cursor": None}
    return page


async def test_requests_and_pages_are_what_the_schema_says():
    await assert_agrees_with_its_schema("windsurf")


async def test_a_day_is_credits_by_user_model_and_kind():
    assert await day_of() == ProviderDay(
        provider="windsurf",
        day=DAY,
        records=(
            make_record(None, None, None, model=None, requests=2),
            make_record("user_ana", "flex_credits", "340"),
            make_record("user_ana", "prompt_credits", "1250", requests=87),
            make_record("user_ana", "prompt_credits", "0", requests=12, model="MODEL_FREE"),
            make_record("user_ben", "prompt_credits", "100.5", requests=9),
        ),
        billed=None,
        data_through=datetime(2026, 11, 20, tzinfo=UTC),
        emails={"user_ana": "ana.ruiz@example.com", "user_ben": "ben@example.com"},
    )


class TestCredits:
    async def test_are_never_dollars(self):
        day = await day_of({"usd_per_acu": "2"})

        assert {r.cost for r in day.records} == {None}

    async def test_of_two_kinds_count_their_messages_once(self):
        day = await day_of(consumption=only(prompt_credits=5, flex_credits=7))

        assert sum(r.requests or 0 for r in day.records) == 8


class TestAcus:
    async def test_are_a_currency_of_their_own(self):
        [record] = (await day_of(consumption=only(billed_acus=1.5))).records

        assert (record.currency, record.foreign_cost) == ("credits:devin", Decimal("1.5"))

    @pytest.mark.parametrize(("price", "cost"), [("2.25", "3.375"), ("0", "0")])
    async def test_are_dollars_at_the_contract_s_price(self, price, cost):
        day = await day_of({"usd_per_acu": price}, consumption=only(billed_acus=1.5))

        [record] = day.records
        assert (record.currency, record.cost, record.cost_basis) == (
            "USD",
            Decimal(cost),
            CostBasis.BILLED,
        )


class TestTeamsBilledByQuota:
    async def test_are_told_that_they_cannot_be_read(self):
        refusal = {"error": "QUOTA billing strategy is not yet supported by this endpoint"}

        with pytest.raises(errors.SourceRefusedError, match="billed by quota cannot be read"):
            await day_of(consumption=httpx.Response(400, json=refusal))

    async def test_are_not_taken_for_teams_without_consumption(self):
        refusal = {"error": "QUOTA billing strategy is not yet supported by this endpoint"}

        with pytest.raises(errors.SourceResponseError, match="`data`"):
            await day_of(consumption=refusal)


class TestAccounts:
    async def test_without_an_id_are_known_by_their_address(self):
        page = only(prompt_credits=5)
        page["data"][0]["user_id"] = None

        day = await day_of(consumption=page)

        assert [r.account for r in day.records] == ["ana.ruiz@example.com"]
        assert day.emails == {"ana.ruiz@example.com": "ana.ruiz@example.com"}


class TestDataThrough:
    @pytest.mark.parametrize(
        ("freshness", "through"),
        [
            ("2026-11-18T23:00:00.000Z", datetime(2026, 11, 19, tzinfo=UTC)),
            ("2026-11-19T22:00:00.000Z", datetime(2026, 11, 19, 22, tzinfo=UTC)),
            ("2026-11-20T04:00:00.000+01:00", datetime(2026, 11, 20, tzinfo=UTC)),
        ],
    )
    async def test_is_how_fresh_the_figures_are(self, freshness, through):
        page = only(prompt_credits=5)
        page["metadata"]["data_freshness"] = freshness

        assert (await day_of(consumption=page)).data_through == through


class TestRequests:
    async def test_follow_the_cursor_with_the_service_key(self):
        recorded = Recorded("windsurf")

        await read_day(reading(Windsurf, recorded))

        assert [r.url.params.get("page_cursor") for r in recorded.requests] == [None, "second"]
        assert {r.headers["authorization"] for r in recorded.requests} == {f"Bearer {SECRET}"}

    async def test_beyond_ten_an_hour_wait_for_the_next_try(self):
        asked = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(request)
            return httpx.Response(429, headers={"retry-after": "3000"})

        with pytest.raises(errors.SourceRateLimitedError):
            await read_day(reading(Windsurf, answer, attempts=5))

        assert len(asked) == 1


@given(data=st.data())
def test_split_shuffled_and_repeated_pages_give_the_same_day(data):
    recorded = [load_page("windsurf", name) for name in ("consumption", "consumption_second")]
    single = [{**page, "data": [row]} for page in recorded for row in page["data"]]
    again = data.draw(st.lists(st.sampled_from([*single, *recorded]), max_size=4))
    dealt = data.draw(st.permutations([*single, *again]))

    def parse(pages: list[dict]) -> ProviderDay:
        answers = [msgspec.json.decode(json.dumps(page), type=Answer) for page in pages]
        return Windsurf.parse(DAY, map(Page, answers))

    assert parse(dealt) == parse(recorded)
