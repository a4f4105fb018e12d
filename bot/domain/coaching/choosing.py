"""Which tip a digest carries: one at the most, and not the same again for weeks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from bot.domain.coaching.facts import Facts
from bot.domain.coaching.rules import LEAST_SHARE, QUIET_WEEKS, Finding, ShownTip
from bot.domain.coaching.tips import RULES, celebrate
from bot.domain.history import total_cost, used_in
from bot.domain.periods import IsoWeek, Period

TIMELY = frozenset({celebrate.NAME})
"""What is true of this very week alone comes before what may wait."""
NEVER = ""


def choose(
    facts: Facts,
    shown: Sequence[ShownTip],
    muted: Collection[str],
    *,
    week: IsoWeek,
    minimum_saving: Decimal | int,
) -> Finding | None:
    """The tip for *week*'s digest; one that was shown in it before is found again, or none."""
    told = [tip.rule for tip in shown if tip.week == week]
    if told:
        return _found_again(facts, told[0], muted)
    quiet = {tip.rule for tip in shown if tip.week >= week.back(QUIET_WEEKS)}
    fitting = all_fitting(facts, quiet.union(muted), minimum_saving=minimum_saving)
    last = _last_shown(shown)
    # sorting is stable: among those as long ago, the larger saving stays first
    return min(
        fitting,
        key=lambda finding: (finding.rule not in TIMELY, last.get(finding.rule, NEVER)),
        default=None,
    )


def all_fitting(
    facts: Facts, muted: Collection[str], *, minimum_saving: Decimal | int
) -> list[Finding]:
    """All that fits now and is worth a word, the larger saving first."""
    findings = [rule.find(facts) for name, rule in RULES.items() if name not in muted]
    least = max(Decimal(minimum_saving), LEAST_SHARE * _own_spend(facts))
    worth_it = [f for f in findings if f and (f.saving is None or f.saving >= least)]
    return sorted(worth_it, key=lambda finding: -(finding.saving or Decimal(0)))


def _found_again(facts: Facts, name: str, muted: Collection[str]) -> Finding | None:
    rule = RULES.get(name)
    return None if rule is None or name in muted else rule.find(facts)


def _last_shown(shown: Sequence[ShownTip]) -> dict[str, str]:
    weeks: dict[str, str] = {}
    for tip in shown:
        weeks[tip.rule] = max(weeks.get(tip.rule, NEVER), str(tip.week))
    return weeks


def _own_spend(facts: Facts) -> Decimal:
    """In the last four weeks, seats among it; what is not known adds nothing."""
    first = facts.recent()[0].monday
    recent = Period.of_days(first, facts.until.period.last_day)
    return total_cost(used_in(recent, facts.history.use)) or Decimal(0)
