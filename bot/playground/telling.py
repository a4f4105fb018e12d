"""What the demo says at the terminal: how far it is, and in the end what there is to see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False)


@dataclass(frozen=True, slots=True)
class Bar:
    """One line on standard error, which is gone when all is ready."""

    _bars: Progress
    _line: TaskID

    def tell(self, doing: str) -> None:
        self._bars.update(self._line, description=doing)

    def live(self, day: date, *, done: int, total: int) -> None:
        doing = f"Living through the weeks: {written(day)}"
        self._bars.update(self._line, description=doing, completed=done, total=total)


@contextmanager
def telling() -> Iterator[Bar]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    is_seen = err.is_terminal
    with Progress(*columns, console=err, transient=True, disable=not is_seen) as bars:
        yield Bar(bars, bars.add_task("", total=None))


def written(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
