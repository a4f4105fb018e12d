from __future__ import annotations

import itertools
import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from bot import errors
from bot.domain.usage import (
    ChargeCategory,
    CostBasis,
    ProviderDay,
    SessionCount,
    UsageRecord,
)
from bot.http import Http, Retry
from bot.providers.copilot import DOWNLOAD_HOSTS, Config, Copilot, files, identities, pages
from bot.providers.copilot import _waits as waits
from tests.providers.case import CASES
from tests.providers.recorded import DAY, FIXTURES, SECRET, Recorded, load_page, read_day, reading
from tests.shared_data import shared

CASE = CASES["copilot"]
page_name = CASE.page_name

EMAILS = {"4001": "ana.ruiz@example.com", "4002": "ben@example.com"}
ORGANIZATION = {"enterprise": None, "organization": "octodemo"}
MEANWHILE = datetime(2026, 11, 19, tzinfo=UTC)


def make_record(**changes) -> UsageRecord:
    record = {
        "provider": "copilot",
        "account": None,
        "day": DAY,
        "product": "copilot",
        "cost_basis": CostBasis.BILLED if "cost" in changes else None,
    }
    return UsageRecord(**(record | changes))


def make_seat(account: str, cost: str | None = "0.7") -> UsageRecord:
    return make_record(
        account=account,
        cost_type="seat",
        charge_category=ChargeCategory.PURCHASE,
        cost=cost and Decimal(cost),
        cost_basis=cost and CostBasis.BILLED,
    )


def make_charge(account: str | None, model: str, cost: str, sku="copilot_ai_credit") -> UsageRecord:
    return make_record(account=account, model=model, cost_type=sku, cost=Decimal(cost))


CHARGED = (
    make_charge(None, "Claude Sonnet 5", "0.03", "coding_agent_ai_credit"),
    make_record(account="4001", requests=24),
    make_seat("4001"),
    make_charge("4001", "Claude Sonnet 5", "1.329"),
    make_charge("4001", "GPT-6 Astra", "0.5", "coding_agent_ai_credit"),
    make_record(account="4002", requests=7),
    make_seat("4002"),
    make_charge("4002", "GPT-6 Astra", "0"),
    make_record(account="4003", requests=0),
    make_seat("4003"),
    make_charge("4003", "Claude Sonnet 5", "0.125"),
    make_charge("login:dana-left", "Claude Sonnet 5", "0.01"),
)


SUGGESTIONS = tuple(
    SessionCount(account=account, tool="copilot", offered=25, accepted=24)
    for account in ("4001", "4002", "4003")
)


def text_of(name: str) -> bytes:
    return (FIXTURES / "copilot" / name).read_bytes()


def lines_of(*rows: dict[str, Any]) -> httpx.Response:
    """A report file with these in place of the first recorded line's fields."""
    first = json.loads(text_of("part-1.ndjson").splitlines()[0])
    return httpx.Response(200, text="".join(json.dumps(first | row) + "\n" for row in rows))


def csv_of(*rows: dict[str, str]) -> httpx.Response:
    first = {"date": "2026-11-19", "username": "ana-ruiz", "net_amount": "1"}
    names = list(first | (rows[0] if rows else {}))
    lines = [names, *([(first | row)[name] for name in names] for row in rows)]
    return httpx.Response(200, text="\n".join(",".join(line) for line in lines))


async def day_of(day: date = DAY, *, config: Any = (), **instead) -> ProviderDay:
    recorded = Recorded("copilot", **{name.replace("_", "-"): a for name, a in instead.items()})
    recorded.instead |= instead
    return await read_day(reading(Copilot, recorded, **dict(config)), day)


async def requests_of(**config: Any) -> list[httpx.Request]:
    recorded = Recorded("copilot")
    await read_day(reading(Copilot, recorded, **config))
    return recorded.requests


def cost_of(day: ProviderDay, account: str | None) -> list[Decimal | None]:
    return [r.cost for r in day.records if r.account == account]


