"""GitHub and git tell the same of one real history, for all its changes that have a number.

There is no difference to explain. Reverts that were pushed without a pull request are found too,
since the GitHub source reads the default branch's commits: eleven changes hang on that.
"""

import asyncio

import pytest

from tests.outcomes.forge import PROJECT, Forge
from tests.outcomes.github_stand_in import source_at
from tests.outcomes.repositories import LATER, source


def by_number(batch):
    return {int(o.source_id.rpartition("#")[2]): o for o in batch.outcomes}


@pytest.fixture(scope="module")
def from_git(history):
    return asyncio.run(source(history).collect(LATER))


@pytest.fixture(scope="module")
def from_github(history):
    reading = source_at(Forge(history).answering(), history_days=1500)
    return asyncio.run(reading.collect(LATER))


@pytest.fixture(scope="module")
def both(from_git, from_github):
    git, github = by_number(from_git), by_number(from_github)
    return [(git[number], github[number]) for number in sorted(git.keys() & github.keys())]


def differing(both, *fields):
    return {
        g.source_id: [(getattr(g, name), getattr(h, name)) for name in fields]
        for g, h in both
        if any(getattr(g, name) != getattr(h, name) for name in fields)
    }


def test_both_find_every_change_that_has_a_number(from_git, from_github, truth):
    assert from_github.report["merged_changes"] == truth["distinct_pr_numbers"]
    assert by_number(from_github).keys() == by_number(from_git).keys()


def test_both_say_when_it_was_finished(both):
    assert differing(both, "completed_at") == {}


def test_both_find_the_same_evidence_of_ai(both):
    assert differing(both, "evidence") == {}
    assert sum(bool(git.evidence) for git, _ in both) > 500


def test_both_find_what_was_taken_back_and_what_came_again(both):
    assert differing(both, "reverted_at", "restored_at") == {}
    assert sum(git.reverted_at is not None for git, _ in both) > 20
    assert sum(git.restored_at is not None for git, _ in both) > 0


def test_both_give_it_the_same_title_and_the_same_tickets(both):
    assert differing(both, "title", "closes") == {}


def test_both_know_it_by_the_commit_that_landed_it(both):
    assert [g for g, h in both if not g.names <= h.names] == []
    assert {h.project for _, h in both} == {PROJECT}
