"""Suggestions hardly taken, or nearly all: when that is worth a word, and what is checked."""

from __future__ import annotations

from decimal import Decimal
from itertools import chain

import pytest

from bot.domain.coaching.rules import Finding
from bot.domain.coaching.tips import review_first, smaller_tasks
from bot.domain.outcomes import OutcomeState
from bot.domain.tiers import Tier
from tests.domain.coaching.making import EARLIER, FOUR, facts, finished, session_week, used


def taken(backs, accepted: int, offered: int = 60, **changes):
    return [session_week(b, offered=offered, accepted=accepted, **changes) for b in backs]


class TestSmallerTasks:
    RULE = smaller_tasks.RULE

    def test_is_told_with_ones_own_usual_share(self):
        # 4 x 9 of 4 x 60 are 15 %; 12 x 45 of 12 x 60 were 75 %
        found = self.RULE.find(facts(sessions=[*taken(FOUR, 9), *taken(EARLIER, 45)]))

        assert found == Finding(
            rule="smaller_tasks",
            measure=Decimal("0.15"),
            goal=Decimal("0.75"),
            values={"tool": "claude", "share": Decimal("0.15"), "usual": Decimal("0.75")},
        )

    @pytest.mark.parametrize(
        "sessions",
        [
            pytest.param((), id="nothing known"),
            pytest.param([*taken(FOUR, 15), *taken(EARLIER, 45)], id="a quarter is taken"),
            pytest.param([*taken(FOUR, 1, 12), *taken(EARLIER, 45)], id="48 suggestions"),
            pytest.param(taken(FOUR, 9), id="no usual yet"),
            pytest.param([*taken(FOUR, 9), *taken(EARLIER, 9)], id="as always"),
            pytest.param([*taken(FOUR, 2, 15), *taken(EARLIER, 10)], id="no more than chance"),
            pytest.param([*taken(FOUR, 9), *taken(EARLIER, 3)], id="more than usual"),
            pytest.param(
                [*taken(FOUR, 9), *taken(EARLIER, 45, tool="copilot")], id="another tool's usual"
            ),
            pytest.param(
                [session_week(b, accepted=None) for b in FOUR], id="taken ones are not told"
            ),
            pytest.param([*taken(FOUR, 9), *taken(EARLIER, 61)], id="more taken than offered"),
            pytest.param([*taken(FOUR, -9), *taken(EARLIER, 45)], id="fewer taken than none"),
        ],
    )
    def test_is_not_told_of(self, sessions):
        assert self.RULE.find(facts(sessions=sessions)) is None

    def test_weeks_of_nothing_but_experiments_are_left_alone(self):
        sessions = [*taken(FOUR, 9), *taken(EARLIER, 45)]
        tried = [used(back, tier=Tier.EXPLORATION) for back in FOUR]

        assert self.RULE.find(facts(sessions=sessions, use=tried)) is None
        assert self.RULE.find(facts(sessions=sessions, use=[*tried, *map(used, FOUR)]))

    @pytest.mark.parametrize(
        "sessions",
        [
            pytest.param([*taken(FOUR, 3, 20), *taken(EARLIER, 45)], id="80 suggestions"),
            pytest.param([*taken(FOUR, 9), *taken(EARLIER, 18)], id="15 points to go"),
        ],
    )
    def test_is_told_and_not_checked_where_chance_goes_as_far(self, sessions):
        found = self.RULE.find(facts(sessions=sessions))

        assert (found.measure, found.goal) == (None, None)

    def test_the_measure_is_the_share_taken_of_the_tool_that_offers_most(self):
        sessions = chain(taken(range(3), 30), taken(range(3), 1, 20, tool="copilot"))
        later = facts(sessions=[*sessions])

        assert self.RULE.measure(later, later.recent(3)) == Decimal("0.5")

    def test_few_suggestions_tell_nothing(self):
        later = facts(sessions=taken(range(3), 30, 33))

        assert self.RULE.measure(later, later.recent(3)) is None


class TestReviewFirst:
    RULE = review_first.RULE
    CAME_BACK = (
        finished(1, state=OutcomeState.REVERTED, has_evidence=True),
        finished(7, state=OutcomeState.REOPENED, has_evidence=True),
    )

    def found(self, accepted: int = 59, work=CAME_BACK) -> Finding | None:
        return self.RULE.find(facts(sessions=taken(FOUR, accepted), work=work))

    def test_is_told_where_work_came_back(self):
        assert self.found() == Finding(
            rule="review_first",
            values={"tool": "claude", "share": Decimal(236) / 240, "returns": Decimal(2)},
        )

    def test_is_not_told_where_suggestions_are_left(self):
        assert self.found(accepted=57) is None

    def test_is_not_told_without_suggestions(self):
        assert self.RULE.find(facts(work=self.CAME_BACK)) is None

    @pytest.mark.parametrize(
        "changes",
        [
            pytest.param({"state": OutcomeState.SETTLED}, id="stands"),
            pytest.param({"has_evidence": False}, id="shows no tool"),
            pytest.param({"tier": Tier.EXPLORATION}, id="was an experiment"),
            pytest.param({"back": 8}, id="was long ago"),
        ],
    )
    def test_is_not_told_where_the_second_piece(self, changes):
        values = {"back": 2, "state": OutcomeState.REVERTED, "has_evidence": True}
        second = finished(**values | changes)

        assert self.found(work=(self.CAME_BACK[0], second)) is None

    def test_three_weeks_tell_nothing(self):
        assert self.RULE.measure(facts(), ()) is None
