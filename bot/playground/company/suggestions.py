"""What tools suggest to each person, and how much of it is taken: by most people most of it."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import NamedTuple

FEW_TAKE_LITTLE = 0.08
LITTLE, MOST = (0.12, 0.22), (0.60, 0.90)


class Suggested(NamedTuple):
    offered: int
    accepted: int


def suggested(tool: str, person: str, day: date, offered: int) -> Suggested:
    """Of *offered* suggestions, as many as this person takes of this tool's, by lot."""
    share, rng = share_taken(tool, person), Random(f"suggested/{tool}/{person}/{day}")
    return Suggested(offered, sum(rng.random() < share for _ in range(offered)))


def share_taken(tool: str, person: str) -> float:
    """The same every day: a habit, or a tool that does not fit the work."""
    rng = Random(f"taken/{tool}/{person}")
    return rng.uniform(*(LITTLE if rng.random() < FEW_TAKE_LITTLE else MOST))
