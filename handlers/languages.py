"""The language that somebody is answered in: that of their own Slack."""

from __future__ import annotations

from bot.domain.people import Person
from bot.language import ENGLISH, Language
from bot.language.catalogues import language_of


def speak(person: Person | None) -> Language:
    return ENGLISH if person is None else language_of(person.locale, person.time_zone)
