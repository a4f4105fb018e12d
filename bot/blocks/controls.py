"""Buttons and menus with which people change what is theirs; what they send back proves nothing."""

from __future__ import annotations

from dataclasses import dataclass

from slackblocks import Button, ConfirmationDialogue, Option, PlainText, StaticSelectMenu

from bot.blocks.escaping import plain
from bot.blocks.forms import fits
from bot.blocks.kit import button
from bot.blocks.logged_wording import TIERS
from bot.domain.logged import LoggedOutcome, Tag
from bot.domain.tiers import Tier
from bot.language import Language

_LONGEST_SPOKEN = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class TierChoice:
    """What a reader's device says was chosen, for which outcome."""

    source: str
    source_id: str
    tier: Tier


def log_button(say: Language) -> Button:
    return button(say("Log an outcome"), "log_outcome", value="log")


def privacy_button(say: Language) -> Button:
    return button(say("Who can see what"), "digest_privacy", value="digest")


def stop_button(say: Language) -> Button:
    spoken = say("Stop my digests from Upshot")
    return button(say("Stop"), "digest_stop", value="digest", spoken_as=_spoken(spoken))


def settings_button(say: Language) -> Button:
    return button(say("Change settings"), "settings_open", value="settings")


def less_button(say: Language) -> Button:
    spoken = say("Send my digests less often")
    return button(say("Less often"), "digest_less", value="digest", spoken_as=_spoken(spoken))


def start_button(say: Language) -> Button:
    spoken = say("Start my digests from Upshot again")
    return button(say("Start again"), "digest_start", value="digest", spoken_as=_spoken(spoken))


def edit_button(say: Language, logged: LoggedOutcome) -> Button:
    spoken = say("Change: {what}", what=logged.what)
    return button(say("Change"), "log_edit", value=str(logged.id), spoken_as=_spoken(spoken))


def delete_button(say: Language, logged: LoggedOutcome) -> Button:
    return Button(
        say("Delete"),
        action_id="log_delete",
        value=str(logged.id),
        confirm=ConfirmationDialogue(
            PlainText(say("Delete this entry?")),
            PlainText(say("Nothing of it is kept.")),
            PlainText(say("Delete")),
            PlainText(say("Do not delete")),
            style="danger",
        ),
        accessibility_label=_spoken(say("Delete: {what}", what=logged.what)),
    )


def tag_button(say: Language, tag: Tag) -> Button | None:
    """Takes *tag* back; a tag without a number cannot be named."""
    if tag.id is None:
        return None
    spoken = say("Take this tag back")
    return button(say("Take back"), "tag_delete", value=str(tag.id), spoken_as=_spoken(spoken))


def tier_menu(say: Language, source: str, source_id: str, tier: Tier) -> StaticSelectMenu | None:
    """What an outcome was for, to be changed; none where the outcome's name is too long."""
    options = {t: f"{t}:{source}:{source_id}" for t in TIERS}
    if not all(map(fits, options.values())):
        return None
    shown = {t: Option(PlainText(say(label)), options[t]) for t, label in TIERS.items()}
    return StaticSelectMenu(
        action_id="work_tier",
        options=list(shown.values()),
        initial_option=shown[tier],
        placeholder=PlainText(say("What was it for?")),
    )


def tier_choice(value: str) -> TierChoice | None:
    """What an option of ``tier_menu`` names, ``None`` where it is none."""
    tier, _, rest = value.partition(":")
    source, colon, source_id = rest.partition(":")
    if tier not in set(Tier) or not colon:
        return None
    return TierChoice(source=source, source_id=source_id, tier=Tier(tier))


def _spoken(label: str) -> str:
    return plain(label, most=_LONGEST_SPOKEN)
