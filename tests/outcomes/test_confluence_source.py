from base64 import b64decode
from datetime import UTC, datetime

import httpx
import pytest

from bot import errors
from bot.domain.outcomes import Credit, Outcome, OutcomeKind, Role
from bot.domain.people import Identity, Proof
from bot.outcomes.confluence import ConfluenceSource
from tests.outcomes.cases.confluence import CASE
from tests.outcomes.recorded_work import SECRET, RecordedWork, collect, load_page, reading

ADA, BEN = "712020:5d0a-ada", "712020:7c1b-ben"
LAST = "search_sa_WzE3NjM"


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def recorded():
    return RecordedWork(CASE)


@pytest.fixture
async def batch(recorded):
    return await collect(reading(CASE, recorded))


@pytest.fixture
def by_title(batch):
    return {outcome.title: outcome for outcome in batch.outcomes}


async def test_a_page_is_its_creators_work(by_title):
    assert by_title["How we roll back"] == Outcome(
        source="confluence",
        source_id="65601",
        kind=OutcomeKind.PAGE_PUBLISHED,
        opened_at=None,
        completed_at=at(3, 9, 15),
        reverted_at=None,
        evidence=frozenset(),
        credits=(Credit(ADA, Role.AUTHOR),),
        title="How we roll back",
        url="https://acme.atlassian.net/wiki/spaces/ENG/pages/65601/How+we+roll+back",
        project="ENG",
    )


class TestPublished:
    async def test_are_blog_posts_too(self, by_title):
        post = by_title["What we learned in the migration"]

        assert (post.kind, post.completed_at) == (OutcomeKind.PAGE_PUBLISHED, at(18, 10))

    async def test_are_neither_drafts_nor_what_was_put_away(self, by_title):
        assert set(by_title) == set(CASE.titles)

    @pytest.mark.parametrize("kind", ["comment", "attachment", "whiteboard", "folder"])
    async def test_are_no_other_kinds_of_content(self, kind):
        page = load_page("confluence", "search")
        page["results"][0]["type"] = kind

        batch = await collect(reading(CASE, RecordedWork(CASE, search=page)))

        assert "65601" not in {outcome.source_id for outcome in batch.outcomes}

    async def test_count_once_though_pages_shift_while_they_are_read(self, batch):
        assert [outcome.source_id for outcome in batch.outcomes].count("65602") == 1

    async def test_may_have_no_link(self):
        page = load_page("confluence", "search")
        del page["_links"]["base"]

        batch = await collect(reading(CASE, RecordedWork(CASE, search=page)))

        assert [o.url for o in batch.outcomes if o.source_id == "65601"] == [None]


class TestPeople:
    async def test_an_app_gets_no_credit_and_has_no_address(self, by_title, batch):
        assert by_title["Weekly report of the backups"].credits == ()
        assert set(batch.identities) == {ADA}

    async def test_who_was_not_logged_in_is_nobody(self, by_title):
        assert by_title["Wishes from visitors"].credits == ()

    async def test_who_hides_the_address_is_credited_by_account(self, by_title):
        assert by_title["Handover of the night shift"].credits == (Credit(BEN, Role.AUTHOR),)

    async def test_an_address_that_is_shown_is_the_accounts(self, batch):
        assert batch.identities[ADA] == Identity(email="ada@example.com", proof=Proof.ADMIN_EMAIL)

    async def test_an_address_of_a_guest_of_the_portal_proves_nothing(self):
        page = load_page("confluence", "search")
        page["results"][0]["history"]["createdBy"]["accountType"] = "customer"
        last = load_page("confluence", LAST)
        last["results"] = []

        batch = await collect(reading(CASE, RecordedWork(CASE, **{"search": page, LAST: last})))

        assert batch.identities == {}
        assert Credit(ADA, Role.AUTHOR) in {c for o in batch.outcomes for c in o.credits}


class TestAsking:
    async def test_is_a_day_wider_than_the_window_for_any_time_zone(self, recorded, batch):
        [first, _] = [r for r in recorded.requests if r.url.path.endswith("/search")]

        assert first.url.params["cql"] == (
            'type in (page, blogpost) and created >= "2026-10-19 00:00" order by created asc'
        )

    async def test_is_for_neither_texts_nor_excerpts(self, recorded, batch):
        paths = {r.url.path for r in recorded.requests}

        assert paths == {"/wiki/api/v2/spaces", "/wiki/rest/api/content/search"}
        assert {r.url.params.get("expand", "") for r in recorded.requests} == {"", "history,space"}

    async def test_takes_only_the_cursor_of_a_link_and_stays_where_it_was(self):
        page = load_page("confluence", "search")
        page["_links"]["next"] = "https://elsewhere.example.com/?cursor=_sa_WzE3NjM%3D&limit=1"
        recorded = RecordedWork(CASE, search=page)

        await collect(reading(CASE, recorded))

        last = recorded.requests[-1].url
        assert last.host == "acme.atlassian.net"
        assert last.path == "/wiki/rest/api/content/search"
        assert (last.params["cursor"], last.params["limit"]) == ("_sa_WzE3NjM=", "100")

    @pytest.mark.parametrize("end", ["", "/", "/wiki", "/wiki/"])
    async def test_has_the_prefix_once_however_the_address_is_written(self, end):
        recorded = RecordedWork(CASE)

        await collect(reading(CASE, recorded, base_url=f"https://acme.atlassian.net{end}"))

        assert {r.url.path.count("/wiki/") for r in recorded.requests} == {1}

    async def test_is_done_in_the_name_of_the_account(self, recorded, batch):
        kind, told = recorded.requests[0].headers["authorization"].split()

        assert kind == "Basic"
        assert b64decode(told).decode() == f"upshot@example.com:{SECRET}"


class TestTrouble:
    @pytest.mark.parametrize("link", ["/rest/api/content/search?start=25", "", "?cursor="])
    async def test_a_next_page_without_a_cursor_is_not_passed_over(self, link):
        page = {"results": [], "_links": {"next": link or "/"}}

        with pytest.raises(errors.SourceResponseError, match="no cursor"):
            await collect(reading(CASE, RecordedWork(CASE, search=page)))

    async def test_an_account_that_is_shown_nothing_is_told_which_permission_it_lacks(self):
        nothing = {"results": [], "_links": {}}

        with pytest.raises(errors.SourceForbiddenError, match="view the spaces"):
            await collect(reading(CASE, RecordedWork(CASE, spaces=nothing)))

    async def test_a_refusal_names_the_permission_too(self):
        recorded = RecordedWork(CASE, search=httpx.Response(403))

        with pytest.raises(errors.SourceForbiddenError, match="view the spaces"):
            await collect(reading(CASE, recorded))


async def test_the_projects_are_the_spaces_archived_ones_too(batch):
    assert batch.readable == {"ENG", "OPS", "OLD"}


async def test_nothing_is_understood_without_pages():
    assert ConfluenceSource.parse([]).outcomes == ()
