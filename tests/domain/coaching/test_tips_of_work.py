"""Tips about finished work: smaller changes, a first, and work that no system tells of."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.coaching.rules import Finding
from bot.domain.coaching.tips import celebrate, log_invisible, smaller_changes
from bot.domain.links import LinkLevel
from bot.domain.logged import LoggedKind
from bot.domain.outcomes import OutcomeState
from bot.domain.tiers import Tier
from tests.domain.coaching.making import change, facts, finished, logged, used

FIVE = range(5)


class TestSmallerChanges:
    RULE = smaller_changes.RULE

    def found(self, *, large=FIVE, small=FIVE, lines: int = 900, hours: int | None = 60, **changes):
        waits = None if hours is None else Decimal(hours)
        values = {"lines": 90, "has_evidence": False, "hours_open": Decimal(20)} | changes
        return self.RULE.find(
            facts(
                changes=[
                    *[change(back, lines, hours_open=waits) for back in large],
                    *[change(back, **values) for back in small],
                ]
            )
        )

    def test_is_told_with_how_much_longer_ones_own_larger_ones_wait(self):
        # the median of five is 60 hours, that of the five others 20
        assert self.found() == Finding(
            rule="smaller_changes", values={"lines": Decimal(900), "hours": Decimal(40)}
        )

    def test_smaller_ones_that_show_a_tool_are_compared_with_as_well(self):
        assert self.found(small=range(4), has_evidence=True) is None  # too few
        assert self.found(large=range(6), small=FIVE, has_evidence=True)

    @pytest.mark.parametrize(
        "unfit",
        [
            pytest.param({"large": range(4)}, id="four large ones"),
            pytest.param({"small": range(4)}, id="four others"),
            pytest.param({"lines": 400}, id="of 400 lines"),
            pytest.param({"hours": 40}, id="waiting twice as long"),
            pytest.param({"hours": None}, id="of which no opening is known"),
            pytest.param({"large": range(8, 13)}, id="from long ago"),
            pytest.param({"small": range(8), "has_evidence": True}, id="small in the middle"),
        ],
    )
    def test_is_not_told_of_changes(self, unfit):
        assert self.found(**unfit) is None

    def test_three_weeks_tell_nothing(self):
        assert self.RULE.measure(facts(), ()) is None


class TestCelebrate:
    RULE = celebrate.RULE

    def first(self, *work, logs=()) -> str | None:
        found = self.RULE.find(facts(work=work, logs=logs))
        return found and found.values["first"]

    def test_the_first_work_that_goes_with_a_tool_is_told(self):
        assert self.first(finished(level=LinkLevel.TOOL)) == "linked"

    def test_the_first_that_was_logged_is_told(self):
        assert self.first(logs=[logged(kind=LoggedKind.ANALYSIS_DELIVERED)]) == "logged"

    def test_a_trial_that_was_written_down_is_a_result_too(self):
        assert self.first(logs=[logged(kind=LoggedKind.DID_NOT_WORK)]) == "tried"

    @pytest.mark.parametrize(
        "work",
        [
            pytest.param((), id="nothing"),
            pytest.param([finished(level=None)], id="no link"),
            pytest.param([finished(level=LinkLevel.PERIOD)], id="a link by the week alone"),
            pytest.param([finished(1, level=LinkLevel.TOOL)], id="a week ago"),
            pytest.param(
                [finished(0, level=LinkLevel.TOOL), finished(9, level=LinkLevel.SESSION)],
                id="not the first",
            ),
            pytest.param(
                [finished(level=LinkLevel.TOOL, state=OutcomeState.REVERTED)], id="taken back"
            ),
        ],
    )
    def test_is_not_told_of(self, work):
        assert self.first(*work) is None

    def test_a_second_entry_is_no_first(self):
        assert self.first(logs=[logged(), logged(3)]) is None

    def test_there_is_nothing_to_check_or_to_save(self):
        found = self.RULE.find(facts(work=[finished(level=LinkLevel.TOOL)]))

        assert (found.saving, found.measure, found.goal) == (None, None, None)
        assert self.RULE.measure(facts(), ()) is None


class TestLogInvisible:
    RULE = log_invisible.RULE
    THREE_WEEKS = tuple(used(back) for back in range(3))

    def test_is_told_after_three_weeks_of_use_and_no_work_that_any_system_tells(self):
        found = self.RULE.find(facts(use=self.THREE_WEEKS))

        assert found == Finding(rule="log_invisible", measure=Decimal(0), goal=Decimal(1))

    @pytest.mark.parametrize(
        "known",
        [
            pytest.param({"use": ()}, id="who used nothing"),
            pytest.param({"use": THREE_WEEKS[:2]}, id="who used it for two weeks"),
            pytest.param({"work": [finished(12)]}, id="whose work a system tells of"),
            pytest.param({"logs": [logged(2)]}, id="who logged something"),
            pytest.param(
                {"use": [used(back, tier=Tier.EXPLORATION) for back in range(3)]},
                id="who tries things out",
            ),
        ],
    )
    def test_is_not_told_to_somebody(self, known):
        assert self.RULE.find(facts(**{"use": self.THREE_WEEKS} | known)) is None

    def test_an_old_entry_does_not_keep_it_silent(self):
        assert self.RULE.find(facts(use=self.THREE_WEEKS, logs=[logged(4)]))

    def test_one_entry_is_all_that_is_asked_for(self):
        later = facts(use=self.THREE_WEEKS, logs=[logged(0), logged(1)])

        assert self.RULE.measure(later, later.recent(3)) == 1

    def test_nothing_is_told_of_weeks_without_use(self):
        later = facts(use=[used(5)])

        assert self.RULE.measure(later, later.recent(3)) is None
