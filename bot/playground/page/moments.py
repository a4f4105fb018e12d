"""Times as they are written on the page, in somebody's own time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.dates import format_date, get_timezone_location
from babel.languages import get_official_languages
from babel.localedata import exists

from bot.playground.rendering.slack_words import IN_ENGLISH, SlackWords


def clock_words(at: datetime, zone: tzinfo = UTC) -> str:
    """Such as ``Mon 17 Nov 2025, 14:00``."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"


def time_words(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def hour_words(at: datetime, zone: tzinfo) -> str:
    """Such as ``Mon 06:00``."""
    return f"{at.astimezone(zone):%a %H:%M}"


def date_words(at: datetime, zone: tzinfo = UTC) -> str:
    """Such as ``17 November 2025``."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%B %Y}"


def day_words(at: datetime, now: datetime, zone: tzinfo, words: SlackWords = IN_ENGLISH) -> str:
    """Such as ``Monday, 17 November 2025``, ``Today`` and ``Yesterday``."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    match today - local.date():
        case timedelta(days=0):
            return words("Today")
        case timedelta(days=1):
            return words("Yesterday")
        case _ if words != IN_ENGLISH:
            return format_date(local.date(), "full", locale=words.language)
        case _:
            return f"{local:%A}, {date_words(at, zone)}"


@cache
def place_words(zone: ZoneInfo) -> str:
    """Such as ``Los Angeles``, and ``São Paulo``: with the accents that it has where it lies."""
    english = _city(zone, "en")
    there = get_official_languages(get_global("zone_territories").get(zone.key, ""), de_facto=True)
    spelled = (_city(zone, language) for language in there if exists(language))
    return next((name for name in spelled if _bare(name) == english), english)


def _city(zone: ZoneInfo, language: str) -> str:
    return get_timezone_location(zone, locale=language, return_city=True).rpartition("/")[2]


def _bare(name: str) -> str:
    return "".join(letter for letter in normalize("NFD", name) if not combining(letter))
