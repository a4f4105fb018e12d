from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.domain.night import due_days
from bot.domain.usage import CostBasis, ProviderDay, TokenUsage, UsageRecord
from bot.providers.openrouter import Bill, MembersPage, OpenRouter, Use
from tests.providers.case import CASES
from tests.providers.recorded import DAY, SECRET, Recorded, load_page, read_day, reading

SONNET, ASTRA = "anthropic/claude-sonnet-5", "openai/gpt-6-astra"
EMAILS = {
    "user_ana": "ana.ruiz@example.com",
    "user_ben": "ben@example.com",
    "user_cleo": "cleo@example.com",
}
ITEM = {
    "date": f"{DAY}",
    "model": ASTRA,
    "usage": 0.015,
    "byok_usage_inference": 0,
    "requests": 5,
    "prompt_tokens": 50,
    "completion_tokens": 125,
    "reasoning_tokens": 25,
    "cached_tokens": 10,
}
page_name = CASES["openrouter"].page_name


def make_record(**changes) -> UsageRecord:
    record = {
        "provider": "openrouter",
        "account": "user_ana",
        "day": DAY,
        "model": SONNET,
        "cost_basis": CostBasis.BILLED,
    }
    return UsageRecord(**(record | changes))


def make_tokens(uncached=0, read=0, output=0, reasoning=None) -> TokenUsage:
    return TokenUsage(
        input_uncached=uncached, cache_read=read, cache_write=0, output=output, reasoning=reasoning
    )


def parse(*items: dict, bill: list[dict] | None = None) -> ProviderDay:
    whole = items if bill is None else bill
    return OpenRouter.parse(
        DAY,
        [
            msgspec.json.decode(msgspec.json.encode({"data": whole}), type=Bill),
            msgspec.json.decode(
                msgspec.json.encode({"account": "user_ana", "data": items}), type=Use
            ),
        ],
    )


def records_of(**changes) -> tuple[UsageRecord, ...]:
    return parse({k: v for k, v in {**ITEM, **changes}.items() if v is not ...}).records


async def test_the_recorded_day():
    assert await read_day(reading(OpenRouter, Recorded("openrouter"))) == ProviderDay(
        provider="openrouter",
        day=DAY,
        records=(
            make_record(tokens=make_tokens(5000, 1000, 1350, 250), requests=7, cost=Decimal("0.3")),
            make_record(
                account="user_ben",
                model=ASTRA,
                tokens=make_tokens(400, 0, 300, 100),
                requests=4,
                cost=Decimal("0.0006"),
            ),
            make_record(
                account="user_ben",
                model=ASTRA,
                cost_type="byok",
                cost=Decimal("0.012"),
                cost_basis=CostBasis.PROVIDER_ESTIMATE,
            ),
        ),
        billed=Decimal("0.3506"),
        data_through=datetime(2026, 11, 20, tzinfo=UTC),
        emails=EMAILS,
    )


class TestAmounts:
    def test_are_dollars(self):
        [record] = records_of(usage=0.015)

        assert (record.cost, record.cost_basis) == (Decimal("0.015"), CostBasis.BILLED)

    def test_by_a_company_s_own_key_are_an_estimate_and_not_on_the_bill(self):
        day = parse({**ITEM, "byok_usage_inference": 0.012})

        assert [(r.cost_type, r.cost, r.cost_basis) for r in day.records] == [
            (None, Decimal("0.015"), CostBasis.BILLED),
            ("byok", Decimal("0.012"), CostBasis.PROVIDER_ESTIMATE),
        ]
        assert (day.billed, day.unattributed) == (Decimal("0.015"), Decimal(0))

    async def test_that_no_member_has_are_unattributed(self):
        day = await read_day(reading(OpenRouter, Recorded("openrouter")))

        assert day.unattributed == Decimal("0.05")

    def test_are_added_without_the_noise_of_floats(self):
        items = ({**ITEM, "usage": 0.1, "endpoint_id": f"ep-{number}"} for number in range(3))

        assert parse(*items).billed == Decimal("0.3")


class TestTokens:
    def test_of_the_prompt_include_the_cache_and_of_the_answer_the_reasoning(self):
        [record] = records_of()

        assert record.tokens == make_tokens(40, 10, 125, 25)

    def test_of_a_prompt_smaller_than_its_cache_are_counted_apart(self):
        [record] = records_of(cached_tokens=60)

        assert record.tokens == make_tokens(50, 60, 125, 25)

    @pytest.mark.parametrize("missing", ["prompt_tokens", "completion_tokens"])
    def test_that_are_not_told_are_unknown(self, missing):
        [record] = records_of(**{missing: ...})

        assert record.tokens is None


