"""``upshot``: the command line. Each command asks only for the settings that it needs."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import Any

import typer
from rich.console import Console
from typer.core import TyperCommand, TyperGroup

from bot.errors import SettingsError, UpshotError

EXIT_FAILED = 1
EXIT_WRONG_SETTINGS = 2


class Later(TyperCommand):
    """Loaded when it is run: the whole bot takes a second or two, and help should not."""

    def __init__(self, name: str, place: str, told: str) -> None:
        super().__init__(name, help=told)
        self._place = place

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """That of the function at ``module:function``, which takes this one's place."""
        module, _, function = self._place.partition(":")
        gc.disable()  # nothing that is imported is garbage; to look for it is a sixth of the start
        try:
            run = getattr(import_module(module), function)
        finally:
            gc.enable()
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(self.name, help=self.help)(run)
        return typer.main.get_command(alone).make_context(*args, **kwargs)


def _family(name: str, told: str, *commands: Later) -> TyperGroup:
    return TyperGroup(name=name, help=told, no_args_is_help=True, commands=commands)


COMMANDS = (
    Later(
        "demo",
        "bot.playground.demo:demo",
        "See Upshot work, without an account anywhere: a local Slack, made-up people, the real"
        " bot.",
    ),
    Later(
        "serve",
        "bot.commands.processes:serve",
        "Run everything in one process: web, clock and worker.",
    ),
    Later(
        "web",
        "bot.commands.processes:web",
        "Answer Slack, and the health checks at /healthz and /readyz.",
    ),
    Later("clock", "bot.commands.processes:clock", "Plan what is due. A second one stands by."),
    Later(
        "worker",
        "bot.commands.processes:worker",
        "Do what is planned. Start as many as you like.",
    ),
    Later(
        "tick",
        "bot.commands.processes:tick",
        "Plan and run all that is due, then exit: what cron calls where nothing else runs.",
    ),
    Later(
        "migrate",
        "bot.commands.processes:migrate",
        "Bring the tables up to date. Safe to run again.",
    ),
    Later(
        "collect",
        "bot.commands.collecting:collect",
        "Ask the sources again. Days default to yesterday; exits with 1 where a source failed.",
    ),
    Later(
        "invoice",
        "bot.commands.invoices:invoice",
        "Set what is known beside what each provider billed; exits with 1 where they differ.",
    ),
    Later(
        "check",
        "bot.commands.health:check",
        "Say what is on and whether it works; exits with 1 where something does not.",
    ),
    Later(
        "manifest",
        "bot.commands.health:manifest",
        "Print the Slack app manifest for the configured command names.",
    ),
    Later(
        "import",
        "bot.commands.importing:import_file",
        "Keep the usage records of a file. Exits with 1 where a line was left out.",
    ),
    Later(
        "export",
        "bot.commands.rights:export",
        "Write all that is kept about one person to a file, for that person.",
    ),
    Later(
        "forget",
        "bot.commands.rights:forget",
        "Delete all that is kept about one person, who asked for it. Nobody can bring it back.",
    ),
    _family(
        "digest",
        "Personal digests.",
        Later(
            "preview",
            "bot.commands.previews:preview_digest",
            "Print last week's digest. Whoever can run this can read the database: use your own"
            " id.",
        ),
    ),
    _family(
        "summary",
        "Team summaries.",
        Later(
            "preview",
            "bot.commands.previews:preview_summary",
            "Print last week's team summary as it would be released now; nothing is released.",
        ),
    ),
    _family(
        "audit",
        "What was released and what was done, sealed.",
        Later(
            "verify",
            "bot.commands.auditing:verify",
            "Check that nobody changed it; exits with 1 where somebody did. Keep the last seals:"
            " rows deleted at the end show by them alone.",
        ),
    ),
)


class Commands(TyperGroup):
    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "commands": COMMANDS})


app = typer.Typer(
    name="upshot",
    cls=Commands,
    help="A Slack bot that coaches people and teams in working with AI: outcomes, not tokens.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.callback()(lambda: None)


def main() -> None:
    """Run the command line; what went wrong is a sentence that says what to do."""
    try:
        app()
    except SettingsError as error:
        _fail(error, EXIT_WRONG_SETTINGS)
    except UpshotError as error:
        _fail(error, EXIT_FAILED)


def _fail(error: UpshotError, code: int) -> None:
    err = Console(stderr=True, highlight=False)
    err.print(f"{error} {error.hint}".strip(), style="red", markup=False)
    sys.exit(code)
