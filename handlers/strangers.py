"""What is said to somebody whom Upshot does not know: a guest, or one who was forgotten."""

from __future__ import annotations

from bot.blocks.errors import render_not_in_directory
from bot.domain.messages import Message
from bot.language import ENGLISH
from handlers.rights import answer_forgotten
from handlers.services import Services


async def answer_stranger(
    services: Services, slack_user_id: str, asked: list[str] | None = None
) -> Message:
    """In English: nothing is known of them, not even their language."""
    forgotten = await answer_forgotten(services, slack_user_id, asked or [])
    return forgotten or render_not_in_directory(ENGLISH)
