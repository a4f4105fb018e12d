"""All that the page keeps while it is open, round the stage that it was given."""

from __future__ import annotations

from collections.abc import Mapping

from bot.playground.page.changes import NOBODY_YET, Changes
from bot.playground.page.clockwork import Clockwork
from bot.playground.page.journal import Journal, concerned
from bot.playground.page.people import Persona, personas
from bot.playground.page.places import Place, Places
from bot.playground.page.spots import APP, Spot, since_in
from bot.playground.page.stage import Stage
from bot.playground.rendering import Choices, Refused, Renderer
from bot.playground.rendering.slack_words import LANGUAGES, SlackWords
from bot.playground.slack.stand_in import SlackStandIn
from bot.playground.slack.views import View


class Playhouse:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.people: dict[str, Persona] = personas(stage)
        self.places = Places(stage.slack, [team.channel_id for team in stage.company.teams])
        self.changes = Changes()
        self.refusals = Refusals()
        everybody = (NOBODY_YET, *self.people)
        self.clockwork = Clockwork(stage.time, lambda: self.changes.happened(everybody))
        names, choices = SlackNames(stage.slack), _choices(stage, self.people)
        self.renderers = {
            words: Renderer(names, choices, words) for words in map(SlackWords, LANGUAGES)
        }
        self.journal = Journal(
            calendar=lambda: stage.time.now,
            concerns=lambda call: concerned(stage.slack, call),
            changed=self.changes.happened,
        )
        stage.slack.watch_calls(self.journal.called)

    def spot(self, user: str, place: Place, query: Mapping[str, str]) -> Spot:
        """There, with what an address carries; one that carries nothing comes anew."""
        return Spot(
            user=user,
            place=place.id,
            since=since_in(query.get("since")) or self.places.last_private(user),
            has_requests=query.get("requests") == "1",
        )

    def back(self, user: str, query: Mapping[str, str]) -> Spot:
        """Where a form was posted from; whatever is odd in its address leads to the app."""
        place = self.places.find(user, query.get("at", APP)) or self.places.of(user)[0]
        return self.spot(user, place, query)


class Refusals:
    """Forms that did not go through, until they are sent again, changed or closed."""

    def __init__(self) -> None:
        self._by_view: dict[str, tuple[str, Refused]] = {}

    def note(self, view: View, refused: Refused | None) -> None:
        """``None`` if it did go through."""
        if refused is None:
            self._by_view.pop(view.id, None)
        else:
            self._by_view[view.id] = (view.hash, refused)

    def of(self, view: View) -> Refused | None:
        version, refused = self._by_view.get(view.id, ("", None))
        return refused if version == view.hash else None


class SlackNames:
    """Who and what the ids of the workspace stand for."""

    def __init__(self, slack: SlackStandIn) -> None:
        self._workspace = slack.workspace

    def user(self, user_id: str) -> str | None:
        user = self._workspace.users.get(user_id)
        return None if user is None else user.real_name or user.name

    def channel(self, channel_id: str) -> str | None:
        channel = self._workspace.channels.find(channel_id)
        return None if channel is None or channel.is_im else channel.name

    def group(self, group_id: str) -> str | None:
        groups = {group.id: group.handle for group in self._workspace.user_groups}
        return groups.get(group_id)


def _choices(stage: Stage, people: dict[str, Persona]) -> Choices:
    channels = {team.channel_id: team.channel_name for team in stage.company.teams}
    return Choices(
        users={one.id: one.name for one in people.values()},
        channels=channels,
        conversations=channels,
    )
