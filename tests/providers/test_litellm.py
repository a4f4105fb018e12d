from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.domain.usage import CostBasis, ProviderDay, TokenUsage, UsageRecord
from bot.providers.litellm import ActivityPage, LiteLLM, UsersPage
from tests.providers.recorded import DAY, SECRET, Recorded, load_page, read_day, reading

SONNET, ASTRA = "claude-sonnet-5", "gpt-6-astra"
ANA, ANA_IDE, BEN, CI = (letter * 64 for letter in "abcd")
OWNED = {"user_id": "u-ana", "user_email": "ana@example.com"}
METRICS = {
    "spend": 1.5,
    "prompt_tokens": 10500,
    "completion_tokens": 900,
    "cache_read_input_tokens": 6000,
    "cache_creation_input_tokens": 200,
    "api_requests": 42,
}


def make_record(**changes) -> UsageRecord:
    record = {
        "provider": "litellm",
        "account": "u-ana",
        "day": DAY,
        "model": SONNET,
        "cost_basis": CostBasis.PROVIDER_ESTIMATE,
    }
    return UsageRecord(**(record | changes))


def make_tokens(uncached=0, read=0, written=0, output=0) -> TokenUsage:
    return TokenUsage(input_uncached=uncached, cache_read=read, cache_write=written, output=output)


def page_of(cells: dict, *, number: int = 1, entities: dict | None = None, **owner) -> dict:
    """*cells* are metrics by model and key; a model ``None`` is that of a tool."""
    models: dict = {}
    keys: dict = {}
    for (model, key), metrics in cells.items():
        known = keys.setdefault(key, {"metrics": dict.fromkeys(METRICS, 0), "metadata": owner})
        known["metrics"] = {name: known["metrics"][name] + metrics[name] for name in METRICS}
        if model:
            breakdown = models.setdefault(model, {"api_key_breakdown": {}})["api_key_breakdown"]
            breakdown[key] = {"metrics": metrics, "metadata": owner}
    breakdown = {"models": models, "api_keys": keys, "entities": entities or {}}
    return {
        "results": [{"date": f"{DAY}", "breakdown": breakdown}],
        "metadata": {"page": number, "has_more": False},
    }


def decoded(page: dict | str) -> ActivityPage:
    text = page if isinstance(page, str) else json.dumps(page)
    return msgspec.json.decode(text, type=ActivityPage)


def parse(*pages: dict) -> ProviderDay:
    return LiteLLM.parse(DAY, [decoded(page) for page in pages])


def one_record(**metrics) -> UsageRecord:
    [record] = parse(page_of({(SONNET, ANA): METRICS | metrics}, **OWNED)).records
    return record


async def test_the_recorded_day():
    assert await read_day(reading(LiteLLM, Recorded("litellm"))) == ProviderDay(
        provider="litellm",
        day=DAY,
        records=(
            make_record(
                account=CI,
                model=ASTRA,
                tokens=make_tokens(40000, output=1000),
                requests=9,
                cost=Decimal("1.5"),
            ),
            make_record(
                tokens=make_tokens(5500, 6000, 300, 970), requests=47, cost=Decimal("0.0724")
            ),
            make_record(
                account="u-ben", model=None, tokens=make_tokens(), requests=4, cost=Decimal("0.02")
            ),
            make_record(
                account="u-ben",
                model=ASTRA,
                tokens=make_tokens(1500, 500, output=300),
                requests=7,
                cost=Decimal("0.0009"),
            ),
        ),
        billed=None,
        data_through=datetime(2026, 11, 20, tzinfo=UTC),
        emails={"u-ana": "ana.ruiz@example.com", "u-ben": "ben@example.com"},
    )


class TestSpend:
    def test_is_dollars(self):
        assert one_record(spend=1.5).cost == Decimal("1.5")

    def test_is_an_estimate_and_on_no_bill(self):
        day = parse(page_of({(SONNET, ANA): METRICS}, **OWNED))

        assert [record.cost_basis for record in day.records] == [CostBasis.PROVIDER_ESTIMATE]
        assert (day.billed, day.unattributed) == (None, None)

    @pytest.mark.parametrize("told", ["0.30000000000000004", "1e-05", "12.50"])
    def test_is_read_to_the_last_digit(self, told):
        page = json.dumps(page_of({(SONNET, ANA): METRICS | {"spend": 77}}))

        [record] = LiteLLM.parse(DAY, [decoded(page.replace("77", told))]).records

        assert record.cost == Decimal(told)

    def test_of_floats_is_added_without_noise(self):
        pages = (
            page_of({(SONNET, ANA): METRICS | {"spend": 0.1}}, number=number, **OWNED)
            for number in (1, 2, 3)
        )

        assert [record.cost for record in parse(*pages).records] == [Decimal("0.3")]

    def test_that_cannot_be_one_is_refused_by_name(self):
        with pytest.raises(errors.SourceResponseError, match=r"litellm 2026-11-19: .*`spend`"):
            one_record(spend=1e30)


