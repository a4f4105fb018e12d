"""What Claude Code counts of its sessions, as each kind of organization is told it."""

from __future__ import annotations

import httpx
import pytest

from bot import errors
from bot.domain.usage import SessionCount
from bot.providers.anthropic import Anthropic
from tests.providers.case import CASES
from tests.providers.recorded import Recorded, load_page, read_day, reading

page_name = CASES["anthropic"].page_name

CONSOLE_KEY, ENTERPRISE_KEY = "sk-ant-admin01-made-up", "sk-ant-api01-made-up"
CONSOLE_COUNTS, ENTERPRISE_COUNTS = "claude_code", "analytics_users"
NOTHING = {"data": [], "has_more": False, "next_page": None}
UNIFIED = ("cost", "usage_by_actor", "cost_by_actor")
every_key = pytest.mark.parametrize("key", [CONSOLE_KEY, ENTERPRISE_KEY])


def make_count(account: str, **counts: int | None) -> SessionCount:
    return SessionCount(account=account, tool="claude", **counts)


ANA_OF_CONSOLE = make_count(
    "user_01Ana", sessions=2, commits=1, pull_requests=0, offered=10, accepted=9
)
CLEO = make_count(
    "cleo.adeyemi@example.com", sessions=4, commits=2, pull_requests=0, offered=20, accepted=18
)
ANA_OF_ENTERPRISE = make_count(
    "user_01Ana", sessions=2, commits=3, pull_requests=1, offered=12, accepted=11
)


async def counts_of(key: str = CONSOLE_KEY, **instead) -> tuple[SessionCount, ...]:
    day = await read_day(reading(Anthropic, Recorded("anthropic", **instead), admin_key=key))
    return day.sessions


def refusing(status: int, *names: str) -> dict[str, httpx.Response]:
    return {name: httpx.Response(status) for name in names}


class TestBesideTheUnifiedAnalytics:
    async def test_are_those_of_claude_code_in_a_console_organization(self):
        assert await counts_of() == (CLEO, ANA_OF_CONSOLE)

    async def test_are_those_of_each_user_in_an_enterprise_organization(self):
        assert await counts_of(ENTERPRISE_KEY) == (ANA_OF_ENTERPRISE,)

    @pytest.mark.parametrize("status", [400, 401, 403, 404])
    async def test_come_from_where_they_are_told_and_not_from_where_the_key_says(self, status):
        of_enterprise = await counts_of(CONSOLE_KEY, **refusing(status, CONSOLE_COUNTS))
        of_console = await counts_of(ENTERPRISE_KEY, **refusing(status, ENTERPRISE_COUNTS))

        assert of_enterprise == (ANA_OF_ENTERPRISE,)
        assert of_console == (CLEO, ANA_OF_CONSOLE)

    @every_key
    async def test_may_be_refused_and_cost_the_day_nothing(self, key):
        recorded = Recorded("anthropic", **refusing(403, CONSOLE_COUNTS, ENTERPRISE_COUNTS))

        day = await read_day(reading(Anthropic, recorded, admin_key=key))

        assert day.sessions == ()
        assert day.records

    @every_key
    async def test_cost_one_question_a_day(self, key):
        recorded = Recorded("anthropic")

        await read_day(reading(Anthropic, recorded, admin_key=key))

        assert [page_name(request) for request in recorded.requests][:-1] == list(UNIFIED)

    async def test_may_not_fail_unnoticed(self):
        with pytest.raises(errors.SourceUnavailableError):
            await counts_of(**refusing(500, CONSOLE_COUNTS))

    async def test_need_nothing_else_of_the_answer(self):
        page = load_page("anthropic", CONSOLE_COUNTS)
        for row in page["data"]:
            del row["model_breakdown"]

        assert await counts_of(**{CONSOLE_COUNTS: page}) == (CLEO, ANA_OF_CONSOLE)

    async def test_refused_half_way_are_not_added_to_those_of_another_kind_of_answer(self):
        page = {**load_page("anthropic", CONSOLE_COUNTS), "has_more": True, "next_page": "2"}
        refused = Recorded("anthropic", **refusing(404, "messages_by_account_id"))

        def half(request: httpx.Request) -> httpx.Response:
            if page_name(request) != CONSOLE_COUNTS:
                return refused(request)
            is_second = "page" in request.url.params
            return httpx.Response(403) if is_second else httpx.Response(200, json=page)

        day = await read_day(reading(Anthropic, half, admin_key=CONSOLE_KEY))

        assert day.sessions == (ANA_OF_ENTERPRISE,)


