"""The attacks by name, each a function of a scene that tells what there is to see of the victim."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bench.attack.attacks import (
    absence,
    dummies,
    leaver,
    nested,
    ratios,
    runner_up,
    siblings,
    suppression,
)
from bench.attack.evidence import Trial
from bench.attack.scene import Scene

Attack = Callable[[Scene], Iterator[Trial]]

ATTACKS: Mapping[str, Attack] = {
    "A1 runner-up": runner_up.alone,
    "A1' two collude": runner_up.two_together,
    "A1' four collude": runner_up.four_together,
    "A1' all others collude": runner_up.everybody_else,
    "A2 comes or goes": leaver.week_on_week,
    "A2b same week again": leaver.same_week_again,
    "A2c away for a week": absence.one_week,
    "A3 nested group": nested.by_home_team,
    "A3 two teams each": nested.as_asked,
    "A4 0-20 dummies": dummies.around_victim,
    "A5 total - siblings": siblings.released_total,
    "A5 public total": siblings.public_total,
    "A6 one quarter": leaver.within_a_quarter,
    "A6 two quarters": leaver.eight_weeks_each_side,
    "A6 new dummy weekly": dummies.for_new_noise,
    "A6 away for weeks": absence.many_weeks,
    "A7 ratios": ratios.cancelled,
    "A10 shown or not": suppression.seen_once,
    "A10 probed": suppression.probed,
    "A11 opt-out toggled": leaver.toggled,
}
NOT_HELD = frozenset({"A2c away for a week", "A10 probed"})
"""Known to find more than a guess does: measured and printed, and no reason to fail.

Nobody else's amount changes while the victim is away; four of five in a team choose theirs, week
after week, so that the answer whether anything is shown bisects the fifth's.
"""
