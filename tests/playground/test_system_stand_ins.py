"""The real sources read the stand-ins over HTTP, and what they understand is the truth."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.domain.mentions import ticket_name
from bot.domain.outcomes import Credit, Outcome, OutcomeKind, Role
from bot.domain.people import Identity, Proof
from bot.errors import SourceUnauthorizedError
from bot.http import Retry
from bot.outcomes.confluence import Config as ConfluenceConfig
from bot.outcomes.confluence import ConfluenceSource
from bot.outcomes.jira import Config as JiraConfig
from bot.outcomes.jira import JiraSource
from bot.outcomes.zendesk import Config as ZendeskConfig
from bot.outcomes.zendesk import ZendeskSource
from bot.playground.company import Page, Task, Ticket, make_company
from bot.playground.company.delivery import midnight
from bot.playground.serving import serving
from bot.playground.systems import atlassian, confluence_app, jira_app, zendesk, zendesk_app
from bot.ports import OutcomeBatch

COMPANY = make_company(people=150, weeks=4, ends=date(2026, 11, 16), longest_revision_days=1)
PEOPLE = COMPANY.people
START, AFTERWARDS = midnight(COMPANY.start), COMPANY.settled_at
THURSDAY_NOON = START + timedelta(days=17, hours=12, minutes=5)
"""Nothing happened in the minute before, of which searches do not tell yet."""
NO_RETRY = Retry(attempts=1)
AGENTS = {person.slack_id: str(n) for n, person in enumerate(COMPANY.employees, 9_001)}
SEARCH, CHANGES = "/rest/api/3/search/jql", "/rest/api/3/changelog/bulkfetch"
CONTENT, SPACES = "/wiki/rest/api/content/search", "/wiki/api/v2/spaces"
EXPORT, ARTICLES = "/api/v2/incremental/tickets/cursor", "/api/v2/help_center/incremental/articles"
ALL_TASKS = 'updated >= "2026-10-01 00:00" ORDER BY updated ASC'
ALL_PAGES = 'type in (page, blogpost) and created >= "2026-10-01 00:00" order by created asc'


@pytest.fixture(params=[THURSDAY_NOON, AFTERWARDS], ids=["midweek", "afterwards"])
def now(request) -> datetime:
    return request.param


def jira_at(url: str, token: str = atlassian.READER_TOKEN) -> JiraSource:
    config = JiraConfig(
        base_url=url,
        site_url=atlassian.SITE,
        email=atlassian.READER_EMAIL,
        api_token=SecretStr(token),
    )
    return JiraSource.from_config(config, retry=NO_RETRY)


def confluence_at(url: str, token: str = atlassian.READER_TOKEN) -> ConfluenceSource:
    config = ConfluenceConfig(
        base_url=url, email=atlassian.READER_EMAIL, api_token=SecretStr(token)
    )
    return ConfluenceSource.from_config(config, retry=NO_RETRY)


def zendesk_at(url: str, token: str = zendesk.API_TOKEN) -> ZendeskSource:
    config = ZendeskConfig(base_url=url, email=zendesk.ADMIN_EMAIL, api_token=SecretStr(token))
    return ZendeskSource.from_config(config, retry=NO_RETRY)


EVERY = [(jira_app, jira_at), (confluence_app, confluence_at), (zendesk_app, zendesk_at)]


async def read(app: Any, source_at: Any, now: datetime, *, since: datetime | None = None) -> Any:
    """All that the source makes of the stand-in, over a real connection."""
    with serving(app(COMPANY, now=lambda: now)) as url:
        source = source_at(url)
        try:
            return await source.collect(now, since=since)
        finally:
            await source.close()


def by_id(outcomes: Iterable[Outcome]) -> dict[str, Outcome]:
    return {outcome.source_id: outcome for outcome in outcomes}


def done(task: Task, now: datetime) -> Outcome | None:
    known = task.course.until(now)
    if known.completed_at is None or task.resolution != "Done":
        return None
    credit = task.assignee and Credit(atlassian.account_id(PEOPLE[task.assignee]), Role.ASSIGNEE)
    return Outcome(
        source="jira",
        source_id=str(task.number),
        kind=OutcomeKind.TASK_DONE,
        opened_at=known.opened_at,
        completed_at=known.completed_at,
        reverted_at=None,
        reopened_at=known.reopened_at,
        evidence=frozenset(),
        credits=(credit,) if credit else (),
        title=task.title,
        url=f"{atlassian.SITE}/browse/{task.key}",
        project=task.project,
        names=frozenset({ticket_name(task.key)}),
    )


def solved(ticket: Ticket, now: datetime) -> Outcome | None:
    known = ticket.course.until(now)
    if known.completed_at is None:
        return None
    return Outcome(
        source="zendesk",
        source_id=f"tickets/{ticket.number}",
        kind=OutcomeKind.TICKET_SOLVED,
        opened_at=known.opened_at,
        completed_at=known.completed_at,
        reverted_at=None,
        reopened_at=known.reopened_at,
        evidence=frozenset(),
        credits=(Credit(AGENTS[ticket.assignee], Role.ASSIGNEE),) if ticket.assignee else (),
        title=ticket.subject,
        url=f"https://acme.zendesk.com/agent/tickets/{ticket.number}",
        project="tickets",
    )


def published(page: Page, now: datetime) -> Outcome | None:
    if page.is_draft or page.published_at > now:
        return None
    is_article, author = page.kind == "article", page.author and PEOPLE[page.author]
    account = author and (AGENTS[author.slack_id] if is_article else atlassian.account_id(author))
    return Outcome(
        source="zendesk" if is_article else "confluence",
        source_id=f"articles/{page.number}" if is_article else str(page.number),
        kind=OutcomeKind.PAGE_PUBLISHED,
        opened_at=None,
        completed_at=page.published_at,
        reverted_at=None,
        evidence=frozenset(),
        credits=(Credit(account, Role.AUTHOR),) if account else (),
        title=page.title,
        url=f"https://acme.zendesk.com/hc/en-us/articles/{page.number}"
        if is_article
        else f"{atlassian.SITE}/wiki/spaces/{page.space}/pages/{page.number}",
        project="articles" if is_article else page.space,
    )


ARTICLES_WRITTEN = [page for page in COMPANY.pages if page.kind == "article"]
PAGES_WRITTEN = [page for page in COMPANY.pages if page.kind != "article"]


class TestOneTruth:
    async def test_jira_tells_of_every_task_that_is_done(self, now):
        batch: OutcomeBatch = await read(jira_app, jira_at, now)

        assert by_id(batch.outcomes) == by_id(filter(None, (done(t, now) for t in COMPANY.tasks)))
        assert batch.readable == {task.project for task in COMPANY.tasks}
        assert any(outcome.reopened_at for outcome in batch.outcomes)

    async def test_zendesk_tells_of_every_ticket_and_article(self, now):
        batch: OutcomeBatch = await read(zendesk_app, zendesk_at, now)
        tickets = (solved(ticket, now) for ticket in COMPANY.tickets)
        articles = (published(page, now) for page in ARTICLES_WRITTEN)

        assert by_id(batch.outcomes) == by_id(filter(None, (*tickets, *articles)))
        assert len(batch.outcomes) > 1000
        assert any(outcome.reopened_at for outcome in batch.outcomes)

    async def test_confluence_tells_of_every_page(self, now):
        batch: OutcomeBatch = await read(confluence_app, confluence_at, now)

        assert by_id(batch.outcomes) == by_id(
            filter(None, (published(page, now) for page in PAGES_WRITTEN))
        )
        assert batch.readable == {"DATA", "PROD", "SALES"}

    async def test_what_was_taken_up_again_is_told_in_the_next_window(self):
        [task, *_] = [t for t in COMPANY.tasks if len(t.course.turns) == 2]
        before, after = (turn + timedelta(minutes=5) for turn in task.course.turns)

        first = await read(jira_app, jira_at, before)
        then = await read(jira_app, jira_at, after, since=before)

        assert by_id(first.outcomes)[str(task.number)].reopened_at is None
        assert by_id(then.outcomes)[str(task.number)].reopened_at == task.course.turns[1]


class TestPeople:
    async def test_jira_and_confluence_know_a_person_by_one_account(self):
        tasks = await read(jira_app, jira_at, AFTERWARDS)
        pages = await read(confluence_app, confluence_at, AFTERWARDS)
        shared = tasks.identities.keys() & pages.identities.keys()

        assert shared
        assert all(tasks.identities[each] == pages.identities[each] for each in shared)

    async def test_addresses_are_told_unless_the_profile_hides_them(self):
        batch = await read(jira_app, jira_at, AFTERWARDS)
        assigned = [PEOPLE[who] for who in {task.assignee for task in COMPANY.tasks} if who]

        assert batch.identities == {
            atlassian.account_id(person): Identity(email=person.email, proof=Proof.ADMIN_EMAIL)
            for person in assigned
            if not atlassian.hides_address(person)
        }
        assert any(map(atlassian.hides_address, assigned))

    async def test_a_customer_under_a_colleagues_address_is_nobody(self):
        batch = await read(zendesk_app, zendesk_at, AFTERWARDS)
        support = {t.assignee for t in COMPANY.tickets} | {p.author for p in ARTICLES_WRITTEN}

        assert batch.identities == {
            AGENTS[who]: Identity(email=PEOPLE[who].email, proof=Proof.ADMIN_EMAIL)
            for who in support
            if who
        }


class TestDoors:
    @pytest.mark.parametrize(("app", "source_at"), EVERY)
    async def test_another_token_is_refused(self, app, source_at):
        with serving(app(COMPANY, now=lambda: AFTERWARDS)) as url:
            source = source_at(url, token="guessed")
            with pytest.raises(SourceUnauthorizedError):
                await source.collect(AFTERWARDS)
            await source.close()

    @pytest.mark.parametrize(("app", "source_at"), EVERY)
    async def test_before_the_company_works_there_is_nothing(self, app, source_at):
        batch = await read(app, source_at, START - timedelta(days=20))

        assert batch.outcomes == ()


class Api:
    """A stand-in asked directly, by whoever may ask."""

    def __init__(self, app: Any, user: str, token: str) -> None:
        credentials = b64encode(f"{user}:{token}".encode()).decode()
        self.headers = {"authorization": f"Basic {credentials}"}
        self.app = app(COMPANY, now=lambda: THURSDAY_NOON)

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self._ask("GET", path, params=params)

    async def post(self, path: str, **body: Any) -> httpx.Response:
        return await self._ask("POST", path, json=body)

    async def _ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            return await client.request(method, path, headers=self.headers, **request)


@pytest.fixture
def jira() -> Api:
    return Api(jira_app, atlassian.READER_EMAIL, atlassian.READER_TOKEN)


@pytest.fixture
def confluence() -> Api:
    return Api(confluence_app, atlassian.READER_EMAIL, atlassian.READER_TOKEN)


@pytest.fixture
def desk() -> Api:
    return Api(zendesk_app, f"{zendesk.ADMIN_EMAIL}/token", zendesk.API_TOKEN)


class TestJirasTraps:
    async def test_a_search_without_bounds_is_refused(self, jira):
        answer = await jira.post(SEARCH, jql="ORDER BY updated ASC")

        assert (answer.status_code, list(answer.json())) == (400, ["errorMessages", "errors"])

    async def test_ids_alone_are_told_unless_fields_are_asked_for(self, jira):
        page = (await jira.post(SEARCH, jql=ALL_TASKS)).json()

        assert {frozenset(issue) for issue in page["issues"]} == {frozenset({"id"})}

    async def test_pages_are_short_and_the_last_has_no_token(self, jira):
        pages = [(await jira.post(SEARCH, jql=ALL_TASKS, maxResults=100)).json()]
        while token := pages[-1].get("nextPageToken"):
            question = {"jql": ALL_TASKS, "maxResults": 100, "nextPageToken": token}
            pages.append((await jira.post(SEARCH, **question)).json())

        assert len(pages) > 2
        assert all(len(page["issues"]) < 100 for page in pages)
        assert "nextPageToken" not in pages[-1]

    async def test_a_token_is_good_for_its_own_question_only(self, jira):
        page = (await jira.post(SEARCH, jql=ALL_TASKS, maxResults=10)).json()
        other = ALL_TASKS.replace("10-01", "10-02")

        answer = await jira.post(SEARCH, jql=other, nextPageToken=page["nextPageToken"])

        assert answer.status_code == 400

    async def test_times_in_a_search_are_those_of_the_readers_zone(self, jira):
        midnight_there = THURSDAY_NOON - timedelta(hours=4)
        question = {"jql": ALL_TASKS.replace("10-01", "11-05"), "fields": ["updated"]}

        found = (await jira.post(SEARCH, **question)).json()["issues"]

        times = [datetime.fromisoformat(issue["fields"]["updated"]) for issue in found]
        assert times
        assert min(times) >= midnight_there

    async def test_changes_of_a_ticket_may_go_on_on_the_next_page(self, jira):
        task = next(t for t in COMPANY.tasks if t.course.until(THURSDAY_NOON).completed_at)
        question = {"issueIdsOrKeys": [str(task.number)], "fieldIds": ["status"], "maxResults": 1}

        first = (await jira.post(CHANGES, **question)).json()
        then = (await jira.post(CHANGES, **question, nextPageToken=first["nextPageToken"])).json()

        [late], [early] = (page["issueChangeLogs"][0]["changeHistories"] for page in (first, then))
        assert late["created"] > early["created"]
        assert [item["fieldId"] for item in late["items"]] == ["status"]


class TestConfluencesTraps:
    async def test_what_is_not_expanded_is_not_there(self, confluence):
        [found, *_] = (await confluence.get(CONTENT, cql=ALL_PAGES)).json()["results"]

        assert found.keys().isdisjoint({"history", "space"})

    async def test_pages_with_more_in_them_are_shorter_than_asked(self, confluence):
        question = {"cql": ALL_PAGES, "limit": 100, "expand": "history,space"}
        page = (await confluence.get(CONTENT, **question)).json()

        assert page["size"] == len(page["results"]) == 50
        assert page["_links"]["next"].startswith("/rest/api/content/search?")

    async def test_the_last_page_of_spaces_links_to_no_other(self, confluence):
        first = (await confluence.get(SPACES, limit=250)).json()
        cursor = httpx.URL(first["_links"]["next"]).params["cursor"]
        last = (await confluence.get(SPACES, limit=250, cursor=cursor)).json()

        assert (len(first["results"]), len(last["results"])) == (2, 1)
        assert "next" not in last["_links"]


class TestZendesksTraps:
    async def test_the_cursor_goes_on_until_the_stream_ends(self, desk):
        start = int(START.timestamp()) - 86_400 * 30
        pages = [(await desk.get(EXPORT, start_time=start, per_page=400)).json()]
        while not pages[-1]["end_of_stream"]:
            cursor = pages[-1]["after_cursor"]
            pages.append((await desk.get(EXPORT, cursor=cursor, per_page=400)).json())
        numbers = [ticket["id"] for page in pages for ticket in page["tickets"]]

        assert len(pages) > 2
        assert len(numbers) == len(set(numbers))
        assert pages[-1]["after_cursor"]

    async def test_people_and_metrics_come_only_where_they_are_asked_for(self, desk):
        page = (await desk.get(EXPORT, start_time=int(START.timestamp()), per_page=5)).json()

        assert "users" not in page
        assert all("metric_set" not in ticket for ticket in page["tickets"])

    async def test_the_last_minute_is_not_told_yet(self, desk):
        answer = await desk.get(EXPORT, start_time=int(THURSDAY_NOON.timestamp()))

        assert answer.status_code == 400

    async def test_a_next_page_of_articles_is_named_for_ever(self, desk):
        start = int(START.timestamp())
        page = (await desk.get(ARTICLES, start_time=start)).json()
        again = (await desk.get(ARTICLES, start_time=page["end_time"])).json()

        assert again["next_page"]
        assert again["end_time"] == page["end_time"]
