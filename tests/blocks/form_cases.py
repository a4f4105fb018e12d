"""Every form and every word about one, with the worst that can be in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from uuid import UUID

from bot.blocks import log_form, tag_form
from bot.domain.commands import CommandNames
from bot.domain.logged import (
    LONGEST_WHAT,
    Benefit,
    LoggedKind,
    LoggedOutcome,
    Tag,
    Visibility,
)
from bot.domain.messages import Message, Modal
from bot.domain.people import PersonId
from bot.domain.tiers import Tier
from bot.language import ENGLISH, Language
from bot.language.catalogues import TRANSLATED, language_of
from tests.blocks.making import HOSTILE

NAMES = CommandNames()
TODAY = date(2026, 11, 19)
AT = datetime(2026, 11, 19, 9, tzinfo=UTC)
LOGGED = LoggedOutcome(
    id=UUID(int=1),
    owner=PersonId(1),
    kind=LoggedKind.ANALYSIS_DELIVERED,
    what="Churn analysis for the board",
    done_on=TODAY,
    logged_at=AT,
)
WHOLE = replace(
    LOGGED,
    kind=LoggedKind.DID_NOT_WORK,
    link="https://wiki.example.com/churn?a=b&c=d",
    helped_by=("anthropic", "cursor"),
    benefit=Benefit.NONE,
    tier=Tier.EXPLORATION,
    visibility=Visibility.COUNTED,
)
WORST = replace(WHOLE, what=(HOSTILE * 3)[:LONGEST_WHAT], helped_by=(HOSTILE, "x" * 200))
TAG = Tag(id=7, tier=Tier.EXPLORATION, provider="cursor", first_day=TODAY, last_day=TODAY)


def modals(say: Language) -> dict[str, Modal]:
    return {
        "log": log_form.render_log_form(say, TODAY, ["cursor", "otlp:claude_code"]),
        "log-without-tools": log_form.render_log_form(say, TODAY, []),
        "log-of-a-message": log_form.render_log_form(
            say, TODAY, [], what=HOSTILE * 3, link="https://example.slack.com/archives/C1/p1"
        ),
        "log-many-tools": log_form.render_log_form(say, TODAY, [f"ingest:{n}" for n in range(300)]),
        "log-change": log_form.render_log_form(say, TODAY, ["openai"], given=WHOLE),
        "log-change-hostile": log_form.render_log_form(say, TODAY, [HOSTILE], given=WORST),
        "logged": log_form.render_logged(say, LOGGED, NAMES),
        "logged-whole": log_form.render_logged(say, replace(WHOLE, edited_at=AT), NAMES),
        "logged-hostile": log_form.render_logged(say, WORST, NAMES),
        "tag": tag_form.render_tag_form(say, date(2026, 11, 16), TODAY, ["openai", "cursor"]),
        "tag-many-tools": tag_form.render_tag_form(
            say, TODAY, TODAY, [f"t{n}" for n in range(300)]
        ),
        "tag-hostile": tag_form.render_tag_form(say, TODAY, TODAY, [HOSTILE, "x" * 200]),
    }


def messages(say: Language) -> dict[str, Message]:
    return {
        "log-deleted": log_form.render_deleted(say),
        "not-yours": log_form.render_not_yours(say, NAMES),
        "tagged": tag_form.render_tagged(say, TAG, NAMES),
        "tagged-all": tag_form.render_tagged(say, replace(TAG, provider=None, id=None), NAMES),
        "tagged-hostile": tag_form.render_tagged(say, replace(TAG, provider=HOSTILE), NAMES),
        "untagged": tag_form.render_untagged(say),
        "tier-set": tag_form.render_tier_set(say, Tier.PRODUCTION),
        "tag-help": tag_form.render_tag_help(say, NAMES, ["cursor"], asked="holiday"),
        "tag-help-hostile": tag_form.render_tag_help(
            say, NAMES, [HOSTILE] * 40, asked=HOSTILE * 40
        ),
        "tag-help-no-tools": tag_form.render_tag_help(say, NAMES, [], asked="exploration devin"),
    }


MODALS = MappingProxyType(modals(ENGLISH))
MODALS_IN_EVERY_LANGUAGE = MappingProxyType(
    {
        **MODALS,
        **{
            f"{name}-{language}": modal
            for language in TRANSLATED
            for name, modal in modals(language_of(language)).items()
        },
    }
)
MESSAGES = MappingProxyType(messages(ENGLISH))
