"""What time it is, as the product has it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Product time: what day it is and what is due. Leases and signatures use real time."""

    def now(self) -> datetime: ...
