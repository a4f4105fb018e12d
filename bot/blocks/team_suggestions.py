"""The one thing that a team may try, as an experiment to take up or to leave."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.blocks.escaping import code
from bot.domain.commands import CommandNames
from bot.domain.team_suggestions import TeamSuggestion
from bot.language import Language, mark

_TEXTS: Mapping[TeamSuggestion, str] = MappingProxyType(
    {
        TeamSuggestion.LINK_WORK: mark(
            "*To try:* no finished work could be set beside the spend of the last weeks. Perhaps "
            "it lies where Upshot does not look: an admin can add a system, and {log} is for work "
            "that no system tells of. See in a month whether the two sides fit better."
        ),
        TeamSuggestion.SPEND_ALONE_ROSE: mark(
            "*To try:* spend was above a usual week, finished work was not. Work often ends later "
            "than its spend; large migrations, evaluations and learning look like this. If it was "
            "none of them: for two weeks, begin with a smaller model, and see what changes."
        ),
        TeamSuggestion.REVERTS_ROSE: mark(
            "*To try:* more changes were reverted than in a usual week. One large change that "
            "comes back in parts looks like this, and so does a hurried release. If it was "
            "neither: smaller changes for two weeks, and see whether fewer come back."
        ),
        TeamSuggestion.UNDER_TARGET: mark(
            "*To try:* fewer seats were in use than the target asks for; holidays and a week of "
            "meetings look like this too. For two weeks, take half an hour in which whoever likes "
            "shows one task done with AI, and see who wants to go on."
        ),
        TeamSuggestion.SEATS_UNUSED: mark(
            "*To try:* half of the seats or more were not used; holidays and new joiners look "
            "like this too. Ask the team, not each person, what a seat would be good for here; "
            "one that nobody misses can be given back."
        ),
        TeamSuggestion.MANY_TRIALS: mark(
            "*To try:* half of the spend or more was for trying things out, which is what trials "
            "are for. Pick one that helped, write down how in ten lines, and see in two weeks "
            "whether anybody took it up."
        ),
        TeamSuggestion.NO_TRIALS: mark(
            "*To try:* hardly any spend was for trying things out, or it was not tagged so. Keep "
            "one afternoon free for an experiment that may fail, say so with {tag}, and see what "
            "stays."
        ),
    }
)


def suggestion_in_words(say: Language, suggestion: TeamSuggestion, names: CommandNames) -> str:
    return say(
        _TEXTS[suggestion],
        log=code(f"{names.usage} log"),
        tag=code(f"{names.usage} tag exploration"),
    )
