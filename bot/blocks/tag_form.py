"""The form in which people say what their AI use was for, and the answers to that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.blocks import forms, wording
from bot.blocks.controls import tag_button
from bot.blocks.escaping import code
from bot.blocks.forms import Choice, Field
from bot.blocks.kit import actions, bold, context, message, section
from bot.blocks.log_form import tier_choices, tool_choices
from bot.blocks.logged_wording import FAULTS, TIERS
from bot.domain.commands import CommandNames
from bot.domain.drafts import Faults
from bot.domain.logged import Tag
from bot.domain.messages import Message, Modal
from bot.domain.tiers import Tier
from bot.language import Language

TAG_FORM = "tag_form"
ALL_TOOLS = "*"
_FEW = 90


def render_tag_form(say: Language, first_day: date, last_day: date, tools: Sequence[str]) -> Modal:
    offered = [tool for tool in sorted(tools) if forms.fits(tool)][:_FEW]
    return forms.form(
        TAG_FORM,
        "Tag your AI use",
        "Keep it",
        forms.one_shown(
            Field(
                block_id="tag-tier",
                label="What was it for?",
                hint="Spend is never set beside outcomes where it was for exploration.",
            ),
            tier_choices(),
            given=Tier.EXPLORATION,
        ),
        forms.one_of(
            Field(block_id="tag-provider", label="Which AI tool?"),
            [Choice(value=ALL_TOOLS, label="All that I use"), *tool_choices(offered)],
            given=ALL_TOOLS,
        ),
        forms.day(Field(block_id="tag-first-day", label="First day"), given=first_day),
        forms.day(
            Field(
                block_id="tag-last-day",
                label="Last day",
                hint="Of two tags for one day, the later one counts.",
            ),
            given=last_day,
        ),
    )


def tag_errors(faults: Faults) -> dict[str, str]:
    """What stands under each input that has to be filled in otherwise."""
    return {f"tag-{field.replace('_', '-')}": FAULTS[fault] for field, fault in faults.of.items()}


def render_tagged(
    say: Language, tag: Tag, names: CommandNames, *, with_button: bool = True
) -> Message:
    button = tag_button(tag) if with_button else None
    return message(
        "Upshot keeps your tag.",
        section("tagged", f"{bold('Kept.')} {tag_in_words(tag)}"),
        context(
            "tagged-foot",
            f"Your own figures follow it. {code(f'{names.usage} tag')} says otherwise at any time.",
            wording.ONLY_YOU,
        ),
        *([actions("tagged-actions", button)] if button else []),
    )


def tag_in_words(tag: Tag) -> str:
    what = "All AI tools" if tag.provider is None else wording.source_title(tag.provider)
    return f"{what}, {wording.span(tag.first_day, tag.last_day)}. {TIERS[tag.tier]}."


def render_untagged(say: Language) -> Message:
    return message(
        "Upshot took your tag back.",
        section("untagged", f"{bold('Taken back.')} The days count as they did without it."),
        context("untagged-foot", wording.ONLY_YOU),
    )


def render_tier_set(say: Language, tier: Tier) -> Message:
    return message(
        "Upshot keeps what this work was for.",
        section("tier-set", f"{bold('Kept.')} {TIERS[tier]}."),
        context("tier-set-foot", wording.ONLY_YOU),
    )


def render_tag_help(
    say: Language, names: CommandNames, tools: Sequence[str], *, asked: str
) -> Message:
    """For a tier or a tool that is not known."""
    own = [wording.source_title(tool) for tool in tools]
    return message(
        "How to tag your AI use.",
        section(
            "tag-help",
            f"{bold('I do not know')} {code(asked)} {bold('here.')}",
            f"{code(f'{names.usage} tag')} opens a form.",
            f"{code(f'{names.usage} tag exploration TOOL')} tags this week at once. Instead of "
            f"{code('exploration')} it can be {code('routine')} or {code('production')}; "
            "without a tool it is for all of them.",
            f"Your tools: {wording.listed(own) if own else 'none is known of you yet'}.",
        ),
        context("tag-help-foot", wording.ONLY_YOU),
    )
