"""What is true of Salesforce alone: objects that are hidden, histories, days, and its tokens."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.domain.outcomes import Credit, OutcomeKind, Role
from bot.domain.people import Identity, Proof
from bot.outcomes.salesforce.questions import users_called
from bot.outcomes.salesforce.reading import Course, Step
from tests.outcomes.case import SECRET
from tests.outcomes.cases.salesforce import CASE, SECOND
from tests.outcomes.recorded_work import RecordedWork, collect, load_page, reading

ANA, BEN, FLOW = "005A0000001AnaRIAS", "005A0000002BenIIAS", "005A0000003AutoIAS"
HIDDEN = httpx.Response(400, json=[{"errorCode": "INVALID_TYPE", "message": "a-body"}])
NO_ACCESS = httpx.Response(403, json=[{"errorCode": "INSUFFICIENT_ACCESS", "message": "a-body"}])


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def collected(**instead):
    return await collect(reading(CASE, RecordedWork(CASE, **instead)))


def deals_with(**changes) -> dict:
    page = load_page("salesforce", "Opportunity")
    return {**page, "records": [{**page["records"][0], **changes}]}


@pytest.fixture
async def batch():
    return await collected()


@pytest.fixture
def outcomes(batch):
    return {outcome.title: outcome for outcome in batch.outcomes}


class TestCases:
    def test_one_is_solved_by_its_owner(self, outcomes):
        outcome = outcomes["Contract ends too early"]

        assert outcome.kind is OutcomeKind.TICKET_SOLVED
        assert outcome.source_id == "500A00000000001IAC"
        assert outcome.url == "https://acme.my.salesforce.com/500A00000000001IAC"
        assert outcome.project == "Case"
        assert outcome.opened_at == at(10, 8)
        assert outcome.completed_at == at(17, 10, 30)
        assert outcome.credits == (Credit(ANA, Role.ASSIGNEE),)

    @pytest.mark.parametrize("title", ["Asked in the wrong place", "Sorted by a flow"])
    def test_one_of_a_queue_or_of_a_machine_has_no_credit(self, outcomes, title):
        assert outcomes[title].credits == ()

    def test_one_that_left_a_closed_status_is_open_again_since_then(self, outcomes):
        outcome = outcomes["Dashboard shows old figures"]

        assert (outcome.completed_at, outcome.reopened_at) == (at(11, 16), at(18, 9))

    def test_one_never_closed_is_no_outcome(self, outcomes):
        assert "Never closed so far" not in outcomes

    @pytest.mark.parametrize("page", ["CaseStatus", "CaseHistory"])
    async def test_one_opened_again_is_not_told_of_without_its_history(self, page):
        batch = await collected(**{page: HIDDEN})

        titles = {outcome.title for outcome in batch.outcomes}
        assert "Dashboard shows old figures" not in titles
        assert "Contract ends too early" in titles
        assert "Case" in batch.readable


class TestDeals:
    def test_one_is_won_on_its_close_date(self, outcomes):
        outcome = outcomes["Acme renews for three years"]

        assert outcome.kind is OutcomeKind.DEAL_WON
        assert outcome.project == "Opportunity"
        assert outcome.completed_at == at(16)
        assert outcome.credits == (Credit(BEN, Role.ASSIGNEE),)

    def test_one_with_a_date_to_come_was_won_when_it_last_changed(self, outcomes):
        assert outcomes["Globex buys the add-on"].completed_at == at(18, 14)

    def test_one_that_was_won_and_is_lost_does_not_stand(self, outcomes):
        outcome = outcomes["Initech wants out again"]

        assert (outcome.completed_at, outcome.reopened_at) == (at(10, 8), at(18, 14))

    def test_one_never_won_is_no_outcome(self, outcomes):
        assert "Hooli is still thinking" not in outcomes

    async def test_one_entered_after_its_close_date_was_opened_nobody_knows_when(self):
        page = deals_with(CreatedDate="2026-11-16T09:00:00.000+0000")

        batch = await collected(Opportunity=page)

        [deal] = [o for o in batch.outcomes if o.kind is OutcomeKind.DEAL_WON]
        assert (deal.opened_at, deal.completed_at) == (None, at(16))


class TestArticles:
    def test_one_is_published_by_who_created_it(self, outcomes):
        outcome = outcomes["Renewing a contract"]

        assert outcome.kind is OutcomeKind.PAGE_PUBLISHED
        assert outcome.source_id == "kA0A00000000001IAA"
        assert outcome.completed_at == at(13, 10)
        assert outcome.credits == (Credit(ANA, Role.AUTHOR),)

    async def test_one_never_published_is_no_outcome(self):
        page = load_page("salesforce", "KnowledgeArticleVersion")
        page["records"][0]["FirstPublishedDate"] = None

        batch = await collected(KnowledgeArticleVersion=page)

        assert "Renewing a contract" not in {outcome.title for outcome in batch.outcomes}


class TestObjects:
    @pytest.mark.parametrize("answer", [HIDDEN, NO_ACCESS, httpx.Response(404)])
    async def test_one_that_is_hidden_leaves_the_others(self, answer):
        batch = await collected(KnowledgeArticleVersion=answer)

        assert batch.readable == {"Case", "Opportunity"}
        assert {outcome.project for outcome in batch.outcomes} == {"Case", "Opportunity"}

    async def test_a_question_that_is_not_understood_fails_the_whole(self):
        malformed = httpx.Response(400, json=[{"errorCode": "MALFORMED_QUERY", "message": "x"}])

        with pytest.raises(errors.SourceRefusedError):
            await collected(KnowledgeArticleVersion=malformed)

    async def test_none_is_read_when_the_days_requests_are_used_up(self):
        over = httpx.Response(403, json=[{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "x"}])

        with pytest.raises(errors.SourceRateLimitedError):
            await collected(KnowledgeArticleVersion=over)

    async def test_without_any_it_says_what_may_be_missing(self):
        with pytest.raises(errors.SourceForbiddenError, match="API Enabled") as caught:
            await collect(reading(CASE, lambda _: NO_ACCESS))

        assert "a-body" not in str(caught.value)

    async def test_an_old_session_is_no_longer_authorized(self):
        ended = httpx.Response(401, json=[{"errorCode": "INVALID_SESSION_ID"}])

        with pytest.raises(errors.SourceUnauthorizedError):
            await collect(reading(CASE, lambda _: ended))


class TestQueries:
    async def test_reach_back_by_the_last_change(self):
        recorded = RecordedWork(CASE)

        await collect(reading(CASE, recorded))

        asked = {r.url.params.get("q") for r in recorded.requests}
        assert (
            "SELECT Id, CreatedDate, IsClosed, ClosedDate, OwnerId, Subject FROM Case "
            "WHERE SystemModstamp >= 2026-10-20T00:00:00Z"
        ) in asked
        assert (
            "SELECT KnowledgeArticleId, FirstPublishedDate, ArticleCreatedById, Title "
            "FROM KnowledgeArticleVersion WHERE PublishStatus = 'Online' "
            "AND IsMasterLanguage = true AND FirstPublishedDate >= 2026-10-20T00:00:00Z"
        ) in asked

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://example.com/services/data/v62.0/query/01g-2000",
            "//example.com/services/data/v62.0/query/01g-2000",
            "/services/data/v62.0/query/../sobjects/User",
            "/services/data/v62.0/query/01g?q=SELECT",
            "/services/apexrest/01g",
            None,
        ],
    )
    async def test_go_on_nowhere_but_in_the_same_api(self, elsewhere):
        page = load_page("salesforce", "Case") | {"nextRecordsUrl": elsewhere}
        recorded = RecordedWork(CASE, Case=page)

        with pytest.raises(errors.SourceResponseError, match="not in the API"):
            await collect(reading(CASE, recorded))

        assert {request.url.host for request in recorded.requests} == {"acme.my.salesforce.com"}

    async def test_go_on_where_the_first_page_says(self):
        recorded = RecordedWork(CASE)

        await collect(reading(CASE, recorded))

        assert SECOND in {request.url.path for request in recorded.requests}

    async def test_ask_neither_for_amounts_nor_for_descriptions(self):
        recorded = RecordedWork(CASE)

        await collect(reading(CASE, recorded))

        asked = str([request.url.params for request in recorded.requests])
        assert not any(word in asked for word in ("Amount", "Description", "Body", "Comment"))

    def test_name_users_alone_and_not_too_many_at_once(self):
        ids = [f"005{number:012}AAA" for number in range(250)]

        first, second = users_called([*ids, "00GA0000001QueuMAS", "005' OR Name != '"])

        assert [q.soql().count("'") // 2 for q in (first, second)] == [200, 50]
        assert "OR" not in first.soql() + second.soql()


class TestIdentities:
    def test_are_addresses_of_employees(self, batch):
        assert batch.identities == {
            ANA: Identity(email="ana.ruiz@example.com", proof=Proof.ADMIN_EMAIL),
            BEN: Identity(email="ben@example.com", proof=Proof.ADMIN_EMAIL),
        }

    async def test_are_none_of_customers_and_partners(self):
        page = load_page("salesforce", "User")
        page["records"][0]["UserType"] = "PowerPartner"

        batch = await collected(User=page)

        assert ANA not in batch.identities

    async def test_are_none_where_users_may_not_be_read(self):
        batch = await collected(User=NO_ACCESS)

        assert batch.identities == {}
        assert {c.account for o in batch.outcomes for c in o.credits} == {ANA, BEN, FLOW}


class TestCourse:
    """Of work that goes to and fro between done and open."""

    @given(st.lists(st.booleans(), max_size=12))
    def test_is_what_the_last_turns_were(self, states):
        steps = [Step(at(1) + timedelta(hours=n), is_done) for n, is_done in enumerate(states)]

        course = Course.along(reversed(steps))

        turns = [
            step
            for before, step in zip([False, *states], steps, strict=False)
            if step.is_finished != before
        ]
        last_done = [step.at for step in turns if step.is_finished]
        is_open = bool(turns) and not turns[-1].is_finished
        assert course.completed_at == (last_done[-1] if last_done else None)
        assert course.reopened_at == (turns[-1].at if is_open else None)

    def test_that_begins_with_leaving_done_was_finished_before_then(self):
        course = Course.along([Step(at(2), is_finished=True), Step(at(2), is_finished=False)])

        assert course == Course(at(2), at(2))


class TestCredentials:
    async def test_are_a_token_that_is_renewed_elsewhere(self):
        recorded = RecordedWork(CASE)

        await collect(reading(CASE, recorded))

        assert {r.headers["authorization"] for r in recorded.requests} == {f"Bearer {SECRET}"}

    async def test_of_an_app_get_a_token_that_is_then_used(self):
        recorded = RecordedWork(CASE)
        signed_in: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            if request.url.path != "/services/oauth2/token":
                return recorded(request)
            signed_in.append(request)
            return httpx.Response(200, json={"access_token": "for-an-hour"})

        app = {"access_token": None, "client_id": "an-app", "client_secret": SECRET}
        batch = await collect(reading(CASE, answer, **app))

        basic = b64encode(f"an-app:{SECRET}".encode()).decode()
        assert batch == await collected()
        assert {r.headers["authorization"] for r in signed_in} == {f"Basic {basic}"}
        assert SECRET not in str([r.url for r in signed_in])
        assert {r.headers["authorization"] for r in recorded.requests} == {"Bearer for-an-hour"}

    async def test_of_an_app_that_gets_no_token_are_said_to_be_wrong(self):
        app = {"access_token": None, "client_id": "an-app", "client_secret": SECRET}

        with pytest.raises(errors.SourceUnauthorizedError, match="client credentials flow"):
            await collect(reading(CASE, lambda _: httpx.Response(400), **app))