class TestExportedCharges:
    async def test_are_the_recorded_day_s_records(self):
        assert await day_of() == ProviderDay(
            provider="copilot",
            day=DAY,
            records=CHARGED,
            billed=Decimal("4.094"),
            data_through=datetime(2026, 11, 20, tzinfo=UTC),
            emails=EMAILS,
            sessions=SUGGESTIONS,
        )

    async def test_are_dollars_and_not_credits_or_cents(self):
        day = await day_of(ai_credit=csv_of({"net_amount": "1.229", "quantity": "351.13"}))

        assert Decimal("1.229") in cost_of(day, "4001")

    async def test_are_what_is_left_after_the_discount_of_the_plan(self):
        day = await day_of()

        assert Decimal("1.329") in cost_of(day, "4001")  # of 3.6113 gross
        assert Decimal(0) in cost_of(day, "4002")  # of 2 gross

    async def test_add_up_with_seats_to_the_bill_to_the_cent(self):
        day = await day_of()

        assert (day.billed, day.unattributed) == (Decimal("4.094"), Decimal(0))

    async def test_of_a_renamed_user_are_found_by_the_login_of_that_day(self):
        assert Decimal("0.125") in cost_of(await day_of(), "4003")

    async def test_of_a_login_that_nobody_knows_keep_the_login(self):
        assert cost_of(await day_of(), "login:dana-left") == [Decimal("0.01")]

    async def test_of_nobody_are_unattributed(self):
        assert cost_of(await day_of(), None) == [Decimal("0.03")]

    async def test_are_the_money_whatever_credits_the_report_tells(self):
        day = await day_of()

        assert {r.cost_basis for r in day.records} == {CostBasis.BILLED, None}

    async def test_keep_negative_amounts(self):
        day = await day_of(ai_credit=csv_of({"net_amount": "-0.25"}))

        assert Decimal("-0.25") in cost_of(day, "4001")
        assert day.oddities == ("negative amounts of use: 1",)

    async def test_may_be_none(self):
        day = await day_of(ai_credit=csv_of())

        assert day.billed == Decimal("2.1")

    async def test_come_with_a_byte_order_mark_quotes_and_any_order_of_columns(self):
        text = '\ufeffNET AMOUNT,"Username",more,Date\r\n"0.5","ben-ito","a,b",2026-11-19\r\n'

        day = await day_of(ai_credit=httpx.Response(200, text=text))

        charge = next(r for r in day.records if r.cost_type == "ai_credit")
        assert (charge.account, charge.cost) == ("4002", Decimal("0.5"))

    async def test_of_two_rows_that_look_alike_count_twice(self):
        """A file is whole as it is: the same charge may well be told twice."""
        day = await day_of(ai_credit=csv_of({}, {}))

        assert Decimal(2) in cost_of(day, "4001")

    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            ({"net_amount": "=1+1"}, "line 2: column net_amount is a formula"),
            ({"net_amount": "@SUM(A1)"}, "line 2: column net_amount is not a number"),
            ({"net_amount": ""}, "line 2: column net_amount is empty"),
            ({"net_amount": "1e30"}, "line 2: column net_amount is an amount that cannot be one"),
            ({"net_amount": "NaN"}, "line 2: column net_amount is not a number"),
            ({"date": ""}, "line 2: column date is empty"),
            ({"date": "11/19/2026"}, "line 2: column date is not a day"),
            ({"date": "2026-11-18"}, "the answer is about another day"),
            ({"username": '"ana'}, "line 2: quotes"),
            ({"username": "=cmd"}, "line 2: column username is a formula"),
        ],
    )
    async def test_that_cannot_be_are_refused_with_their_line(self, row, problem):
        with pytest.raises(errors.SourceResponseError, match="copilot 2026-11-19: .*" + problem):
            await day_of(ai_credit=csv_of(row))

    async def test_without_a_column_that_counts_are_refused(self):
        with pytest.raises(errors.SourceResponseError, match=r"ai_credit\.csv: .*net_amount"):
            await day_of(ai_credit=httpx.Response(200, text="date,username\n2026-11-19,ana\n"))

    async def test_wait_until_the_export_is_done(self):
        statuses = iter(["processing", "queued", "completed"])
        recorded = Recorded("copilot")

        def answer(request: httpx.Request) -> httpx.Response:
            if page_name(request) != "report":
                return recorded(request)
            page = load_page("copilot", "report")
            return httpx.Response(200, json=page | {"status": next(statuses)})

        assert (await read_day(reading(Copilot, answer))).billed == Decimal("4.094")
        assert next(statuses, "asked no more") == "asked no more"

    @pytest.mark.parametrize(
        ("status", "problem"), [("processing", "is not ready yet"), ("failed", "has failed")]
    )
    async def test_that_do_not_come_are_left_to_the_next_try(self, status, problem):
        page = load_page("copilot", "report") | {"status": status}

        with pytest.raises(errors.SourceUnavailableError, match=f"the export {problem}"):
            await day_of(report=page)

    def test_are_waited_for_as_long_as_a_request_is_tried(self):
        asked = list(waits(Retry()))

        assert asked[:4] == [1, 2, 4, 8]
        assert 900 <= sum(asked) < 1000
        assert len(list(waits(Retry(first_wait=0)))) == 30

    async def test_come_in_one_file_or_several(self):
        text = text_of("ai_credit.csv").decode()
        head, *rows = text.splitlines(keepends=True)
        urls = [f"https://api.github.com/exports/{name}.csv" for name in ("one", "two")]
        report = load_page("copilot", "report") | {"download_urls": urls}

        day = await day_of(
            report=report,
            one=httpx.Response(200, text=head + "".join(rows[:3])),
            two=httpx.Response(200, text=head + "".join(rows[3:])),
        )

        assert day.records == CHARGED


