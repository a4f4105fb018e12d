"""What is true of Linear alone: completions, reopenings, agents, limits."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.domain.evidence import UNNAMED_TOOL
from bot.domain.outcomes import Credit, Evidence, Mark, OutcomeKind, Role
from bot.domain.people import Identity, Proof
from bot.outcomes.linear.reading import outcome_of
from bot.outcomes.linear.source import LinearSource
from bot.outcomes.linear.wire import Change, Issue, OpenIssue
from tests.outcomes.case import SECRET, SINCE, WINDOW_END
from tests.outcomes.cases.linear import CASE
from tests.outcomes.recorded_work import RecordedWork, collect, load_page, reading

ADA = "5a1f0c1e-0000-4000-8000-000000000001"
BOB = "5a1f0c1e-0000-4000-8000-000000000002"
DONE = load_page("linear", "done_1")["data"]["found"]["nodes"]
OPEN = load_page("linear", "open")["data"]["found"]["nodes"]


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def make_issue(**changes) -> Issue:
    return msgspec.convert(json.loads(json.dumps({**DONE[0], **changes})), Issue)


def make_open(*changes: Change) -> OpenIssue:
    issue = msgspec.convert(json.loads(json.dumps(OPEN[0])), OpenIssue)
    issue.history.nodes = list(changes)
    return issue


def refusing(code: str, *, key: str = "code") -> httpx.Response:
    told = {"message": "a-body", "extensions": {key: code}}
    return httpx.Response(200, json={"data": None, "errors": [told]})


def asked(recorded: RecordedWork, name: str) -> list[dict]:
    bodies = [json.loads(request.content) for request in recorded.requests]
    return [body for body in bodies if f"query {name}(" in body["query"]]


@pytest.fixture
async def batch():
    return await collect(reading(CASE, RecordedWork(CASE)))


@pytest.fixture
def outcomes(batch):
    """By the number at the end of their ids."""
    return {int(outcome.source_id[-12:]): outcome for outcome in batch.outcomes}


class TestCompleted:
    def test_an_issue_is_a_task_done_by_whom_it_is_assigned_to(self, outcomes):
        outcome = outcomes[1]

        assert outcome.kind is OutcomeKind.TASK_DONE
        assert outcome.title == "Rotate the signing keys"
        assert outcome.project == "ENG"
        assert outcome.opened_at == at(2, 9)
        assert outcome.completed_at == at(18, 15)
        assert outcome.reopened_at is None
        assert outcome.credits == (Credit(ADA, Role.ASSIGNEE),)

    def test_a_pull_request_that_it_links_finished_it(self, outcomes):
        assert outcomes[1].names == {"ticket:ENG-41"}
        assert outcomes[1].closed_by == {"github:acme/app#812"}

    def test_a_merge_request_did_too_and_another_ticket_did_not(self, outcomes):
        assert outcomes[2].closed_by == {"gitlab:acme/tools#9"}

    def test_moved_between_teams_it_is_known_by_both_keys(self, outcomes):
        assert outcomes[2].names == {"ticket:ENG-42", "ticket:OPS-7"}

    def test_of_nobody_it_is_the_teams(self, outcomes):
        assert outcomes[5].credits == ()

    def test_archived_it_stays_done(self, outcomes):
        assert outcomes[5].reopened_at is None

    def test_in_the_bin_it_is_not_done_any_more(self, outcomes):
        assert outcomes[6].completed_at == at(14, 10)
        assert outcomes[6].reopened_at == at(18, 11)

    def test_in_the_bin_since_an_unknown_time_it_is_since_its_last_change(self):
        outcome = outcome_of(make_issue(trashed=True), set())

        assert outcome.reopened_at == make_issue().updated_at

    def test_completed_at_no_known_time_it_is_no_outcome(self):
        assert outcome_of(make_issue(completedAt=None), set()) is None

    def test_listed_on_two_pages_it_is_one(self, batch):
        ids = [outcome.source_id for outcome in batch.outcomes]

        assert len(ids) == len(set(ids)) == 8


class TestAgents:
    def test_a_delegate_is_evidence_and_the_human_keeps_the_credit(self, outcomes):
        assert outcomes[1].evidence == {Evidence("cursor", Mark.DELEGATE)}
        assert outcomes[1].credits == (Credit(ADA, Role.ASSIGNEE),)

    def test_one_that_is_not_known_has_no_name(self, outcomes):
        assert outcomes[3].evidence == {Evidence(UNNAMED_TOOL, Mark.DELEGATE)}

    def test_one_that_an_issue_is_assigned_to_gets_no_credit(self, outcomes):
        assert outcomes[4].credits == ()
        assert outcomes[4].evidence == {Evidence(UNNAMED_TOOL, Mark.DELEGATE)}

    @pytest.mark.parametrize(
        ("name", "tool"),
        [
            ("Claude", "claude"),
            ("Claude Code", "claude"),
            ("Codex", "codex"),
            ("GitHub Copilot", "copilot"),
            ("Devin", "devin"),
            ("Amazon Q", "amazon_q"),
            ("Jean-Claude", UNNAMED_TOOL),
            ("", UNNAMED_TOOL),
        ],
    )
    def test_is_called_by_the_whole_of_its_name(self, name, tool):
        delegate = {"id": "a", "name": name, "app": True}

        outcome = outcome_of(make_issue(delegate=delegate), set())

        assert outcome.evidence == {Evidence(tool, Mark.DELEGATE)}

    def test_a_human_delegate_is_no_evidence(self):
        delegate = {"id": "a", "name": "Claude", "app": False}

        assert outcome_of(make_issue(delegate=delegate), set()).evidence == frozenset()


class TestReopened:
    def test_counts_from_the_last_completion_to_when_it_was_undone(self, outcomes):
        assert outcomes[7].completed_at == at(17, 16)
        assert outcomes[7].reopened_at == at(19, 9)

    async def test_all_of_a_long_history_is_read(self):
        page = load_page("linear", "open")
        history = page["data"]["found"]["nodes"][0]["history"]
        history["nodes"] = history["nodes"][-1:]  # How it had come there is on the next page.

        batch = await collect(reading(CASE, RecordedWork(CASE, open=page)))

        [outcome] = [o for o in batch.outcomes if o.source_id == OPEN[0]["id"]]
        assert outcome.completed_at == at(15, 16)
        assert outcome.reopened_at == at(16, 16)

    def test_what_never_was_completed_is_no_outcome(self, outcomes):
        assert not {8, 10} & outcomes.keys()

    def test_what_was_made_in_a_completed_state_was_completed_then(self, outcomes):
        assert outcomes[9].completed_at == outcomes[9].opened_at
        assert outcomes[9].reopened_at == at(13, 9)

    @given(st.lists(st.sampled_from(["todo", "doing", "done", "released", None]), max_size=12))
    def test_follows_any_history_in_any_order(self, states):
        changes, now, since, undone = [], "todo", None, None
        for hour, state in enumerate(states, 1):
            when = at(1) + timedelta(hours=hour)
            if state is None:
                changes.append(Change(created_at=when))
                continue
            changes.append(Change(created_at=when, from_state_id=now, to_state_id=state))
            was, becomes = (one in {"done", "released"} for one in (now, state))
            if becomes and not was:
                since, undone = when, None
            elif was and not becomes:
                undone = when
            now = state

        outcome = outcome_of(make_open(*reversed(changes)), {"done", "released"})

        if undone is None:
            assert outcome is None
        else:
            assert (outcome.completed_at, outcome.reopened_at) == (since, undone)


class TestPeople:
    def test_are_known_by_the_address_they_sign_in_with(self, batch):
        assert batch.identities == {
            ADA: Identity(email="ada@example.com", proof=Proof.ADMIN_EMAIL),
            BOB: Identity(email="bob@example.com", proof=Proof.ADMIN_EMAIL),
        }


class TestQuestions:
    async def test_ask_for_what_changed_in_the_window_archived_or_not(self):
        recorded = RecordedWork(CASE)

        await collect(reading(CASE, recorded))

        since = f"{SINCE - timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}"
        assert [body["variables"]["since"] for body in asked(recorded, "Done")] == [since] * 2
        assert "includeArchived: true" in asked(recorded, "Done")[0]["query"]

    async def test_ask_for_histories_of_what_changed_lately_alone(self):
        recorded = RecordedWork(CASE)

        await collect(reading(CASE, recorded), since=None)

        [body] = asked(recorded, "Open")
        lately = f"{WINDOW_END - timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}"
        assert body["variables"]["since"] == lately

    async def test_ask_for_no_texts(self):
        recorded = RecordedWork(CASE)

        await collect(reading(CASE, recorded))

        for request in recorded.requests:
            assert not {"description", "comments", "body"} & set(request.content.decode().split())

    async def test_carry_a_personal_key_as_it_is(self):
        recorded = RecordedWork(CASE)

        await collect(reading(CASE, recorded))

        assert {r.headers["authorization"] for r in recorded.requests} == {SECRET}

    async def test_carry_an_oauth_token_as_a_bearer(self):
        recorded = RecordedWork(CASE)

        await collect(reading(CASE, recorded, api_key=None, oauth_token=SECRET))

        assert {r.headers["authorization"] for r in recorded.requests} == {f"Bearer {SECRET}"}


class TestRefusals:
    @pytest.mark.parametrize("key", ["code", "type"])
    @pytest.mark.parametrize(
        ("code", "error"),
        [
            ("RATELIMITED", errors.SourceRateLimitedError),
            ("ratelimited", errors.SourceRateLimitedError),
            ("AUTHENTICATION_ERROR", errors.SourceUnauthorizedError),
            ("authentication error", errors.SourceUnauthorizedError),
            ("FORBIDDEN", errors.SourceForbiddenError),
            ("INTERNAL_SERVER_ERROR", errors.SourceUnavailableError),
            ("lock timeout", errors.SourceUnavailableError),
            ("GRAPHQL_VALIDATION_FAILED", errors.SourceRefusedError),
            ("invalid input", errors.SourceRefusedError),
            ("SOMETHING_NEW", errors.SourceResponseError),
        ],
    )
    async def test_are_told_apart_by_their_codes(self, code, error, key):
        with pytest.raises(error) as caught:
            await collect(reading(CASE, lambda _: refusing(code, key=key)))

        assert type(caught.value) is error
        assert "a-body" not in str(caught.value)

    async def test_without_a_code_are_not_understood(self):
        answer = httpx.Response(200, json={"errors": [{"message": "a-body"}]})

        with pytest.raises(errors.SourceResponseError):
            await collect(reading(CASE, lambda _: answer))

    async def test_beside_data_count_all_the_same(self):
        page = {**load_page("linear", "done_1"), "errors": [{"extensions": {"code": "FORBIDDEN"}}]}

        with pytest.raises(errors.SourceForbiddenError):
            await collect(reading(CASE, RecordedWork(CASE, done_1=page)))

    async def test_are_understood_in_an_answer_that_is_refused_as_well(self):
        over = {"errors": [{"message": "a-body", "extensions": {"code": "RATELIMITED"}}]}
        recorded = RecordedWork(CASE, done_2=httpx.Response(400, json=over))

        with pytest.raises(errors.SourceRateLimitedError):
            await collect(reading(CASE, recorded))

    async def test_that_say_nothing_are_refusals(self):
        with pytest.raises(errors.SourceRefusedError):
            await collect(reading(CASE, lambda _: httpx.Response(400, text="a-body")))

    async def test_say_which_permission_is_missing(self):
        with pytest.raises(errors.SourceForbiddenError, match="`read`"):
            await collect(reading(CASE, lambda _: httpx.Response(403)))


async def test_a_key_that_sees_no_team_may_not_read():
    page = load_page("linear", "teams")
    page["data"]["found"]["nodes"] = []

    with pytest.raises(errors.SourceForbiddenError, match="no team"):
        await collect(reading(CASE, RecordedWork(CASE, teams=page)))


async def test_its_teams_are_what_can_be_read(batch):
    assert batch.readable == {"ENG", "OPS"}
    assert LinearSource.title == "Linear"
