"""What a file of rows says: nothing that comes alive in a spreadsheet, and no amount rounded."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.export import as_json, cell


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_told_as_text(formula):
    assert cell(formula) == f"'{formula}"


@given(st.text() | st.decimals() | st.integers() | st.dates() | st.lists(st.text()))
def test_no_cell_ever_begins_as_a_formula_does(value):
    assert not cell(value).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, ""),
        ("as it is", "as it is"),
        (Decimal("1.2500000000000000000001"), "1.2500000000000000000001"),
        (Decimal("-2.5"), "'-2.5"),
        (7, "7"),
        (True, "true"),
        (date(2026, 3, 16), "2026-03-16"),
        (datetime(2026, 3, 16, 8, tzinfo=UTC), "2026-03-16T08:00:00+00:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (b"\x00\xff", "00ff"),
        (["a", Decimal(1)], '["a", "1"]'),
        ({"at": date(2026, 3, 16)}, '{"at": "2026-03-16"}'),
    ],
)
def test_everything_has_one_way_to_be_told(value, told):
    assert cell(value) == told


def test_a_row_reads_back_as_it_was():
    row = {"cost": Decimal("1.10"), "day": date(2026, 3, 16), "model": "ö", "size": None}

    assert json.loads(as_json(row)) == {
        "cost": "1.10",
        "day": "2026-03-16",
        "model": "ö",
        "size": None,
    }
