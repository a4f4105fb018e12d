"""Tips of every rule, and the list of them in every state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from types import MappingProxyType

from bot.blocks.tips import render_tip_muted, render_tips
from bot.domain.coaching.rules import Finding, ShownTip, Verdict
from bot.domain.coaching.tips import RULES
from bot.domain.commands import CommandNames
from bot.domain.messages import Message
from bot.domain.periods import IsoWeek
from bot.language import ENGLISH, Language
from tests.blocks.making import HOSTILE

NAMES = CommandNames()
WEEK = IsoWeek(2026, 46)


def tip(rule: str, saving: str | None = None, **values: str) -> Finding:
    """Values that are numbers are told as such."""
    return Finding(
        rule=rule,
        saving=None if saving is None else Decimal(saving),
        values={
            name: Decimal(value) if value[:1].isdigit() else value for name, value in values.items()
        },
    )


TIPS: Mapping[str, Finding] = MappingProxyType(
    {
        found.rule: found
        for found in (
            tip("celebrate", first="linked"),
            tip("unused_seat", "17.48", tool="copilot"),
            tip("two_subscriptions", "36.82", tool="cursor", main="copilot"),
            tip(
                "flat_plan",
                "124.93",
                tool="claude_code",
                seat="Claude Team, premium seat",
                price="125",
                spend="240.02",
            ),
            tip("included_quota", "12", tool="cursor", overage="32.4"),
            tip(
                "right_size",
                "43.7",
                share="0.81",
                costly="claude-opus-5",
                smaller="claude-sonnet-5",
            ),
            tip(
                "stay_in_session", "61.2", now="0.71", best="0.94", plan="claude_code_subscription"
            ),
            tip("clear_context", "1240.5", now="81320", usual="30155"),
            tip("trim_context", "8.9", start="90111"),
            tip("parallel_agents", "88", times="4.26"),
            tip("effort", "19.99", now="2210", usual="801"),
            tip("cache_prompt", "31", prompt="9120.4", model="gpt-6"),
            tip("batch", "52", requests="12410"),
            tip("smaller_tasks", tool="claude", share="0.15", usual="0.75"),
            tip("review_first", tool="copilot", share="0.983", returns="2"),
            tip("smaller_changes", lines="912", hours="40.2"),
            tip("log_invisible"),
        )
    }
)
_MORE = (
    tip("celebrate", first="logged"),
    tip("unused_seat", tool="kiro"),
    tip("review_first", tool="claude", share="0.97", returns="1"),
    tip("smaller_changes", lines="1480", hours="100"),
)
_MOST = (
    tip("celebrate", first="tried"),
    tip("smaller_changes", lines="500", hours="0.2"),
    tip("two_subscriptions", "0.2", tool="kiro", main="cursor"),
)
HOSTILE_TIPS = (
    tip("unused_seat", "17.48", tool=HOSTILE),
    tip("two_subscriptions", "9" * 12, tool=HOSTILE, main="x" * 400),
    tip("flat_plan", "1", tool=HOSTILE, seat=HOSTILE, price="125", spend="9" * 12),
    tip("right_size", "43.7", share="0.81", costly=HOSTILE, smaller=HOSTILE * 20),
)


def shown(
    rule: str,
    back: int,
    verdict: Verdict | None = None,
    before: str | None = None,
    after: str | None = None,
) -> ShownTip:
    """What was measured *before* it was shown, and *after*."""
    measure = None if before is None else Decimal(before)
    return ShownTip(
        week=WEEK.back(back),
        rule=rule,
        measure=measure,
        goal=None if measure is None else measure / 2,
        after=None if after is None else Decimal(after),
        verdict=verdict,
        judged_in=None if verdict is None else WEEK.back(back - 3),
    )


SHOWN: Mapping[str, ShownTip] = MappingProxyType(
    {
        "worked": shown("right_size", 4, Verdict.WORKED, "0.81", "0.32"),
        "partly": shown("clear_context", 5, Verdict.PARTLY, "11.31", "10.8"),
        "no-effect": shown("stay_in_session", 6, Verdict.NO_EFFECT, "0.71", "0.7"),
        "unknown": shown("smaller_tasks", 7, Verdict.UNKNOWN, "0.15"),
        "without-a-figure": shown("unused_seat", 8, Verdict.WORKED, "1", "0"),
        "not-yet": shown("effort", 1, None, "7.7"),
        "unchecked": shown("review_first", 2),
        "cached": shown("cache_prompt", 9, Verdict.WORKED, "0", "0.6"),
        "taken": shown("smaller_tasks", 10, Verdict.WORKED, "0.15", "0.7"),
        "answered": shown("effort", 11, Verdict.PARTLY, "7.7", "7.1"),
    }
)
_GONE = replace(SHOWN["worked"], rule="a_rule_of_the_past", week=WEEK)
_FIRST = shown("celebrate", 0)
_TOLD = (*(tuple(TIPS.values())[at : at + 4] for at in range(0, len(TIPS), 4)), _MORE, _MOST)


def messages(say: Language) -> dict[str, Message]:
    listed = partial(_listed, say)
    return {
        "tips-none": listed(),
        "tips-none-and-others-before": listed(before=tuple(SHOWN.values())[:4]),
        "tips-all-muted": listed(muted=tuple(RULES)),
        "tips-one": listed(TIPS["right_size"], before=(SHOWN["not-yet"], SHOWN["unchecked"])),
        "tips-many": listed(
            *TIPS.values(),
            before=(_GONE, _FIRST, *SHOWN.values()),
            muted=("batch", "effort", "gone"),
        ),
        "tips-hostile": listed(*HOSTILE_TIPS),
        "tips-renamed-command": render_tips(say, (), (), (), CommandNames(usage="/acme-usage")),
        "tip-muted": render_tip_muted(say, NAMES),
        **{f"tips-told-{number}": listed(*tips) for number, tips in enumerate(_TOLD, start=1)},
    }


def _listed(
    say: Language, *fitting: Finding, before: Sequence[ShownTip] = (), muted: Sequence[str] = ()
) -> Message:
    return render_tips(say, fitting, before, frozenset(muted), NAMES)


MESSAGES: Mapping[str, Message] = MappingProxyType(messages(ENGLISH))
