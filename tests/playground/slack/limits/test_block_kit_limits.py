"""What Slack takes and what it refuses, one rule a line."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.slack.block_kit import violations
from bot.playground.slack.block_kit_limits import Surface
from tests.playground.slack.limits.making import Json, chart, line, message, section, table
from tests.playground.slack.limits.of_elements import ELEMENTS
from tests.playground.slack.limits.of_figures import FIGURES
from tests.playground.slack.limits.of_texts import TEXTS
from tests.playground.slack.limits.of_views import VIEWS

MESSAGES = TEXTS | ELEMENTS | FIGURES


def cases() -> Iterator[Any]:
    for rule, (taken, refused, where) in MESSAGES.items():
        yield pytest.param("message", taken, refused, where, id=rule)
    for rule, (surface, taken, refused, where) in VIEWS.items():
        yield pytest.param(surface, taken, refused, where, id=rule)


@pytest.mark.parametrize(("surface", "taken", "refused", "where"), list(cases()))
class TestEveryRule:
    def test_lets_the_right_pass(self, surface: Surface, taken: Json, refused: Json, where: str):
        assert violations(taken, surface) == []

    def test_says_where_the_wrong_is(
        self, surface: Surface, taken: Json, refused: Json, where: str
    ):
        complaints = violations(refused, surface)

        assert complaints
        assert any(where in complaint for complaint in complaints)


class TestNativeCharts:
    @pytest.mark.parametrize("block", [table(), chart(line())])
    def test_are_unknown_where_the_rollout_has_not_arrived(self, block: Json):
        complaints = violations(message(section(), block), "message", native_charts=False)

        assert complaints == [
            f"[ERROR] unsupported type: {block['type']} [json-pointer:/blocks/1/type]"
        ]


class TestAnythingAtAll:
    @given(
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=8,
        ),
        st.sampled_from(["message", "modal", "home"]),
    )
    def test_gets_an_answer_and_not_an_exception(self, junk: Any, surface: Surface):
        assert isinstance(violations({"text": "x", "blocks": junk}, surface), list)

    @given(st.sampled_from(sorted(MESSAGES)), st.data())
    def test_survives_any_part_being_replaced(self, rule: str, data: st.DataObject):
        broken = copy.deepcopy(MESSAGES[rule][0])
        data.draw(st.sampled_from(list(_places(broken))))(data.draw(_JUNK))

        assert isinstance(violations(broken, "message"), list)

    def test_does_not_change_what_it_reads(self):
        before = message(section(), table(), chart(line()))
        after = copy.deepcopy(before)

        violations(after, "message")

        assert json.dumps(after) == json.dumps(before)


_JUNK = st.sampled_from([None, 0, "", [], {}, [None], [{}], {"type": []}, True])


def _places(part: Any) -> Iterator[Any]:
    keys = part.keys() if isinstance(part, dict) else range(len(part))
    for key in list(keys):
        yield lambda value, key=key: part.__setitem__(key, value)
        if isinstance(part[key], dict | list):
            yield from _places(part[key])
