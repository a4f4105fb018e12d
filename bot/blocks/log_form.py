"""The form for work that no system tells of, and what is said once it was sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from slackblocks import Block

from bot.blocks import forms, wording
from bot.blocks.escaping import code, escape
from bot.blocks.forms import Choice, Field
from bot.blocks.kit import bold, context, message, section
from bot.blocks.logged_wording import BENEFITS, FAULTS, KINDS, TIERS, VISIBILITIES
from bot.domain.commands import CommandNames
from bot.domain.drafts import Faults
from bot.domain.logged import (
    LONGEST_WHAT,
    MOST_COUNTED_A_WEEK,
    LoggedOutcome,
    Visibility,
)
from bot.domain.messages import Message, Modal
from bot.language import Language, mark

LOG_FORM = "log_form"
_NO_LONGER_YOURS = mark("There is no such entry of yours any more.")
_LONGEST_ESCAPED = 5 * LONGEST_WHAT
_LONGEST_LINK = 1_000


def render_log_form(
    say: Language,
    today: date,
    tools: Sequence[str],
    *,
    given: LoggedOutcome | None = None,
    what: str | None = None,
    link: str | None = None,
) -> Modal:
    """Empty but for *what* and *link*, or with all of *given*, which it is to change."""
    return forms.form(
        say,
        LOG_FORM,
        say("Log an outcome") if given is None else say("Change an outcome"),
        say("Keep it"),
        *_about_the_work(say, today, given, what, link),
        *_about_the_help(say, tools, given),
        *_about_what_it_counts_for(say, given),
        private_metadata="" if given is None else str(given.id),
    )


def _about_the_work(
    say: Language, today: date, given: LoggedOutcome | None, what: str | None, link: str | None
) -> Iterator[Block]:
    yield forms.one_of(
        Field(block_id="log-kind", label=say("What kind of work was it?")),
        _choices(say, KINDS),
        given=given.kind if given else None,
        empty=say("Choose one"),
    )
    yield forms.typed(
        Field(
            block_id="log-what",
            label=say("What did you finish, or try?"),
            hint=say(
                "A few words that tell you later what it was. In Upshot nobody else reads them."
            ),
        ),
        most=LONGEST_WHAT,
        given=given.what if given else what,
    )
    yield forms.day(
        Field(block_id="log-done-on", label=say("When?")), given=given.done_on if given else today
    )
    yield forms.link(
        Field(block_id="log-link", label=say("Link"), optional=True),
        given=given.link if given else link,
    )


def _about_the_help(
    say: Language, tools: Sequence[str], given: LoggedOutcome | None
) -> Iterator[Block]:
    own = sorted(filter(forms.fits, {*tools, *(given.helped_by if given else ())}))
    if own:
        yield forms.some_of(
            Field(block_id="log-helped-by", label=say("Which AI tools helped?"), optional=True),
            tool_choices(own),
            given=given.helped_by if given else (),
            empty=say("None of them"),
        )
    yield forms.one_of(
        Field(
            block_id="log-benefit",
            label=say("What did their help bring?"),
            hint=say('"No benefit" is an answer like the others.'),
            optional=True,
        ),
        _choices(say, BENEFITS),
        given=given.benefit if given else None,
        empty=say("Nothing said"),
    )


def _about_what_it_counts_for(say: Language, given: LoggedOutcome | None) -> Iterator[Block]:
    yield forms.one_of(
        Field(
            block_id="log-tier",
            label=say("What was it for?"),
            hint=say(
                "Left open, it follows the kind: exploration for what you learned or what did "
                "not work, routine for the rest."
            ),
            optional=True,
        ),
        tier_choices(say),
        given=given.tier if given else None,
        empty=say("As its kind says"),
    )
    yield forms.one_shown(
        Field(
            block_id="log-visibility",
            label=say("Who does it count for?"),
            hint=say(
                "Team totals are shown only where nobody can be singled out, and count at most "
                "{most} of these a week from each person.",
                most=say.number(MOST_COUNTED_A_WEEK),
            ),
        ),
        _choices(say, VISIBILITIES),
        given=given.visibility if given else Visibility.ONLY_ME,
    )


def tool_choices(tools: Sequence[str]) -> list[Choice]:
    return [Choice(value=tool, label=wording.source_name(tool)) for tool in tools]


def tier_choices(say: Language) -> list[Choice]:
    return _choices(say, TIERS)


def _choices(say: Language, words: Mapping[Any, str]) -> list[Choice]:
    return [Choice(value=value, label=say(label)) for value, label in words.items()]


def log_errors(say: Language, faults: Faults) -> dict[str, str]:
    """What stands under each input that has to be filled in otherwise."""
    return {
        f"log-{field.replace('_', '-')}": say(FAULTS[fault]) for field, fault in faults.of.items()
    }


def render_logged(say: Language, logged: LoggedOutcome, names: CommandNames) -> Modal:
    """What was kept, to the letter."""
    kept = say("Kept.") if logged.edited_at is None else say("Changed.")
    return forms.note(
        message(
            say("Upshot keeps what you logged."),
            section("logged", bold(kept), *_told(say, logged)),
            context(
                "logged-foot",
                say(
                    "{command} lists it; there you can change or delete it at any time.",
                    command=code(f"{names.usage} outcomes"),
                ),
                _who_sees(say, logged),
            ),
        ),
    )


def _told(say: Language, logged: LoggedOutcome) -> Iterator[str]:
    yield f"{say(KINDS[logged.kind])}, {say.day_and_year(logged.done_on)}"
    yield escape(logged.what, most=_LONGEST_ESCAPED)
    if logged.link:
        yield escape(logged.link, most=_LONGEST_LINK)
    if logged.helped_by:
        tools = say.listed([wording.source_title(tool) for tool in logged.helped_by])
        yield say("Helped by {tools}", tools=tools)
    if logged.benefit:
        yield say(BENEFITS[logged.benefit])
    yield say(TIERS[logged.tier])


def _who_sees(say: Language, logged: LoggedOutcome) -> str:
    if logged.visibility is Visibility.ONLY_ME:
        return say("Only you can see it, and it counts for nobody else.")
    return say("Only you can see it. It is counted in your team's totals, without its words.")


def render_deleted(say: Language) -> Message:
    return message(
        say("Upshot deleted what you logged."),
        section("log-deleted", say("*Deleted.* Nothing of it is kept.")),
        context("log-deleted-foot", say(wording.ONLY_YOU)),
    )


def render_not_yours(say: Language, names: CommandNames) -> Message:
    """The same whether it never was there, is gone or is somebody else's."""
    listed = say("{command} lists what there is.", command=code(f"{names.usage} outcomes"))
    return message(
        say(_NO_LONGER_YOURS),
        section("not-yours", f"{bold(say(_NO_LONGER_YOURS))} {listed}"),
        context("not-yours-foot", say(wording.ONLY_YOU)),
    )
