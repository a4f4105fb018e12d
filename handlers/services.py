"""What the handlers are handed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.commands import CommandNames
from bot.language import Language
from bot.ports import PeopleStore
from bot.services.administration import Administration
from bot.services.digests import Digests
from bot.services.outcomes import Outcomes
from bot.services.summaries import Summaries


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    names: CommandNames
    language: Language
    """What channels are told in; everybody is answered in their own."""
    people: PeopleStore
    digests: Digests
    summaries: Summaries
    administration: Administration
    outcomes: Outcomes
