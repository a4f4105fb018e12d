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

_LONGEST_SPOKEN = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class TierChoice:
    """What a reader's device says was chosen, for which outcome."""

    source: str
    source_id: str
    tier: Tier


def log_button() -> Button:
    return button("Log an outcome", "log_outcome", value="log")


def edit_button(logged: LoggedOutcome) -> Button:
    spoken = plain(f"Change: {logged.what}", most=_LONGEST_SPOKEN)
    return button("Change", "log_edit", value=str(logged.id), spoken_as=spoken)


def delete_button(logged: LoggedOutcome) -> Button:
    return Button(
        "Delete",
        action_id="log_delete",
        value=str(logged.id),
        confirm=ConfirmationDialogue(
            PlainText("Delete this entry?"),
            PlainText("Nothing of it is kept."),
            PlainText("Delete"),
            PlainText("Keep it"),
            style="danger",
        ),
        accessibility_label=plain(f"Delete: {logged.what}", most=_LONGEST_SPOKEN),
    )


def tag_button(tag: Tag) -> Button | None:
    """Takes *tag* back; a tag without a number cannot be named."""
    if tag.id is None:
        return None
    return button("Take back", "tag_delete", value=str(tag.id), spoken_as="Take this tag back")


def tier_menu(source: str, source_id: str, tier: Tier) -> StaticSelectMenu | None:
    """What an outcome was for, to be changed; none where the outcome's name is too long."""
    options = {t: f"{t}:{source}:{source_id}" for t in TIERS}
    if not all(map(fits, options.values())):
        return None
    shown = {t: Option(PlainText(label), options[t]) for t, label in TIERS.items()}
    return StaticSelectMenu(
        action_id="work_tier",
        options=list(shown.values()),
        initial_option=shown[tier],
        placeholder=PlainText("What was it for?"),
    )


def tier_choice(value: str) -> TierChoice | None:
    """What an option of ``tier_menu`` names, ``None`` where it is none."""
    tier, _, rest = value.partition(":")
    source, colon, source_id = rest.partition(":")
    if tier not in set(Tier) or not colon:
        return None
    return TierChoice(source=source, source_id=source_id, tier=Tier(tier))
