"""What a team's channel hears when a setting changes that guards its members' privacy."""

from __future__ import annotations

from bot.blocks import wording
from bot.blocks.escaping import code, mention
from bot.blocks.kit import bold, context, message, section
from bot.domain.health import ThresholdValue
from bot.domain.messages import Message
from bot.domain.thresholds import THRESHOLDS
from bot.language import Language


def render_threshold_announced(say: Language, changed: ThresholdValue, by: str) -> Message:
    """*by* is the Slack id of the admin who changed it."""
    threshold = THRESHOLDS[changed.name]
    return message(
        "A setting that guards your privacy changes.",
        section(
            "announcement",
            f"{bold('A setting that guards your privacy changes.')} {_change(changed)}",
            f"{code(changed.name)}: {threshold.about}.",
        ),
        context("announcement-foot", f"Changed by {mention(by)}. Earlier weeks stay as they are."),
    )


def _change(changed: ThresholdValue) -> str:
    threshold = THRESHOLDS[changed.name]
    now = threshold.show(changed.value)
    if changed.next_value is None or changed.effective_on is None:
        return f"It stays at {bold(now)}."
    later = bold(threshold.show(changed.next_value))
    return f"It is {bold(now)} until then, and {later} from {wording.day(changed.effective_on)}."
