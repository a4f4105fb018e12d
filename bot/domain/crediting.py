"""Who gets the credit for a finished change, when agents may have been at work in it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.outcomes import Credit, Role


def credits_for(
    author: str | None,
    others: Iterable[str],
    *,
    assignees: Iterable[str] = (),
    merger: str | None = None,
) -> tuple[Credit, ...]:
    """Credits of the human accounts in a change; *author* is ``None`` where a machine wrote it.

    What an agent wrote goes to the one human who shares in it, else to the one it was assigned
    to, else to whoever merged it, else to nobody: the team's unattributed line.
    """
    humans = tuple(dict.fromkeys(others))
    if author is not None:
        shared = (Credit(other, Role.COAUTHOR) for other in humans if other != author)
        return (Credit(author, Role.AUTHOR), *shared)
    for people, role in ((humans, Role.COAUTHOR), (tuple(dict.fromkeys(assignees)), Role.ASSIGNEE)):
        if len(people) == 1:
            return (Credit(people[0], role),)
    return () if merger is None else (Credit(merger, Role.MERGER),)
