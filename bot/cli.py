"""``upshot``: the command line. Each command asks only for the settings that it needs."""

from __future__ import annotations

import sys

import typer

from bot.commands import collecting, health, importing, invoices, previews, processes
from bot.commands.session import err
from bot.errors import SettingsError, UpshotError
from bot.playground.demo import demo

EXIT_FAILED = 1
EXIT_WRONG_SETTINGS = 2

app = typer.Typer(
    name="upshot",
    help="A Slack bot that coaches people and teams in working with AI: outcomes, not tokens.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    demo,
    processes.serve,
    processes.web,
    processes.clock,
    processes.worker,
    processes.tick,
    processes.migrate,
    collecting.collect,
    invoices.invoice,
    health.check,
    health.manifest,
):
    app.command()(command)
app.command("import")(importing.import_file)
app.add_typer(previews.digest, name="digest")
app.add_typer(previews.summary, name="summary")


def main() -> None:
    """Run the command line; what went wrong is a sentence that says what to do."""
    try:
        app()
    except SettingsError as error:
        _fail(error, EXIT_WRONG_SETTINGS)
    except UpshotError as error:
        _fail(error, EXIT_FAILED)


def _fail(error: UpshotError, code: int) -> None:
    err.print(f"{error} {error.hint}".strip(), style="red", markup=False)
    sys.exit(code)
