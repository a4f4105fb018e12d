"""What was measured, and whether it is good enough."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """``ratio`` is ours to the raw path of the same run, 1 if as fast; a floor makes it a gate."""

    measure: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None

    @property
    def is_met(self) -> bool:
        """What has a floor but no ratio was not measured, and is not met."""
        return self.floor is None or (self.ratio is not None and self.ratio >= self.floor)

    def as_json(self) -> str:
        rounded = {
            key: _significant(value) if isinstance(value, float) else value
            for key, value in asdict(self).items()
        }
        return json.dumps(rounded, allow_nan=False)


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest of *values* that at least *share* of them do not exceed."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


def _significant(value: float) -> float:
    """To four digits, but never up to a floor that was missed."""
    digits = 3 - math.floor(math.log10(abs(value))) if value else 0
    scale = 10.0 ** min(max(digits, 0), 12)
    return math.floor(value * scale) / scale