class TestChargesPerUser:
    async def test_are_asked_for_user_by_user_and_the_total_is_the_bill(self):
        day = await day_of(config=ORGANIZATION, graphql={"data": {"owner": None}})

        assert [r for r in day.records if r.cost_type == "copilot_ai_credit"] == [
            make_charge("4001", "Claude Sonnet 5", "1.229"),
            make_charge("4003", "Claude Sonnet 5", "0.125"),
        ]
        assert (day.billed, day.unattributed) == (Decimal("3.8177"), Decimal("0.3637"))
        assert "provider_estimate" not in {r.cost_basis for r in day.records}

    async def test_ask_for_nobody_where_there_is_nothing_to_pay(self):
        recorded = Recorded("copilot", usage=load_page("copilot", "usage") | {"usageItems": []})

        day = await read_day(reading(Copilot, recorded, **ORGANIZATION))

        assert [r.url.params["user"] for r in recorded.requests if "user" in r.url.params] == []
        assert (day.billed, cost_of(day, "4001")) == (Decimal("2.1"), [None, Decimal("0.7")])

    async def test_ask_once_for_whoever_is_in_the_report_or_was_active_since(self):
        asked = [r.url.params.get("user") for r in await requests_of(**ORGANIZATION)]

        assert [user for user in asked if user] == ["ana-ruiz", "ben-ito", "cy-old"]

    async def test_ask_for_a_bounded_number_of_users(self):
        many = [{"user_id": n, "user_login": f"user-{n}"} for n in range(1100)]
        empty = load_page("copilot", "usage_of_ben-ito")
        asked = []

        def answer(request: httpx.Request) -> httpx.Response:
            match page_name(request):
                case "part-1":
                    return lines_of(*many)
                case name if name.startswith("usage_of"):
                    asked.append(name)
                    return httpx.Response(200, json=empty)
            return Recorded("copilot")(request)

        day = await read_day(reading(Copilot, answer, **ORGANIZATION))

        assert len(asked) == 1000
        # What others used is estimated, and what they are charged is nobody's on the bill.
        estimates = [r for r in day.records if r.cost_basis == "provider_estimate"]
        assert len(estimates) == 101  # and cy-old

    async def test_of_a_user_who_has_left_stay_unattributed(self):
        day = await day_of(config=ORGANIZATION, **{"usage_of_cy-old": httpx.Response(404)})

        assert day.unattributed == Decimal("0.4887")

    async def test_work_for_an_enterprise_too(self):
        config = {"billing": "per_user"}

        assert (await day_of(config=config)).billed == Decimal("3.8177")

    @pytest.mark.parametrize("amount", ["1e30", '"NaN"', "1e400"])
    async def test_that_cannot_be_amounts_are_refused(self, amount):
        text = json.dumps(load_page("copilot", "usage")).replace("1.7177", amount)

        with pytest.raises(errors.SourceResponseError):
            await day_of(config=ORGANIZATION, usage=httpx.Response(200, text=text))

    async def test_are_read_to_the_last_digit(self):
        text = json.dumps(load_page("copilot", "usage")).replace("1.7177", "0.10000000000000000001")

        day = await day_of(config=ORGANIZATION, usage=httpx.Response(200, text=text))

        assert day.billed == Decimal("2.20000000000000000001")

    @pytest.mark.parametrize("period", [{"day": 18}, {"day": None}, {"year": 2025}])
    async def test_of_another_day_or_a_whole_month_are_refused(self, period):
        page = load_page("copilot", "usage")
        page["timePeriod"] |= period

        with pytest.raises(errors.SourceResponseError, match="another day"):
            await day_of(config=ORGANIZATION, usage=page)

    async def test_that_may_not_be_read_are_an_error_and_no_estimate(self):
        with pytest.raises(errors.SourceForbiddenError):
            await day_of(config=ORGANIZATION, usage=httpx.Response(403))


UNBILLED = {"billing": "none", "seat_price_usd_month": None}


