import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot import errors
from bot.domain.outcomes import Credit, Evidence, Mark, Role
from bot.http import Http, Retry
from bot.outcomes import SOURCES
from bot.outcomes.github import Config, GitHubSource

FIXTURES = Path(__file__).parents[1] / "fixtures" / "github"
UNTIL = datetime(2026, 10, 1, tzinfo=UTC)
AT_ONCE = Retry(attempts=1)
ADA, BOB = "101", "102"


def recorded(name):
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def github(answer, **config):
    """The source in front of a stand-in: *answer* is a function or what is always said."""
    answering = answer if callable(answer) else lambda _: httpx.Response(200, json=answer)
    given = {"token": "not-used", "organization": "acme", "history_days": 30, **config}
    http = Http(
        "https://api.example",
        headers={},
        retry=AT_ONCE,
        transport=httpx.MockTransport(answering),
    )
    return GitHubSource(Config.model_validate(given), http)


def pull_request(number, merged_at):
    [one] = [p for p in recorded("page")["data"]["search"]["nodes"] if p["number"] == 1]
    return {**one, "number": number, "mergedAt": merged_at.isoformat(), "mergeCommit": None}


class Archive:
    """A search that honours windows, pages of 50 and the limit of 1,000 results."""

    def __init__(self, merged_at):
        self.merged_at = sorted(merged_at)
        self.searches = []

    def __call__(self, request):
        variables = json.loads(request.content)["variables"]
        self.searches.append(variables["search"])
        start, end = (
            datetime.fromisoformat(at)
            for at in re.search(r"merged:(\S+?)\.\.(\S+)", variables["search"]).groups()
        )
        found = [(n, at) for n, at in enumerate(self.merged_at, 1) if start <= at <= end]
        first = int(variables["cursor"] or 0)
        shown = found[first : min(first + 50, 1000)]
        following = first + len(shown)
        search = {
            "issueCount": len(found),
            "pageInfo": {
                "hasNextPage": following < min(len(found), 1000),
                "endCursor": str(following),
            },
            "nodes": [pull_request(n, at) for n, at in shown],
        }
        return httpx.Response(200, json={"data": {"search": search}})


@pytest.fixture
async def batch():
    return await github(recorded("page")).collect(UNTIL)


@pytest.fixture
def outcomes(batch):
    return {outcome.source_id: outcome for outcome in batch.outcomes}


class TestPullRequests:
    def test_one_is_its_authors_by_an_id_that_never_changes(self, outcomes):
        outcome = outcomes["acme/app#1"]

        assert outcome.credits == (Credit(ADA, Role.AUTHOR),)
        assert outcome.opened_at == datetime(2026, 8, 31, 10, tzinfo=UTC)
        assert outcome.completed_at == datetime(2026, 9, 1, 10, tzinfo=UTC)
        assert outcome.size == 42

    def test_evidence_comes_once_from_commits_and_body(self, outcomes):
        assert outcomes["acme/app#1"].evidence == {
            Evidence("claude", Mark.COAUTHOR),
            Evidence("claude", Mark.GENERATED_LINE),
        }

    def test_an_agents_goes_to_the_one_human_in_it(self, outcomes):
        outcome = outcomes["acme/app#2"]

        assert outcome.credits == (Credit(ADA, Role.COAUTHOR),)
        assert outcome.evidence == {
            Evidence("copilot", Mark.AGENT_AUTHOR),
            Evidence("copilot", Mark.BRANCH),
        }

    def test_an_agents_with_several_humans_goes_to_the_assignee(self, outcomes):
        assert outcomes["acme/app#3"].credits == (Credit(BOB, Role.ASSIGNEE),)

    def test_a_bots_alone_is_no_outcome(self, outcomes):
        assert "acme/app#4" not in outcomes

    def test_one_by_an_account_that_is_gone_goes_to_its_commits_author(self, outcomes):
        assert outcomes["acme/app#6"].credits == (Credit("cleo@example.com", Role.COAUTHOR),)

    def test_one_into_another_branch_is_not_finished(self, outcomes):
        assert "acme/app#7" not in outcomes

    def test_one_that_another_reverts_is_reverted(self, outcomes):
        assert outcomes["acme/app#1"].reverted_at == outcomes["acme/app#5"].completed_at
        assert outcomes["acme/app#5"].reverted_at is None


def test_addresses_that_github_has_verified_are_told(batch):
    assert batch.emails == {ADA: "ada@example.com"}


def test_the_report_counts_pull_requests(batch):
    assert batch.report == {
        "from": "2026-09-01T00:00:00+00:00",
        "to": "2026-10-01T00:00:00+00:00",
        "merged_changes": 6,
        "outcomes": 5,
        "outcomes_credited": 5,
        "outcomes_reverted": 1,
        "changes_with_ai_evidence": 3,
        "ai_changes_by_tool": {"claude": 1, "copilot": 2},
        "agent_authored": 2,
        "agent_authored_by_tool": {"copilot": 2},
        "credited_to_one_human": 1,
        "reverted": 1,
    }
    assert (batch.complete, batch.data_through) == (False, UNTIL)


