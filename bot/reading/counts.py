"""How many of something a source may tell: what a sum, and the database, can bear."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from bot.domain.received import LARGEST_COUNT

Count = Annotated[int, Meta(ge=-LARGEST_COUNT, le=LARGEST_COUNT)]
"""Less than nothing may be a correction; what is more than this fails the day, which says where."""