class TestEstimates:
    async def test_are_a_cent_a_credit_where_no_billing_is_read(self):
        day = await day_of(config=UNBILLED)

        ana = next(r for r in day.records if r.account == "4001" and r.requests is not None)
        assert (ana.cost, ana.cost_basis) == (Decimal("3.5113"), CostBasis.PROVIDER_ESTIMATE)
        assert day.billed is None

    async def test_are_unknown_and_not_zero_for_days_without_credits(self):
        day = await day_of(config=UNBILLED)

        ben = next(r for r in day.records if r.account == "4002" and r.requests is not None)
        assert (ben.cost, ben.cost_basis) == (None, None)

    async def test_of_nothing_are_zero(self):
        day = await day_of(config=UNBILLED, **{"part-1": lines_of({"ai_credits_used": 0})})

        assert Decimal(0) in cost_of(day, "4001")

    async def test_are_not_on_the_bill_that_seats_are_on(self):
        day = await day_of(config={"billing": "none"})

        assert (day.billed, day.unattributed) == (Decimal("2.1"), Decimal(0))

    @pytest.mark.parametrize("credits_used", ["1e30", '"Infinity"'])
    async def test_that_cannot_be_are_refused(self, credits_used):
        text = text_of("part-1.ndjson").decode().replace("351.13", credits_used)

        with pytest.raises(errors.SourceResponseError, match="line 1"):
            await day_of(**{"part-1": httpx.Response(200, text=text)})


class TestReports:
    async def test_give_no_tokens_for_what_the_prompts_hold_is_not_known(self):
        assert {r.tokens for r in (await day_of()).records} == {None}

    @pytest.mark.parametrize(
        "answer",
        [
            pytest.param(httpx.Response(204), id="204"),
            pytest.param(httpx.Response(404), id="404"),
            pytest.param(httpx.Response(200, json=""), id="200-with-an-empty-text"),
        ],
    )
    async def test_that_are_not_there_yet_leave_the_day_incomplete_and_not_zero(self, answer):
        day = await day_of(users_1_day=answer)

        assert day == ProviderDay(
            provider="copilot", day=DAY, records=(), billed=None, data_through=MEANWHILE
        )

    async def test_without_an_organization_are_an_error_and_not_late(self):
        with pytest.raises(errors.SourceNotFoundError):
            await day_of(seats=httpx.Response(404), users_1_day=httpx.Response(404))

    async def test_without_a_file_are_of_a_day_on_which_nobody_did_anything(self):
        links = load_page("copilot", "users-1-day") | {"download_links": []}

        day = await day_of(users_1_day=links)

        assert day.data_through == datetime(2026, 11, 20, tzinfo=UTC)
        assert {r.requests for r in day.records} == {None}

    @pytest.mark.parametrize(
        "shape",
        [
            pytest.param(lambda a, b: f"{a}\n{b}\n", id="ndjson"),
            pytest.param(lambda a, b: f"\ufeff{a}\r\n\r\n{b}", id="windows-with-blank-lines"),
            pytest.param(lambda a, b: f'{{"day_totals": [{a}, {b}]}}', id="day_totals"),
            pytest.param(lambda a, b: f'{{"user_totals": [{a}, {b}]}}', id="user_totals"),
            pytest.param(lambda a, b: f"[{a}, {b}]", id="array"),
            pytest.param(lambda a, b: f'[{{"day_totals": [{a}]}}, {b}]', id="array-of-both"),
            pytest.param(
                lambda a, b: json.dumps({"day_totals": [json.loads(a), json.loads(b)]}, indent=2),
                id="over-many-lines",
            ),
            pytest.param(
                lambda a, b: f'{{"day_totals": [{a}]}}\n{{"day_totals": [{b}]}}', id="each-wrapped"
            ),
            pytest.param(
                lambda a, b: (
                    f'{{"day": "2026-11-19", "user_totals": [{undated(a)}, {undated(b)}]}}'
                ),
                id="dated-once",
            ),
            pytest.param(
                lambda a, b: f'{{"day_totals": [{{"user_totals": [{a}]}}, {b}]}}', id="deeper"
            ),
        ],
    )
    async def test_are_ndjson_or_wrapped_in_one_document(self, shape):
        first, second = text_of("part-1.ndjson").decode().splitlines()

        day = await day_of(**{"part-1": httpx.Response(200, text=shape(first, second))})

        assert day.records == CHARGED

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({"day": None}, r"line 1: Object missing required field `day`"),
            ({"user_id": None}, r"line 1: Object missing required field `user_id`"),
            ({"user_login": None}, r"line 1: Object missing required field `user_login`"),
            (
                {"user_id": "4001"},
                r"line 1: Expected `int \| null`, got `str` - at `\$\[0\]\.user_id`",
            ),
            ({"day": "2026-11-18"}, "the answer is about another day"),
            ({"day": "2026-11-20"}, "the answer is about another day"),
            ({"day": "yesterday"}, r"line 1: Invalid .*day"),
        ],
    )
    async def test_with_a_line_that_cannot_be_fail_the_day(self, changes, problem):
        with pytest.raises(errors.SourceResponseError, match="copilot 2026-11-19: .*" + problem):
            await day_of(**{"part-1": lines_of(changes, {"user_id": 1})})

    @pytest.mark.parametrize(
        "bad", [b'{"day": ', b"<html>", b'{"x": "caf\xe9"}', b"\0", b'{"x":' + b"[" * 100_000]
    )
    async def test_name_the_line_that_is_not_json(self, bad):
        content = text_of("part-1.ndjson") + b"\n" + bad

        with pytest.raises(
            errors.SourceResponseError, match="users-1-day, line 4: the line is not"
        ):
            await day_of(**{"part-1": httpx.Response(200, content=content)})

    async def test_say_the_same_of_a_user_twice_and_count_it_once(self):
        twice = text_of("part-1.ndjson") * 2

        assert (await day_of(**{"part-1": httpx.Response(200, content=twice)})).records == CHARGED

    async def test_leave_out_prompts_that_they_volunteer(self):
        day = await day_of(**{"part-1": lines_of({"prompt": "a-planted-prompt"})})

        assert "a-planted-prompt" not in repr(day)
        assert "a-planted-prompt" not in repr(
            files.read_report(lines_of({"prompt": "a-planted-prompt"}).content)
        )


