"""The reader's own page in every state, and with the worst that can be in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

from bot.blocks.home import render_home
from bot.domain.commands import CommandNames
from bot.domain.digest import CHART_WEEKS, Digest, WeekOfSpend
from bot.domain.messages import Home
from bot.domain.preferences import Preferences
from bot.language import Language
from tests.blocks.making import HOSTILE, WEEK, digest, privacy_facts, spend
from tests.blocks.settings_cases import CHOSEN

NAMES = CommandNames()
_LATE = (("anthropic", None), ("git", date(2026, 11, 16)), ("openai", date(2026, 11, 12)))


def weeks(*left_out: int) -> tuple[WeekOfSpend, ...]:
    """Thirteen, but for those so many weeks ago, which were not measured."""
    return tuple(
        WeekOfSpend(monday=WEEK.monday - timedelta(weeks=back), cost=Decimal(20 + 7 * (back % 5)))
        for back in reversed(range(CHART_WEEKS))
        if back not in left_out
    )


DIGESTS: Mapping[str, Digest] = MappingProxyType(
    {
        "week": digest(by_week=weeks()),
        "week-so-far": digest(is_closed=False, by_week=weeks(3, 4, 8)),
        "first-week": digest(usual=None, spend_per_outcome=(), by_week=weeks(*range(1, 13))),
        "nothing-yet": digest(is_closed=False, spend=(), outcomes=(), usual=None),
        "nothing-this-week": digest(is_closed=False, spend=(), outcomes=(), by_week=weeks(0, 1)),
        "figures-not-in-yet": digest(spend=(), outcomes=(), data_through=_LATE),
        "corrected-below-zero": digest(
            spend=(spend(cost="-12.40"),),
            by_week=(*weeks(0), WeekOfSpend(monday=WEEK.monday, cost=Decimal("-12.40"))),
        ),
        "hostile": digest(
            spend=tuple(spend(f"{HOSTILE}{n}") for n in range(30)),
            data_through=tuple((f"{HOSTILE}{n}", None) for n in range(60)),
            by_week=weeks(),
        ),
    }
)


def homes(say: Language) -> dict[str, Home]:
    facts = privacy_facts()
    return {
        **{
            name: render_home(say, shown, Preferences(), facts, NAMES)
            for name, shown in DIGESTS.items()
        },
        **{
            f"chosen-{name}": render_home(say, DIGESTS["week"], chosen, facts, NAMES)
            for name, chosen in CHOSEN.items()
        },
        "renamed": render_home(
            say,
            DIGESTS["week"],
            Preferences(),
            replace(facts, settle_days=1, minimum_group_size=8),
            CommandNames(usage="/acme-usage"),
        ),
    }