def test_no_title_or_message_is_in_what_it_gives(batch):
    assert "export" not in repr(batch)


class TestSearching:
    async def test_pages_are_followed_to_the_last(self):
        archive = Archive([UNTIL - timedelta(hours=n) for n in range(1, 121)])

        batch = await github(archive).collect(UNTIL)

        assert len(batch.outcomes) == 120
        assert len(archive.searches) == 3
        assert archive.searches[0] == (
            "org:acme is:pr is:merged merged:2026-09-01T00:00:00Z..2026-09-30T23:59:59Z "
            "sort:created-asc"
        )

    async def test_a_window_with_too_many_is_halved_until_nothing_is_lost(self):
        archive = Archive([UNTIL - timedelta(minutes=n) for n in range(1, 2501)])

        batch = await github(archive, history_days=4).collect(UNTIL)

        assert len(batch.outcomes) == 2500
        assert len({search.split()[3] for search in archive.searches}) > 4

    async def test_a_minute_with_too_many_is_an_error_that_says_what_to_do(self):
        archive = Archive([UNTIL - timedelta(seconds=30)] * 1000)

        with pytest.raises(errors.SourceResponseError, match="name repositories"):
            await github(archive).collect(UNTIL)

    async def test_the_last_days_are_read_again(self):
        archive = Archive([])

        await github(archive, repull_days=3).collect(UNTIL, since=UNTIL - timedelta(days=1))

        assert "merged:2026-09-27T00:00:00Z..2026-09-30T23:59:59Z" in archive.searches[0]

    async def test_repositories_are_searched_some_at_a_time_and_each_once(self):
        archive = Archive([UNTIL - timedelta(days=1)])
        names = [f"acme/app{n}" for n in range(25)]

        batch = await github(archive, organization=None, repositories=names).collect(UNTIL)

        assert [search.count("repo:") for search in archive.searches] == [20, 5]
        assert len(batch.outcomes) == 1

    async def test_a_result_that_may_not_be_seen_is_passed_over(self):
        page = recorded("page")
        page["data"]["search"]["nodes"][0] = None

        batch = await github(page).collect(UNTIL)

        assert batch.report["merged_changes"] == 5


class TestRefusals:
    @pytest.mark.parametrize("cursor", ["c1", None])
    async def test_paging_that_goes_round_in_circles_ends(self, cursor):
        page = recorded("page")
        page["data"]["search"]["pageInfo"] = {"hasNextPage": True, "endCursor": cursor}

        with pytest.raises(errors.SourceResponseError, match="circles"):
            await github(page).collect(UNTIL)

    async def test_results_left_out_are_noticed(self):
        page = recorded("page")
        page["data"]["search"]["issueCount"] = 8

        with pytest.raises(errors.SourceResponseError, match="left results out"):
            await github(page).collect(UNTIL)

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            (recorded("rate_limited"), errors.SourceRateLimitedError),
            (recorded("forbidden"), errors.SourceForbiddenError),
            ({"errors": [{"type": "NOT_FOUND"}]}, errors.SourceNotFoundError),
            ({"errors": [{"message": "Something went wrong"}]}, errors.SourceResponseError),
            ({"data": None}, errors.SourceResponseError),
            ({"data": {"search": {}}}, errors.SourceResponseError),
        ],
    )
    async def test_errors_are_told_apart_and_never_quoted(self, answer, kind):
        with pytest.raises(kind) as raised:
            await github(answer).collect(UNTIL)

        assert "Resource" not in str(raised.value)
        assert "went wrong" not in str(raised.value)

    @pytest.mark.parametrize(
        ("status", "kind"),
        [
            (401, errors.SourceUnauthorizedError),
            (403, errors.SourceForbiddenError),
            (429, errors.SourceRateLimitedError),
            (502, errors.SourceUnavailableError),
        ],
    )
    async def test_statuses_are_told_apart(self, status, kind):
        with pytest.raises(kind):
            await github(lambda _: httpx.Response(status)).collect(UNTIL)


class TestSettings:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"organization": None},
            {"repositories": ["acme/app"]},
            {"organization": "acme is:open"},
            {"organization": None, "repositories": ["acme"]},
        ],
    )
    def test_what_cannot_be_searched_is_refused(self, wrong):
        with pytest.raises(ValueError):
            github({}, **wrong)

    async def test_a_source_is_made_from_its_settings_and_hides_the_token(self):
        config = Config(token="secret-token", organization="acme")
        source = GitHubSource.from_config(config)
        await source.close()

        assert "secret-token" not in repr(config)


def test_both_sources_are_registered():
    assert [source.name for source in SOURCES] == ["git", "github"]
