"""A reader's own language: numbers, money, days and lists as they are written there."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import ENGLISH, mark, mark_plural
from bot.language.catalogues import TRANSLATED, language_of

GERMAN, SPANISH, BRITISH = map(language_of, ("de-DE", "es-ES", "en-GB"))
MONDAY = date(2026, 11, 9)
amounts = st.decimals(min_value=-(10**15), max_value=10**15, allow_nan=False, places=6)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (ENGLISH, "$1,234.50"),
        (BRITISH, "US$1,234.50"),
        (GERMAN, "1.234,50\u00a0$"),
        (SPANISH, "1.234,50\u00a0US$"),
        (language_of("es-MX"), "USD\u00a01,234.50"),
    ],
)
def test_money_is_written_as_it_is_there(language, told):
    assert language.money(Decimal("1234.5")) == told


def test_a_currency_without_a_sign_stands_apart_from_its_amount():
    assert ENGLISH.money(Decimal(3), "CHF") == "CHF\u00a03.00"


def test_a_rough_amount_has_no_cents():
    assert [say.money(Decimal("45.6"), cents=False) for say in (ENGLISH, GERMAN)] == [
        "$46",
        "46\u00a0$",
    ]


@pytest.mark.parametrize("nothing", ["0", "-0", "0.004", "-0.004"])
def test_nothing_has_no_sign(nothing):
    assert ENGLISH.money(Decimal(nothing)) == "$0.00"


@pytest.mark.parametrize("nothing", ["-0", "-0.004"])
def test_nothing_has_no_sign_as_a_number_or_a_share_either(nothing):
    for say in (ENGLISH, GERMAN, SPANISH):
        assert say.number(Decimal(nothing)) == say.number(0)
        assert say.number(Decimal(nothing), decimals=2) == say.number(0)
        assert say.percent(Decimal(nothing)) == say.percent(float(nothing)) == say.percent(0.0)


@given(amounts)
def test_money_reads_back_to_the_cent(amount):
    read = Decimal(re.sub(r"[$,]", "", ENGLISH.money(amount)))

    assert abs(read - amount) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("language", "day", "span", "weekday"),
    [
        (ENGLISH, "November 9", "Nov 9\u2009\u2013\u200915", "Monday"),
        (BRITISH, "9 November", "9\u201315 Nov", "Monday"),
        (GERMAN, "9. November", "9.\u201315. Nov.", "Montag"),
        (SPANISH, "9 de noviembre", "9\u201315 nov", "lunes"),
    ],
)
def test_days_are_named_as_they_are_there(language, day, span, weekday):
    assert language.day(MONDAY) == day
    assert language.span(MONDAY, date(2026, 11, 15)) == span
    assert language.weekday(0) == weekday


def test_a_span_of_one_day_is_that_day():
    assert ENGLISH.span(MONDAY, MONDAY) == "November 9"


def test_a_span_over_new_year_names_both_years():
    assert "2026" in (told := ENGLISH.span(date(2026, 12, 28), date(2027, 1, 3)))
    assert "2027" in told


def test_months_short_days_and_years():
    assert ENGLISH.month(MONDAY) == "November 2026"
    assert ENGLISH.short_day(MONDAY) == "Nov 9"
    assert GERMAN.day_and_year(MONDAY) == "9. November 2026"


def test_numbers_have_as_many_decimals_as_they_need():
    assert [ENGLISH.number(Decimal(n), decimals=1) for n in ("2", "2.5", "1234.56")] == [
        "2",
        "2.5",
        "1,234.6",
    ]
    assert GERMAN.number(12_345) == "12.345"
    assert SPANISH.percent(0.423) == "42\u00a0%"


def test_a_list_ends_with_an_and_in_every_language():
    words = ["a", "b", "c"]

    assert ENGLISH.listed(words) == "a, b, and c"
    assert GERMAN.listed(words) == "a, b und c"
    assert SPANISH.listed(words) == "a, b y c"


def test_a_long_list_is_cut_and_says_so():
    assert ENGLISH.listed([*"abcdef"], most=3) == "a, b, c, and 3 more"


def test_counts_agree_with_what_is_counted():
    days = "{count} day", "{count} days"

    assert [ENGLISH.plural(n, *days) for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]


def test_a_value_with_braces_stays_as_it_is():
    assert ENGLISH("Hello {name}", name="{count}") == "Hello {count}"


@pytest.mark.parametrize(
    "unknown", [None, "", "xx", "xx-Klingon", "null", " klingon ", "pt-BR", "../../etc", "💥"]
)
def test_whoever_speaks_another_language_is_spoken_to_in_english(unknown):
    assert language_of(unknown).locale == ENGLISH.locale


@pytest.mark.parametrize(
    ("named", "known"),
    [
        ("es-LA", "es_419"),
        ("de-XX-foo-bar", "de"),
        ("es-", "es"),
        ("de_CH", "de_CH"),
        ("en_US", "en_US"),
    ],
)
def test_a_country_that_nobody_knows_leaves_the_language(named, known):
    """Slack says ``es-LA`` for the Spanish of Latin America, which is Laos to everybody else."""
    assert str(language_of(named).locale) == known


@given(st.text(), st.text())
def test_whatever_a_language_and_a_time_zone_are_called_somebody_is_spoken_to(locale, zone):
    say = language_of(locale, zone)

    assert say("Log an outcome")
    assert say.money(Decimal(1))
    assert say.zone.key


@pytest.mark.parametrize("unknown", [None, "", "Mars/Olympus", "../../etc/passwd", "x" * 300])
def test_an_unknown_time_zone_is_utc(unknown):
    assert language_of("de-DE", unknown).zone == ENGLISH.zone


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_translated_language_has_its_own_words(language):
    assert language_of(language)("Log an outcome") != "Log an outcome"


def test_a_marked_text_is_what_it_is():
    assert mark("Stop") == "Stop"
    assert mark_plural("one", "many") == ("one", "many")
