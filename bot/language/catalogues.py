"""Which language a reader has, and the texts that there are in it."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.language import ENGLISH, Language

TRANSLATED = ("de", "es")
# Slack's word for the Spanish of Latin America; LA is Laos.
_OF_SLACK_ALONE = MappingProxyType({"es-LA": "es-419"})


@lru_cache(maxsize=1_024)
def language_of(locale: str | None, time_zone: str | None = None) -> Language:
    """A reader's, by Slack's words for it; English where we do not speak the reader's."""
    return _language(_locale(locale), _zone(time_zone))


def _language(locale: Locale, zone: ZoneInfo) -> Language:
    return Language(locale=locale, zone=zone, translations=translations(locale.language))


@lru_cache
def translations(language: str) -> NullTranslations:
    """The texts in *language*; the English ones stand in the code itself."""
    if language not in TRANSLATED:
        return NullTranslations()
    # Kept as text in the repository, and made what gettext reads in memory.
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def catalogue(language: str) -> Catalog:
    with (files("bot.language") / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def _locale(name: str | None) -> Locale:
    """What *name* names, or its language alone, as we speak it."""
    asked = (name or "en-US").replace("_", "-")
    for known in (_OF_SLACK_ALONE.get(asked, asked), asked.partition("-")[0]):
        with suppress(UnknownLocaleError, ValueError):
            locale = Locale.parse(known, sep="-")
            return locale if locale.language in {*TRANSLATED, "en"} else ENGLISH.locale
    return ENGLISH.locale


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ENGLISH.zone
