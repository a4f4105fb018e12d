import json
from base64 import b64decode
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.domain.outcomes import Credit, Outcome, OutcomeKind, Role
from bot.domain.people import Identity, Proof
from bot.outcomes.jira import JiraSource
from bot.outcomes.jira.source import NOT_DONE
from tests.outcomes.cases.jira import CASE
from tests.outcomes.recorded_work import SECRET, RecordedWork, collect, load_page, reading

ADA, BEN, CEM = "712020:5d0a-ada", "712020:7c1b-ben", "qm:9a3c-cem"
TO_DO, STARTED, DONE, CLOSED, DROPPED = "10000", "3", "10001", "10010", "10020"
DELETED = "999"
NAMES = {TO_DO: "To Do", STARTED: "In Progress", DONE: "Done", CLOSED: "Closed", DROPPED: "Dropped"}


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def told(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


class Ticket:
    """One ticket and its changes, as Jira would tell of them; created on 1 November at noon."""

    def __init__(self, status=TO_DO, resolution=None, category_changed_at=None):
        [recorded] = [i for i in load_page("jira", "search")["issues"] if i["key"] == "OPS-1"]
        self.issue = json.loads(json.dumps(recorded))
        self.fields = self.issue["fields"]
        self.fields["created"] = told(at(1, 12))
        self.fields["statuscategorychangedate"] = category_changed_at and told(category_changed_at)
        self.status, self.resolution = status, resolution
        self.changes = []

    def changed(self, moment, status=None, resolution=""):
        """An empty *resolution* is one that stays as it is."""
        items = []
        if status:
            items.append(_item("status", (self.status, status), NAMES))
            self.status = status
        if resolution != "":
            items.append(_item("resolution", (self.resolution, resolution), {}))
            self.resolution = resolution
        number = str(len(self.changes))
        self.changes.append({"id": number, "created": told(moment), "items": items})
        return self

    def pages(self):
        [status] = [s for s in load_page("jira", "statuses") if s["id"] == self.status]
        self.fields["status"] = status
        self.fields["resolution"] = self.resolution and {"name": self.resolution}
        changes = [{"issueId": self.issue["id"], "changeHistories": self.changes}]
        return {
            "search": {"issues": [self.issue]},
            "changes_of_10001": {"issueChangeLogs": changes},
        }


def _item(field, values, names):
    (old, new) = values
    shown = {"fromString": names.get(old, old), "toString": names.get(new, new)}
    return {"field": field, "fieldId": field, "from": old, "to": new, **shown}


async def work_of(ticket, **config):
    """When it was finished, and since when it is open again; ``None`` where it never was done."""
    batch = await collect(reading(CASE, RecordedWork(CASE, **ticket.pages()), **config))
    for outcome in batch.outcomes:
        return outcome.completed_at, outcome.reopened_at
    return None


@pytest.fixture
async def batch():
    return await collect(reading(CASE, RecordedWork(CASE)))


@pytest.fixture
def by_key(batch):
    return {outcome.url.rsplit("/", 1)[-1]: outcome for outcome in batch.outcomes}


async def test_a_ticket_that_is_done_is_its_assignees_work(by_key):
    assert by_key["OPS-1"] == Outcome(
        source="jira",
        source_id="10001",
        kind=OutcomeKind.TASK_DONE,
        opened_at=at(2, 8),
        completed_at=at(12, 15, 20),
        reverted_at=None,
        evidence=frozenset(),
        credits=(Credit(ADA, Role.ASSIGNEE),),
        title="Rotate the certificates",
        url="https://acme.atlassian.net/browse/OPS-1",
        project="OPS",
        names=frozenset({"ticket:OPS-1"}),
    )


class TestTicket:
    async def test_that_is_worked_on_again_is_reopened_since_then(self, by_key):
        reopened = by_key["APP-7"]

        assert (reopened.completed_at, reopened.reopened_at) == (at(10, 16, 30), at(16, 9))

    async def test_that_was_done_again_was_finished_the_last_time(self, by_key):
        again = by_key["APP-8"]

        assert (again.completed_at, again.reopened_at) == (at(17, 14, 45), None)

    async def test_that_comes_twice_counts_once_as_it_was_updated_last(self, batch):
        assert [o.source_id for o in batch.outcomes].count("10003") == 1

    async def test_that_comes_from_an_older_index_later_does_not_count(self):
        ticket = Ticket().changed(at(3, 9), DONE)
        pages = ticket.pages()
        older = json.loads(json.dumps(ticket.issue))
        older["fields"] |= {"summary": "Its former title", "updated": told(at(1, 12))}
        pages["search"]["issues"].append(older)

        batch = await collect(reading(CASE, RecordedWork(CASE, **pages)))

        assert [outcome.title for outcome in batch.outcomes] == ["Rotate the certificates"]

    async def test_that_is_a_sub_task_is_a_task(self, by_key):
        assert by_key["OPS-2"].kind is OutcomeKind.TASK_DONE

    async def test_of_a_service_project_is_a_solved_ticket(self, by_key):
        assert by_key["HELP-3"].kind is OutcomeKind.TICKET_SOLVED

    async def test_that_was_never_finished_is_no_outcome(self, by_key):
        assert set(by_key) == {"OPS-1", "OPS-2", "APP-7", "APP-8", "HELP-3", "HELP-4"}


class TestPeople:
    async def test_an_app_gets_no_credit(self, by_key):
        assert by_key["OPS-2"].credits == ()

    async def test_without_an_assignee_it_is_nobodys(self, by_key):
        assert by_key["HELP-3"].credits == ()

    async def test_who_hides_the_address_is_credited_by_account(self, by_key, batch):
        assert by_key["APP-7"].credits == (Credit(BEN, Role.ASSIGNEE),)
        assert BEN not in batch.identities

    async def test_an_address_that_is_shown_is_the_accounts(self, batch):
        assert batch.identities == {ADA: Identity(email="ada@example.com", proof=Proof.ADMIN_EMAIL)}

    async def test_an_address_of_a_portals_customer_proves_nothing(self, by_key, batch):
        assert by_key["HELP-4"].credits == (Credit(CEM, Role.ASSIGNEE),)
        assert CEM not in batch.identities


class TestHistory:
    async def test_going_from_one_done_status_to_another_finishes_nothing_anew(self):
        ticket = Ticket().changed(at(3, 9), DONE, "Done").changed(at(9, 9), CLOSED)

        assert await work_of(ticket) == (at(3, 9), None)

    async def test_a_ticket_brought_along_as_done_was_finished_when_its_category_says(self):
        ticket = Ticket(status=DONE, resolution="Done", category_changed_at=at(4, 9))

        assert await work_of(ticket) == (at(4, 9), None)

    async def test_a_ticket_created_as_done_was_finished_then(self):
        assert await work_of(Ticket(status=DONE)) == (at(1, 12), None)

    async def test_a_ticket_created_as_done_and_reopened_says_both(self):
        ticket = Ticket(status=DONE, category_changed_at=at(8, 9)).changed(at(8, 9), STARTED)

        assert await work_of(ticket) == (at(1, 12), at(8, 9))

    async def test_a_status_that_is_gone_was_done_where_there_was_a_resolution(self):
        resolved = Ticket().changed(at(3, 9), DELETED, "Done").changed(at(9, 9), DONE)
        never_resolved = Ticket().changed(at(3, 9), DELETED).changed(at(9, 9), DONE)

        assert await work_of(resolved) == (at(3, 9), None)
        assert await work_of(never_resolved) == (at(9, 9), None)

    async def test_changes_count_in_the_order_of_their_times(self):
        ticket = Ticket().changed(at(3, 9), DONE).changed(at(5, 9), TO_DO).changed(at(7, 9), DONE)
        ticket.changes.reverse()

        assert await work_of(ticket) == (at(7, 9), None)

    async def test_a_field_of_another_that_is_called_status_changes_nothing(self):
        ticket = Ticket().changed(at(3, 9), DONE)
        other = {"field": "status", "fieldId": "customfield_10050", "from": None, "to": TO_DO}
        ticket.changes.append({"id": "9", "created": told(at(5, 9)), "items": [other]})

        assert await work_of(ticket) == (at(3, 9), None)

    @pytest.mark.parametrize("unit", [1, 1000], ids=["seconds", "milliseconds"])
    async def test_a_time_may_be_a_number(self, unit):
        ticket = Ticket().changed(at(3, 9), DONE)
        ticket.changes[0]["created"] = int(at(3, 9).timestamp()) * unit

        assert await work_of(ticket) == (at(3, 9), None)

    @given(st.lists(st.sampled_from([TO_DO, STARTED, DONE, CLOSED]), min_size=1, max_size=12))
    async def test_it_is_finished_exactly_if_it_is_done_now(self, path):
        ticket = Ticket()
        for hour, status in enumerate(path):
            ticket.changed(at(2, hour), status)

        work = await work_of(ticket)

        is_done = [status in {DONE, CLOSED} for status in path]
        assert (work is not None) == any(is_done)
        if work is not None:
            assert (work[1] is None) == is_done[-1]


class TestClosedWithoutBeingDone:
    @pytest.mark.parametrize(
        "resolution",
        [*NOT_DONE, "won\N{RIGHT SINGLE QUOTATION MARK}t do", "DUPLICATE", "cannot  reproduce"],
    )
    async def test_is_not_finished_work(self, resolution):
        assert await work_of(Ticket().changed(at(3, 9), DONE, resolution)) is None

    @pytest.mark.parametrize("resolution", [None, "Done", "Fixed", "Doing it won't do harm"])
    async def test_is_not_said_of_others(self, resolution):
        ticket = Ticket().changed(at(3, 9), DONE, resolution)

        assert await work_of(ticket) == (at(3, 9), None)

    async def test_may_be_said_by_the_status(self):
        ticket = Ticket().changed(at(3, 9), DROPPED)

        assert await work_of(ticket) == (at(3, 9), None)
        assert await work_of(ticket, not_done=["dropped"]) is None

    async def test_takes_back_what_had_been_done(self):
        ticket = Ticket().changed(at(3, 9), DONE, "Done").changed(at(6, 9), None, "Duplicate")

        assert await work_of(ticket) == (at(3, 9), at(6, 9))

    async def test_may_be_put_right(self):
        ticket = Ticket().changed(at(3, 9), DONE, "Duplicate").changed(at(6, 9), None, "Done")

        assert await work_of(ticket) == (at(6, 9), None)


class TestAsking:
    @pytest.fixture
    async def recorded(self):
        recorded = RecordedWork(CASE)
        await collect(reading(CASE, recorded))
        return recorded

    def asked(self, recorded, end):
        found = [request for request in recorded.requests if request.url.path.endswith(end)]
        return [json.loads(request.content) for request in found]

    async def test_is_bounded_and_a_day_wider_than_the_window_for_any_time_zone(self, recorded):
        searches = self.asked(recorded, "/search/jql")

        assert {s["jql"] for s in searches} == {
            'updated >= "2026-10-19 00:00" ORDER BY updated ASC'
        }

    async def test_names_the_fields_since_otherwise_there_are_none(self, recorded):
        [first, *_] = self.asked(recorded, "/search/jql")

        assert not {"*all", "description", "comment"} & set(first["fields"])
        assert {"summary", "status", "resolution", "assignee"} <= set(first["fields"])
        assert "expand" not in first

    async def test_wants_of_changes_only_states_and_resolutions(self, recorded):
        changes = self.asked(recorded, "/changelog/bulkfetch")

        assert {tuple(c["fieldIds"]) for c in changes} == {("status", "resolution")}

    async def test_goes_on_after_an_empty_page_and_asks_for_no_changes_of_it(self, recorded):
        assert recorded.asked == [
            "projects",
            "projects_from_2",
            "statuses",
            "search",
            "changes_of_10001",
            "changes_of_10001_UxAQBFRF",
            "search_CAEaAggD",
            "search_CAEaAggE",
            "changes_of_10003",
        ]

    async def test_is_done_in_the_name_of_the_account(self, recorded):
        kinds = {request.headers["authorization"].split()[0] for request in recorded.requests}
        told = {request.headers["authorization"].split()[1] for request in recorded.requests}

        assert kinds == {"Basic"}
        assert {b64decode(one).decode() for one in told} == {f"upshot@example.com:{SECRET}"}


class TestTrouble:
    async def test_ids_alone_are_no_answer(self):
        bare = {"issues": [{"id": "10001"}], "isLast": True}

        with pytest.raises(errors.SourceResponseError):
            await collect(reading(CASE, RecordedWork(CASE, search=bare)))

    async def test_more_pages_without_a_place_to_go_on_are_no_end(self):
        recorded = RecordedWork(CASE, search={"issues": [], "isLast": False})

        with pytest.raises(errors.SourceResponseError, match="does not say where"):
            await collect(reading(CASE, recorded))

    async def test_a_token_on_the_last_page_leads_nowhere(self):
        recorded = RecordedWork(CASE, search={"issues": [], "isLast": True, "nextPageToken": "x"})

        assert (await collect(reading(CASE, recorded))).outcomes == ()

    async def test_changes_that_go_round_in_circles_are_noticed(self):
        circle = {"issueChangeLogs": [], "nextPageToken": "UxAQBFRF"}
        recorded = RecordedWork(CASE, changes_of_10001_UxAQBFRF=circle)

        with pytest.raises(errors.SourceResponseError, match="circles"):
            await collect(reading(CASE, recorded))

    async def test_projects_that_go_round_in_circles_are_noticed(self):
        circle = load_page("jira", "projects")

        with pytest.raises(errors.SourceResponseError, match="circles"):
            await collect(reading(CASE, RecordedWork(CASE, projects_from_2=circle)))

    async def test_an_account_that_is_shown_nothing_is_told_which_permission_it_lacks(self):
        nothing = {"values": [], "isLast": True}

        with pytest.raises(errors.SourceForbiddenError, match="Browse projects"):
            await collect(reading(CASE, RecordedWork(CASE, projects=nothing)))

    async def test_a_refusal_names_the_permission_too(self):
        recorded = RecordedWork(CASE, search=httpx.Response(403))

        with pytest.raises(errors.SourceForbiddenError, match="Browse projects"):
            await collect(reading(CASE, recorded))


async def test_the_projects_are_those_that_can_be_browsed(batch):
    assert batch.readable == {"APP", "HELP", "OPS"}


async def test_links_lead_to_where_people_open_it():
    gateway = "https://api.atlassian.com/ex/jira/1324a887"
    recorded = RecordedWork(CASE)
    config = {"base_url": gateway, "site_url": "https://acme.atlassian.net/"}

    batch = await collect(reading(CASE, recorded, **config))

    assert all(o.url.startswith("https://acme.atlassian.net/browse/") for o in batch.outcomes)
    assert all(str(request.url).startswith(f"{gateway}/rest/") for request in recorded.requests)


async def test_nothing_is_understood_without_pages():
    assert JiraSource.parse([]).outcomes == ()