def undated(line: str) -> str:
    return json.dumps({k: v for k, v in json.loads(line).items() if k != "day"})


class TestSuggestions:
    """What was offered and accepted of code, told of each user by the report."""

    async def test_are_each_user_s(self):
        assert (await day_of()).sessions == SUGGESTIONS

    @pytest.mark.parametrize("name", ["code_generation", "code_acceptance"])
    async def test_that_are_not_told_are_not_known(self, name):
        report = lines_of({f"{name}_activity_count": None})
        day = await day_of(part_1=report, part_2=lines_of())

        [count] = day.sessions
        assert [count.offered, count.accepted].count(None) == 1

    async def test_of_a_report_that_tells_none_are_none(self):
        nothing = {"code_generation_activity_count": None, "code_acceptance_activity_count": None}

        assert (await day_of(part_1=lines_of(nothing), part_2=lines_of())).sessions == ()

    async def test_are_no_session_and_no_commit(self):
        """Copilot counts neither, and nothing is made of what it does not tell."""
        counts = {(c.sessions, c.commits, c.pull_requests) for c in (await day_of()).sessions}

        assert counts == {(None, None, None)}


class TestDownloads:
    LINK = "https://copilot-reports-production-1.b01.azurefd.net/part-1.ndjson?sig=a%2Bsecret%3D"

    def links(self, *links: str) -> dict[str, Any]:
        return load_page("copilot", "users-1-day") | {"download_links": [*links]}

    async def test_come_from_github_s_own_hosts_without_the_token(self):
        recorded = Recorded("copilot", **{"users-1-day": self.links(self.LINK)})

        async def resolve(host: str) -> list[str]:
            return ["93.184.215.14"]

        connect = partial(Http, transport=httpx.MockTransport(recorded), resolve=resolve)
        config = Config(**CASE.config)
        day = await read_day(
            Copilot.from_config(config, retry=Retry(attempts=1, first_wait=0), connect=connect)
        )

        download = next(r for r in recorded.requests if page_name(r) == "part-1")
        assert download.headers["host"] == "copilot-reports-production-1.b01.azurefd.net"
        assert "authorization" not in download.headers
        assert {r.account for r in day.records if r.requests} == {"4001", "4002"}

    @pytest.mark.parametrize(
        "link",
        [
            "https://evil.example.org/part-1.ndjson",
            "https://127.0.0.1/part-1.ndjson",
            "http://api.github.com/part-1.ndjson",
            "https://copilot-reports-a.evil.b01.azurefd.net/part-1.ndjson",
            "https://api.github.com@evil.example.org/part-1.ndjson",
        ],
    )
    async def test_come_from_nowhere_else(self, link):
        recorded = Recorded("copilot", **{"users-1-day": self.links(link)})

        with pytest.raises(errors.SourceUnsafeLinkError, match="copilot 2026-11-19: ") as caught:
            await read_day(reading(Copilot, recorded))

        assert "part-1" not in str(caught.value)
        assert not [r for r in recorded.requests if page_name(r) == "part-1"]

    async def test_with_an_expired_link_get_new_ones(self):
        recorded = Recorded("copilot")
        expired = iter([httpx.Response(403)])

        def answer(request: httpx.Request) -> httpx.Response:
            if page_name(request) == "part-2" and (first := next(expired, None)):
                return first
            return recorded(request)

        assert (await read_day(reading(Copilot, answer))).records == CHARGED
        asked = [page_name(request) for request in recorded.requests]
        assert asked.count("users-1-day") == 2

    @pytest.mark.parametrize("name", ["part-1", "ai_credit"])
    @pytest.mark.parametrize("status", [403, 404, 410])
    async def test_that_stay_expired_are_told_without_the_link(self, name, status):
        with pytest.raises(errors.SourceExpiredLinkError, match="has expired") as caught:
            await day_of(**{name: httpx.Response(status)})

        assert "secret" not in str(caught.value)

    async def test_have_the_hosts_that_github_names_by_default(self):
        assert Config(**CASE.config).download_hosts == DOWNLOAD_HOSTS
        assert "copilot-reports-*.b01.azurefd.net" in DOWNLOAD_HOSTS


