from datetime import timedelta

import pytest

from bot.domain.outcomes import Credit, Evidence, Mark, Role
from bot.domain.people import Identity, Proof
from bot.errors import SourceError
from bot.outcomes.git import Config
from bot.outcomes.git.repository import Location, name_in
from tests.outcomes.repositories import (
    ADA,
    BOB,
    CLAUDE,
    COPILOT,
    DEPENDABOT,
    LATER,
    START,
    Repo,
    outcomes_of,
    source,
)

AUTHOR_ADA = Credit("ada@example.com", Role.AUTHOR)
AUTHOR_BOB = Credit("bob@example.com", Role.AUTHOR)


def with_coauthors(subject, *signatures):
    return "\n".join([subject, "", *(f"Co-authored-by: {who}" for who in signatures)])


class TestChanges:
    async def test_a_squash_is_an_outcome_of_its_author(self, repo):
        repo.commit("feat: export (#1)")

        [outcome] = (await source(repo.path).collect(LATER)).outcomes

        assert outcome.source_id == "app#1"
        assert outcome.completed_at == repo.now
        assert outcome.opened_at is outcome.reverted_at is outcome.size is None
        assert outcome.credits == (AUTHOR_ADA,)
        assert outcome.evidence == frozenset()

    async def test_a_commit_without_a_number_is_no_outcome(self, repo):
        repo.commit("feat: export")

        assert await outcomes_of(repo) == {}

    async def test_a_number_seen_twice_is_one_outcome_from_when_it_first_landed(self, repo):
        repo.commit("feat: export (#1)")
        first = repo.now
        repo.commit("feat: export, again (#1)", author=BOB)

        [outcome] = (await outcomes_of(repo)).values()

        assert outcome.completed_at == first
        assert outcome.credits == (AUTHOR_ADA,)

    async def test_a_merge_is_the_work_of_those_whose_commits_it_brought(self, repo):
        repo.commit("start")
        repo.git("checkout", "--quiet", "-b", "topic")
        repo.commit(with_coauthors("one", CLAUDE))
        repo.commit("two")
        repo.commit("three", author=BOB)
        repo.git("checkout", "--quiet", "main")
        repo.commit("meanwhile", author="Cleo Example <cleo@example.com>")
        repo.merge("topic", "Merge pull request #7 from acme/codex/topic")

        outcome = (await outcomes_of(repo))[7]

        assert outcome.credits == (AUTHOR_ADA, Credit("bob@example.com", Role.COAUTHOR))
        assert outcome.evidence == {
            Evidence("claude", Mark.COAUTHOR),
            Evidence("codex", Mark.BRANCH),
        }

    async def test_a_merge_leaves_out_what_has_a_number_of_its_own(self, repo):
        repo.commit("start")
        repo.git("checkout", "--quiet", "-b", "topic")
        repo.commit("inner (#6)", author=BOB)
        repo.git("checkout", "--quiet", "main")
        repo.git("checkout", "--quiet", "-b", "side")
        repo.commit("side")
        repo.git("checkout", "--quiet", "topic")
        repo.git("merge", "--quiet", "--no-ff", "-m", "take main along", "side")
        repo.commit("outer")
        repo.git("checkout", "--quiet", "main")
        repo.merge("side", "side first")
        repo.merge("topic", "Merge pull request #7 from acme/topic")

        outcomes = await outcomes_of(repo)

        assert outcomes[6].credits == (AUTHOR_BOB,)
        assert outcomes[7].credits == (AUTHOR_ADA,)

    async def test_a_gitlab_merge_has_its_number_in_the_body(self, repo):
        repo.commit("start")
        repo.git("checkout", "--quiet", "-b", "topic")
        repo.commit("one")
        repo.git("checkout", "--quiet", "main")
        repo.merge("topic", "Merge branch 'topic' into 'main'\n\nx\n\nSee merge request a/b!9")

        assert (await outcomes_of(repo))[9].credits == (AUTHOR_ADA,)

    async def test_only_what_had_landed_by_then_is_read(self, repo):
        repo.commit("one (#1)")
        then = repo.now
        repo.git("checkout", "--quiet", "-b", "topic")
        repo.now -= timedelta(days=3)
        repo.commit("two")
        repo.git("checkout", "--quiet", "main")
        repo.now = then
        repo.merge("topic", "Merge pull request #2 from acme/topic")

        assert set(await outcomes_of(repo, then)) == {1}
        assert set(await outcomes_of(repo, START)) == set()


