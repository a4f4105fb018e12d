"""The import contracts hold, each of them would notice, and no module stays outside them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")
PACKAGES = ("bot", "handlers", "jobs", "db")
CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
}

BREACHES = (
    ("layers", "bot/domain/usage.py", "import bot.ports"),
    ("layers", "bot/errors.py", "import bot.domain.usage"),
    ("layers", "bot/http.py", "import bot.services.collect"),
    ("layers", "bot/blocks/help.py", "import bot.services.digests"),
    ("layers", "bot/services/digests.py", "import db.personal"),
    ("layers", "bot/services/deliver.py", "import bot.slack.messenger"),
    ("layers", "bot/providers/openai/__init__.py", "import bot.settings"),
    ("layers", "bot/outcomes/github/source.py", "import bot.providers.openai"),
    ("layers", "db/usage.py", "import bot.services.collect"),
    ("layers", "handlers/usage.py", "import bot.settings"),
    ("layers", "handlers/usage.py", "import jobs.tasks"),
    ("layers", "jobs/tasks.py", "import handlers.usage"),
    ("layers", "bot/app.py", "import bot.cli"),
    ("pure", "bot/domain/usage.py", "import httpx"),
    ("pure", "bot/domain/digest.py", "import time"),
    ("pure", "bot/domain/disclosure/releasing.py", "import random"),
    ("pure", "bot/blocks/digest.py", "import slack_sdk"),
    ("pure", "bot/ports/teams.py", "import sqlalchemy"),
    ("rendering-library", "jobs/tasks.py", "import slackblocks"),
    ("providers-apart", "bot/providers/openai/pages.py", "import bot.providers.anthropic"),
    ("outcomes-apart", "bot/outcomes/github/reading.py", "import bot.outcomes.git.log"),
    ("one-http-client", "bot/providers/openai/__init__.py", "import httpx"),
    ("one-http-client", "bot/services/collect.py", "import stamina"),
    ("slack-at-the-edge", "bot/services/deliver.py", "import slack_sdk"),
    ("slack-at-the-edge", "jobs/tasks.py", "import slack_bolt"),
    ("sql-in-db", "bot/listening.py", "import sqlalchemy"),
    ("put-together-once", "jobs/tasks.py", "import db.usage"),
    ("put-together-once", "handlers/usage.py", "import bot.providers"),
    ("put-together-once", "bot/commands/collecting.py", "import bot.slack.messenger"),
    ("playground-apart", "bot/commands/health.py", "import bot.playground"),
    ("honest-stand-ins", "bot/playground/slack/stand_in.py", "import bot.blocks.digest"),
    ("page-outside", "bot/playground/page/acting.py", "import bot.services.digests"),
    ("page-outside", "bot/playground/rendering/blocks.py", "import bot.blocks.digest"),
    ("team-without-people", "bot/domain/disclosure/releasing.py", "import bot.domain.people"),
    ("team-without-people", "bot/blocks/team.py", "import bot.domain.digest"),
    ("acyclic", "bot/domain/periods.py", "import bot.domain.digest"),
)


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINTER, "--no-cache", *arguments],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def direct_modules(package: Path) -> set[str]:
    name = ".".join(package.relative_to(ROOT).parts)
    return {
        f"{name}.{path.stem}"
        for path in package.iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    }


def test_the_house_keeps_every_contract():
    answer = lint(ROOT)

    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(
    ("contract", "file", "line"), BREACHES, ids=[f"{c}: {f}: {i}" for c, f, i in BREACHES]
)
def test_a_breach_is_noticed(copy: Path, contract: str, file: str, line: str):
    module = copy / file
    source = module.read_text(encoding="utf-8")
    try:
        module.write_text(f"{source}\n{line}\n", encoding="utf-8")
        answer = lint(copy, "--contract", contract)
    finally:
        module.write_text(source, encoding="utf-8")

    assert answer.returncode == 1
    assert f"{CONTRACTS[contract]['name']} BROKEN" in answer.stdout


def test_every_contract_is_broken_once_on_purpose():
    assert {contract for contract, _, _ in BREACHES} == set(CONTRACTS)


def test_no_module_of_the_bot_stays_outside_the_layers():
    layers = {
        module.strip(" ()")
        for layer in CONTRACTS["layers"]["layers"]
        for module in layer.replace(":", "|").split("|")
    }

    assert {m for m in layers if m.startswith("bot.")} == direct_modules(ROOT / "bot")
    assert set(PACKAGES) - {"bot"} <= layers


@pytest.mark.parametrize(
    ("contract", "knowing"),
    [
        ("one-http-client", {"bot.downloads", "bot.http", "bot.playground"}),
        ("sql-in-db", {"db", "bot.playground"}),
    ],
)
def test_whoever_may_know_a_library_is_an_exception(contract: str, knowing: set[str]):
    every = direct_modules(ROOT / "bot") | set(PACKAGES) - {"bot"}

    assert every - set(CONTRACTS[contract]["source_modules"]) == knowing
