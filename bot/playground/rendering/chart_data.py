"""What a chart block says, whatever its kind: labels, and for each series a value or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["bar", "line", "area", "pie"]
_BEYOND = 1e300


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    name: str
    values: tuple[float | None, ...]
    """One for each label; None is not known."""

    @property
    def known(self) -> list[float]:
        return [value for value in self.values if value is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartData:
    kind: Kind
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    x_label: str = ""
    y_label: str = ""

    @property
    def known(self) -> list[float]:
        return [value for series in self.series for value in series.known]


def chart_data(chart: Mapping[str, Any]) -> ChartData | None:
    """None for a kind of chart that there was not when this was written."""
    match chart.get("type"):
        case "bar" | "line" | "area" as kind:
            return _with_axes(chart, kind)
        case "pie":
            return _pie(chart)
        case _:
            return None


def _with_axes(chart: Mapping[str, Any], kind: Kind) -> ChartData:
    axes = chart["axis_config"]
    labels = tuple(axes["categories"])
    return ChartData(
        kind=kind,
        labels=labels,
        series=tuple(_series(series, labels) for series in chart["series"]),
        x_label=axes.get("x_label") or "",
        y_label=axes.get("y_label") or "",
    )


def _series(series: Mapping[str, Any], labels: tuple[str, ...]) -> Series:
    values = {point["label"]: _known(point["value"]) for point in series["data"]}
    return Series(name=series["name"], values=tuple(map(values.get, labels)))


def _pie(chart: Mapping[str, Any]) -> ChartData:
    segments = chart["segments"]
    labels = tuple(segment["label"] for segment in segments)
    values = tuple(_known(segment["value"]) for segment in segments)
    return ChartData(kind="pie", labels=labels, series=(Series(name="Value", values=values),))


def _known(value: Any) -> float | None:
    can_be_drawn = isinstance(value, int | float) and -_BEYOND < value < _BEYOND
    return float(value) if can_be_drawn else None