class TestCredit:
    async def test_an_agents_work_goes_to_the_one_human_in_it(self, repo):
        repo.commit(with_coauthors("x (#1)", ADA, COPILOT, DEPENDABOT), author=COPILOT)

        outcome = (await outcomes_of(repo))[1]

        assert outcome.credits == (Credit("ada@example.com", Role.COAUTHOR),)
        assert outcome.evidence == {
            Evidence("copilot", Mark.AGENT_AUTHOR),
            Evidence("copilot", Mark.COAUTHOR),
        }

    async def test_an_agents_work_with_several_humans_goes_to_whoever_landed_it(self, repo):
        repo.commit(with_coauthors("x (#1)", ADA, BOB), author=COPILOT)
        repo.commit(with_coauthors("y (#2)", ADA, BOB), author=COPILOT, committer=BOB)

        outcomes = await outcomes_of(repo)

        assert outcomes[1].credits == ()
        assert outcomes[2].credits == (Credit("bob@example.com", Role.MERGER),)

    async def test_an_agents_merged_branch_goes_to_who_merged_it(self, repo):
        repo.commit("start")
        repo.git("checkout", "--quiet", "-b", "topic")
        repo.commit("one", author=CLAUDE)
        repo.git("checkout", "--quiet", "main")
        repo.merge("topic", "Merge pull request #7 from acme/topic", author=BOB)

        assert (await outcomes_of(repo))[7].credits == (Credit("bob@example.com", Role.MERGER),)

    async def test_bots_alone_finish_nothing(self, repo):
        repo.commit(with_coauthors("bump x (#1)", DEPENDABOT), author=DEPENDABOT)
        repo.commit(with_coauthors("bump y (#2)", ADA), author=DEPENDABOT)

        batch = await source(repo.path).collect(LATER)

        assert [outcome.source_id for outcome in batch.outcomes] == ["app#2"]
        assert batch.report["merged_changes"] == 2

    async def test_a_person_with_several_addresses_is_one(self, repo, tmp_path):
        people = tmp_path / "people.csv"
        people.write_text(
            "person,email\nAda,1+ada@users.noreply.github.com\nAda,Ada@example.com\n"
            "Ada,ada@home.example.com\n",
            encoding="utf-8",
        )
        other = "Ada <ada@home.example.com>"
        hidden = "Ada <1+ada@users.noreply.github.com>"
        repo.commit(with_coauthors("x (#1)", other, ADA), author=hidden)
        repo.commit(with_coauthors("y (#2)", other, ADA), author=COPILOT)

        unknown = await source(repo.path, people=people).collect(LATER)
        known = await source(repo.path, people=people).collect(
            LATER, known_addresses=["ADA@home.example.com"]
        )

        assert [o.credits for o in unknown.outcomes] == [
            (AUTHOR_ADA,),
            (Credit("ada@example.com", Role.COAUTHOR),),
        ]
        assert known.outcomes[0].credits == (Credit("ada@home.example.com", Role.AUTHOR),)
        assert known.identities == {
            "ada@home.example.com": Identity(email="ada@home.example.com", proof=Proof.ASSERTED)
        }
        assert unknown.report["credited_to_one_human"] == 0
        assert unknown.report["credited_to_one_human_by_person"] == 1
        assert unknown.report["author_addresses_resolved"] == 1
        assert known.report["author_addresses_resolved"] == 1

    async def test_an_address_that_github_made_up_reaches_nobody(self, repo):
        repo.commit("x (#1)", author="Ada <1+ada@users.noreply.github.com>")

        assert (await source(repo.path).collect(LATER)).identities == {}


class TestReverts:
    async def test_a_reverted_change_is_reverted_until_it_lands_again(self, repo):
        repo.commit("feat: export (#1)")
        revert = repo.commit('Revert "feat: export (#1)" (#2)', author=BOB)
        at = repo.now
        repo.commit(f"Bring it back (#3)\n\nThis reverts commit {revert}.")

        reverted = await outcomes_of(repo, at)
        landed_again = await outcomes_of(repo)

        assert reverted[1].reverted_at == at
        assert landed_again[1].reverted_at is None
        assert landed_again[1].restored_at == repo.now
        assert landed_again[2].reverted_at == repo.now

    async def test_a_merge_is_reverted_when_all_that_it_brought_is(self, repo):
        repo.commit("start")
        repo.git("checkout", "--quiet", "-b", "topic")
        one = repo.commit("one")
        two = repo.commit("two")
        repo.git("checkout", "--quiet", "main")
        repo.merge("topic", "Merge pull request #7 from acme/topic")
        repo.commit(f"Undo\n\nThis reverts commit {one}.")
        half_way = repo.now
        repo.commit(f"Undo\n\nThis reverts commit {two}.")

        assert (await outcomes_of(repo, half_way))[7].reverted_at is None
        assert (await outcomes_of(repo))[7].reverted_at == repo.now


