"""What is true of ServiceNow alone: tables, their states, hidden rows and half answers."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime

import httpx
import pytest

from bot import errors
from bot.domain.outcomes import Credit, OutcomeKind, Role
from bot.domain.people import Identity, Proof
from tests.outcomes.case import SECRET
from tests.outcomes.cases.servicenow import CASE
from tests.outcomes.recorded_work import RecordedWork, collect, load_page, reading

ANA, BEN, MONITORING = (f"{number:032x}" for number in (0xA1, 0xB2, 0xB07))
REFUSED = httpx.Response(403)


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def sys_id(number: int) -> str:
    return f"{number:032x}"


async def outcome_of(**changes):
    """What becomes of the first incident with *changes*, or ``None``."""
    page = load_page("servicenow", "incident_1")
    changed = {"result": [{**page["result"][0], **changes}]}
    batch = await collect(reading(CASE, RecordedWork(CASE, incident_1=changed)))
    return next((o for o in batch.outcomes if o.source_id == f"incident/{sys_id(1)}"), None)


@pytest.fixture
async def batch():
    return await collect(reading(CASE, RecordedWork(CASE)))


@pytest.fixture
def outcomes(batch):
    return {outcome.title: outcome for outcome in batch.outcomes}


class TestIncidents:
    def test_one_is_solved_by_who_resolved_it(self, outcomes):
        outcome = outcomes["Mail does not arrive"]

        assert outcome.kind is OutcomeKind.TICKET_SOLVED
        assert outcome.source_id == f"incident/{sys_id(1)}"
        assert outcome.url == f"https://acme.service-now.com/incident.do?sys_id={sys_id(1)}"
        assert outcome.project == "incident"
        assert outcome.opened_at == at(9, 8)
        assert outcome.completed_at == at(17, 10, 30)
        assert outcome.credits == (Credit(ANA, Role.ASSIGNEE),)

    def test_one_resolved_by_nobody_named_is_its_assignees(self, outcomes):
        assert outcomes["Printer on floor 3 is offline"].credits == (Credit(BEN, Role.ASSIGNEE),)

    def test_one_that_was_closed_was_done_when_it_was_resolved(self, outcomes):
        assert outcomes["Printer on floor 3 is offline"].completed_at == at(12, 7)

    def test_one_in_progress_after_it_was_resolved_is_open_again(self, outcomes):
        outcome = outcomes["VPN drops every hour"]

        assert (outcome.completed_at, outcome.reopened_at) == (at(11, 16), at(18, 9))

    def test_one_resolved_once_more_is_done(self, outcomes):
        outcome = outcomes["Disk of the build server is full"]

        assert (outcome.completed_at, outcome.reopened_at) == (at(18, 15), None)

    def test_one_resolved_by_an_integration_has_no_credit(self, outcomes):
        assert outcomes["Disk of the build server is full"].credits == ()

    async def test_one_opened_again_may_have_lost_the_time_it_was_resolved(self):
        changes = {"resolved_at": "", "reopen_count": "1", "reopened_time": "2026-11-18 09:00:00"}

        outcome = await outcome_of(state="2", **changes)

        assert (outcome.completed_at, outcome.reopened_at) == (at(18, 9), at(18, 9))

    async def test_one_cancelled_after_it_was_resolved_does_not_stand(self):
        outcome = await outcome_of(state="8", active="false", sys_updated_on="2026-11-19 12:00:00")

        assert (outcome.completed_at, outcome.reopened_at) == (at(17, 10, 30), at(19, 12))

    async def test_one_opened_again_long_before_is_open_since_its_last_change(self):
        changes = {"reopen_count": "1", "reopened_time": "2026-11-10 09:00:00"}

        outcome = await outcome_of(state="2", sys_updated_on="2026-11-19 12:00:00", **changes)

        assert (outcome.completed_at, outcome.reopened_at) == (at(17, 10, 30), at(19, 12))

    @pytest.mark.parametrize("title", ["Still being looked at", "Cancelled by the caller"])
    def test_one_never_resolved_is_no_outcome(self, outcomes, title):
        assert title not in outcomes

    async def test_one_without_any_time_is_no_outcome(self):
        assert await outcome_of(resolved_at="", closed_at="") is None

    async def test_one_with_a_time_that_is_none_is_not_understood(self):
        with pytest.raises(errors.SourceResponseError, match="a time of a record"):
            await outcome_of(resolved_at="17.11.2026")


class TestOtherTables:
    def test_a_change_is_done_when_it_is_closed_as_successful(self, outcomes):
        outcome = outcomes["Upgrade the mail gateway"]

        assert outcome.project == "change_request"
        assert (outcome.completed_at, outcome.reopened_at) == (at(15, 22), None)

    @pytest.mark.parametrize("title", ["Roll out that had to be undone", "Not approved"])
    def test_a_change_that_came_to_nothing_is_no_outcome(self, outcomes, title):
        assert title not in outcomes

    def test_a_requested_item_of_nobody_has_no_credit(self, outcomes):
        assert outcomes["Laptop for a new colleague"].credits == ()

    def test_a_requested_item_that_was_closed_and_is_active_is_open_again(self, outcomes):
        outcome = outcomes["Badge for the Berlin office"]

        assert (outcome.completed_at, outcome.reopened_at) == (at(13, 12), at(18, 12))

    async def test_are_those_that_are_configured(self):
        recorded = RecordedWork(CASE)

        batch = await collect(reading(CASE, recorded, tables=["change_request"]))

        assert batch.readable == {"change_request"}
        assert not any("incident" in name for name in recorded.asked)

    async def test_one_that_is_not_there_is_named(self):
        recorded = RecordedWork(CASE, change_request_1=httpx.Response(400))

        with pytest.raises(errors.SourceRefusedError, match="a table change_request"):
            await collect(reading(CASE, recorded))

    async def test_without_any_it_names_the_role_that_is_missing(self):
        with pytest.raises(errors.SourceForbiddenError, match="sn_incident_read"):
            await collect(reading(CASE, lambda _: REFUSED))


class TestPages:
    async def test_are_read_until_one_is_empty_since_short_ones_hide_rows(self):
        recorded = RecordedWork(CASE)

        await collect(reading(CASE, recorded))

        assert recorded.asked[-8:] == [
            "change_request_1",
            "change_request_2",
            "incident_1",
            "incident_2",
            "incident_3",
            "sc_req_item_1",
            "sc_req_item_2",
            "sys_user",
        ]

    async def test_ask_for_what_changed_a_day_wider_and_for_fields_that_are_needed(self):
        recorded = RecordedWork(CASE)

        await collect(reading(CASE, recorded, tables=["incident"]))

        params = recorded.requests[-2].url.params
        assert params["sysparm_query"] == "sys_updated_on>=2026-10-19 00:00:00^ORDERBYsys_id"
        assert not {"description", "comments", "work_notes"} & set(
            params["sysparm_fields"].split(",")
        )

    async def test_whether_a_table_may_be_read_is_asked_without_its_rows(self):
        recorded = RecordedWork(CASE)

        await collect(reading(CASE, recorded))

        params = recorded.requests[0].url.params
        assert (params["sysparm_fields"], params["sysparm_limit"]) == ("sys_id", "1")

    async def test_that_break_off_with_status_200_are_no_answer(self):
        page = load_page("servicenow", "incident_2")
        page |= {"error": {"message": "took too long"}, "status": "failure"}

        with pytest.raises(errors.SourceUnavailableError, match="broke off") as caught:
            await collect(reading(CASE, RecordedWork(CASE, incident_2=page)))

        assert "too long" not in str(caught.value)


class TestIdentities:
    def test_are_addresses_of_people(self, batch):
        assert batch.identities == {
            ANA: Identity(email="ana.ruiz@example.com", proof=Proof.ADMIN_EMAIL),
            BEN: Identity(email="ben@example.com", proof=Proof.ADMIN_EMAIL),
        }

    async def test_are_asked_for_by_id_once_a_hundred(self):
        row = load_page("servicenow", "incident_1")["result"][0]
        rows = [row | {"sys_id": sys_id(n), "resolved_by": sys_id(n)} for n in range(1000, 1150)]
        recorded = RecordedWork(CASE, incident_1={"result": rows}, incident_2={"result": []})

        await collect(reading(CASE, recorded, tables=["incident"]))

        asked = [r.url.params["sysparm_query"] for r in recorded.requests[-2:]]
        assert [query.count(",") + 1 for query in asked] == [100, 50]
        assert all(query.startswith("sys_idIN") for query in asked)

    async def test_are_none_where_users_may_not_be_read(self):
        batch = await collect(reading(CASE, RecordedWork(CASE, sys_user=REFUSED)))

        assert batch.identities == {}
        assert {credit.account for o in batch.outcomes for credit in o.credits} == {
            ANA,
            BEN,
            MONITORING,
        }


class TestCredentials:
    async def test_are_a_user_with_a_password(self):
        recorded = RecordedWork(CASE)

        await collect(reading(CASE, recorded))

        basic = b64encode(f"upshot:{SECRET}".encode()).decode()
        assert {r.headers["authorization"] for r in recorded.requests} == {f"Basic {basic}"}

    async def test_are_an_oauth_token_instead(self):
        recorded = RecordedWork(CASE)
        given = {"username": None, "password": None, "oauth_token": SECRET}

        await collect(reading(CASE, recorded, **given))

        assert {r.headers["authorization"] for r in recorded.requests} == {f"Bearer {SECRET}"}
