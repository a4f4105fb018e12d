"""A reader's language and calendar: every text, number, amount and date is put through it.

Texts are written in English where they are used, and found in the catalogues (GNU gettext ``.po``
files beside this module) by those very words: ``say("…")`` and ``say.plural(n, "…", "…")``.
``{name}`` in them stands for a value. Numbers, money and dates follow Unicode CLDR.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent

DOLLARS = "USD"
_MOST_LISTED = 12
_LETTER_THEN_DIGIT = re.compile(r"(?<=[A-Za-z])(?=\d)")
_NO_BREAK_SPACE = "\u00a0"
_ANY_SIZE = Context(prec=80)


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """``zone`` is the reader's, for days and hours; figures themselves are of UTC days."""

    locale: Locale
    zone: ZoneInfo
    translations: NullTranslations

    def __call__(self, text: str, /, **values: object) -> str:
        """*text* in the reader's language."""
        return self.translations.gettext(text).format_map(values)

    def plural(self, count: int, one: str, many: str, /, **values: object) -> str:
        """*one* or *many*, as the language goes; ``{count}`` stands for *count*."""
        text = self.translations.ngettext(one, many, count)
        return text.format_map({"count": self.number(count), **values})

    def number(self, value: Decimal | int, *, decimals: int = 0) -> str:
        """With at most so many decimals."""
        pattern = "#,##0" + (f".{'#' * decimals}" if decimals else "")
        return format_decimal(_rounded(Decimal(value), decimals), pattern, locale=self.locale)

    def percent(self, share: Decimal | float) -> str:
        """A share of one, as whole percents."""
        return format_percent(_rounded(Decimal(str(share)), 2), locale=self.locale)

    def money(self, amount: Decimal, currency: str = DOLLARS, *, cents: bool = True) -> str:
        told = format_currency(
            _rounded(amount, 2 if cents else 0),
            currency,
            locale=self.locale,
            format=None if cents else self._without_cents,
            currency_digits=cents,
        )
        return _LETTER_THEN_DIGIT.sub(_NO_BREAK_SPACE, told) if currency.isalpha() else told

    def listed(self, words: Sequence[str], *, most: int = _MOST_LISTED) -> str:
        """Words in a row; a long row is cut and says so."""
        if len(words) <= most:
            return format_list(list(words), locale=self.locale)
        more = self.plural(len(words) - most, "{count} more", "{count} more")
        return format_list([*words[:most], more], locale=self.locale)

    def day(self, when: date) -> str:
        return format_skeleton("MMMMd", when, locale=self.locale)

    def short_day(self, when: date) -> str:
        return format_skeleton("MMMd", when, locale=self.locale)

    def day_and_year(self, when: date) -> str:
        return format_date(when, "long", locale=self.locale)

    def month(self, when: date) -> str:
        return format_skeleton("yMMMM", when, locale=self.locale)

    def weekday(self, number: int) -> str:
        """The name of a day, Monday being 0."""
        return str(self.locale.days["stand-alone"]["wide"][number])

    def span(self, first: date, last: date) -> str:
        """Two days and what is between them, as short as it can be said."""
        if first == last:
            return self.day(first)
        skeleton = "MMMd" if first.year == last.year else "yMMMd"
        return format_interval(first, last, skeleton, locale=self.locale)

    @property
    def _without_cents(self) -> str:
        return str(self.locale.currency_formats["standard"].pattern).replace("0.00", "0")


ENGLISH = Language(locale=Locale("en", "US"), zone=ZoneInfo("UTC"), translations=NullTranslations())


def _rounded(value: Decimal, decimals: int) -> Decimal:
    """So that what is nothing then has no sign."""
    shown = value.quantize(Decimal(1).scaleb(-decimals), context=_ANY_SIZE)
    return shown or abs(shown)


def mark(text: str) -> str:
    """Name a text here that is said elsewhere, so that it comes into the catalogues."""
    return text


def mark_plural(one: str, many: str) -> tuple[str, str]:
    """The same for a text with a count in it."""
    return one, many
