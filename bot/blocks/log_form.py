"""The form for work that no system tells of, and what is said once it was sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

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
from bot.language import Language

LOG_FORM = "log_form"
NO_LONGER_YOURS = "There is no such entry of yours any more."
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
        LOG_FORM,
        "Log an outcome" if given is None else "Change an outcome",
        "Keep it",
        *_about_the_work(today, given, what, link),
        *_about_the_help(tools, given),
        private_metadata="" if given is None else str(given.id),
    )


def _about_the_work(
    today: date, given: LoggedOutcome | None, what: str | None, link: str | None
) -> Iterator[Block]:
    kinds = [Choice(value=kind, label=label) for kind, label in KINDS.items()]
    yield forms.one_of(
        Field(block_id="log-kind", label="What kind of work was it?"),
        kinds,
        given=given.kind if given else None,
        empty="Choose one",
    )
    yield forms.typed(
        Field(
            block_id="log-what",
            label="What did you finish, or try?",
            hint="A few words that tell you later what it was. In Upshot nobody else reads them.",
        ),
        most=LONGEST_WHAT,
        given=given.what if given else what,
    )
    yield forms.day(
        Field(block_id="log-done-on", label="When?"), given=given.done_on if given else today
    )
    yield forms.link(
        Field(block_id="log-link", label="Link", optional=True),
        given=given.link if given else link,
    )


def _about_the_help(tools: Sequence[str], given: LoggedOutcome | None) -> Iterator[Block]:
    own = sorted(filter(forms.fits, {*tools, *(given.helped_by if given else ())}))
    if own:
        yield forms.some_of(
            Field(block_id="log-helped-by", label="Which AI tools helped?", optional=True),
            tool_choices(own),
            given=given.helped_by if given else (),
            empty="None of them",
        )
    yield forms.one_of(
        Field(
            block_id="log-benefit",
            label="What did their help bring?",
            hint='"No benefit" is an answer like the others.',
            optional=True,
        ),
        [Choice(value=benefit, label=label) for benefit, label in BENEFITS.items()],
        given=given.benefit if given else None,
        empty="Nothing said",
    )
    yield forms.one_of(
        Field(
            block_id="log-tier",
            label="What was it for?",
            hint="Left open, it follows the kind: exploration for what you learned or what did "
            "not work, routine for the rest.",
            optional=True,
        ),
        tier_choices(),
        given=given.tier if given else None,
        empty="As its kind says",
    )
    yield forms.one_shown(
        Field(
            block_id="log-visibility",
            label="Who does it count for?",
            hint="Team totals are shown only where nobody can be singled out, and count at most "
            f"{MOST_COUNTED_A_WEEK} of these a week from each person.",
        ),
        [Choice(value=visibility, label=label) for visibility, label in VISIBILITIES.items()],
        given=given.visibility if given else Visibility.ONLY_ME,
    )


def tool_choices(tools: Sequence[str]) -> list[Choice]:
    return [Choice(value=tool, label=wording.source_title(tool)) for tool in tools]


def tier_choices() -> list[Choice]:
    return [Choice(value=tier, label=label) for tier, label in TIERS.items()]


def log_errors(faults: Faults) -> dict[str, str]:
    """What stands under each input that has to be filled in otherwise."""
    return {f"log-{field.replace('_', '-')}": FAULTS[fault] for field, fault in faults.of.items()}


def render_logged(say: Language, logged: LoggedOutcome, names: CommandNames) -> Modal:
    """What was kept, to the letter."""
    kept = "Kept." if logged.edited_at is None else "Changed."
    return forms.note(
        message(
            "Upshot keeps what you logged.",
            section("logged", bold(kept), *_told(logged)),
            context(
                "logged-foot",
                f"{code(f'{names.usage} outcomes')} lists it; there you can change or delete it "
                "at any time.",
                _who_sees(logged),
            ),
        )
    )


def _told(logged: LoggedOutcome) -> Iterator[str]:
    yield f"{KINDS[logged.kind]}, {wording.day_and_year(logged.done_on)}"
    yield escape(logged.what, most=_LONGEST_ESCAPED)
    if logged.link:
        yield escape(logged.link, most=_LONGEST_LINK)
    if logged.helped_by:
        yield f"Helped by {wording.listed([wording.source_title(t) for t in logged.helped_by])}"
    if logged.benefit:
        yield BENEFITS[logged.benefit]
    yield TIERS[logged.tier]


def _who_sees(logged: LoggedOutcome) -> str:
    if logged.visibility is Visibility.ONLY_ME:
        return "Only you can see it, and it counts for nobody else."
    return "Only you can see it. It is counted in your team's totals, without its words."


def render_deleted(say: Language) -> Message:
    return message(
        "Upshot deleted what you logged.",
        section("log-deleted", f"{bold('Deleted.')} Nothing of it is kept."),
        context("log-deleted-foot", wording.ONLY_YOU),
    )


def render_not_yours(say: Language, names: CommandNames) -> Message:
    """The same whether it never was there, is gone or is somebody else's."""
    return message(
        NO_LONGER_YOURS,
        section(
            "not-yours",
            f"{bold(NO_LONGER_YOURS)} {code(f'{names.usage} outcomes')} lists what there is.",
        ),
        context("not-yours-foot", wording.ONLY_YOU),
    )