class TestSeats:
    async def test_cost_the_day_s_share_of_the_month_and_are_no_use(self):
        day = await day_of()

        seats = [r for r in day.records if r.charge_category is ChargeCategory.PURCHASE]
        assert seats == [make_seat("4001"), make_seat("4002"), make_seat("4003")]

    async def test_of_one_user_in_several_organizations_count_once(self):
        assert cost_of(await day_of(), "4001").count(Decimal("0.7")) == 1

    async def test_count_from_the_utc_day_they_were_given_until_the_one_they_end(self):
        days = {d: (await self.seats_on(d)) for d in (18, 19, 20)}

        assert days == {
            18: ["4001", "4003", "4005"],
            19: ["4001", "4002", "4003"],
            20: ["4001", "4002", "4003", "4004"],
        }

    async def seats_on(self, number: int) -> list[str | None]:
        day = date(2026, 11, number)
        terms = pages.Terms("none", Decimal(21))
        seats = decoded("seats", pages.SeatsPage)
        told = Copilot.parse(day, [terms, seats, pages.Reported(day)])
        return [record.account for record in told.records]

    async def test_without_a_price_are_unpriced_and_not_free(self):
        day = await day_of(config={"seat_price_usd_month": None})

        seats = [r for r in day.records if r.cost_type == "seat"]
        assert seats == [make_seat(account, None) for account in ("4001", "4002", "4003")]
        assert day.billed == Decimal("1.994")

    async def test_of_nobody_are_unattributed_and_each_count(self):
        page = load_page("copilot", "seats")
        for seat in page["seats"][:3]:
            seat["assignee"] = None

        day = await day_of(seats=page)

        assert Decimal("2.1") in cost_of(day, None)

    async def test_add_up_to_the_price_over_the_month(self):
        terms, seats = (
            pages.Terms("none", Decimal("19.99")),
            decoded("seats", pages.SeatsPage),
        )
        november = [date(2026, 11, 1) + timedelta(days=n) for n in range(30)]

        ana = [
            record.cost
            for day in november
            for record in Copilot.parse(day, [terms, seats, pages.Reported(day)]).records
            if record.account == "4001"
        ]

        assert sum(ana) == Decimal("19.99")

    async def test_are_read_page_by_page_although_users_are_counted_once(self):
        """Five users have six seats: five rows are not all."""
        whole = load_page("copilot", "seats")["seats"]
        asked = []

        def answer(request: httpx.Request) -> httpx.Response:
            if page_name(request) != "seats":
                return Recorded("copilot")(request)
            number = int(request.url.params["page"])
            asked.append((number, request.url.params["per_page"]))
            rows = whole[(number - 1) * 2 : number * 2]
            return httpx.Response(200, json={"total_seats": 5, "seats": rows})

        assert (await read_day(reading(Copilot, answer))).records == CHARGED
        assert asked == [(1, "100"), (2, "100"), (3, "100")]

    async def test_that_became_fewer_while_reading_end_at_the_empty_page(self):
        def answer(request: httpx.Request) -> httpx.Response:
            if page_name(request) != "seats":
                return Recorded("copilot")(request)
            seats = (
                load_page("copilot", "seats")["seats"] if request.url.params["page"] == "1" else []
            )
            return httpx.Response(200, json={"total_seats": 9, "seats": seats})

        assert (await read_day(reading(Copilot, answer))).records == CHARGED


def decoded(name: str, into: type) -> Any:
    return msgspec.json.decode(text_of(f"{name}.json"), type=into)


