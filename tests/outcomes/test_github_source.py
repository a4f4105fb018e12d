from datetime import UTC, datetime

import pytest

from bot.domain.outcomes import Credit, Evidence, Mark, OutcomeKind, Role
from bot.outcomes import SOURCES
from bot.outcomes.github import Config, GitHubSource
from tests.outcomes.github_stand_in import UNTIL, GitHub, collected, found, recorded, source_at

ADA, BOB, CLEO = "101", "102", "103"
TITLES = ("feat: export", "fix: export", "Undo the export", "feat: still open")


def at(day, hour=10):
    return datetime(2026, 9, day, hour, tzinfo=UTC)


@pytest.fixture
async def batch():
    answering = GitHub(Merged=recorded("page"), Reviewed=recorded("reviewed"))
    return await source_at(answering).collect(UNTIL)


@pytest.fixture
def outcomes(batch):
    return {outcome.source_id: outcome for outcome in batch.outcomes}


class TestPullRequests:
    def test_one_is_its_authors_by_an_id_that_never_changes(self, outcomes):
        outcome = outcomes["acme/app#1"]

        assert outcome.kind is OutcomeKind.MERGED_CHANGE
        assert outcome.credits == (Credit(ADA, Role.AUTHOR),)
        assert outcome.opened_at == datetime(2026, 8, 31, 10, tzinfo=UTC)
        assert outcome.completed_at == at(1)
        assert outcome.size == 42

    def test_one_says_what_it_is_and_where(self, outcomes):
        outcome = outcomes["acme/app#1"]

        assert outcome.title == "feat: export"
        assert outcome.url == "https://github.com/acme/app/pull/1"
        assert outcome.project == "acme/app"

    def test_one_is_known_by_its_number_and_by_the_commit_that_landed_it(self, outcomes):
        assert outcomes["acme/app#1"].names == {"github:acme/app#1", f"commit:{'1' * 40}"}
        assert outcomes["acme/app#6"].names == {"github:acme/app#6"}

    def test_one_closes_the_tickets_it_names_and_the_issues_it_links(self, outcomes):
        assert outcomes["acme/app#1"].closes == {
            "ticket:OPS-12",
            "github:acme/app#40",
            "github:acme/planning#41",
        }

    def test_one_whose_issue_was_opened_again_afterwards_is_reopened(self, outcomes):
        assert outcomes["acme/app#3"].reopened_at == at(10)
        assert outcomes["acme/app#3"].completed_at == at(3)

    def test_one_whose_issue_was_closed_again_or_never_closed_is_not(self, outcomes):
        assert outcomes["acme/app#1"].reopened_at is None

    def test_evidence_comes_once_from_commits_and_body(self, outcomes):
        assert outcomes["acme/app#1"].evidence == {
            Evidence("claude", Mark.COAUTHOR),
            Evidence("claude", Mark.GENERATED_LINE),
        }

    def test_a_label_can_tell_of_ai(self, outcomes):
        assert Evidence("unnamed", Mark.LABEL) in outcomes["acme/app#3"].evidence

    def test_an_agents_goes_to_the_one_human_in_it(self, outcomes):
        outcome = outcomes["acme/app#2"]

        assert outcome.credits == (Credit(ADA, Role.COAUTHOR),)
        assert outcome.evidence == {
            Evidence("copilot", Mark.AGENT_AUTHOR),
            Evidence("copilot", Mark.BRANCH),
        }

    def test_an_agents_with_several_humans_goes_to_the_assignee(self, outcomes):
        assert outcomes["acme/app#3"].credits == (Credit(BOB, Role.ASSIGNEE),)

    def test_a_bots_alone_is_no_outcome_though_a_person_merged_it(self, outcomes):
        assert "acme/app#4" not in outcomes

    def test_one_by_an_account_that_is_gone_goes_to_its_commits_author(self, outcomes):
        assert outcomes["acme/app#6"].credits == (Credit("cleo@example.com", Role.COAUTHOR),)

    def test_one_into_another_branch_is_not_finished(self, outcomes):
        assert "acme/app#7" not in outcomes

    def test_one_that_another_reverts_is_reverted(self, outcomes):
        assert outcomes["acme/app#1"].reverted_at == outcomes["acme/app#5"].completed_at
        assert outcomes["acme/app#5"].reverted_at is None

    async def test_whoever_made_the_merge_is_no_author(self):
        page = recorded("page")
        [bumped] = [p for p in page["data"]["search"]["nodes"] if p["number"] == 4]
        bumped["author"] = recorded("page")["data"]["search"]["nodes"][0]["author"]

        outcome = (await collected(Merged=found(bumped)))["acme/app#4"]

        assert outcome.credits == (Credit(ADA, Role.AUTHOR),)


class TestReviews:
    def test_one_is_given_when_it_first_judges(self, outcomes):
        review = outcomes[f"acme/app#1/review/{BOB}"]

        assert review.kind is OutcomeKind.REVIEW_GIVEN
        assert review.completed_at == datetime(2026, 8, 31, 12, tzinfo=UTC)
        assert review.credits == (Credit(BOB, Role.REVIEWER),)
        assert (review.title, review.project) == ("feat: export", "acme/app")
        assert review.names == review.closes == frozenset()

    def test_nobody_reviews_their_own_and_no_machine_at_all(self, outcomes):
        assert sorted(key for key in outcomes if "/review/" in key) == [
            f"acme/app#1/review/{BOB}",
            f"acme/app#2/review/{CLEO}",
            f"acme/app#8/review/{CLEO}",
        ]

    def test_what_an_agent_wrote_is_its_assignees_own(self, outcomes):
        assert f"acme/app#2/review/{ADA}" not in outcomes

    def test_one_on_work_that_is_not_merged_yet_counts(self, outcomes):
        assert outcomes[f"acme/app#8/review/{CLEO}"].completed_at == at(29, 12)

    def test_one_given_after_the_moment_of_reading_does_not(self, outcomes):
        assert f"acme/app#9/review/{CLEO}" not in outcomes


def test_the_report_counts_pull_requests(batch):
    assert batch.report == {
        "from": "2026-09-01T00:00:00+00:00",
        "to": "2026-10-01T00:00:00+00:00",
        "repositories": 1,
        "merged_changes": 6,
        "outcomes": 8,
        "reviews_given": 3,
        "outcomes_credited": 8,
        "outcomes_reverted": 1,
        "outcomes_reopened": 1,
        "changes_with_ai_evidence": 3,
        "ai_changes_by_tool": {"claude": 1, "copilot": 2, "unnamed": 1},
        "agent_authored": 2,
        "agent_authored_by_tool": {"copilot": 2},
        "credited_to_one_human": 1,
        "reverted": 1,
    }
    assert (batch.complete, batch.data_through) == (False, UNTIL)


def test_titles_are_in_titles_alone_and_messages_nowhere(batch):
    untitled = repr([[getattr(o, n) for n in o.__slots__ if n != "title"] for o in batch.outcomes])

    assert not [title for title in TITLES if title in untitled + repr(batch.report)]
    assert "It exports" not in repr(batch)


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
            source_at(GitHub(), **wrong)

    async def test_a_source_is_made_from_its_settings_and_hides_the_token(self):
        config = Config(token="secret-token", organization="acme")
        source = GitHubSource.from_config(config)
        await source.close()

        assert "secret-token" not in repr(config)


def test_it_is_registered():
    assert GitHubSource in SOURCES
