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
        say,
        TAG_FORM,
        say("Tag your AI use"),
        say("Keep it"),
        forms.one_shown(
            Field(
                block_id="tag-tier",
                label=say("What was it for?"),
                hint=say("Spend is never set beside outcomes where it was for exploration."),
            ),
            tier_choices(say),
            given=Tier.EXPLORATION,
        ),
        forms.one_of(
            Field(block_id="tag-provider", label=say("Which AI tool?")),
            [Choice(value=ALL_TOOLS, label=say("All that I use")), *tool_choices(offered)],
            given=ALL_TOOLS,
        ),
        forms.day(Field(block_id="tag-first-day", label=say("First day")), given=first_day),
        forms.day(
            Field(
                block_id="tag-last-day",
                label=say("Last day"),
                hint=say("Of two tags for one day, the later one counts."),
            ),
            given=last_day,
        ),
    )


def tag_errors(say: Language, faults: Faults) -> dict[str, str]:
    """What stands under each input that has to be filled in otherwise."""
    return {
        f"tag-{field.replace('_', '-')}": say(FAULTS[fault]) for field, fault in faults.of.items()
    }


def render_tagged(
    say: Language, tag: Tag, names: CommandNames, *, with_button: bool = True
) -> Message:
    button = tag_button(say, tag) if with_button else None
    return message(
        say("Upshot keeps your tag."),
        section("tagged", f"{bold(say('Kept.'))} {tag_in_words(say, tag)}"),
        context(
            "tagged-foot",
            say(
                "Your own figures follow it. {command} says otherwise at any time.",
                command=code(f"{names.usage} tag"),
            ),
            say(wording.ONLY_YOU),
        ),
        *([actions("tagged-actions", button)] if button else []),
    )


def tag_in_words(say: Language, tag: Tag) -> str:
    what = say("All AI tools") if tag.provider is None else wording.source_title(tag.provider)
    return f"{what}, {say.span(tag.first_day, tag.last_day)}. {say(TIERS[tag.tier])}."


def render_untagged(say: Language) -> Message:
    return message(
        say("Upshot took your tag back."),
        section("untagged", say("*Taken back.* The days count as they did without it.")),
        context("untagged-foot", say(wording.ONLY_YOU)),
    )


def render_tier_set(say: Language, tier: Tier) -> Message:
    return message(
        say("Upshot keeps what this work was for."),
        section("tier-set", f"{bold(say('Kept.'))} {say(TIERS[tier])}."),
        context("tier-set-foot", say(wording.ONLY_YOU)),
    )


def render_tag_help(
    say: Language, names: CommandNames, tools: Sequence[str], *, asked: str
) -> Message:
    """For a tier or a tool that is not known."""
    return message(
        say("How to tag your AI use."),
        section(
            "tag-help",
            say("*I do not know* {word} *here.*", word=code(asked)),
            say("{command} opens a form.", command=code(f"{names.usage} tag")),
            say(
                "{command} tags this week at once. Instead of {exploration} it can be {routine} "
                "or {production}; without a tool it is for all of them.",
                command=code(f"{names.usage} tag exploration TOOL"),
                exploration=code(Tier.EXPLORATION),
                routine=code(Tier.ROUTINE),
                production=code(Tier.PRODUCTION),
            ),
            _own(say, tools),
        ),
        context("tag-help-foot", say(wording.ONLY_YOU)),
    )


def _own(say: Language, tools: Sequence[str]) -> str:
    if not tools:
        return say("Your tools: none is known of you yet.")
    return say("Your tools: {tools}.", tools=say.listed([*map(wording.source_title, tools)]))
