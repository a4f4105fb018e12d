from datetime import UTC, datetime

import pytest

from bot.domain.outcomes import Credit, Evidence, Mark, Role
from tests.outcomes.cases.gitlab import CASE
from tests.outcomes.recorded_work import (
    RecordedWork,
    collect,
    load_page,
    reading,
)

ANA, BEN, CHLOE = "12", "13", "21"


def merge_requests(*changed):
    """The first page of the group, with only the first merge request on it, and as it is told."""
    page = load_page("gitlab", "merge_requests_acme_1")
    one = next(request for request in page if request["iid"] == 41)
    return [{**one, "id": 100 + n, **change} for n, change in enumerate(changed, 1)]


async def batch_of(*changed, commits=(), since=None, instead=None, **config):
    """What comes of merge requests that are like a usual one, except as told."""
    recorded = RecordedWork(
        CASE,
        merge_requests_acme_1=merge_requests(*changed),
        merge_requests_acme_2=[],
        merge_requests_globex_apps_1=[],
        commits_7_41=list(commits),
        **(instead or {}),
    )
    return await collect(reading(CASE, recorded, **config), since=since)


async def outcome_of(change, **more):
    [outcome] = (await batch_of(change, **more)).outcomes
    return outcome


def account(number, username, name, **more):
    return {"id": number, "username": username, "name": name, **more}


def commit(name, email, message="Do it"):
    return {"author_name": name, "author_email": email, "message": message}


@pytest.fixture
async def batch():
    return await collect(reading(CASE, RecordedWork(CASE)))


@pytest.fixture
def outcomes(batch):
    return {outcome.title: outcome for outcome in batch.outcomes}


class TestMergedChanges:
    def test_count_where_they_landed_on_the_default_branch_in_time(self, outcomes):
        assert set(outcomes) == set(CASE.titles)
        assert "Mend the release notes" not in outcomes
        assert "Count stock by shelf" not in outcomes

    def test_are_named_by_number_commits_and_the_tickets_they_close(self, outcomes):
        basket = outcomes["OPS-12 Keep the basket between visits"]

        assert basket.source_id == "9001"
        assert basket.project == "acme/web"
        assert basket.names == {"gitlab:acme/web#41", "commit:" + "a" * 40}
        assert basket.closes == {"ticket:OPS-12", "ticket:OPS-14"}
        assert basket.url == "https://gitlab.com/acme/web/-/merge_requests/41"
        assert basket.completed_at == datetime(2026, 11, 10, 9, 30, 0, 123000, tzinfo=UTC)

    def test_are_named_by_the_squash_as_well(self, outcomes):
        assert outcomes["Show prices with tax"].names == {
            "gitlab:acme/web#42",
            "commit:" + "b" * 40,
            "commit:" + "c" * 40,
        }

    def test_are_named_by_their_head_where_the_branch_was_only_moved_forward(self, outcomes):
        orders = outcomes["Sort orders by day"]

        assert "commit:" + "2" * 40 in orders.names
        assert orders.completed_at == datetime(2026, 11, 17, 10, tzinfo=UTC)

    async def test_have_no_commit_of_their_own_while_none_is_told(self):
        told = {"merge_commit_sha": None, "squash_commit_sha": None, "sha": None}

        assert (await outcome_of(told)).names == {"gitlab:acme/web#41"}

    async def test_without_the_time_they_were_merged_are_left_out(self):
        assert (await batch_of({"merged_at": None})).outcomes == ()

    async def test_that_two_groups_show_count_once(self):
        group = load_page("gitlab", "merge_requests_acme_1")
        recorded = RecordedWork(CASE, merge_requests_globex_apps_1=group)

        batch = await collect(reading(CASE, recorded))

        ids = [outcome.source_id for outcome in batch.outcomes]
        assert ids.count("9001") == 1
        assert recorded.asked.count("commits_7_41") == 1


