"""What a post tells of the channel that it was for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.domain.delivery import Posted, PostResult, Refused, SearchResult
from bot.domain.teams import ChannelProblem

_SAYS: Mapping[str, ChannelProblem] = MappingProxyType(
    {
        "not_in_channel": ChannelProblem.NOT_IN,
        "channel_not_found": ChannelProblem.GONE,
        "is_archived": ChannelProblem.GONE,
    }
)


@dataclass(frozen=True, slots=True)
class Seen:
    """``None``: nothing stands against posting there."""

    problem: ChannelProblem | None


def seen_by(channel: str, result: PostResult | SearchResult) -> Seen | None:
    """What *result* tells of a team's *channel*; ``None``: nothing, or it is a person's."""
    if channel.startswith(("U", "W", "D")):
        return None
    match result:
        case Posted():
            return Seen(None)
        case Refused(code) if code in _SAYS:
            return Seen(_SAYS[code])
    return None
