"""What the page itself has to say, where Slack would say something too."""

from __future__ import annotations

NOTES = {
    "commands_only": (
        "Upshot answers to commands, not to messages: type / to see them. "
        "Nothing was sent, as in Slack, where this box is switched off."
    ),
    "unknown_command": "There is no such command here. Type / to see those there are.",
    "gone": "What you pressed has changed since it was shown. Here is how it stands now.",
    "operation_timeout": "Upshot did not answer within three seconds: operation_timeout.",
    "dispatch_failed": "Upshot could not take this: dispatch_failed. The requests show more.",
    "not_shown": "Slack would not show this answer. The requests show what it was.",
    "too_long": "That is longer than a message can be. Nothing was sent.",
}
"""By the word that stands for them in addresses."""
