"""What the handlers are handed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.commands import CommandNames
from bot.language import Language
from bot.ports import HomePublisher, PeopleStore
from bot.services.administration import Administration
from bot.services.choices import Choices
from bot.services.coaching import Coach
from bot.services.digests import Digests
from bot.services.estimates import Estimates
from bot.services.identities import Identities
from bot.services.outcomes import Outcomes
from bot.services.rights import Rights
from bot.services.summaries import Summaries
from bot.services.team_lists import TeamLists
from bot.services.what_ran import WhatRan


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
    coach: Coach
    choices: Choices
    estimates: Estimates
    what_ran: WhatRan
    rights: Rights
    identities: Identities
    home: HomePublisher | None = None
    """``None`` where there is no Slack to show it in."""
    team_lists: TeamLists | None = None
    """The same: groups and channels are Slack's."""
