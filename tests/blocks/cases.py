"""Every message in every state that it can be in, and with the worst that can be in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

from bot.blocks import digest, errors, welcome
from bot.blocks import help as help_texts
from bot.domain.coaching.rules import Finding, ShownTip, Verdict
from bot.domain.commands import CommandNames
from bot.domain.digest import WeekOfSpend
from bot.domain.messages import Message
from bot.domain.periods import IsoWeek, Period, month_of
from bot.domain.preferences import Cadence
from bot.domain.tiers import Tier
from bot.domain.usage import CostBasis
from bot.language import ENGLISH, Language
from tests.blocks.account_cases import messages as about_accounts
from tests.blocks.admin_cases import messages as about_admins
from tests.blocks.budget_cases import messages as about_budget
from tests.blocks.estimate_cases import messages as about_estimate
from tests.blocks.estimate_cases import messages as about_estimates
from tests.blocks.form_cases import messages as about_forms
from tests.blocks.making import HOSTILE, LANGUAGES, merged, ratio, spend, usual
from tests.blocks.making import digest as make_digest
from tests.blocks.nudge_cases import messages as about_nudge
from tests.blocks.rights_cases import messages as about_rights
from tests.blocks.settings_cases import messages as about_settings
from tests.blocks.team_cases import messages as about_team
from tests.blocks.teams_admin_cases import messages as about_teams
from tests.blocks.tip_cases import messages as about_tip
from tests.blocks.work_cases import messages as about_work

NAMES = CommandNames()
_LATE = (("anthropic", None), ("git", date(2026, 11, 16)), ("openai", date(2026, 11, 12)))

SEASON = tuple(
    WeekOfSpend(monday=date(2026, 8, 17) + timedelta(weeks=n), cost=Decimal(20 + 7 * (n % 5)))
    for n in range(13)
)
FINDING = Finding(rule="log_invisible")
SHOWN = ShownTip(
    week=IsoWeek(2026, 42), rule="unused_seat", verdict=Verdict.WORKED, judged_in=IsoWeek(2026, 46)
)
_DIGESTS = {
    "week": make_digest(),
    "week-so-far": make_digest(is_closed=False, data_through=_LATE),
    "nothing-yet": make_digest(is_closed=False, spend=(), outcomes=()),
    "nothing-recorded": make_digest(spend=(), outcomes=(), usual=None),
    "figures-not-in-yet": make_digest(spend=(), outcomes=(), data_through=_LATE),
    "some-figures-late": make_digest(data_through=_LATE),
    "too-little-yet": make_digest(usual=None, spend_per_outcome=(), outcomes=(merged(reverted=0),)),
    "spend-without-work": make_digest(outcomes=(), spend_per_outcome=()),
    "work-without-spend": make_digest(spend=(), active_days=0, spend_per_outcome=()),
    "only-reverted": make_digest(
        outcomes=(merged(settled=0, pending=0, reverted=2, with_evidence=0),), spend_per_outcome=()
    ),
    "one-of-each": make_digest(
        active_days=1, outcomes=(merged(settled=0, pending=1, reverted=1, with_evidence=1),)
    ),
    "thirteen-weeks": make_digest(by_week=SEASON),
    "weeks-not-measured": make_digest(by_week=SEASON[:2] + SEASON[9:]),
    "a-credit-larger-than-its-week": make_digest(
        by_week=(replace(SEASON[0], cost=Decimal(-40)), *SEASON[1:])
    ),
    "every-tier": make_digest(
        by_tier=tuple((tier, Decimal(10 * n)) for n, tier in enumerate(Tier, start=1))
    ),
    "experiments-alone": make_digest(by_tier=((Tier.EXPLORATION, Decimal("9.5")),)),
    "a-tip-and-how-the-last-one-went": make_digest(tip=FINDING, last_tip=SHOWN),
    "above-usual": make_digest(spend=(spend(cost="131"),)),
    "below-usual": make_digest(spend=(spend(cost="0.004"),)),
    "no-price-known": make_digest(spend=(spend(cost=None, bases=frozenset()),)),
    "some-without-price": make_digest(
        spend=(
            spend("openai", bases=frozenset(CostBasis), has_unpriced=True),
            spend("anthropic", None, bases=frozenset()),
        ),
        spend_per_outcome=(ratio(has_unpriced=True),),
    ),
    "other-currencies": make_digest(
        spend=(
            spend("kiro", None, bases=frozenset(), foreign=(("credits:kiro", Decimal("45.50")),)),
            spend("openai", foreign=(("EUR", Decimal("12.3")), ("GBP", Decimal(-2)))),
        ),
    ),
    "other-currencies-alone": make_digest(
        spend=(
            spend("kiro", None, bases=frozenset(), foreign=(("credits:kiro", Decimal("45.50")),)),
            spend("openai", None, bases=frozenset(), foreign=(("EUR", Decimal("12.3")),)),
        ),
        usual=None,
        spend_per_outcome=(),
    ),
    "usual-let-start-anew": make_digest(usual=None, usual_since=date(2026, 11, 2)),
    "month": make_digest(period=month_of(date(2026, 10, 20))),
    "month-so-far": make_digest(period=month_of(date(2026, 11, 20)), is_closed=False),
    "day": make_digest(period=Period.of_days(date(2026, 11, 9), date(2026, 11, 9))),
    "over-new-year": make_digest(
        period=Period.of_days(date(2025, 12, 29), date(2026, 1, 4)), usual=usual("31.2", "31.3")
    ),
    "other-days": make_digest(period=Period.of_days(date(2026, 11, 28), date(2026, 12, 9))),
    "no-source-on": make_digest(spend=(), outcomes=(), data_through=()),
    "hostile": make_digest(
        spend=tuple(spend(f"{HOSTILE}{n}") for n in range(30)),
        data_through=tuple((f"{HOSTILE}{n}", None) for n in range(60)),
    ),
}


def cases(say: Language) -> dict[str, Message]:
    return {
        **{f"digest-{name}": digest.render_digest(say, value) for name, value in _DIGESTS.items()},
        "digest-that-came-by-itself": digest.render_digest(
            say, make_digest(by_week=SEASON), cadence=Cadence.WEEKLY
        ),
        "digest-settles-after-a-day": digest.render_digest(say, make_digest(), settle_days=1),
        "welcome": welcome.render_welcome(say, NAMES),
        "stopped": welcome.render_stopped(say, NAMES),
        "started": welcome.render_started(say, NAMES),
        "help-usage": help_texts.render_usage_help(say, NAMES),
        "help-team": help_texts.render_team_help(say, NAMES),
        "help-admin": help_texts.render_admin_help(say, NAMES),
        "help-unknown-word": help_texts.render_usage_help(say, NAMES, unknown="moth"),
        "help-hostile-word": help_texts.render_usage_help(say, NAMES, unknown=HOSTILE * 90),
        "help-empty-word": help_texts.render_team_help(say, NAMES, unknown="\u202e"),
        "help-renamed": help_texts.render_usage_help(say, CommandNames(usage="/acme-usage")),
        **about_accounts(say),
        **about_admins(say),
        "not-in-directory": errors.render_not_in_directory(say),
        "failure": errors.render_failure(say, "a1b2c3", None),
        "failure-with-hint": errors.render_failure(say, "a1b2c3", "Ask an admin for the scope."),
        "failure-hostile": errors.render_failure(say, HOSTILE, HOSTILE * 90),
        **about_forms(say),
        **about_work(say),
        **about_tip(say),
        **about_nudge(say),
        **about_budget(say),
        **about_rights(say),
        **about_settings(say),
        **about_team(say),
        **about_teams(say),
        **about_estimate(say),
        **about_estimates(say),
    }


CASES = MappingProxyType(cases(ENGLISH))
IN_EVERY_LANGUAGE = MappingProxyType(
    {
        f"{say.locale.language}-{name}": message
        for say in LANGUAGES
        for name, message in cases(say).items()
    }
)