class TestReverts:
    def test_of_a_merge_request_by_its_number(self, outcomes):
        revert = outcomes['Revert "Show prices with tax"']

        assert outcomes["Show prices with tax"].reverted_at == revert.completed_at
        assert revert.reverted_at is None

    @pytest.mark.parametrize("sha", ["a" * 40, "b" * 40])
    async def test_by_the_merge_commit_or_the_squash(self, sha):
        first = {"iid": 1, "merge_commit_sha": "a" * 40, "squash_commit_sha": "b" * 40}
        second = {
            "iid": 2,
            "title": "Back to the old form",
            "description": f"This reverts commit {sha}.",
            "merged_at": "2026-11-12T09:30:00.000Z",
            "merge_commit_sha": "c" * 40,
        }

        taken_back, _ = (await batch_of(first, second)).outcomes

        assert taken_back.reverted_at == datetime(2026, 11, 12, 9, 30, tzinfo=UTC)

    async def test_that_were_reverted_themselves_take_nothing_back(self):
        names = ["Sell gifts", 'Revert "Sell gifts"', 'Revert "Revert "Sell gifts""']
        changes = [
            {
                "iid": number,
                "title": title,
                "merge_commit_sha": str(number) * 40,
                "merged_at": f"2026-11-1{number}T09:30:00.000Z",
            }
            for number, title in enumerate(names, 1)
        ]

        original, revert, again = (await batch_of(*changes)).outcomes

        assert original.reverted_at is None
        assert revert.reverted_at == again.completed_at

    async def test_do_not_reach_into_another_project(self):
        first = {"iid": 1, "merge_commit_sha": "a" * 40}
        second = {
            "iid": 2,
            "project_id": 8,
            "description": "This reverts merge request !1",
            "merge_commit_sha": "c" * 40,
        }

        assert all(o.reverted_at is None for o in (await batch_of(first, second)).outcomes)


class TestCredits:
    def test_go_to_the_author_by_an_id_that_never_changes(self, outcomes):
        assert outcomes["Show prices with tax"].credits == (Credit(BEN, Role.AUTHOR),)

    def test_are_shared_with_coauthors_but_not_with_oneself_under_another_address(self, outcomes):
        assert outcomes["OPS-12 Keep the basket between visits"].credits == (
            Credit(ANA, Role.AUTHOR),
            Credit(BEN, Role.COAUTHOR),
        )

    def test_go_to_an_address_where_that_is_all_there_is(self, outcomes):
        assert outcomes["Sort orders by day"].credits == (
            Credit(CHLOE, Role.AUTHOR),
            Credit("dana@example.com", Role.COAUTHOR),
        )

    def test_of_an_agents_work_go_to_whom_it_was_assigned(self, outcomes):
        assert outcomes["Retry the payment call once"].credits == (Credit(ANA, Role.ASSIGNEE),)

    def test_of_an_agents_work_go_to_who_merged_it_otherwise(self, outcomes):
        assert outcomes["Name the queues by region"].credits == (Credit(BEN, Role.MERGER),)

    def test_of_deleted_users_go_to_nobody_else(self, outcomes):
        assert outcomes["Translate the help pages"].credits == ()

    async def test_without_an_author_go_to_nobody(self):
        assert (await outcome_of({"author": None})).credits == ()

    async def test_of_an_agents_work_go_to_the_one_human_who_shares_in_it(self):
        agent = account(70, "duo-developer", "Duo Developer", bot=True)
        commits = [commit("Duo", "duo@noreply.gitlab.com"), commit("Eve Sato", "eve@example.com")]

        outcome = await outcome_of({"author": agent}, commits=commits[1:])

        assert outcome.credits == (Credit("eve@example.com", Role.COAUTHOR),)

    async def test_find_the_account_behind_an_address_that_is_proven(self):
        trailer = "Co-authored-by: A. Lima <Ana@example.com>"
        ben = account(13, "ben", "Ben Okoye")
        changes = [{"author": ben, "iid": 1, "description": trailer}, {"iid": 2}]

        outcomes = (await batch_of(*changes)).outcomes

        assert Credit(ANA, Role.COAUTHOR) in outcomes[0].credits

    async def test_take_no_other_gitlabs_number_for_one_of_this(self):
        trailer = "Co-authored-by: Ben Okoye <13-ben@users.noreply.gitlab.com>"

        outcome = await outcome_of({"description": trailer}, base_url="https://gitlab.example.com")

        assert Credit(BEN, Role.COAUTHOR) not in outcome.credits


