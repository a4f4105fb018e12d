"""A reader's own page in Slack: their week, their settings, and who can see what."""

from __future__ import annotations

from collections.abc import Iterator

from slackblocks import Block as Made
from slackblocks import Button, ConfirmationDialogue, PlainText

from bot.blocks.controls import log_button, privacy_button, settings_button
from bot.blocks.digest import render_digest
from bot.blocks.digest_weeks import weeks_drawn
from bot.blocks.escaping import code
from bot.blocks.kit import actions, as_dicts, context, divider, header, section
from bot.blocks.settings_wording import settings_in_words
from bot.blocks.wording import ONLY_YOU
from bot.domain.commands import CommandNames
from bot.domain.digest import Digest
from bot.domain.health import PrivacyFacts
from bot.domain.messages import Block, Home
from bot.domain.preferences import Preferences
from bot.language import Language

_OF_MESSAGES_ALONE = frozenset({"digest-actions"})


def render_home(
    say: Language,
    digest: Digest,
    chosen: Preferences,
    facts: PrivacyFacts,
    names: CommandNames,
) -> Home:
    """For its owner only; no button of it needs a message to be answered under."""
    return Home(
        (
            *as_dicts(context("home-for", say("Only you can see this page."))),
            *_week(say, digest, facts.settle_days),
            *as_dicts(*_rest(say, digest, chosen, facts, names)),
        )
    )


def _week(say: Language, digest: Digest, settle_days: int) -> Iterator[Block]:
    """All that the digest says, but for its buttons and for what it says of itself."""
    for block in render_digest(say, digest, settle_days=settle_days).blocks:
        if block["block_id"] == "digest-foot":
            said = [part for part in block["elements"] if part["text"] != say(ONLY_YOU)]
            yield {**block, "elements": said}
        elif block["block_id"] not in _OF_MESSAGES_ALONE:
            yield block


def _rest(
    say: Language,
    digest: Digest,
    chosen: Preferences,
    facts: PrivacyFacts,
    names: CommandNames,
) -> Iterator[Made]:
    if digest.is_empty:
        yield from weeks_drawn(say, digest)
    yield actions("home-week-actions", log_button(say))
    yield divider("home-line")
    yield header("home-settings-title", say("Your settings"))
    yield section("home-settings", *settings_in_words(say, chosen))
    yield actions("home-settings-actions", settings_button(say), usual_anew_button(say))
    yield header("home-privacy-title", say("Who can see what"))
    yield section("home-privacy", _privacy(say, facts), _ask(say, names))
    yield actions("home-privacy-actions", privacy_button(say))


def usual_anew_button(say: Language) -> Button:
    return Button(
        say("Start my usual week anew"),
        action_id="usual_restart",
        value="usual",
        confirm=ConfirmationDialogue(
            PlainText(say("Start your usual week anew?")),
            PlainText(
                say(
                    "Earlier weeks then count for it no more. "
                    "Your figures of them stay as they are."
                )
            ),
            PlainText(say("Start anew")),
            PlainText(say("Leave it")),
        ),
    )


def _privacy(say: Language, facts: PrivacyFacts) -> str:
    return say.plural(
        facts.minimum_group_size,
        "*You see your own figures, and in Upshot nobody else does*: no colleague, no manager, "
        "no admin of this bot. Of a team there are sums of at least {count} person, or nothing.",
        "*You see your own figures, and in Upshot nobody else does*: no colleague, no manager, "
        "no admin of this bot. Of a team there are sums of at least {count} people, or nothing.",
    )


def _ask(say: Language, names: CommandNames) -> str:
    return say(
        "What is kept of you, and what cannot be promised, stands behind the button. "
        "{command} says what else you can ask, any time.",
        command=code(f"{names.usage} help"),
    )