class TestAddresses:
    async def test_are_those_of_single_sign_on_in_lower_case(self):
        assert (await day_of()).emails == EMAILS

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(403),
            httpx.Response(404),
            httpx.Response(400),
            httpx.Response(200, json={"data": {"owner": None}, "errors": [{"type": "FORBIDDEN"}]}),
            httpx.Response(200, json={"data": None, "errors": [{"message": "no"}]}),
            httpx.Response(200, json={"errors": [{"type": "INSUFFICIENT_SCOPES"}]}),
            httpx.Response(200, json={"data": {"owner": {"ownerInfo": None}}}),
            httpx.Response(200, json={"data": {"owner": {"samlIdentityProvider": None}}}),
        ],
    )
    async def test_are_unknown_where_they_may_not_be_read(self, answer):
        day = await day_of(graphql=answer)

        assert (day.records, day.emails) == (CHARGED, {})

    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            (httpx.Response(503), errors.SourceUnavailableError),
            (
                httpx.Response(200, json={"data": None, "errors": [{"type": "RATE_LIMITED"}]}),
                errors.SourceRateLimitedError,
            ),
        ],
    )
    async def test_that_cannot_be_read_now_are_asked_for_later(self, answer, expected):
        with pytest.raises(expected):
            await day_of(graphql=answer)

    @pytest.mark.parametrize("config", [{}, ORGANIZATION])
    async def test_are_asked_for_by_name_page_by_page(self, config):
        bodies = []

        def answer(request: httpx.Request) -> httpx.Response:
            if page_name(request) != "graphql":
                return Recorded("copilot")(request)
            bodies.append(json.loads(request.content))
            after = bodies[-1]["variables"]["after"]
            return httpx.Response(
                200, json=identity_page(is_organization=bool(config), after=after)
            )

        day = await read_day(reading(Copilot, answer, **config))

        assert day.emails == {"1": "one@example.com", "2": "two@example.com"}
        name = "octodemo" if config else "octo-corp"
        assert [body["variables"] for body in bodies] == [
            {"name": name, "after": None},
            {"name": name, "after": "next"},
        ]
        field = "organization(login: $name)" if config else "enterprise(slug: $name)"
        assert f"owner: {field}" in bodies[0]["query"]
        assert ("ownerInfo" in bodies[0]["query"]) == (not config)

    async def test_that_page_in_a_circle_are_an_error(self):
        page = identity_page(is_organization=False, after=None)

        with pytest.raises(errors.SourceResponseError, match="/graphql: paging loops"):
            await day_of(graphql=page)

    async def test_are_asked_for_again_after_ten_minutes(self):
        now = itertools.count(0, 400)
        recorded = Recorded("copilot")
        http = Http(
            "https://api.github.com",
            headers={},
            retry=Retry(attempts=1),
            transport=httpx.MockTransport(recorded),
        )
        sign_on = identities.SingleSignOn(
            http, "octo-corp", is_enterprise=True, now=lambda: next(now)
        )

        for _ in range(4):
            assert len(await sign_on.identities()) == 1

        assert len(recorded.requests) == 2


def identity_page(*, is_organization: bool, after: str | None) -> dict[str, Any]:
    number, word = (1, "one") if after is None else (2, "two")
    saml = {
        "samlIdentityProvider": {
            "externalIdentities": {
                "nodes": [
                    {
                        "samlIdentity": {"username": f"{word}@example.com"},
                        "user": {"databaseId": number},
                    }
                ],
                "pageInfo": {"hasNextPage": after is None, "endCursor": "next"},
            }
        }
    }
    return {"data": {"owner": saml if is_organization else {"ownerInfo": saml}}}


class TestConfig:
    @pytest.mark.parametrize(
        "config",
        [
            {},
            {"organization": "a", "enterprise": "b"},
            {"organization": "a", "billing": "export"},
            {"organization": "a", "seat_price_usd_month": -1},
        ],
    )
    def test_that_does_not_fit_together_is_refused(self, config):
        with pytest.raises(ValidationError):
            Config(token=SECRET, **config)

    async def test_reads_charges_as_the_account_allows(self):
        paths = [{page_name(r) for r in await requests_of(**c)} for c in ({}, ORGANIZATION)]

        assert ["reports" in asked for asked in paths] == [True, False]
        assert ["usage" in asked for asked in paths] == [False, True]

    async def test_with_an_odd_name_stays_within_its_path(self):
        asked = await requests_of(enterprise="../orgs/x?y")

        assert all(r.url.raw_path.startswith(b"/enterprises/..%2Forgs%2Fx%3Fy/") for r in asked[:2])

    async def test_names_version_and_token_in_every_request_but_downloads(self):
        asked = [
            r for r in await requests_of() if page_name(r) not in {"part-1", "part-2", "ai_credit"}
        ]

        assert {r.headers["authorization"] for r in asked} == {f"Bearer {SECRET}"}
        assert {r.headers["x-github-api-version"] for r in asked} == {"2026-03-10"}
        assert {r.headers["accept"] for r in asked} == {"application/vnd.github+json"}


