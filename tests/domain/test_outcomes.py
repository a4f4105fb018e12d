"""Finished work: what may be shown of it, and how it stands at a moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.outcomes import (
    LONGEST_TITLE,
    Mark,
    OutcomeKind,
    OutcomeState,
    link_of,
    title_of,
)
from tests.factories import make_outcome

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
DONE_AT = datetime(2026, 3, 16, 10, tzinfo=UTC)


@given(st.text() | st.none())
def test_any_title_is_one_line_that_fits_or_none(text):
    title = title_of(text)

    assert title is None or (title.isprintable() and 0 < len(title) <= LONGEST_TITLE)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Sort the list", "Sort the list"),
        ("  Sort\r\n\tthe   list ", "Sort the list"),
        ("\u202eSort\u2066 the\x00 list\x07", "Sort the list"),
        ("x" * 200, "x" * 200),
        ("x" * 201, f"{'x' * 199}…"),
        ("\ud800", None),
        (" \n", None),
        ("", None),
        (None, None),
    ],
)
def test_a_title_is_what_can_be_printed_of_it(text, title):
    assert title_of(text) == title


@pytest.mark.parametrize(
    "url",
    ["https://example.com", "https://example.com/", "http://example.com:80/a?b=c&d=e#f@g"],
)
def test_a_link_leads_to_a_web_page(url):
    assert link_of(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://ada@example.com/",
        "https://ada:secret@example.com/",
        "https://example.com/<|>",
        "https://example.com/a b",
        "https://example.com/|pay",
        "https://",
        "/browse/OPS-1",
        "",
        None,
    ],
)
def test_a_link_that_leads_elsewhere_is_none(url):
    assert link_of(url) is None


@pytest.mark.parametrize("kind", OutcomeKind)
def test_neither_reviews_nor_what_people_log_bear_a_ratio(kind):
    assert kind.bears_ratio == (kind.value not in {"review_given", "logged"})


def test_a_session_is_named_by_its_link_or_by_a_note():
    assert {mark for mark in Mark if mark.names_session} == {Mark.SESSION_LINK, Mark.NOTE}


class TestHowItStands:
    def work(self, **changes):
        return replace(make_outcome(1, completed_at=DONE_AT), **changes)

    @pytest.mark.parametrize(
        ("changes", "after", "state"),
        [
            ({"completed_at": None}, 30 * DAY, OutcomeState.OPEN),
            ({"completed_at": None, "restored_at": DONE_AT}, 30 * DAY, OutcomeState.OPEN),
            ({}, -DAY, OutcomeState.OPEN),
            ({}, timedelta(), OutcomeState.DONE),
            ({}, WEEK - timedelta(seconds=1), OutcomeState.DONE),
            ({}, WEEK, OutcomeState.SETTLED),
            ({"reverted_at": DONE_AT + 9 * DAY}, 8 * DAY, OutcomeState.SETTLED),
            ({"reverted_at": DONE_AT + 9 * DAY}, 9 * DAY, OutcomeState.REVERTED),
            ({"reopened_at": DONE_AT + 2 * DAY}, DAY, OutcomeState.DONE),
            ({"reopened_at": DONE_AT + 2 * DAY}, 20 * DAY, OutcomeState.REOPENED),
            ({"restored_at": DONE_AT + 5 * DAY}, 8 * DAY, OutcomeState.DONE),
            ({"restored_at": DONE_AT + 5 * DAY}, 12 * DAY, OutcomeState.SETTLED),
            ({"restored_at": DONE_AT - DAY}, WEEK, OutcomeState.SETTLED),
        ],
    )
    def test_at_a_moment(self, changes, after, state):
        assert self.work(**changes).state_at(DONE_AT + after, WEEK) is state

    def test_what_is_taken_back_is_not_open_again(self):
        both = self.work(reverted_at=DONE_AT + DAY, reopened_at=DONE_AT + DAY)

        assert both.state_at(DONE_AT + 9 * DAY, WEEK) is OutcomeState.REVERTED
