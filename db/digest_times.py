"""At which times digests are read, in SQL: by the clock of a zone, on a day of one's own or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain.schedule import DigestTime

TIMES = "CAST(:zones AS text[]), CAST(:own_days AS smallint[])"
"""For ``unnest``, with the arguments that `as_arrays` makes."""
IS_READ_THEN = "p.time_zone = due.zone AND p.digest_day IS NOT DISTINCT FROM due.own_day"
"""Whether the person *p* reads at the time *due*."""


def as_arrays(times: Sequence[DigestTime]) -> dict[str, list[Any]]:
    return {
        "zones": [at.time_zone for at in times],
        "own_days": [at.own_day for at in times],
    }