class TestTokens:
    def test_of_the_prompt_include_reads_and_writes_of_the_cache(self):
        assert one_record().tokens == make_tokens(4300, 6000, 200, 900)

    def test_of_a_prompt_smaller_than_its_cache_are_counted_apart(self):
        record = one_record(prompt_tokens=12, cache_read_input_tokens=2495)

        assert record.tokens == make_tokens(12, 2495, 200, 900)


class TestPages:
    """They are pages of the database's rows: what belongs together may be on several."""

    def test_of_the_same_day_are_added(self):
        rows = [
            page_of({(SONNET, ANA): METRICS}, number=1, **OWNED),
            page_of({(SONNET, ANA): METRICS | {"api_requests": 3}}, number=2, **OWNED),
        ]

        [record] = parse(*rows).records

        assert (record.requests, record.cost) == (45, Decimal(3))

    def test_that_are_sent_twice_count_once(self):
        page = page_of({(SONNET, ANA): METRICS}, **OWNED)

        assert parse(page, page) == parse(page)

    def test_of_another_day_are_refused(self):
        page = page_of({(SONNET, ANA): METRICS}, **OWNED)
        page["results"].append({**page["results"][0], "date": "2026-11-20"})

        with pytest.raises(errors.SourceResponseError, match="another day"):
            parse(page)

    async def test_are_followed_to_the_last(self):
        recorded = Recorded("litellm")

        await read_day(reading(LiteLLM, recorded))

        assert [str(r.url) for r in recorded.requests] == [
            f"http://127.0.0.1:4000/user/daily/activity"
            f"?start_date=2026-11-19&end_date=2026-11-19&page={page}&page_size=1000"
            for page in (1, 2)
        ] + [f"http://127.0.0.1:4000/user/list?page={page}&page_size=100" for page in (1, 2)]
        assert {r.headers["authorization"] for r in recorded.requests} == {f"Bearer {SECRET}"}

    async def test_of_a_quiet_day_say_that_nothing_was_used(self):
        quiet = {"results": [], "metadata": {"page": 1, "has_more": False}}

        day = await read_day(reading(LiteLLM, Recorded("litellm", activity_1=quiet)))

        assert day.records == ()
        assert day.data_through == datetime(2026, 11, 20, tzinfo=UTC)


class TestAccounts:
    def test_of_several_keys_are_their_user_s(self):
        page = page_of({(SONNET, ANA): METRICS, (SONNET, ANA_IDE): METRICS}, **OWNED)

        [record] = parse(page).records

        assert (record.account, record.requests) == ("u-ana", 84)

    def test_of_keys_that_are_no_user_s_are_the_key_s_hash(self):
        [record] = parse(page_of({(SONNET, CI): METRICS}, key_alias="ci")).records

        assert record.account == CI

    def test_without_a_key_are_unattributed(self):
        [record] = parse(page_of({(SONNET, ""): METRICS})).records

        assert record.account is None

    def test_in_older_versions_are_the_only_user_of_a_key(self):
        used = {"api_key_breakdown": {BEN: {"metrics": METRICS}}}
        shared = {"api_key_breakdown": {CI: {"metrics": METRICS}}}
        cells = {(SONNET, BEN): METRICS, (ASTRA, CI): METRICS}

        both = {"u-ben": {**used}, "u-ana": shared, "u-cleo": shared}
        day = parse(page_of(cells, entities=both))

        assert {record.account for record in day.records} == {"u-ben", CI}

    def test_are_not_the_place_for_what_is_no_user_s(self):
        nobody = {"Unassigned": {"api_key_breakdown": {CI: {"metrics": METRICS}}}}

        day = parse(page_of({(SONNET, CI): METRICS}, entities=nobody))

        assert {record.account for record in day.records} == {CI}
        assert day.emails == {}