class TestRepositories:
    async def test_the_default_branch_is_the_remotes(self, repo, tmp_path):
        repo.commit("one (#1)")
        clone = Repo(tmp_path / "clone")
        repo.git("clone", "--quiet", str(repo.path), str(clone.path))
        clone.git("checkout", "--quiet", "-b", "mine")
        clone.commit("two (#2)")

        assert set(await outcomes_of(clone)) == {1}

    async def test_a_bare_repository_and_a_detached_head_are_read(self, repo, tmp_path):
        repo.commit("one (#1)")
        repo.commit("two (#2)")
        repo.git("clone", "--quiet", "--bare", str(repo.path), str(tmp_path / "bare.git"))
        repo.git("checkout", "--quiet", "--detach", "HEAD~1")

        bare = await source(tmp_path / "bare.git").collect(LATER)

        assert [outcome.source_id for outcome in bare.outcomes] == ["bare#1", "bare#2"]
        assert set(await outcomes_of(repo)) == {1}

    async def test_what_is_elsewhere_is_fetched_and_fetched_again(self, repo, tmp_path):
        repo.commit("one (#1)")
        elsewhere = source(repo.path.as_uri(), cache_dir=tmp_path / "cache")

        first = await elsewhere.collect(LATER)
        repo.git("branch", "--move", "main", "trunk")
        repo.commit("two (#2)")
        second = await elsewhere.collect(LATER)
        await elsewhere.close()

        assert [o.source_id for o in first.outcomes] == [f"{tmp_path.name}/app#1"]
        assert len(second.outcomes) == 2
        assert len(list((tmp_path / "cache").iterdir())) == 1

    async def test_a_clone_is_named_after_what_it_was_cloned_from(self, repo):
        repo.commit("one (#1)")
        repo.git("remote", "add", "origin", "https://ada:secret@git.example.com/acme/app.git")

        [outcome] = (await source(repo.path).collect(LATER)).outcomes

        assert outcome.source_id == "acme/app#1"

    async def test_two_of_one_name_are_told_apart(self, tmp_path):
        one, two = (Repo.create(tmp_path / folder / "app") for folder in "ab")
        one.commit("one (#1)")
        two.commit("two (#1)")

        batch = await source(one.path, two.path, one.path).collect(LATER)

        ids = [outcome.source_id for outcome in batch.outcomes]
        assert len(set(ids)) == len(ids) == 2
        assert all(source_id.startswith("app~") for source_id in ids)

    @pytest.mark.parametrize(
        ("repository", "address", "user", "password"),
        [
            (
                "https://ada:s%40cret@git.example.com/acme/app.git",
                "https://git.example.com/acme/app.git",
                "ada",
                "s@cret",
            ),
            ("ssh://git@git.example.com/acme/app", "ssh://git@git.example.com/acme/app", "git", ""),
            ("git@git.example.com:acme/app.git", "git@git.example.com:acme/app.git", "", ""),
        ],
    )
    def test_credentials_are_taken_out_of_an_address(self, repository, address, user, password):
        location = Location.of(repository)

        assert location == Location(address=address, user=user, password=password, is_remote=True)
        assert location.name == "acme/app"
        assert not password or password not in repr(location)

    def test_a_setting_never_shows_its_credentials(self):
        config = Config(repositories=("https://ada:secret@git.example.com/acme/app",))

        assert "secret" not in repr(config)

    @pytest.mark.parametrize("repository", ["", "--upload-pack=x", "https://ada:secret@[bad"])
    def test_what_is_no_repository_is_refused_at_the_start(self, repository):
        with pytest.raises(ValueError) as refused:
            Config(repositories=(repository,))

        assert "secret" not in str(refused.value)

    def test_even_a_bare_host_has_a_name(self):
        assert name_in("/") == "repository"


async def test_the_report_counts_what_was_read(repo):
    repo.commit(with_coauthors("x (#1)", CLAUDE, CLAUDE))
    repo.commit("y (#2)\n\nGenerated by Mistral Vibe.")

    report = (await source(repo.path).collect(LATER)).report

    assert report["repositories"] == [
        {"name": "app", "commits": 2, "newest_commit": repo.now.isoformat()}
    ]
    assert report["commits_with_ai_evidence"] == 1
    assert report["commits_with_ai_evidence_or_other_generated_lines"] == 2
    assert report["ai_commits_by_tool"] == {"claude": 1}


async def test_nothing_read_is_a_report_of_nothing(repo):
    repo.commit("x (#1)")

    batch = await source(repo.path).collect(START)

    assert batch.outcomes == ()
    assert batch.report["repositories"][0]["newest_commit"] is None


async def test_a_people_file_must_be_what_it_says(repo, tmp_path):
    repo.commit("x (#1)")
    people = tmp_path / "people.csv"

    for content, problem in [
        (None, "cannot be read"),
        (b"name,mail\nAda,ada@example.com\n", "has other columns"),
        (b"person,email\nAda,\xff@example.com\n", "is not CSV in UTF-8"),
        (b"person,email\nAda,ada@example.com\nBob,ADA@example.com\n", "line 3 does not fit"),
        (b"person,email\nAda\n", "line 2 does not fit"),
    ]:
        if content is not None:
            people.write_bytes(content)
        with pytest.raises(SourceError, match=problem):
            await source(repo.path, people=people).collect(LATER)
