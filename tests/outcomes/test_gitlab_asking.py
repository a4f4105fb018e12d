from datetime import datetime, timedelta

import httpx
import pytest

from bot import errors
from bot.domain.people import Identity, Proof
from bot.http import Http, Retry
from bot.outcomes.gitlab import Config, GitLabSource
from tests.outcomes.cases.gitlab import CASE
from tests.outcomes.recorded_work import WINDOW_END, RecordedWork, collect, load_page, reading

ANA, BEN, CHLOE = "12", "13", "21"


@pytest.fixture
async def batch():
    return await collect(reading(CASE, RecordedWork(CASE)))


class TestIdentities:
    def test_are_proven_where_an_administrator_is_told_a_confirmed_address(self, batch):
        assert batch.identities == {
            ANA: Identity(email="ana@example.com", proof=Proof.ADMIN_EMAIL),
            CHLOE: Identity(email="chloe@example.com", proof=Proof.ASSERTED),
        }

    async def test_are_asked_for_once_and_of_people_only(self):
        recorded = RecordedWork(CASE)

        await collect(reading(CASE, recorded))

        asked = [name for name in recorded.asked if name.startswith("user_")]
        assert asked == ["user_12", "user_13", "user_21"]

    @pytest.mark.parametrize("status", [403, 429])
    async def test_are_not_asked_for_again_once_that_is_refused(self, status):
        whole = await collect(reading(CASE, RecordedWork(CASE)))
        recorded = RecordedWork(CASE, user_13=httpx.Response(status))

        batch = await collect(reading(CASE, recorded))

        assert recorded.asked[-1] == "user_13"
        assert batch.outcomes == whole.outcomes
        assert set(batch.identities) == {ANA}

    async def test_of_users_who_are_gone_are_passed_over(self):
        recorded = RecordedWork(CASE, user_12=httpx.Response(404))

        assert set((await collect(reading(CASE, recorded))).identities) == {CHLOE}

    async def test_are_asked_for_so_many_a_night_and_for_others_the_next(self):
        asked = []
        for night in range(3):
            recorded = RecordedWork(CASE)
            source = reading(CASE, recorded, lookups=1)
            await collect(source, until=WINDOW_END + timedelta(days=night))
            asked += [name for name in recorded.asked if name.startswith("user_")]

        assert sorted(asked) == ["user_12", "user_13", "user_21"]

    async def test_are_not_asked_for_where_that_is_turned_off(self):
        recorded = RecordedWork(CASE)

        batch = await collect(reading(CASE, recorded, lookups=0))

        assert batch.identities == {}
        assert not any(name.startswith("user_") for name in recorded.asked)


class TestAsking:
    @pytest.fixture
    async def requests(self):
        recorded = RecordedWork(CASE)
        await collect(reading(CASE, recorded))
        return recorded.requests

    def test_is_for_everybodys_changes_since_the_window_began(self, requests):
        asked = [r for r in requests if r.url.path.endswith("/acme/merge_requests")]

        assert [request.url.params["page"] for request in asked] == ["1", "2", "3"]
        assert {request.url.params["scope"] for request in asked} == {"all"}
        assert {r.url.params["updated_after"] for r in asked} == {"2026-10-20T00:00:00Z"}

    def test_quotes_the_path_of_a_group_and_keeps_the_token_in_a_header(self, requests):
        assert any(b"/groups/globex%2Fapps/projects?" in r.url.raw_path for r in requests)
        assert {r.headers["private-token"] for r in requests} == {CASE.config["token"]}

    async def test_reaches_a_gitlab_below_a_path(self):
        recorded = RecordedWork(CASE)

        with pytest.raises(AssertionError, match="forge/api/v4/groups/acme/projects"):
            await collect(reading(CASE, recorded, base_url="https://gitlab.example.com/forge"))

    async def test_leaves_commits_alone_where_that_is_turned_off(self):
        recorded = RecordedWork(CASE)

        batch = await collect(reading(CASE, recorded, reads_commits=False))

        assert not any("/commits" in request.url.path for request in recorded.requests)
        assert len(batch.outcomes) == len(CASE.titles) - 1

    @pytest.mark.parametrize("status", [403, 404])
    async def test_goes_on_without_the_commits_of_code_that_may_not_be_read(self, status):
        recorded = RecordedWork(CASE, commits_7_41=httpx.Response(status))

        batch = await collect(reading(CASE, recorded))

        assert {outcome.title for outcome in batch.outcomes} == set(CASE.titles)


class TestProjects:
    def test_are_readable_where_their_default_branch_is_told(self, batch):
        assert batch.readable == {"acme/web", "acme/platform/api", "globex/apps/shop"}

    async def test_of_a_group_that_is_not_shown_are_not(self):
        recorded = RecordedWork(CASE, projects_acme_1=httpx.Response(404))

        batch = await collect(reading(CASE, recorded))

        assert batch.readable == {"globex/apps/shop"}

    async def test_say_what_is_missing_where_no_group_is_shown(self):
        refused = {
            name: httpx.Response(403) for name in ("projects_acme_1", "projects_globex_apps_1")
        }

        with pytest.raises(errors.SourceForbiddenError, match=r"read_api.*Reporter"):
            await collect(reading(CASE, RecordedWork(CASE, **refused)))


def created_at(*seconds):
    """Merge requests like a usual one, each created at such a second."""
    [one] = [r for r in load_page("gitlab", "merge_requests_acme_1") if r["iid"] == 41]
    return [
        {**one, "id": n, "iid": n, "created_at": f"2026-11-01T08:00:{second:02}.500Z"}
        for n, second in enumerate(seconds, 1)
    ]


class Archive:
    """A GitLab that lists as asked, two to a page."""

    def __init__(self, requests):
        self.requests = requests
        self.furthest = 0

    def __call__(self, request):
        if not request.url.path.endswith("/groups/acme/merge_requests"):
            name = CASE.page_name(request)
            page = load_page("gitlab", name if name.startswith("projects_acme") else "nothing")
            return httpx.Response(200, json=page)
        asked = request.url.params
        number = int(asked["page"])
        self.furthest = max(self.furthest, number)
        after = datetime.fromisoformat(asked.get("created_after", "2020-01-01T00:00:00Z"))
        found = [r for r in self.requests if datetime.fromisoformat(r["created_at"]) >= after]
        return httpx.Response(200, json=found[number * 2 - 2 : number * 2])

    def read(self):
        """By a source that counts no further than three pages."""
        config = Config.model_validate({**CASE.config, "groups": ["acme"], "lookups": 0})
        http = Http(
            "https://gitlab.com/api/v4",
            headers={},
            retry=Retry(attempts=1),
            transport=httpx.MockTransport(self),
        )
        return collect(GitLabSource(config, http, most_pages=3))


class TestManyPages:
    async def test_are_counted_anew_before_gitlab_counts_no_further(self):
        archive = Archive(created_at(*range(1, 21)))

        batch = await archive.read()

        assert len(batch.outcomes) == 20
        assert archive.furthest == 3

    async def test_of_one_second_that_are_too_many_are_not_taken_for_all(self):
        with pytest.raises(errors.SourceResponseError, match="in one second"):
            await Archive(created_at(*[1] * 20)).read()
