"""Teams put together: what keeps them by night, and what admins do with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.announcement import render_members_changed, render_team_ended
from bot.language.catalogues import language_of
from bot.ports import Clock
from bot.services.planning import Stores
from bot.services.team_lists import TeamLists
from bot.services.team_news import TeamNews
from bot.services.team_upkeep import TeamUpkeep
from bot.settings import Settings
from bot.slack.channels import SlackChannels
from bot.slack.groups import SlackUserGroups
from bot.slack.patient import PatientClient
from db.audit import AuditStore
from db.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSide:
    upkeep: TeamUpkeep
    lists: TeamLists


def team_side(
    settings: Settings,
    database: Database,
    stores: Stores,
    clock: Clock,
    *,
    by_night: AsyncWebClient,
    for_admins: AsyncWebClient,
) -> TeamSide:
    """Admins wait for no second try: their answer has to be there within three seconds."""
    audit, patient = AuditStore(database), PatientClient(by_night)
    at_once = PatientClient(for_admins, tries=1)
    say, names = language_of(settings.language), settings.commands.names
    news = TeamNews(
        teams=stores.teams,
        deliveries=stores.deliveries,
        audit=audit,
        clock=clock,
        render_changed=partial(render_members_changed, say, names=names),
        render_ended=partial(render_team_ended, say, names=names),
    )
    return TeamSide(
        upkeep=TeamUpkeep(
            teams=stores.teams,
            teams_file=settings.teams_file,
            groups=SlackUserGroups(patient),
            channels=SlackChannels(patient),
            audit=audit,
            news=news,
            clock=clock,
        ),
        lists=TeamLists(
            teams=stores.teams,
            people=stores.people,
            groups=SlackUserGroups(at_once),
            channels=SlackChannels(at_once),
            audit=audit,
            news=news,
            clock=clock,
        ),
    )
