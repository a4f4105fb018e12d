"""What is told of one account's sessions in several places is one count."""

from __future__ import annotations

from bot.domain.usage import SessionCount, combine_sessions


def make_count(account: str = "ada", tool: str = "claude", **counts: int | None) -> SessionCount:
    return SessionCount(account=account, tool=tool, **counts)


def test_counts_of_one_account_and_tool_are_added_up():
    told = [make_count(sessions=1, commits=2), make_count(sessions=3, commits=0)]

    assert combine_sessions(told) == (make_count(sessions=4, commits=2),)


def test_what_one_place_does_not_know_another_may():
    told = [make_count(commits=2), make_count(pull_requests=1)]

    assert combine_sessions(told) == (make_count(commits=2, pull_requests=1),)


def test_tools_and_accounts_are_kept_apart_in_one_order():
    told = [make_count("bob", sessions=1), make_count(tool="codex", sessions=1)]
    told += [make_count("ada", sessions=1)]

    in_order = [("ada", "claude"), ("ada", "codex"), ("bob", "claude")]
    assert [(count.account, count.tool) for count in combine_sessions(told)] == in_order
    assert combine_sessions(told) == combine_sessions(reversed(told))


def test_nothing_known_is_nothing_counted_and_a_zero_is_a_count():
    assert combine_sessions([make_count()]) == ()
    assert combine_sessions([make_count(commits=0)]) == (make_count(commits=0),)
