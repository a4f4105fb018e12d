from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bot import errors
from bot.domain.usage import (
    ChargeCategory,
    CostBasis,
    ProviderDay,
    SessionCount,
    TokenUsage,
    UsageRecord,
)
from bot.providers.cursor import Cursor
from bot.providers.cursor.pages import EventsPage, MembersPage, SeatPrice
from tests.providers.case import CASES
from tests.providers.recorded import DAY, Recorded, load_page, read_day, reading
from tests.shared_data import shared

START = 1795046400000
FIRST, SECOND = "filtered-usage-events_1", "filtered-usage-events_2"
DAILY = "daily-usage-data_1"
MEMBERS = load_page("cursor", "members")
EVENTS = [
    *load_page("cursor", FIRST)["usageEvents"],
    *load_page("cursor", SECOND)["usageEvents"][1:],
]
ANA, EVENT = "user_ana", EVENTS[0]


def make_record(**changes) -> UsageRecord:
    record = {
        "provider": "cursor",
        "account": ANA,
        "day": DAY,
        "model": "claude-4.5-sonnet",
        "cost_type": "Usage-based",
        "requests": 1,
        "cost_basis": CostBasis.BILLED,
    }
    return UsageRecord(**(record | changes))


def make_seat(account: str, cost: Decimal | None = Decimal("1.33333333")) -> UsageRecord:
    return make_record(
        account=account,
        model=None,
        cost_type="seat",
        charge_category=ChargeCategory.PURCHASE,
        requests=None,
        cost=cost,
        cost_basis=None if cost is None else CostBasis.BILLED,
    )


def make_tokens(uncached=0, read=0, written=0, output=0) -> TokenUsage:
    return TokenUsage(input_uncached=uncached, cache_read=read, cache_write=written, output=output)


def page_of(*events: dict, number: int = 1, more: bool = False) -> dict:
    pagination = {"currentPage": number, "hasNextPage": more}
    return {"usageEvents": list(events), "pagination": pagination, "totalUsageEventsCount": 9}


def event(**changes) -> dict:
    return {k: v for k, v in {**EVENT, **changes}.items() if v is not ...}


def parse(*pages: dict, members: dict = MEMBERS, price: str | None = None) -> ProviderDay:
    decoded = [msgspec.json.decode(json.dumps(page), type=EventsPage) for page in pages]
    listed = msgspec.json.decode(json.dumps(members), type=MembersPage)
    seat_price = SeatPrice(None if price is None else Decimal(price))
    return Cursor.parse(DAY, [*decoded, listed, seat_price])


def use_of(*events: dict, members: dict = MEMBERS) -> list[UsageRecord]:
    """Without the seats."""
    return [r for r in parse(page_of(*events), members=members).records if r.cost_type != "seat"]


async def test_the_recorded_day():
    assert await read_day(reading(Cursor, Recorded("cursor"))) == ProviderDay(
        provider="cursor",
        day=DAY,
        records=(
            make_record(
                account=None,
                model="bugbot",
                tokens=make_tokens(900, output=30),
                cost=Decimal("0.12"),
            ),
            make_seat("12345"),
            make_record(account="12345", model="auto", cost=Decimal("0.08")),
            make_record(
                account="12345",
                model="gpt-6-astra",
                cost_type="Errored, Not Charged",
                cost=Decimal(0),
            ),
            make_record(
                account="12345",
                model="gpt-6-astra",
                cost_type="Included in Business",
                tokens=make_tokens(2000, 1000, output=300),
                cost=Decimal(0),
            ),
            make_record(
                account="guest@example.com",
                model="composer-9",
                cost_type="Bonus round",
                tokens=make_tokens(7, output=8),
                cost=Decimal("0.015"),
            ),
            make_seat(ANA),
            make_record(
                tokens=make_tokens(136, 12364, 6112, 475), requests=3, cost=Decimal("0.2166232")
            ),
            make_record(
                account="user_cleo", tokens=make_tokens(50, output=60), cost=Decimal("0.0300001")
            ),
        ),
        billed=Decimal("3.12828996"),
        data_through=datetime(2026, 11, 20, tzinfo=UTC),
        emails={
            ANA: "ana@example.com",
            "12345": "ben@example.com",
            "user_cleo": "cleo@example.com",
            "user_dana": "dana@example.com",
            "guest@example.com": "guest@example.com",
        },
        sessions=(
            SessionCount(account="12345", tool="cursor", offered=12, accepted=3),
            SessionCount(account="guest@example.com", tool="cursor", offered=2, accepted=2),
            SessionCount(account=ANA, tool="cursor", offered=48, accepted=40),
        ),
    )