class TestModels:
    def test_are_not_told_of_tools_which_cost_all_the_same(self):
        tool = dict.fromkeys(METRICS, 0) | {"spend": 0.02, "api_requests": 4}

        records = parse(page_of({(SONNET, ANA): METRICS, (None, ANA): tool}, **OWNED)).records

        assert [(r.model, r.requests, r.cost) for r in records] == [
            (None, 4, Decimal("0.02")),
            (SONNET, 42, Decimal("1.5")),
        ]

    def test_are_unknown_where_the_oldest_versions_tell_them_not_by_key(self):
        page = page_of({(SONNET, ANA): METRICS}, **OWNED)
        del page["results"][0]["breakdown"]["models"][SONNET]["api_key_breakdown"]

        [record] = parse(page).records

        assert (record.account, record.model, record.requests) == ("u-ana", None, 42)


class TestAddresses:
    async def test_are_not_asked_for_where_the_activity_names_them_all(self):
        named = page_of({(SONNET, ANA): METRICS}, **OWNED)
        recorded = Recorded("litellm", activity_1=named)

        day = await read_day(reading(LiteLLM, recorded))

        assert day.emails == {"u-ana": "ana@example.com"}
        assert len(recorded.requests) == 1

    async def test_of_the_list_go_before_an_id_that_looks_like_one(self):
        older = page_of({(SONNET, ANA): METRICS}, user_id="ana@old.example.com")
        users = {
            "users": [{"user_id": "ana@old.example.com", "user_email": "Ana@example.com"}],
            "page": 1,
            "total_pages": 1,
        }

        day = await read_day(reading(LiteLLM, Recorded("litellm", activity_1=older, list_1=users)))

        assert day.emails == {"ana@old.example.com": "ana@example.com"}

    def test_may_be_the_ids_themselves(self):
        day = parse(page_of({(SONNET, ANA): METRICS}, user_id="Ana@example.com"))

        assert day.emails == {"Ana@example.com": "ana@example.com"}


async def test_a_proxy_without_a_database_is_an_error():
    answer = httpx.Response(500, json={"detail": {"error": "DB not connected"}})

    with pytest.raises(errors.SourceUnavailableError, match="litellm 2026-11-19: "):
        await read_day(reading(LiteLLM, Recorded("litellm", activity_1=answer)))


def one_cell_each(pages: list[dict]) -> list[dict]:
    """The pages as pages of a single row of the database each."""
    rows = []
    for page in pages:
        breakdown = page["results"][0]["breakdown"]
        owners = {key: told["metadata"] for key, told in breakdown["api_keys"].items()}
        rest = {key: dict(told["metrics"]) for key, told in breakdown["api_keys"].items()}
        for model, told in breakdown["models"].items():
            for key, part in told["api_key_breakdown"].items():
                rows.append(((model, key), part["metrics"], owners[key]))
                rest[key] = {n: rest[key][n] - part["metrics"][n] for n in METRICS}
        rows += [((None, k), m, owners[k]) for k, m in rest.items() if m["api_requests"]]
    return [
        page_of({place: metrics}, number=number, **owner)
        for number, (place, metrics, owner) in enumerate(rows, 1)
    ]


@given(data=st.data())
def test_split_shuffled_and_repeated_pages_give_the_same_day(data):
    recorded = [load_page("litellm", f"activity_{number}") for number in (1, 2)]
    users = [
        msgspec.json.decode(json.dumps(load_page("litellm", f"list_{number}")), type=UsersPage)
        for number in (1, 2)
    ]
    whole = LiteLLM.parse(DAY, [*map(decoded, recorded), *users])

    single = [decoded(page) for page in one_cell_each(copy.deepcopy(recorded))]
    again = data.draw(st.lists(st.sampled_from([*single, *users]), max_size=5))

    assert LiteLLM.parse(DAY, data.draw(st.permutations([*single, *users, *again]))) == whole


amounts = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=9)


@given(st.lists(amounts, max_size=30))
def test_no_digit_of_an_amount_is_lost(spent):
    cells = {f"model-{i}": METRICS | {"spend": str(each)} for i, each in enumerate(spent)}
    page = page_of({})
    page["results"][0]["breakdown"]["models"] = {
        model: {"api_key_breakdown": {ANA: {"metrics": metrics}}}
        for model, metrics in cells.items()
    }

    assert sum((r.cost or 0 for r in parse(page).records), Decimal(0)) == sum(spent, Decimal(0))
