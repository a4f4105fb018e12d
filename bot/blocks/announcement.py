"""What a team's channel hears when a setting changes that guards its members' privacy."""

from __future__ import annotations

from bot.blocks.escaping import code, mention
from bot.blocks.kit import bold, context, message, section
from bot.blocks.threshold_wording import about, shown
from bot.domain.health import ThresholdValue
from bot.domain.messages import Message
from bot.domain.thresholds import THRESHOLDS
from bot.language import Language


def render_threshold_announced(say: Language, changed: ThresholdValue, by: str) -> Message:
    """*by* is the Slack id of the admin who changed it."""
    told = say("A setting that guards your privacy changes.")
    return message(
        told,
        section(
            "announcement",
            f"{bold(told)} {_change(say, changed)}",
            f"{code(changed.name)}: {about(say, THRESHOLDS[changed.name])}.",
        ),
        context(
            "announcement-foot",
            say("Changed by {admin}. Earlier weeks stay as they are.", admin=mention(by)),
        ),
    )


def _change(say: Language, changed: ThresholdValue) -> str:
    threshold = THRESHOLDS[changed.name]
    now = shown(say, threshold, changed.value)
    if changed.next_value is None or changed.effective_on is None:
        return say("It stays at *{value}*.", value=now)
    return say(
        "It is *{value}* until then, and *{later}* from {day}.",
        value=now,
        later=shown(say, threshold, changed.next_value),
        day=say.day(changed.effective_on),
    )
