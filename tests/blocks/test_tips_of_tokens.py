"""Tips about tokens in words: whole sentences to try something, whatever the figures are."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from bot.blocks.tips_of_tokens import TEXTS
from bot.domain.coaching.rules import Finding
from bot.language import ENGLISH
from tests.blocks.making import HOSTILE

USUAL = {
    "stay_in_session": {"now": Decimal("0.7512"), "best": Decimal("0.9375"), "plan": ""},
    "clear_context": {"now": Decimal("144012.5"), "usual": Decimal(48_123), "plan": ""},
    "right_size": {
        "share": Decimal("0.8"),
        "costly": "claude-opus-5",
        "smaller": "claude-sonnet-5",
        "plan": "",
    },
    "batch": {"requests": Decimal(4_012)},
    "cache_prompt": {"prompt": Decimal("10234.5"), "model": "claude-sonnet-5"},
    "trim_context": {"start": Decimal("81234.5"), "sessions": Decimal(80)},
    "parallel_agents": {"times": Decimal("5.04"), "plan": ""},
    "effort": {"now": Decimal("1512.5"), "usual": Decimal(503), "plan": ""},
}
FIGURES = {
    "stay_in_session": ["75%", "94%"],
    "clear_context": ["140,000", "48,000"],
    "right_size": ["80%"],
    "batch": ["4,000"],
    "cache_prompt": ["10,000"],
    "trim_context": ["81,000"],
    "parallel_agents": ["5 times"],
    "effort": ["1,500", "500"],
}
WORST = [Decimal(0), Decimal(1), Decimal("1E-30"), Decimal(2**63), Decimal(10) / 3]
FORBIDDEN = re.compile(
    r"\b(score|rank|productiv\w*|colleague\w*|others|team|great|congratulations|suspicious|wasted?"
    r"|should|must|too much|excessive)\b|!",
    re.IGNORECASE,
)


def said(rule: str, **changes: Decimal | str) -> str:
    first, rest = TEXTS[rule](ENGLISH, Finding(rule=rule, values=USUAL[rule] | changes))
    return f"{first} {rest}"


def test_every_tip_of_this_kind_has_words():
    assert set(TEXTS) == set(USUAL)


@pytest.mark.parametrize("rule", TEXTS)
def test_a_tip_is_an_experiment_in_whole_sentences(rule):
    first, rest = TEXTS[rule](ENGLISH, Finding(rule=rule, values=USUAL[rule]))

    assert first.startswith("Try ")
    assert first.endswith(".")
    assert rest.endswith(".")
    assert re.search(r"\b(may|half as much as a batch)\b", rest)


@pytest.mark.parametrize("rule", TEXTS)
def test_figures_are_told_roughly(rule):
    told = said(rule)

    for figure in FIGURES[rule]:
        assert figure in told


@pytest.mark.parametrize("rule", TEXTS)
def test_nobody_is_blamed_praised_or_compared(rule):
    assert FORBIDDEN.findall(said(rule)) == []


@pytest.mark.parametrize("rule", TEXTS)
@pytest.mark.parametrize("value", WORST, ids=str)
def test_the_worst_figures_leave_a_text_that_fits(rule, value):
    figures = {name: value for name, told in USUAL[rule].items() if isinstance(told, Decimal)}

    told = said(rule, **figures)

    assert len(told) < 1_000
    assert not re.search(r"nan\b|inf\b|\dE[+-]|[{}]", told, re.IGNORECASE)


@pytest.mark.parametrize(
    ("rule", "name"),
    [("right_size", "costly"), ("right_size", "smaller"), ("cache_prompt", "model")],
)
@pytest.mark.parametrize("model", [HOSTILE, "m" * 200, "{now}", ""])
def test_the_name_of_a_model_stays_a_name(rule, name, model):
    told = said(rule, **{name: model})

    assert len(told) < 1_000
    assert not re.search(r"<[!@h]", told)
    assert "\u202e" not in told


@pytest.mark.parametrize(
    "rule", ["stay_in_session", "clear_context", "right_size", "parallel_agents", "effort"]
)
def test_what_a_plan_covers_is_not_said_to_be_on_a_bill(rule):
    assert "plan" in said(rule, plan="claude_code_subscription")
    assert "plan" not in said(rule)