class TestAmounts:
    def test_are_fractional_cents(self):
        [record] = use_of(event(chargedCents=21.36232))

        assert record.cost == Decimal("0.2136232")

    def test_are_what_is_charged_and_not_what_the_model_cost(self):
        [record] = use_of(EVENT)

        assert EVENT["tokenUsage"]["totalCents"] == 20.18232
        assert record.cost == Decimal("0.2136232")

    def test_are_added_without_the_noise_of_floats(self):
        [record] = use_of(*(event(timestamp=str(START + i), chargedCents=0.1) for i in range(3)))

        assert record.cost == Decimal("0.003")

    def test_that_are_given_back_are_kept(self):
        [record] = use_of(event(chargedCents=-5))

        assert record.cost == Decimal("-0.05")

    @pytest.mark.parametrize("kind", ["Included in Business", "Something new"])
    def test_of_what_is_not_chargeable_are_covered_by_the_seat(self, kind):
        [record] = use_of(event(kind=kind, isChargeable=False, chargedCents=40.5))

        assert (record.cost, record.cost_basis) == (Decimal(0), CostBasis.BILLED)

    @pytest.mark.parametrize(
        "kind",
        [
            "Included in Pro",
            "USAGE_EVENT_KIND_INCLUDED_IN_BUSINESS",
            "Errored, Not Charged",
            "USAGE_EVENT_KIND_ERRORED_NOT_CHARGED",
        ],
    )
    def test_follow_the_kind_where_it_is_not_said_whether_they_are_charged(self, kind):
        [record] = use_of(event(kind=kind, isChargeable=..., chargedCents=40.5))

        assert (record.cost, record.cost_basis) == (Decimal(0), CostBasis.BILLED)

    def test_of_unknown_kinds_are_charged_and_kept_apart(self):
        records = use_of(EVENT, event(kind="Bonus round", isChargeable=...))

        assert [(r.cost_type, r.cost) for r in records] == [
            ("Bonus round", Decimal("0.2136232")),
            ("Usage-based", Decimal("0.2136232")),
        ]

    def test_that_are_not_told_are_unknown_and_not_zero(self):
        records = use_of(EVENT, event(timestamp=str(START), chargedCents=...))

        assert [(r.cost_type, r.requests, r.cost, r.cost_basis) for r in records] == [
            ("Usage-based", 1, Decimal("0.2136232"), CostBasis.BILLED),
            ("unpriced", 1, None, None),
        ]


class TestTokens:
    def test_of_the_input_exclude_the_cache(self):
        [record] = use_of(EVENT)

        assert record.tokens == make_tokens(126, 11964, 6112, 450)

    def test_that_are_left_out_are_zero(self):
        [record] = use_of(event(tokenUsage={"outputTokens": 20}))

        assert record.tokens == make_tokens(output=20)

    def test_of_calls_that_are_not_billed_by_token_are_unknown(self):
        [record] = use_of(event(tokenUsage=...))

        assert (record.tokens, record.requests) == (None, 1)


