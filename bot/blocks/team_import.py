"""The form for lines of CSV that say who is in which team, and what became of them."""

from __future__ import annotations

from bot.blocks import forms
from bot.blocks.escaping import escape
from bot.blocks.forms import Choice, Field
from bot.blocks.kit import bold
from bot.blocks.team_refusals import refusal_in_a_form, teams_changed, wrong_line
from bot.domain.messages import Modal
from bot.domain.team_lists import Imported, TeamRefusal, TeamRefused
from bot.domain.team_table import COLUMNS, WrongLine
from bot.language import Language

TEAMS_FORM = "teams_import"
LINES, CONFIRMED, YES = "teams-lines", "teams-confirmed", "confirmed"
MOST_PASTED = 3_000
"""As many characters as Slack takes in one input."""
_SETTING = "UPSHOT_TEAMS_FILE"
_MOST_UNKNOWN = 10


def render_import_form(say: Language) -> Modal:
    return forms.form(
        say,
        TEAMS_FORM,
        say("Import teams"),
        say("Import"),
        forms.typed_lines(
            Field(
                block_id=LINES,
                label=say("Lines of CSV: {columns}", columns=",".join(COLUMNS)),
                hint=say(
                    "One line a person, and as role member or manager. At most {most} "
                    "characters, for that is all Slack takes; for more the operator has the "
                    "setting {setting}.",
                    most=say.number(MOST_PASTED),
                    setting=_SETTING,
                ),
            ),
            most=MOST_PASTED,
        ),
        forms.one_of(
            Field(
                block_id=CONFIRMED,
                label=say("With whom are the channels shared?"),
                hint=say("Only needed where Upshot may not see it itself."),
                optional=True,
            ),
            [Choice(value=YES, label=say("With no other organization: I have looked"))],
            empty=say("Upshot is to look"),
        ),
    )


def import_errors(say: Language, wrong: WrongLine | TeamRefused) -> dict[str, str]:
    """What stands under the input that has to be filled in otherwise."""
    if isinstance(wrong, WrongLine):
        return {LINES: wrong_line(say, wrong)}
    if wrong.reason is TeamRefusal.CHANNEL_UNSEEN:
        return {CONFIRMED: say("Upshot may not see it itself: please look, and say so here.")}
    return {LINES: refusal_in_a_form(say, wrong)}


def render_imported(say: Language, imported: Imported) -> Modal:
    lines = [
        bold(
            say.plural(
                len(imported.teams), "{count} team was imported.", "{count} teams were imported."
            )
        ),
        say.plural(
            imported.people,
            "{count} person in them is known to Upshot. What changes about who counts where does "
            "so next Monday.",
            "{count} people in them are known to Upshot. What changes about who counts where does "
            "so next Monday.",
        ),
    ]
    if imported.unknown:
        addresses = [escape(address) for address in imported.unknown]
        lines.append(
            say(
                "Nobody in this workspace has these addresses, so they were left out: {addresses}.",
                addresses=say.listed(addresses, most=_MOST_UNKNOWN),
            )
        )
    return forms.note(teams_changed(say, *lines))