class TestDays:
    @pytest.mark.parametrize("told", ["2026-11-18", "2026-11-20 00:00:00"])
    def test_of_others_are_refused(self, told):
        with pytest.raises(errors.SourceResponseError, match="another day"):
            records_of(date=told)

    @pytest.mark.parametrize("told", ["2026-11-19", "2026-11-19 00:00:00"])
    def test_may_be_told_with_a_time(self, told):
        assert records_of(date=told) == records_of()

    def test_that_are_asked_for_are_those_that_are_known_for_sure(self):
        """OpenRouter knows the thirty days before today, which is another day until 05:00."""
        now = datetime(2026, 11, 20, 5, tzinfo=UTC)

        due = due_days({}, now, OpenRouter.freshness, backfill_days=400)

        assert (due[0], due[-1]) == (date(2026, 10, 22), date(2026, 11, 19))
        assert due[-1] - due[0] == timedelta(days=28)


class TestMembers:
    async def test_are_asked_for_one_by_one_and_the_day_once_more(self):
        recorded = Recorded("openrouter")

        await read_day(reading(OpenRouter, recorded))

        assert [
            str(r.url).removeprefix("https://openrouter.ai/api/v1") for r in recorded.requests
        ] == [
            "/activity?date=2026-11-19",
            "/organization/members?offset=0&limit=100",
            "/activity?date=2026-11-19&user_id=user_ana",
            "/activity?date=2026-11-19&user_id=user_ben",
            "/organization/members?offset=2&limit=100",
            "/activity?date=2026-11-19&user_id=user_cleo",
        ]
        assert {r.headers["authorization"] for r in recorded.requests} == {f"Bearer {SECRET}"}

    @pytest.mark.parametrize("status", [403, 404])
    async def test_are_missing_where_an_account_is_no_organization_s(self, status):
        refused = {"members_0": httpx.Response(status)}

        day = await read_day(reading(OpenRouter, Recorded("openrouter", **refused)))

        assert {record.account for record in day.records} == {None}
        assert (day.billed, day.unattributed) == (Decimal("0.3506"), Decimal(0))

    async def test_that_are_refused_half_way_are_an_error(self):
        refused = {"members_2": httpx.Response(403)}

        with pytest.raises(errors.SourceForbiddenError):
            await read_day(reading(OpenRouter, Recorded("openrouter", **refused)))

    async def test_are_not_asked_for_on_a_day_without_use(self):
        recorded = Recorded("openrouter", activity={"data": []})

        day = await read_day(reading(OpenRouter, recorded))

        assert (day.records, day.billed, len(recorded.requests)) == ((), Decimal(0), 1)

    async def test_are_followed_until_there_are_no_more_where_they_are_not_counted(self):
        members = {
            "members_0": {"data": load_page("openrouter", "members_0")["data"]},
            "members_2": {"data": []},
        }

        day = await read_day(reading(OpenRouter, Recorded("openrouter", **members)))

        assert set(day.emails) == {"user_ana", "user_ben"}

    async def test_that_come_again_and_again_are_noticed(self):
        first = {"data": load_page("openrouter", "members_0")["data"]}

        with pytest.raises(errors.SourceResponseError, match="paging loops"):
            await read_day(reading(OpenRouter, Recorded("openrouter", members_2=first)))


class TestKeys:
    @pytest.mark.parametrize(
        ("status", "expected"),
        [(401, errors.SourceUnauthorizedError), (403, errors.SourceForbiddenError)],
    )
    async def test_of_the_wrong_kind_are_an_error(self, status, expected):
        refused = {"activity": httpx.Response(status, json={"error": {"code": status}})}

        with pytest.raises(expected, match="openrouter 2026-11-19: "):
            await read_day(reading(OpenRouter, Recorded("openrouter", **refused)))


def test_a_day_without_its_bill_is_refused():
    with pytest.raises(errors.SourceResponseError, match="openrouter 2026-11-19: "):
        OpenRouter.parse(DAY, [MembersPage(data=[])])


@given(data=st.data())
def test_shuffled_and_repeated_pages_give_the_same_day(data):
    def items(name: str) -> list:
        return msgspec.convert(load_page("openrouter", name), Bill, strict=False).data

    pages = [
        Bill(items("activity")),
        *(Use(account, items(f"activity_{account}")) for account in EMAILS),
        *(msgspec.convert(load_page("openrouter", f"members_{n}"), MembersPage) for n in (0, 2)),
    ]
    again = data.draw(st.lists(st.sampled_from(pages), max_size=5))
    dealt = data.draw(st.permutations([*pages, *again]))

    assert OpenRouter.parse(DAY, dealt) == OpenRouter.parse(DAY, pages)
