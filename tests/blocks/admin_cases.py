"""What admins and the privacy page are told, in every state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.blocks import (
    admin,
    agreement,
    announcement,
    audit,
    health,
    privacy,
    threshold_list,
)
from bot.domain.agreement import Agreement
from bot.domain.audit import SOMEBODY, Action, AuditEntry
from bot.domain.commands import CommandNames
from bot.domain.health import DeliveryCounts, ThresholdValue, Waiting
from bot.domain.messages import Message
from bot.domain.teams import ChannelProblem, HomeTeam, Team
from bot.domain.thresholds import THRESHOLDS
from bot.errors import FixedByAgreementError
from bot.language import Language
from tests.blocks.making import HOSTILE, NOW, privacy_facts, source, status, troubled_source

NAMES = CommandNames()
_HOSTILE_SOURCE = troubled_source(title=HOSTILE, last_error=HOSTILE * 50, hint=HOSTILE * 50)
_BUSY = DeliveryCounts(planned=1_199, sent=1_057, rejected=1, parked=1, unknown=1)
_SETTINGS = [ThresholdValue(name=name, value=t.default) for name, t in THRESHOLDS.items()]
_MONDAY, _QUARTER = date(2026, 11, 23), date(2026, 12, 28)
WAITING = ThresholdValue(
    name="minimum_group_size", value=5, waiting=(Waiting(value=8, effective_on=_MONDAY),)
)
_TWICE = replace(
    WAITING, waiting=(*WAITING.waiting, Waiting(value=6, effective_on=_QUARTER)), fixed=5
)
_STRICT = ThresholdValue(
    name="strict_mode", value=0, waiting=(Waiting(value=1, effective_on=_MONDAY),)
)
AGREEMENT = Agreement(
    title="Works agreement on Upshot",
    signed_on=date(2026, 11, 2),
    bounds={
        "minimum_group_size": 8,
        "dominance_share": 40,
        "strict_mode": 1,
        "retention_days": 150,
    },
    sha256="0123456789abcdef" * 4,
)
_FIXED = [replace(value, fixed=AGREEMENT.bounds.get(value.name)) for value in _SETTINGS]
_REFUSED = {"signed_on": AGREEMENT.signed_on, "title": AGREEMENT.title}


def entry(action: Action, actor: str | None = "U01ADA", **detail: str | int) -> AuditEntry:
    return AuditEntry(at=NOW, actor=actor, action=action, detail=detail)


_SET = {"name": "minimum_group_size", "value": 8, "effective_on": "2026-11-23"}
_ADMIN = {"admin": "U02BOB"}
_ENTRIES = [
    entry(Action.THRESHOLD_SET, **_SET),
    replace(entry(Action.ADMIN_ADDED), people=_ADMIN),
    replace(entry(Action.ADMIN_REMOVED, SOMEBODY), people={"admin": None}),
    *(
        entry(action, team="Data Platform", count=3)
        for action in Action
        if action not in (Action.THRESHOLD_SET, Action.ADMIN_ADDED, Action.ADMIN_REMOVED)
    ),
    entry(Action.AGREEMENT_CHANGED, None, title=AGREEMENT.title),
]
_HOSTILE_ENTRIES = [
    entry(Action.THRESHOLD_SET, HOSTILE, name=HOSTILE, value=HOSTILE, effective_on=HOSTILE),
    entry(Action.THRESHOLD_SET, None, name="settle_days", value="9"),
    entry(Action.TEAM_ADDED, HOSTILE, team=HOSTILE * 9),
    entry(Action.AGREEMENT_CHANGED, None, title=HOSTILE * 9),
    replace(entry(Action.ADMIN_ADDED), people={"admin": HOSTILE}),
]


def messages(say: Language) -> dict[str, Message]:
    return {
        "privacy": privacy.render_privacy(say, privacy_facts(), NAMES),
        "privacy-nothing-set": privacy.render_privacy(
            say, privacy_facts(sources=(), admins=(), data_through=()), NAMES
        ),
        "privacy-hostile": privacy.render_privacy(
            say, privacy_facts(sources=(HOSTILE,) * 40, admins=(HOSTILE,) * 40), NAMES
        ),
        "thresholds": threshold_list.render_thresholds(say, [WAITING, *_SETTINGS[1:]], NAMES),
        "threshold-set": admin.render_threshold_set(say, _SETTINGS[4]),
        "threshold-waits": admin.render_threshold_set(say, WAITING),
        "announcement": announcement.render_threshold_announced(say, WAITING, "U01ADA"),
        "announcement-in-force": announcement.render_threshold_announced(
            say, _SETTINGS[1], HOSTILE
        ),
        "threshold-refused": admin.render_threshold_refused(say, "settle_days", NAMES),
        "threshold-refused-day": admin.render_threshold_refused(say, "digest_day", NAMES),
        "threshold-refused-unknown": admin.render_threshold_refused(say, None, NAMES),
        "admins": admin.render_admins(say, ["U01ADA", "U02BOB"], NAMES),
        "admins-none": admin.render_admins(say, [], NAMES),
        "admins-many": admin.render_admins(say, [f"U{n:010}" for n in range(500)], NAMES),
        "admin-added": admin.render_admin_added(say, "U01ADA"),
        "admin-removed": admin.render_admin_removed(say, HOSTILE),
        "admin-not-a-member": admin.render_admin_not_a_member(say),
        "admin-of-the-settings": admin.render_admin_of_the_settings(say),
        "not-allowed": admin.render_not_allowed(say, NAMES),
        "sources": health.render_sources(say, [source(), troubled_source()]),
        "sources-none": health.render_sources(say, []),
        "sources-hostile": health.render_sources(say, [_HOSTILE_SOURCE] * 30),
        "source-without-hint": health.render_sources(say, [troubled_source(hint=None)]),
        "status": health.render_status(say, status()),
        "status-nudges-counted": health.render_status(say, status(nudged=7)),
        "status-never-ticked": health.render_status(say, status(last_tick=None, sources=())),
        "status-in-trouble": health.render_status(
            say,
            replace(
                status(deliveries=_BUSY, overdue=1_200),
                last_tick=NOW - timedelta(hours=3),
                weaker=("One database role does everything.",),
            ),
        ),
        "thresholds-fixed": threshold_list.render_thresholds(say, [_TWICE, *_FIXED[1:]], NAMES),
        "threshold-waits-twice": admin.render_threshold_set(say, _TWICE),
        "threshold-strict-mode": admin.render_threshold_set(say, _STRICT),
        "threshold-refused-switch": admin.render_threshold_refused(say, "strict_mode", NAMES),
        "threshold-fixed": admin.render_threshold_fixed(
            say, FixedByAgreementError("minimum_group_size", bound=8, **_REFUSED)
        ),
        "threshold-fixed-share": admin.render_threshold_fixed(
            say, FixedByAgreementError("dominance_share", bound=40, **_REFUSED)
        ),
        "threshold-fixed-hostile": admin.render_threshold_fixed(
            say,
            FixedByAgreementError("strict_mode", bound=1, **_REFUSED | {"title": HOSTILE * 9}),
        ),
        "announcement-twice": announcement.render_threshold_announced(say, _TWICE, "U01ADA"),
        "agreement-announced": agreement.render_agreement_announced(say, AGREEMENT),
        "agreement-gone": agreement.render_agreement_announced(say, None),
        "agreement-hostile": agreement.render_agreement_announced(
            say, replace(AGREEMENT, title=HOSTILE * 9)
        ),
        "audit": audit.render_audit(say, _ENTRIES, NAMES),
        "audit-none": audit.render_audit(say, [], NAMES),
        "audit-hostile": audit.render_audit(say, _HOSTILE_ENTRIES * 10, NAMES),
        "privacy-of-a-member": privacy.render_privacy(
            say,
            privacy_facts(
                is_strict=True,
                minimum_group_size=10,
                agreement=AGREEMENT,
                homes=(_home("Data Platform"), _home("Payments", _MONDAY)),
            ),
            NAMES,
        ),
        "privacy-of-who-leaves-a-team": privacy.render_privacy(
            say, privacy_facts(homes=(_home(HOSTILE), _home(None, _MONDAY))), NAMES
        ),
        "privacy-in-no-team": privacy.render_privacy(
            say, privacy_facts(homes=(_home(None),)), NAMES
        ),
        "status-agreed": health.render_status(say, status(agreement=AGREEMENT)),
        "status-silent": health.render_status(
            say,
            status(
                silent=tuple(
                    (team, problem)
                    for team, problem in zip(
                        ("Data Platform", "Payments", HOSTILE), ChannelProblem, strict=True
                    )
                )
            ),
        ),
        "status-all-silent": health.render_status(
            say, status(silent=(("Data Platform", "gone"),) * 30)
        ),
    }


def _home(name: str | None, since: date = date.min) -> HomeTeam:
    team = None if name is None else Team(id=1, name=name, channel="C1", time_zone="UTC")
    return HomeTeam(team=team, since=since)