class TestAgents:
    def test_show_in_commits_and_descriptions(self, outcomes):
        assert outcomes["OPS-12 Keep the basket between visits"].evidence == {
            Evidence("claude", Mark.COAUTHOR)
        }
        assert outcomes["Sort orders by day"].evidence == {Evidence("claude", Mark.GENERATED_LINE)}

    def test_of_gitlab_itself_are_known_by_their_username(self, outcomes):
        assert outcomes["Retry the payment call once"].evidence == {
            Evidence("gitlab_duo", Mark.AGENT_AUTHOR)
        }

    def test_show_in_what_an_unknown_service_account_did(self, outcomes):
        assert Evidence("claude", Mark.COAUTHOR) in outcomes["Name the queues by region"].evidence

    async def test_are_told_by_the_settings(self):
        author = account(80, "svc-Robin", "Robin")

        outcome = await outcome_of({"author": author}, agents={"SVC-robin": "claude"})

        assert Evidence("claude", Mark.AGENT_AUTHOR) in outcome.evidence
        assert outcome.credits == (Credit(BEN, Role.MERGER),)

    @pytest.mark.parametrize(
        ("username", "name"), [("claude", "Jean-Claude Duval"), ("cursor", "Ilse Kurz")]
    )
    async def test_are_no_people_who_are_called_like_one(self, username, name):
        person = account(31, username, name)
        user = {"id": 31, "email": "them@example.com", "confirmed_at": "2025-01-10T09:05:22Z"}

        outcome = await outcome_of({"author": person}, instead={"user_31": user})

        assert outcome.credits == (Credit("31", Role.AUTHOR),)
        assert outcome.evidence == frozenset()

    async def test_are_service_accounts_that_are_called_like_one(self):
        robot = account(32, "devin-ai-integration", "Devin", bot=True)

        outcome = await outcome_of({"author": robot})

        assert outcome.evidence == {Evidence("devin", Mark.AGENT_AUTHOR)}

    async def test_show_in_the_branch(self):
        outcome = await outcome_of({"source_branch": "codex/keep-basket"})

        assert outcome.evidence == {Evidence("codex", Mark.BRANCH)}


class TestBots:
    def test_alone_make_no_outcome(self, outcomes):
        assert "Update 12 dependencies" not in outcomes

    @pytest.mark.parametrize(
        "username",
        ["group_12_bot_77aa", "project_7_bot", "service_account_5f3a", "Service_Account_group_3_x"],
    )
    async def test_are_known_by_the_usernames_that_gitlab_gives_them(self, username):
        assert (await batch_of({"author": account(33, username, "nightly")})).outcomes == ()

    async def test_are_named_in_the_settings_or_told_by_gitlab(self):
        keeper = account(34, "keeper", "Keeper of versions")

        assert (await batch_of({"author": keeper}, bots=["keeper"])).outcomes == ()
        assert (await batch_of({"author": {**keeper, "bot": True}})).outcomes == ()
        told = {"id": 34, "bot": True}
        assert (await batch_of({"author": keeper}, instead={"user_34": told})).outcomes == ()

    async def test_do_not_hide_the_people_who_worked_with_them(self):
        robot = account(33, "group_12_bot_77aa", "nightly")

        outcome = await outcome_of({"author": robot}, commits=[commit("Eve", "eve@example.com")])

        assert outcome.credits == (Credit("eve@example.com", Role.COAUTHOR),)
