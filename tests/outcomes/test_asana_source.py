"""What is true of Asana alone: tasks by member, refusals of one, and what it forgets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot import errors
from bot.domain.outcomes import Credit, OutcomeKind, Role
from bot.domain.people import Identity, Proof
from tests.outcomes.case import SECRET, SINCE
from tests.outcomes.cases.asana import CASE
from tests.outcomes.recorded_work import RecordedWork, collect, load_page, reading

INES, OMAR = "1001", "1002"
REFUSED = httpx.Response(403, text="a-body")


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def tasks_of_omar(**changes) -> dict:
    """His page with one task, which is changed."""
    page = load_page("asana", "tasks_1002_1")
    return {**page, "data": [{**page["data"][0], **changes}]}


async def outcome_of(**changes):
    """What becomes of his one task, or ``None``."""
    page = tasks_of_omar(**changes)
    batch = await collect(reading(CASE, RecordedWork(CASE, tasks_1002_1=page)))
    return next((o for o in batch.outcomes if o.source_id == "3007"), None)


@pytest.fixture
async def batch():
    return await collect(reading(CASE, RecordedWork(CASE)))


@pytest.fixture
def outcomes(batch):
    return {outcome.source_id: outcome for outcome in batch.outcomes}


class TestTasks:
    def test_one_is_done_by_whom_it_is_assigned_to(self, outcomes):
        outcome = outcomes["3001"]

        assert outcome.kind is OutcomeKind.TASK_DONE
        assert outcome.title == "Send the autumn newsletter"
        assert outcome.url == "https://asana.example.com/0/2001/3001"
        assert outcome.opened_at == at(3, 8)
        assert outcome.completed_at == at(18, 14)
        assert outcome.reopened_at is None
        assert outcome.credits == (Credit(INES, Role.ASSIGNEE),)
        assert not outcome.names | outcome.closes | outcome.closed_by

    def test_one_that_never_was_completed_is_no_outcome(self, outcomes):
        assert "3002" not in outcomes

    def test_one_that_lost_its_assignee_meanwhile_is_the_teams(self, outcomes):
        assert outcomes["3006"].credits == ()

    def test_one_lies_in_its_first_project(self, outcomes):
        assert outcomes["3005"].project == "2002"

    async def test_one_in_no_project_lies_nowhere(self):
        assert (await outcome_of(projects=[])).project is None

    async def test_one_without_a_name_or_a_link_has_none(self):
        outcome = await outcome_of(name="", permalink_url=None)

        assert (outcome.title, outcome.url) == (None, None)

    async def test_one_completed_at_no_known_time_is_no_outcome(self):
        assert await outcome_of(completed_at=None) is None


class TestOpenedAgain:
    def test_shows_where_the_time_of_its_completion_is_left(self, outcomes):
        assert outcomes["3003"].completed_at == at(18, 14)
        assert outcomes["3003"].reopened_at == at(19, 10)

    def test_shows_where_it_happens_while_tasks_are_read(self, outcomes):
        assert outcomes["3004"].completed_at == at(17, 9)
        assert outcomes["3004"].reopened_at == at(19, 12)

    async def test_and_done_again_it_is_done(self):
        page = tasks_of_omar(gid="3003", completed_at="2026-11-19T11:00:00.000Z")

        batch = await collect(reading(CASE, RecordedWork(CASE, tasks_1002_1=page)))

        [outcome] = [o for o in batch.outcomes if o.source_id == "3003"]
        assert outcome.completed_at == at(19, 11)
        assert outcome.reopened_at is None

    async def test_is_told_of_every_task_that_is_not_done_now(self, batch):
        assert "3002" in batch.unfinished
        assert not batch.unfinished & {outcome.source_id for outcome in batch.outcomes}


class TestQuestions:
    @pytest.fixture
    async def requests(self):
        recorded = RecordedWork(CASE)
        await collect(reading(CASE, recorded))
        return recorded.requests

    def test_go_member_by_member_for_what_changed_in_the_window(self, requests):
        asked = [r.url.params for r in requests if r.url.path.endswith("/tasks")]

        start = f"{SINCE - timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}"
        assert [params["assignee"] for params in asked] == [INES, INES, OMAR, "1003"]
        for params in asked:
            assert params["workspace"] == "9001"
            assert params["completed_since"] == params["modified_since"] == start
            assert params["limit"] == "100"

    def test_ask_for_no_texts_and_never_search(self, requests):
        for request in requests:
            fields = request.url.params["opt_fields"].split(",")
            assert not {"notes", "html_notes", "stories", "comments"} & set(fields)
            assert "search" not in request.url.path

    def test_carry_the_token_in_a_header(self, requests):
        assert {r.headers["authorization"] for r in requests} == {f"Bearer {SECRET}"}

    def test_reach_the_version_of_the_api_that_is_meant(self, requests):
        assert {r.url.path.rsplit("/", 1)[0] for r in requests} == {"/api/1.0"}


class TestRefusals:
    @pytest.mark.parametrize("status", [403, 404])
    async def test_of_one_members_tasks_leave_those_of_others(self, batch, status):
        recorded = RecordedWork(CASE, tasks_1002_1=httpx.Response(status, text="a-body"))

        rest = await collect(reading(CASE, recorded))

        assert rest.readable == batch.readable
        assert {o.source_id for o in batch.outcomes} - {o.source_id for o in rest.outcomes} == {
            "3007"
        }

    async def test_of_a_members_second_page_leave_out_the_first_too(self, batch):
        rest = await collect(reading(CASE, RecordedWork(CASE, tasks_1001_2=REFUSED)))

        assert [o.source_id for o in rest.outcomes] == ["3007"]

    async def test_of_everybodys_tasks_name_the_scope_that_is_missing(self):
        pages = dict.fromkeys(("tasks_1001_1", "tasks_1002_1", "tasks_1003_1"), REFUSED)

        with pytest.raises(errors.SourceForbiddenError, match="tasks:read"):
            await collect(reading(CASE, RecordedWork(CASE, **pages)))

    @pytest.mark.parametrize(("page", "scope"), [("users", "users"), ("projects_1", "projects")])
    async def test_of_a_list_name_the_scope_that_is_missing(self, page, scope):
        with pytest.raises(errors.SourceForbiddenError, match=f"{scope}:read"):
            await collect(reading(CASE, RecordedWork(CASE, **{page: REFUSED})))

    async def test_for_want_of_payment_are_no_matter_of_permission(self):
        recorded = RecordedWork(CASE, tasks_1002_1=httpx.Response(402, text="a-body"))

        with pytest.raises(errors.SourceRefusedError, match="HTTP 402"):
            await collect(reading(CASE, recorded))

    async def test_of_an_offset_that_went_stale_are_worth_another_try(self):
        recorded = RecordedWork(CASE, tasks_1001_2=httpx.Response(400, text="a-body"))

        with pytest.raises(errors.SourceUnavailableError):
            await collect(reading(CASE, recorded))

    async def test_where_nobody_is_listed_it_may_not_read(self):
        nobody = {"data": [], "next_page": None}

        with pytest.raises(errors.SourceForbiddenError):
            await collect(reading(CASE, RecordedWork(CASE, users=nobody)))


class TestPeople:
    def test_are_known_by_the_addresses_of_members_that_show_one(self, batch):
        assert batch.identities == {
            INES: Identity(email="ines@example.com", proof=Proof.ADMIN_EMAIL),
            OMAR: Identity(email="omar@example.com", proof=Proof.ADMIN_EMAIL),
        }


def test_all_projects_that_are_listed_can_be_read(batch):
    assert batch.readable == {"2001", "2002"}