class TestOfTheConsole:
    async def test_are_put_to_the_account_that_the_use_is_of(self):
        """Claude Code names an address only, the rest of the answer the account as well."""
        assert ANA_OF_CONSOLE.account in {count.account for count in await counts_of()}

    async def test_are_an_address_s_where_no_account_is_named_for_it(self):
        day = await read_day(reading(Anthropic, Recorded("anthropic")))

        assert day.emails[CLEO.account] == CLEO.account

    async def test_of_a_key_are_nobodys(self):
        page = load_page("anthropic", CONSOLE_COUNTS)
        page["data"] = [row for row in page["data"] if row["actor"]["type"] == "api_actor"]

        assert await counts_of(**{CONSOLE_COUNTS: page}) == ()

    async def test_sent_twice_count_once(self):
        page = load_page("anthropic", CONSOLE_COUNTS)
        page["data"] *= 2

        assert await counts_of(**{CONSOLE_COUNTS: page}) == (CLEO, ANA_OF_CONSOLE)

    async def test_of_a_seat_and_of_a_key_s_use_are_added_up(self):
        page = load_page("anthropic", CONSOLE_COUNTS)
        seat = page["data"][0]
        page["data"] = [seat, {**seat, "customer_type": "api"}]

        [count] = await counts_of(**{CONSOLE_COUNTS: page})
        assert (count.sessions, count.commits) == (4, 2)

    async def test_that_are_not_told_are_not_known(self):
        page = load_page("anthropic", CONSOLE_COUNTS)
        page["data"] = page["data"][:1]
        page["data"][0]["core_metrics"] = {"num_sessions": 2}
        del page["data"][0]["tool_actions"]

        [count] = await counts_of(**{CONSOLE_COUNTS: page})
        assert count == make_count(CLEO.account, sessions=2)

    @pytest.mark.parametrize("change", [{"core_metrics": {}}, {}])
    async def test_of_which_none_is_told_are_none(self, change):
        page = load_page("anthropic", CONSOLE_COUNTS)
        told = ("core_metrics", "tool_actions")
        bare = {k: v for k, v in page["data"][0].items() if k not in told}
        page["data"] = [bare | change]

        assert await counts_of(**{CONSOLE_COUNTS: page}) == ()

    async def test_of_edits_are_those_that_each_tool_proposed(self):
        page = load_page("anthropic", CONSOLE_COUNTS)
        page["data"] = page["data"][:1]
        page["data"][0]["tool_actions"] = {
            "edit_tool": {"accepted": 45, "rejected": 5},
            "multi_edit_tool": {"accepted": 0, "rejected": 0},
            "write_tool": {"accepted": 8, "rejected": 1},
            "notebook_edit_tool": {"accepted": 3, "rejected": 0},
            "a_tool_that_changes_no_file": {"accepted": 100, "rejected": 100},
        }

        [count] = await counts_of(**{CONSOLE_COUNTS: page})
        assert (count.offered, count.accepted) == (62, 56)

    async def test_of_edits_may_be_none_of_those_proposed(self):
        page = load_page("anthropic", CONSOLE_COUNTS)
        page["data"] = page["data"][:1]
        page["data"][0]["tool_actions"] = {"write_tool": {"accepted": 0, "rejected": 3}}

        [count] = await counts_of(**{CONSOLE_COUNTS: page})
        assert (count.offered, count.accepted) == (3, 0)

    async def test_of_another_day_are_not_taken_for_this_one(self):
        page = load_page("anthropic", CONSOLE_COUNTS)
        page["data"][0]["date"] = "2026-11-18T00:00:00Z"

        with pytest.raises(errors.SourceResponseError, match="another day"):
            await counts_of(**{CONSOLE_COUNTS: page})


class TestOfAnEnterprise:
    async def test_are_not_of_those_who_only_chat(self):
        emails = {"user_01Ana", "user_02Ben"}
        told = {row["user"]["id"] for row in load_page("anthropic", ENTERPRISE_COUNTS)["data"]}

        assert told == emails
        assert {count.account for count in await counts_of(ENTERPRISE_KEY)} == {"user_01Ana"}

    async def test_are_of_those_who_were_only_proposed_edits(self):
        page = load_page("anthropic", ENTERPRISE_COUNTS)
        actions = page["data"][1]["claude_code_metrics"]["tool_actions"]
        actions["edit_tool"]["rejected_count"] = 3

        counts = await counts_of(ENTERPRISE_KEY, **{ENTERPRISE_COUNTS: page})
        ben = next(count for count in counts if count.account == "user_02Ben")
        assert (ben.offered, ben.accepted, ben.commits) == (3, 0, 0)

    async def test_of_a_group_are_nobodys(self):
        page = load_page("anthropic", ENTERPRISE_COUNTS)
        page["data"][0]["user"] = None

        assert await counts_of(ENTERPRISE_KEY, **{ENTERPRISE_COUNTS: page}) == ()

    async def test_of_sessions_may_be_unknown(self):
        page = load_page("anthropic", ENTERPRISE_COUNTS)
        page["data"][0]["claude_code_metrics"]["core_metrics"]["distinct_session_count"] = None

        [count] = await counts_of(ENTERPRISE_KEY, **{ENTERPRISE_COUNTS: page})
        assert count == make_count(
            "user_01Ana", commits=3, pull_requests=1, offered=12, accepted=11
        )

    async def test_are_followed_to_the_last_page(self):
        page = load_page("anthropic", ENTERPRISE_COUNTS)
        recorded = Recorded("anthropic")

        def in_two(request: httpx.Request) -> httpx.Response:
            if page_name(request) == ENTERPRISE_COUNTS and "page" not in request.url.params:
                return httpx.Response(200, json={"data": page["data"][1:], "next_page": "2"})
            return recorded(request)

        day = await read_day(reading(Anthropic, in_two, admin_key=ENTERPRISE_KEY))

        assert day.sessions == (ANA_OF_ENTERPRISE,)

    async def test_are_asked_for_by_date(self):
        recorded = Recorded("anthropic")

        await read_day(reading(Anthropic, recorded, admin_key=ENTERPRISE_KEY))

        assert dict(recorded.requests[-1].url.params) == {"date": "2026-11-19", "limit": "1000"}

    async def test_of_the_day_that_is_too_recent_are_still_to_come(self):
        """It is answered by a refusal that names the latest day there is."""
        refused = refusing(400, ENTERPRISE_COUNTS) | {CONSOLE_COUNTS: NOTHING}

        assert await counts_of(ENTERPRISE_KEY, **refused) == ()
