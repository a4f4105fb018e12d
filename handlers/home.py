"""The reader's own tab: made when it is opened and after a change, for that reader alone."""

from __future__ import annotations

from bot.blocks.home import render_home
from bot.domain.digest import Digest
from bot.domain.messages import Home
from bot.domain.people import Person
from handlers.languages import speak
from handlers.services import Services
from handlers.strangers import answer_stranger

TAB = "home"


async def page(services: Services, slack_user_id: str) -> Home:
    person = await services.people.find(slack_user_id)
    if person is None:
        return Home((await answer_stranger(services, slack_user_id)).blocks)
    return render_home(
        speak(person),
        await _week(services, person),
        await services.choices.own(person),
        await services.administration.privacy(person),
        services.names,
    )


async def _week(services: Services, person: Person) -> Digest:
    """The week that is running; where it has nothing yet, the last one, if that has something."""
    running = await services.digests.this_week(person)
    if not running.is_empty:
        return running
    last = await services.digests.last_week(person)
    return running if last.is_empty else last
