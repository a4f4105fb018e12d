"""What a change in git is called, where it is to be seen, and what it finishes."""

import pytest

from bot.outcomes.git.home import Home
from tests.outcomes.repositories import LATER, outcomes_of, source


async def test_a_squash_is_called_by_its_subject_and_its_commit(repo):
    sha = repo.commit("feat: export of OPS-12 (#1)\n\nIt exports.")

    outcome = (await outcomes_of(repo))[1]

    assert outcome.title == "feat: export of OPS-12"
    assert outcome.project == "app"
    assert outcome.names == {f"commit:{sha}"}
    assert outcome.closes == {"ticket:OPS-12"}
    assert outcome.url is None


async def test_another_changes_number_is_part_of_the_title(repo):
    repo.commit("fix: export, again (#1) (#2)")

    assert (await outcomes_of(repo))[2].title == "fix: export, again (#1)"


@pytest.mark.parametrize(
    ("message", "title", "closes"),
    [
        (
            "Merge pull request #7 from acme/ops-9-export\n\nfeat: export\n\nMore.",
            "feat: export",
            {"ticket:OPS-9"},
        ),
        (
            "Merge branch 'topic' into 'main'\n\nOPS-3: export\n\nSee merge request acme/app!7",
            "OPS-3: export",
            {"ticket:OPS-3"},
        ),
        ("Merge pull request #7 from acme/topic", "topic", set()),
        ("Merge branch 'topic' into 'main'\n\nSee merge request acme/app!7", "topic", set()),
    ],
)
async def test_a_merge_is_called_by_the_first_line_after_the_subject(repo, message, title, closes):
    repo.commit("start")
    repo.git("checkout", "--quiet", "-b", "topic")
    repo.commit("one")
    repo.git("checkout", "--quiet", "main")
    sha = repo.merge("topic", message)

    outcome = (await outcomes_of(repo))[7]

    assert outcome.title == title
    assert outcome.closes == closes
    assert outcome.names == {f"commit:{sha}"}


async def test_a_clone_from_a_forge_that_is_known_has_links_and_the_forges_names(repo):
    sha = repo.commit("feat: export (#1)")
    repo.git("remote", "add", "origin", "https://ada:secret@github.com/Acme/app.git")

    [outcome] = (await source(repo.path).collect(LATER)).outcomes

    assert outcome.url == "https://github.com/Acme/app/pull/1"
    assert outcome.names == {f"commit:{sha}", "github:acme/app#1"}
    assert outcome.project == "Acme/app"


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://github.com/acme/app.git", "https://github.com/acme/app/pull/3"),
        ("git@github.com:acme/app.git", "https://github.com/acme/app/pull/3"),
        ("ssh://git@github.com:22/acme/app", "https://github.com/acme/app/pull/3"),
        (
            "https://gitlab.com/acme/web/app.git",
            "https://gitlab.com/acme/web/app/-/merge_requests/3",
        ),
        ("https://git.example.com/acme/app", None),
        ("https://github.com.example.com/acme/app", None),
        ("https://github.com/acme", None),
        ("/srv/github.com/acme/app", None),
    ],
)
def test_links_are_made_where_the_forge_is_certain(address, link):
    home = Home.of(address)

    assert (home and home.link_to(3)) == link