def recorded_pages() -> list[Any]:
    """Every recorded page in as small parts as it has."""
    seats = decoded("seats", pages.SeatsPage)
    export = files.read_export(text_of("ai_credit.csv"))
    return [
        pages.Terms("export", Decimal(21)),
        pages.Reported(DAY),
        *(pages.SeatsPage(5, [seat]) for seat in seats.seats),
        *(
            pages.ReportFile([line])
            for name in ("part-1.ndjson", "part-2.json")
            for line in files.read_report(text_of(name)).lines
        ),
        *(
            pages.ExportFile({DAY}, {key: amount}, part)
            for part, (key, amount) in enumerate(export.charges.items())
        ),
        decoded("graphql", identities.GraphAnswer).identities,
    ]


@given(st.data())
def test_split_shuffled_and_repeated_pages_give_the_same_day(data):
    single = recorded_pages()
    again = data.draw(st.lists(st.sampled_from(single), max_size=5))

    day = Copilot.parse(DAY, data.draw(st.permutations([*single, *again])))

    assert (day.records, day.billed, day.emails) == (CHARGED, Decimal("4.094"), EMAILS)


amounts = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=9)


@given(st.lists(amounts, max_size=30))
def test_no_digit_of_an_amount_in_dollars_is_lost(dollars):
    file = csv_of({}, *({"net_amount": str(amount)} for amount in dollars))

    day = Copilot.parse(
        DAY, [pages.Terms("export", None), pages.Reported(DAY), files.read_export(file.content)]
    )

    assert day.billed == sum(dollars, Decimal(1))


class TestSpecifications:
    """Requests and pages against GitHub's published shapes, downloads and GraphQL apart."""

    @pytest.fixture
    def spec(self) -> dict[str, Any]:
        return json.loads(shared("specs/github-copilot-billing.openapi.json").read_text())

    @pytest.fixture(params=[{}, ORGANIZATION, {"billing": "per_user"}], ids=str)
    async def asked(self, request) -> list[httpx.Request]:
        apart = {"part-1", "part-2", "ai_credit", "graphql"}
        return [r for r in await requests_of(**request.param) if page_name(r) not in apart]

    def operation(self, spec: dict[str, Any], request: httpx.Request) -> dict[str, Any]:
        paths = {re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)): path for path in spec["paths"]}
        [path] = [
            path for pattern, path in paths.items() if re.fullmatch(pattern, request.url.path)
        ]
        return spec["paths"][path][request.method.lower()]

    def resolved(self, spec: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in node:
            return node
        found: Any = spec
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return found

    def validate(self, spec: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
        resource = Resource(contents=nullable(spec), specification=DRAFT202012)
        rebased = json.loads(json.dumps(nullable(schema)).replace('"#/', '"spec#/'))
        registry = Registry().with_resource("spec", resource)
        Draft202012Validator(rebased, registry=registry).validate(value)

    async def test_every_request_is_one_of_the_api_s(self, spec, asked):
        for request in asked:
            assert f"https://{request.url.host}" == spec["servers"][0]["url"]
            parameters = [
                self.resolved(spec, p) for p in self.operation(spec, request).get("parameters", [])
            ]
            declared = {p["name"]: p for p in parameters if p["in"] == "query"}
            for name, value in request.url.params.multi_items():
                schema = declared[name]["schema"]
                self.validate(spec, schema, int(value) if schema["type"] == "integer" else value)
            assert {n for n, p in declared.items() if p.get("required")} <= set(request.url.params)

    async def test_every_body_is_what_the_api_takes(self, spec):
        [post] = [r for r in await requests_of() if page_name(r) == "reports"]
        body = self.operation(spec, post)["requestBody"]["content"]["application/json"]

        self.validate(spec, body["schema"], json.loads(post.content))

    async def test_every_recorded_page_is_what_the_api_may_answer(self, spec, asked):
        for request in asked:
            answers = self.operation(spec, request)["responses"]
            answer = self.resolved(spec, answers.get("200") or answers["202"])
            if "enterprises" in str(request.url) and "ai_credit" in str(request.url):
                continue  # recorded of an organization
            schema = answer["content"]["application/json"]["schema"]
            self.validate(spec, schema, load_page("copilot", page_name(request)))

    def test_every_recorded_line_is_what_a_report_may_hold(self):
        schema = json.loads(shared("specs/github-copilot-user-report-line.schema.json").read_text())
        lines = [json.loads(line) for line in text_of("part-1.ndjson").splitlines()]

        for line in [*lines, *load_page("copilot", "part-2")["day_totals"]]:
            Draft202012Validator(schema).validate(line)


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
