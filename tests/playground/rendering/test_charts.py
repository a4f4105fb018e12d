"""Facts about charts on the page: drawn without style or script, with their figures in a table."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.kit import as_dicts, bar_chart
from bot.playground.rendering.chart_scale import scale_of
from bot.playground.rendering.charts import chart
from bot.playground.rendering.figures import decimals_of, plain_number
from bot.playground.rendering.slack_words import IN_ENGLISH
from tests.playground.rendering.html_seen import Seen

HOSTILE = "<script>\"'&"
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers()


def drawn(kind: str, labels: list[str], axes: Any = None, **series: list[float | None]) -> Seen:
    told = [
        {
            "name": name,
            "data": [
                {"label": label, "value": value}
                for label, value in zip(labels, values, strict=True)
                if value is not None
            ],
        }
        for name, values in series.items()
    ]
    content = {"type": kind, "series": told, "axis_config": {"categories": labels, **(axes or {})}}
    return seen({"title": "Spend", "chart": content})


def pie(**segments: float) -> Seen:
    told = [{"label": label, "value": value} for label, value in segments.items()]
    return seen({"title": "Kinds", "chart": {"type": "pie", "segments": told}})


def seen(block: dict[str, Any]) -> Seen:
    return Seen(chart({"type": "data_visualization", **block}, IN_ENGLISH, id_prefix="c1"))


def figures(page: Seen) -> list[str]:
    return [cell.text for cell in page.all("td")]


def heights(page: Seen) -> list[float]:
    """How far each bar reaches from where it starts: up is more than zero."""
    paths = [bar.attributes["d"] or "" for bar in page.all("path", "bar")]
    ends = [re.match(r"M\S+ (\S+)V\S+Q\S+ (\S+) ", path) for path in paths]
    return [float(end[1]) - float(end[2]) for end in ends if end]


class TestEveryChart:
    @pytest.mark.parametrize("kind", ["bar", "line", "area"])
    def test_is_a_picture_with_a_name_and_a_description(self, kind):
        page = drawn(kind, ["a", "b"], {"y_label": "US dollars"}, You=[1, 2])

        [picture] = page.all("svg")
        assert picture.attributes["role"] == "img"
        assert picture.attributes["aria-labelledby"] == "c1-title c1-desc"
        assert [page.all(tag)[0].attributes["id"] for tag in ("title", "desc")] == [
            "c1-title",
            "c1-desc",
        ]
        assert page.all("title")[0].text == "Spend"
        assert page.all("desc")[0].text == (
            f"{kind.capitalize()} chart, 2 labels from a to b. Lowest 1, highest 2 US dollars. "
            "All figures are in the table."
        )

    def test_has_its_figures_in_a_table(self):
        page = drawn(
            "bar", ["1 Nov", "8 Nov"], {"x_label": "Week", "y_label": "$"}, You=[1, 2.5], All=[3, 4]
        )

        titles = [(title.text, title.attributes["scope"]) for title in page.all("th")]
        assert titles == [
            ("Week", "col"),
            ("You ($)", "col"),
            ("All ($)", "col"),
            ("1 Nov", "row"),
            ("8 Nov", "row"),
        ]
        assert figures(page) == ["1.00", "3", "2.50", "4"]

    def test_of_the_bot_is_drawn(self):
        bars = {"2 Nov": Decimal("12.34"), "9 Nov": Decimal(5)}
        [block] = as_dicts(bar_chart("b", "Spend", bars, name="Spend", unit="US dollars"))

        page = seen(block)

        assert figures(page) == ["12.34", "5.00"]
        assert len(page.all("path", "bar")) == 2

    def test_has_a_legend_only_where_there_is_something_to_tell_apart(self):
        assert drawn("line", ["a"], You=[1]).all("ul") == []
        assert [entry.text for entry in drawn("line", ["a"], You=[1], All=[2]).all("li")] == [
            "You",
            "All",
        ]

    @pytest.mark.parametrize("kind", ["bar", "line", "area"])
    def test_without_data_says_so(self, kind):
        page = drawn(kind, ["a"], You=[None])

        assert page.all("svg") == []
        assert page.all("p", "chart-empty")[0].text == "No data yet"
        assert figures(page) == ["no data"]

    @pytest.mark.parametrize("odd", [float("nan"), float("inf"), 10**400, "7", None])
    def test_takes_what_is_no_number_for_not_known(self, odd):
        series = [{"name": "You", "data": [{"label": "a", "value": odd}]}]
        content = {"type": "bar", "series": series, "axis_config": {"categories": ["a"]}}

        assert figures(seen({"title": "Spend", "chart": content})) == ["no data"]

    def test_of_a_kind_not_known_shows_as_a_box(self):
        page = seen({"title": "Rain", "chart": {"type": "radar", "series": []}})

        [box] = page.all("div", "unknown")
        assert "radar" in box.text
        assert "Rain" in box.text

    @given(
        kind=st.sampled_from(["bar", "line", "area"]),
        labels=st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=20, unique=True),
        data=st.data(),
    )
    def test_can_be_drawn_of_any_numbers_without_style_or_script(self, kind, labels, data):
        values = st.lists(st.none() | NUMBERS, min_size=len(labels), max_size=len(labels))
        page = drawn(
            kind,
            labels,
            {"y_label": HOSTILE},
            **{HOSTILE: data.draw(values), "b": data.draw(values)},
        )

        assert not {"script", "style"} & set(page.tags)
        for element in page.elements:
            assert not any(name == "style" or name.startswith("on") for name in element.attributes)
        drawing = str([dict(e.attributes) for e in page.elements if e.tag in {"path", "circle"}])
        assert not re.search(r"nan|inf", drawing)
        assert [
            title.text for title in page.all("th") if title.attributes["scope"] == "row"
        ] == labels


class TestBars:
    def test_stand_side_by_side_for_several_series(self):
        page = drawn("bar", ["a", "b"], You=[1, 2], All=[3, 4])

        told = [bar.text for bar in page.all("path", "bar")]
        assert told == ["You, a: 1", "You, b: 2", "All, a: 3", "All, b: 4"]
        starts = [float((bar.attributes["d"] or "")[1:].split()[0]) for bar in page.all("path")]
        assert starts[0] < starts[2] < starts[1] < starts[3]

    def test_of_many_series_do_not_touch(self):
        many = {f"s{n}": [1.0] * 20 for n in range(12)}
        page = drawn("bar", [str(n) for n in range(20)], **many)

        paths = [bar.attributes["d"] or "" for bar in page.all("path", "bar")]
        edges = [
            (float(re.findall(r"M(\S+)", p)[0]), float(re.findall(r"H(\S+?)Q", p)[0]))
            for p in paths
        ]
        assert all(left < right for left, right in edges)

    def test_are_as_high_as_their_values(self):
        one, two, down = heights(drawn("bar", ["a", "b", "c"], You=[10, 20, -10]))

        assert two == pytest.approx(2 * one, abs=0.2)
        assert down == pytest.approx(-one, abs=0.2)

    def test_a_zero_is_seen_and_what_is_not_known_has_no_bar(self):
        page = drawn("bar", ["a", "b", "c"], You=[0, None, 0])

        assert [bar.text for bar in page.all("path", "bar")] == ["a: 0", "c: 0"]
        assert all(0 < height < 2 for height in heights(page))
        assert figures(page) == ["0", "no data", "0"]


class TestLines:
    def test_break_where_nothing_is_known(self):
        page = drawn("line", list("abcde"), You=[1, 2, None, 4, 5])

        assert len(page.all("path", "line")) == 2
        assert len(page.all("circle")) == 4

    def test_areas_are_filled_and_the_first_lies_at_the_back(self):
        page = drawn("area", ["a", "b"], You=[1, 2], All=[3, 4])

        colours = [area.attributes["class"] for area in page.all("path", "area")]
        assert colours == ["area colour-1", "area colour-2"]


class TestPies:
    def test_tell_shares_in_their_legend(self):
        page = pie(Code=3, Docs=1)

        assert [entry.text for entry in page.all("li")] == ["Code 75%", "Docs 25%"]
        assert [part.text for part in page.all("path", "slice")] == ["Code: 75%", "Docs: 25%"]
        assert figures(page) == ["3", "1"]

    def test_leave_out_a_part_of_nothing(self):
        page = pie(Code=3, Docs=0)

        assert len(page.all("path", "slice")) == 1
        assert page.all("li")[1].text == "Docs 0%"

    def test_of_one_part_are_a_whole_disc(self):
        [whole] = pie(Code=5).all("path", "slice")

        assert (whole.attributes["d"] or "").count("A") == 2

    def test_of_nothing_say_so(self):
        assert pie(Code=0).all("svg") == []


class TestTheScale:
    @pytest.mark.parametrize(
        ("values", "ticks"),
        [
            ([720, 280], ["0", "200", "400", "600", "800"]),
            ([31.25], ["0", "10", "20", "30", "40"]),
            ([0.9], ["0.00", "0.25", "0.50", "0.75", "1.00"]),
            ([31, -9], ["-10", "0", "10", "20", "30", "40"]),
            ([-3], ["-3", "-2", "-1", "0"]),
            ([2_900_000], ["0", "1M", "2M", "3M"]),
            ([0, 0], ["0", "1"]),
            ([], ["0", "1"]),
        ],
    )
    def test_has_about_four_round_steps_from_zero(self, values, ticks):
        scale = scale_of(values)

        assert [scale.told(tick) for tick in scale.ticks] == ticks

    @given(st.lists(st.floats(-1e14, 1e14), min_size=1))
    def test_holds_zero_and_every_value(self, values):
        scale = scale_of(values)

        assert 2 <= len(scale.ticks) <= 7
        assert scale.low <= 0 <= scale.high
        assert scale.low - 1e-9 <= min(values)
        assert max(values) <= scale.high + 1e-9
        assert len({scale.told(tick) for tick in scale.ticks}) == len(scale.ticks)


class TestLabels:
    def test_of_thirteen_weeks_are_turned_and_all_there(self):
        weeks = [f"{day} November" for day in range(1, 14)]
        labels = drawn("bar", weeks, You=[1.0] * 13).all("text", "label")

        assert len(labels) == 13
        assert all("rotate" in (label.attributes["transform"] or "") for label in labels)

    def test_of_few_lie_flat(self):
        labels = drawn("bar", ["a", "b"], You=[1, 2]).all("text", "label")

        assert [label.attributes.get("transform") for label in labels] == [None, None]

    def test_are_thinned_where_they_would_run_into_each_other(self):
        labels = drawn("bar", [f"{n} December" for n in range(20)], You=[1.0] * 20)

        assert len(labels.all("text", "label")) == 10


class TestNumbers:
    @pytest.mark.parametrize(
        ("number", "told"),
        [(1234567, "1,234,567"), (12.5, "12.50"), (-3.0, "-3"), (0.012345, "0.012"), (0, "0")],
    )
    def test_are_told_plainly(self, number, told):
        assert plain_number(number) == told

    def test_of_a_column_have_the_same_decimals(self):
        assert decimals_of([1, 2.5, 3]) == 2
        assert decimals_of([1, 2]) == 0
        assert decimals_of([]) == 0