class TestTime:
    def test_is_text_of_milliseconds_in_utc(self):
        records = use_of(*(event(timestamp=str(START + ms)) for ms in (0, 86_399_999)))

        assert [record.requests for record in records] == [2]

    @pytest.mark.parametrize("ms", [-1, 86_400_001])
    def test_of_another_day_is_refused(self, ms):
        with pytest.raises(errors.SourceResponseError, match="another day"):
            use_of(event(timestamp=str(START + ms)))

    def test_in_seconds_is_refused(self):
        with pytest.raises(errors.SourceResponseError, match="another day"):
            use_of(event(timestamp=str(START // 1000)))

    def test_that_is_none_is_refused(self):
        with pytest.raises(errors.SourceResponseError, match=r"cursor 2026-11-19: .*`timestamp`"):
            use_of(event(timestamp="noon"))

    def test_at_the_very_end_belongs_to_the_next_day(self):
        assert use_of(event(timestamp=str(START + 86_400_000))) == []


class TestEvents:
    def test_that_come_again_on_a_later_page_count_once(self):
        """They are newest first: what comes in meanwhile moves the others on."""
        new = event(timestamp=str(START + 86_399_999), conversationId="c-new")
        before = [page_of(EVENTS[0], EVENTS[1], more=True), page_of(EVENTS[1], EVENTS[2], number=2)]

        assert parse(*before) == parse(page_of(*EVENTS[:3]))
        assert parse(*before, page_of(new)) == parse(page_of(*EVENTS[:3], new))

    @pytest.mark.parametrize(
        "change",
        [
            {"timestamp": str(START)},
            {"userEmail": "ben@example.com"},
            {"model": "auto"},
            {"kind": "Bonus round"},
            {"tokenUsage": {"outputTokens": 451}},
            {"chargedCents": 21.36233},
            {"requestsCosts": 4},
            {"conversationId": "c-9"},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_that_differ_in_anything_are_two(self, change):
        assert sum(record.requests for record in use_of(EVENT, event(**change))) == 2

    def test_leave_no_conversation_behind(self):
        told = event(conversationId="planted-conversation")

        assert "planted" not in repr(parse(page_of(told)))


class TestAccounts:
    def test_are_members_whatever_the_case_of_their_address(self):
        [record] = use_of(event(userEmail="ANA@example.com"))

        assert record.account == ANA

    def test_of_members_without_an_id_are_their_address(self):
        members = {"teamMembers": [{"email": "Ana@Example.com", "role": "member"}]}

        day = parse(page_of(EVENT), members=members)

        assert {record.account for record in day.records} == {"ana@example.com"}
        assert day.emails == {"ana@example.com": "ana@example.com"}

    def test_of_who_came_back_are_the_current_one(self):
        [ana, *_] = MEMBERS["teamMembers"]
        members = {"teamMembers": [ana, {**ana, "id": "user_old", "isRemoved": True}]}

        [record] = use_of(EVENT, members=members)

        assert record.account == ANA

    def test_of_nobody_are_none_even_beside_a_member_without_an_address(self):
        members = {"teamMembers": [{"id": "user_service", "email": "", "role": "member"}]}

        [record] = use_of(event(userEmail=""), members=members)

        assert record.account is None


class TestSeats:
    def test_are_those_of_paid_members_who_were_not_removed(self):
        assert parse(price="40").records == (make_seat("12345"), make_seat(ANA))

    def test_are_paid_for_members_without_an_address_too(self):
        members = {"teamMembers": [{"id": "user_service", "email": "", "role": "member"}]}

        assert parse(members=members, price="40").records == (make_seat("user_service"),)

    def test_without_a_price_are_unpriced_and_not_free(self):
        day = parse()

        assert day.records == (make_seat("12345", None), make_seat(ANA, None))
        assert day.billed == Decimal(0)

    def test_of_a_month_add_up_to_its_price(self):
        member = msgspec.convert({"teamMembers": MEMBERS["teamMembers"][:1]}, MembersPage)
        month = [
            Cursor.parse(date(2026, 11, number), [member, SeatPrice(Decimal(40))])
            for number in range(1, 31)
        ]

        assert sum(day.billed or 0 for day in month) == Decimal(40)


class TestQuestions:
    async def test_are_asked_with_the_key_as_the_user_s_name_and_no_password(self):
        recorded = Recorded("cursor")

        await read_day(reading(Cursor, recorded, api_key="key_1"))

        assert {r.headers["authorization"] for r in recorded.requests} == {"Basic a2V5XzE6"}

    async def test_are_about_a_fixed_day_in_milliseconds(self):
        recorded = Recorded("cursor")

        await read_day(reading(Cursor, recorded))

        span = {"startDate": START, "endDate": START + 86_400_000, "pageSize": 1000}
        assert [json.loads(r.content) for r in recorded.requests if r.content] == [
            {**span, "page": 1},
            {**span, "page": 2},
            {**span, "endDate": START + 86_399_999, "pageSize": 500, "page": 1},
        ]

    async def test_have_the_published_shape(self):
        recorded = Recorded("cursor")
        paths = json.loads(shared("specs/cursor-admin.openapi.json").read_text())["paths"]

        await read_day(reading(Cursor, recorded))

        for request in recorded.requests:
            if request.content:
                body = paths[request.url.path]["post"]["requestBody"]
                schema = body["content"]["application/json"]["schema"]
                Draft202012Validator(schema).validate(json.loads(request.content))

    @pytest.mark.parametrize(
        ("status", "expected"),
        [
            (401, errors.SourceUnauthorizedError),
            (403, errors.SourceForbiddenError),
            (404, errors.SourceNotFoundError),
        ],
    )
    async def test_that_the_plan_does_not_allow_are_an_error(self, status, expected):
        refused = {FIRST: httpx.Response(status, json={"error": "x", "message": "no"})}

        with pytest.raises(expected, match="cursor 2026-11-19: "):
            await read_day(reading(Cursor, Recorded("cursor", **refused)))

    async def test_that_are_answered_with_another_page_are_an_error(self):
        again = {SECOND: page_of(EVENT, number=1, more=True)}

        with pytest.raises(errors.SourceResponseError, match="paging loops"):
            await read_day(reading(Cursor, Recorded("cursor", **again)))

    async def test_whose_events_vanish_meanwhile_are_asked_another_time(self):
        fewer = {SECOND: {**load_page("cursor", SECOND), "totalUsageEventsCount": 8}}

        with pytest.raises(errors.SourceUnavailableError, match="vanished"):
            await read_day(reading(Cursor, Recorded("cursor", **fewer)))


class Team:
    """Cursor with pages of two, where something comes in after each page."""

    def __init__(self, events: list[dict], coming: list[dict]) -> None:
        self.events, self.coming = list(events), list(coming)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        match CASES["cursor"].page_name(request):
            case "members":
                return httpx.Response(200, json=MEMBERS)
            case name if name == DAILY:
                return httpx.Response(403)
        number = json.loads(request.content)["page"]
        rest = self.events[2 * (number - 1) :]
        page = page_of(*rest[:2], number=number, more=len(rest) > 2)
        page["totalUsageEventsCount"] = len(self.events)
        if self.coming:
            self.events.insert(0, self.coming.pop())
        return httpx.Response(200, json=page)


async def test_events_that_come_in_while_paging_take_nothing_away():
    day = await read_day(reading(Cursor, Team(EVENTS, []), seat_price_usd_month=None))
    grown = await read_day(reading(Cursor, Team(EVENTS[3:], EVENTS[:3]), seat_price_usd_month=None))

    late = {(r.account, r.model) for r in use_of(*EVENTS[:3])}
    assert {r for r in day.records if (r.account, r.model) not in late} == set(grown.records)
    assert day.billed == parse(page_of(*EVENTS)).billed


@given(data=st.data())
def test_split_shuffled_and_repeated_pages_give_the_same_day(data):
    cuts = data.draw(st.lists(st.lists(st.sampled_from(EVENTS)), max_size=5))
    single = [[each] for each in EVENTS]
    dealt = data.draw(st.permutations([*single, *cuts]))

    pages = [page_of(*copy.deepcopy(events)) for events in dealt]

    assert parse(*pages, price="40") == parse(page_of(*EVENTS), price="40")


cents = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=9)


@given(st.lists(cents, max_size=30))
def test_no_digit_of_an_amount_in_cents_is_lost(amounts):
    events = [event(timestamp=str(START + i), chargedCents=str(a)) for i, a in enumerate(amounts)]

    billed = parse(page_of(*events)).billed

    assert billed is not None
    assert billed * 100 == sum(amounts, Decimal(0))
