"""What is true of Zendesk alone: its export, what a status tells, whose address counts."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime

import httpx
import pytest

from bot import errors
from bot.domain.outcomes import Credit, OutcomeKind, Role
from bot.domain.people import Identity, Proof
from tests.outcomes.case import SECRET
from tests.outcomes.cases.zendesk import CASE
from tests.outcomes.recorded_work import RecordedWork, collect, load_page, reading

ANA, BEN, CY = "901", "902", "903"
EXPORT = "/api/v2/incremental/tickets/cursor"


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def ticket_with(metrics: dict | None = None, **changes) -> dict:
    """The first page with one ticket, which is changed; the last word is said on it."""
    page = load_page("zendesk", "tickets_first")
    ticket = {**page["tickets"][0], **changes}
    if metrics is not None:
        ticket["metric_set"] = {**ticket["metric_set"], **metrics}
    return {**page, "tickets": [ticket], "end_of_stream": True}


async def outcome_of(metrics: dict | None = None, **changes):
    """What becomes of that ticket, or ``None``."""
    page = ticket_with(metrics, **changes)
    batch = await collect(reading(CASE, RecordedWork(CASE, tickets_first=page)))
    return next((o for o in batch.outcomes if o.source_id == "tickets/101"), None)


@pytest.fixture
async def batch():
    return await collect(reading(CASE, RecordedWork(CASE)))


@pytest.fixture
def outcomes(batch):
    return {outcome.source_id: outcome for outcome in batch.outcomes}


class TestTickets:
    def test_one_is_solved_by_its_assignee(self, outcomes):
        outcome = outcomes["tickets/101"]

        assert outcome.kind is OutcomeKind.TICKET_SOLVED
        assert outcome.title == "Invoice shows the wrong tax"
        assert outcome.url == "https://acme.zendesk.com/agent/tickets/101"
        assert outcome.project == "tickets"
        assert outcome.opened_at == at(10, 8)
        assert outcome.completed_at == at(17, 10, 30)
        assert outcome.reopened_at is None
        assert outcome.credits == (Credit(ANA, Role.ASSIGNEE),)

    def test_one_that_was_closed_was_done_when_it_was_solved(self, outcomes):
        assert outcomes["tickets/102"].completed_at == at(12, 7)

    def test_one_solved_and_open_is_open_again(self, outcomes):
        outcome = outcomes["tickets/103"]

        assert outcome.completed_at == at(11, 16)
        assert outcome.reopened_at == at(18, 9)

    def test_one_solved_once_more_is_done(self, outcomes):
        outcome = outcomes["tickets/105"]

        assert outcome.completed_at == at(18, 15)
        assert outcome.reopened_at is None

    @pytest.mark.parametrize("status", ["new", "open", "pending", "hold"])
    async def test_one_never_solved_is_no_outcome(self, status):
        assert await outcome_of({"solved_at": None, "reopens": 0}, status=status) is None

    @pytest.mark.parametrize("status", ["open", "pending", "hold"])
    async def test_one_reopened_may_have_lost_the_time_it_was_solved(self, status):
        metrics = {"solved_at": None, "reopens": 1, "status_updated_at": "2026-11-18T09:00:00Z"}

        outcome = await outcome_of(metrics, status=status)

        assert (outcome.completed_at, outcome.reopened_at) == (at(18, 9), at(18, 9))

    async def test_one_without_metrics_was_solved_when_it_was_last_changed(self):
        outcome = await outcome_of(metric_set=None)

        assert outcome.completed_at == at(17, 10, 30)

    def test_one_that_was_deleted_is_dropped(self, outcomes):
        assert "tickets/107" not in outcomes

    async def test_one_deleted_while_the_pages_are_read_is_dropped(self):
        page = ticket_with(status="deleted")
        whole = load_page("zendesk", "tickets_first")
        recorded = RecordedWork(CASE, tickets_first=whole, tickets_second=page)

        batch = await collect(reading(CASE, recorded))

        assert "tickets/101" not in {outcome.source_id for outcome in batch.outcomes}

    @pytest.mark.parametrize("number", [106, 108])
    def test_one_of_nobody_or_of_zendesk_itself_has_no_credit(self, outcomes, number):
        assert outcomes[f"tickets/{number}"].credits == ()


class TestArticles:
    def test_one_is_published_by_its_author(self, outcomes):
        outcome = outcomes["articles/501"]

        assert outcome.kind is OutcomeKind.PAGE_PUBLISHED
        assert outcome.completed_at == at(13, 10)
        assert outcome.url == "https://acme.zendesk.com/hc/en-us/articles/501"
        assert outcome.project == "articles"
        assert outcome.credits == (Credit(ANA, Role.AUTHOR),)

    def test_later_pages_begin_where_the_one_before_ended(self, outcomes):
        assert outcomes["articles/503"].credits == (Credit(BEN, Role.AUTHOR),)

    def test_a_draft_is_not_published(self, outcomes):
        assert "articles/502" not in outcomes

    @pytest.mark.parametrize("status", [403, 404])
    async def test_without_a_help_centre_there_are_tickets_alone(self, status):
        recorded = RecordedWork(CASE, articles_first=httpx.Response(status))

        batch = await collect(reading(CASE, recorded))

        assert batch.readable == {"tickets"}
        assert {outcome.project for outcome in batch.outcomes} == {"tickets"}

    async def test_pages_end_where_time_stands_still(self):
        still = {**load_page("zendesk", "articles_second"), "next_page": "x", "end_time": 1}
        recorded = RecordedWork(CASE, articles_second=still)

        batch = await collect(reading(CASE, recorded))

        assert "articles/503" in {outcome.source_id for outcome in batch.outcomes}


class TestIdentities:
    def test_are_verified_addresses_of_staff(self, batch):
        assert batch.identities == {
            ANA: Identity(email="ana.ruiz@example.com", proof=Proof.ADMIN_EMAIL),
            BEN: Identity(email="ben@example.com", proof=Proof.ADMIN_EMAIL),
        }

    async def test_are_none_of_an_end_user_even_if_verified(self):
        page = load_page("zendesk", "tickets_first")
        page["users"][0]["role"] = "end-user"
        recorded = RecordedWork(CASE, tickets_first={**page, "end_of_stream": True})
        recorded.instead["articles_first"] = httpx.Response(404)

        batch = await collect(reading(CASE, recorded))

        assert ANA not in batch.identities
        assert (Credit(ANA, Role.ASSIGNEE),) in {outcome.credits for outcome in batch.outcomes}


class TestExport:
    async def test_is_asked_for_by_time_and_then_by_cursor_alone(self):
        recorded = RecordedWork(CASE)

        await collect(reading(CASE, recorded))

        first, second = [r.url.params for r in recorded.requests if r.url.path == EXPORT]
        start = int(datetime(2026, 10, 20, tzinfo=UTC).timestamp())
        common = {"include": "users,metric_sets", "per_page": "1000"}
        assert dict(first) == {**common, "start_time": str(start)}
        assert dict(second) == {**common, "cursor": "second"}

    async def test_that_says_more_follows_must_say_where(self):
        page = {**load_page("zendesk", "tickets_first"), "after_cursor": None}

        with pytest.raises(errors.SourceResponseError, match="not where"):
            await collect(reading(CASE, RecordedWork(CASE, tickets_first=page)))

    async def test_is_for_admins_and_says_so(self):
        recorded = RecordedWork(CASE, tickets_first=httpx.Response(403))

        with pytest.raises(errors.SourceForbiddenError, match="admin's token"):
            await collect(reading(CASE, recorded))


class TestCredentials:
    async def test_are_an_address_with_an_api_token(self):
        recorded = RecordedWork(CASE)

        await collect(reading(CASE, recorded))

        basic = b64encode(f"admin@example.com/token:{SECRET}".encode()).decode()
        assert {r.headers["authorization"] for r in recorded.requests} == {f"Basic {basic}"}

    async def test_are_an_oauth_token_instead(self):
        recorded = RecordedWork(CASE)
        given = {"email": None, "api_token": None, "oauth_token": SECRET}

        await collect(reading(CASE, recorded, **given))

        assert {r.headers["authorization"] for r in recorded.requests} == {f"Bearer {SECRET}"}
