"""What an admin writes of whose accounts are, line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.account_lines import MOST_LINES, AccountLine, LineFault, read_lines


def of(person: str) -> AccountLine:
    [line] = read_lines(f"anthropic,user_1,{person}").lines
    return line


@pytest.mark.parametrize("written", ["ada@example.com", " Ada@Example.com ", '"ada@example.com"'])
def test_a_person_is_named_by_address(written):
    assert of(written) == AccountLine(
        number=1, source="anthropic", account="user_1", email="ada@example.com"
    )


@pytest.mark.parametrize("written", ["<@U012AB3CD>", "<@U012AB3CD|ada>", "U012AB3CD"])
def test_a_person_is_named_by_a_mention_or_what_is_in_one(written):
    assert of(written) == AccountLine(
        number=1, source="anthropic", account="user_1", slack_user_id="U012AB3CD"
    )


def test_titles_and_empty_lines_are_passed_over_and_counted():
    read = read_lines("Source, Account, Person\n\nGit,ada@example.com,U012AB3CD\r\n")

    assert [(line.number, line.source) for line in read.lines] == [(3, "git")]
    assert read.faults == {}


@pytest.mark.parametrize(
    "written",
    [
        "anthropic,user_1",
        "anthropic,user_1,ada@example.com,more",
        "anthropic,,ada@example.com",
        "anthropic,user_1,ada",
        "anthropic,user_1,@ada",
        '"anthropic,user_1,ada@example.com',
    ],
)
def test_a_line_has_three_parts_and_a_person_whom_it_names(written):
    assert read_lines(f"\n{written}").faults == {2: LineFault.NOT_THREE}


def test_a_quote_that_is_never_closed_swallows_no_other_line():
    read = read_lines('git,"a,b@example.com\ngit,"c,d",U012AB3CD')

    assert read.faults == {1: LineFault.NOT_THREE}
    assert [line.account for line in read.lines] == ["c,d"]


def test_an_account_is_given_once():
    read = read_lines("git,a,ada@example.com\nGIT,a,bob@example.com\ngit,A,bob@example.com")

    assert read.faults == {2: LineFault.TWICE}
    assert [line.account for line in read.lines] == ["a", "A"]


def test_there_are_so_many_at_once_and_no_more():
    read = read_lines("\n".join(f"git,{n},ada@example.com" for n in range(MOST_LINES + 2)))

    assert len(read.lines) == MOST_LINES
    assert read.faults == {
        MOST_LINES + 1: LineFault.TOO_MANY,
        MOST_LINES + 2: LineFault.TOO_MANY,
    }


@given(st.text())
def test_whatever_is_typed_is_read(typed):
    read = read_lines(typed)

    assert all(line.account and line.source for line in read.lines)
