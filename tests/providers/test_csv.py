"""What a CSV export may look like, and what is said of one that cannot be read."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SourceResponseError
from bot.reading.tables import LONGEST_LINE, rows

FILE = b"Date,User Name,net-amount\n2026-11-19,ana,1.5\n2026-11-19,ben,2\n"
VALUE = "a-value-of-somebody"


def read(content, required=("date", "user_name", "net_amount")):
    return [
        (row.line, row.day("date"), row.text("user_name"), row.decimal("net_amount"))
        for row in rows(content, required=required, what="ai_credit.csv")
    ]


def one_row(cell: str, column: str = "cell"):
    """The only row of a file with one cell beside a filled one."""
    file = io.StringIO()
    csv.writer(file).writerows([["other", column], ["x", cell]])
    [row] = rows(file.getvalue().encode(), required=(), what="file.csv")
    return row


READ = [
    (2, date(2026, 11, 19), "ana", Decimal("1.5")),
    (3, date(2026, 11, 19), "ben", Decimal(2)),
]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(FILE, id="plain"),
        pytest.param(b"\xef\xbb\xbf" + FILE, id="byte-order-mark"),
        pytest.param(b'\xef\xbb\xbf"Date"' + FILE[4:], id="quoted-after-the-mark"),
        pytest.param(FILE.replace(b"\n", b"\r\n"), id="windows"),
        pytest.param(FILE.rstrip(b"\n"), id="no-last-line-end"),
        pytest.param(FILE.replace(b"ana", b'"ana"').replace(b"ben", b' "ben"'[1:]), id="quotes"),
        pytest.param(FILE + b"\n,,\n\r\n", id="blank-lines"),
        pytest.param(b" DATE ,USER_NAME,Net Amount" + FILE[25:], id="names-spelt-otherwise"),
        pytest.param(
            b"more,net_amount,user_name,date\nx,1.5,ana,2026-11-19\ny,2,ben,2026-11-19",
            id="other-order-and-more-columns",
        ),
        pytest.param(
            b'date,user_name,net_amount,\n2026-11-19,ana,1.5,\n2026-11-19T23:59:59Z,"ben",2.0,\n',
            id="nameless-column-and-times",
        ),
    ],
)
def test_is_read_however_it_is_spelt(content):
    assert read(content) == READ


@given(st.lists(st.integers(0, len(FILE) + 3)))
def test_is_read_in_whatever_chunks_it_comes(cuts):
    content = b"\xef\xbb\xbf" + FILE.replace(b"ana", "añá".encode())
    ends = [0, *sorted(cuts), len(content)]

    chunked = (content[a:b] for a, b in pairwise(ends))

    assert read(chunked) == read(content)


@given(st.lists(st.lists(st.text("ab,\"'\n\r é\u2028", min_size=1), min_size=3, max_size=3)))
def test_gives_what_any_writer_wrote(table):
    table = [[f"x{cell}x" for cell in cells] for cells in table]
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *table])

    read_back = rows(file.getvalue().encode(), required=("a",), what="file.csv")

    assert [[row.text(c) for c in "abc"] for row in read_back] == table


def test_names_the_line_where_a_row_of_several_lines_begins():
    content = FILE.replace(b"ana", b'"an\na"')

    assert [line for line, *_ in read(content)] == [2, 4]


def test_is_not_held_in_memory_as_a_whole():
    given_out = 0

    def chunks():
        nonlocal given_out
        yield FILE
        for _ in range(1000):
            given_out += 1
            yield b"2026-11-19,cy,1\n" * 1000

    stream = rows(chunks(), required=("date",), what="file.csv")
    for _ in range(1500):
        next(stream)

    assert given_out == 2


class TestRefuses:
    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            pytest.param(b"", "the file is empty", id="empty"),
            pytest.param(b"\xef\xbb\xbf\n\n", "the file is empty", id="only-blank-lines"),
            pytest.param(
                b"date,user_name\n2026-11-19,x\n", "no column net_amount", id="missing-column"
            ),
            pytest.param(
                b"date,user name,User-Name,net_amount\n", "stands there twice", id="column-twice"
            ),
            pytest.param(FILE + b"2026-11-19,cy\n", "line 4: 2 cells where .* 3", id="too-few"),
            pytest.param(FILE + b"\n1,2,3,4\n", "line 5: 4 cells where .* 3", id="too-many"),
            pytest.param(FILE + b"\n2026-11-19,c\0y,1\n", "line 5: not text", id="nul"),
            pytest.param(FILE + b"2026-11-19,caf\xe9,1\n", "line 4: not UTF-8", id="latin-1"),
            pytest.param(FILE.decode().encode("utf-16"), "line 1: not", id="utf-16"),
            pytest.param(FILE + b'1,"cy,3\n4,5,6\n', "line 4: quotes", id="quote-left-open"),
            pytest.param(FILE + b'1,"c"y,3\n', "line 4: quotes", id="quote-within"),
            pytest.param(FILE + b'1,"' + b"cy\n" * 99_999, "line 4: quotes", id="quote-for-ever"),
            pytest.param(FILE.replace(b"\n", b"\r"), "line 1: quotes or line ends", id="old-mac"),
            pytest.param(b"x" * (LONGEST_LINE + 1), "line 1: longer", id="one-line"),
        ],
    )
    def test_what_it_cannot_read_and_says_where(self, content, problem):
        with pytest.raises(SourceResponseError, match=rf"^ai_credit\.csv(:|,) .*{problem}"):
            read(content)

    def test_a_line_without_end_while_it_comes(self):
        def chunks():
            while True:
                yield b"x" * 65_536

        with pytest.raises(SourceResponseError, match="line 1: longer"):
            read(chunks())


class TestCells:
    @pytest.mark.parametrize("cell", ["", "  "])
    def test_that_are_empty_are_unknown_and_not_zero(self, cell):
        row = one_row(cell)

        read_as = (row.text("cell"), row.decimal("cell"), row.integer("cell"), row.day("cell"))
        assert read_as == (None, None, None, None)

    def test_of_a_column_that_is_not_there_are_unknown(self):
        row = one_row("x")

        assert ("gone" in row, row.text("gone"), row.integer("gone")) == (False, None, None)
        assert "cell" in row

    @pytest.mark.parametrize(
        ("cell", "number"),
        [
            ("1.229", "1.229"),
            ("-0.5", "-0.5"),
            (" 7 ", "7"),
            ("1e-3", "0.001"),
            ("+.5", "0.5"),
            ("0.10000000000000000000000000001", "0.10000000000000000000000000001"),
        ],
    )
    def test_of_money_are_read_to_the_last_digit(self, cell, number):
        assert one_row(cell).decimal("cell") == Decimal(number)

    @pytest.mark.parametrize(("cell", "number"), [("12", 12), ("-3", -3), ("3.0", 3)])
    def test_of_counts_are_whole(self, cell, number):
        assert one_row(cell).integer("cell") == number

    @pytest.mark.parametrize(
        ("cell", "pattern"),
        [
            ("2026-11-19", None),
            ("2026-11-19T00:00:00Z", None),
            ("2026-11-20T01:00:00+02:00", None),
            ("2026-11-19 10:00:00", None),
            ("11-19-2026", "%m-%d-%Y"),
        ],
    )
    def test_of_days_are_utc(self, cell, pattern):
        assert one_row(cell).day("cell", pattern) == date(2026, 11, 19)

    @pytest.mark.parametrize(
        ("kind", "cell"),
        [
            *(("text", cell) for cell in ("=1+1", f'=HYPERLINK("{VALUE}")')),
            *(
                ("decimal", cell)
                for cell in (
                    *("=1+1", "@SUM(A1)", "+1+1", "-", "1,5", "1_000", "$1", "1e", "٣", VALUE),
                    *("NaN", "Infinity", "1e400", "1e30", "9" * 41, "1." + "9" * 41),
                )
            ),
            *(("integer", cell) for cell in ("1.5", "0x10", "1e15", VALUE)),
            *(("day", cell) for cell in ("19/11/2026", "2026-02-30", "1795046400", VALUE, "=A1")),
        ],
    )
    def test_that_are_something_else_are_named_and_not_quoted(self, kind, cell):
        row = one_row(cell, column="The Cell")

        with pytest.raises(SourceResponseError, match=r"^file\.csv, line 2: ") as caught:
            getattr(row, kind)("the_cell")

        assert "column the_cell is " in str(caught.value)
        assert cell == "-" or cell not in str(caught.value)
