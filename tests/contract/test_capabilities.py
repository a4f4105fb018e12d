"""What a provider's file declares, what the README says and what ``upshot check`` says agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.blocks.wording import source_title
from bot.checking import what_it_tells
from bot.providers import PROVIDERS
from bot.settings import Settings

README = Path(__file__).parents[2] / "README.md"

every_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda p: p.name)


def table_of_the_readme() -> dict[str, dict[str, str]]:
    """The rows of the providers' table by title, each by column."""
    lines = iter(README.read_text("utf-8").splitlines())
    header = next(line for line in lines if line.startswith("| AI provider |"))
    next(lines)
    rows: dict[str, dict[str, str]] = {}
    for line in lines:
        if not line.startswith("|"):
            break
        row = dict(zip(_cells(header), _cells(line), strict=True))
        rows[row["AI provider"]] = row
    return rows


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_readme_has_every_provider_and_no_other():
    assert list(table_of_the_readme()) == [provider.title for provider in PROVIDERS]


@every_provider
def test_the_readme_says_of_it_what_check_says(provider):
    row = table_of_the_readme()[provider.title]

    assert {column: row[column] for column, _ in what_it_tells(provider)} == dict(
        what_it_tells(provider)
    )


@every_provider
def test_check_says_what_its_file_declares(provider):
    declared, told = provider.capabilities, dict(what_it_tells(provider))

    for column, can in (
        ("per person", declared.per_person),
        ("tokens", declared.tokens),
        ("requests", declared.requests),
    ):
        assert told[column] == ("yes" if can else "no")
    assert told["freshness"] == declared.freshness
    assert told["identity"] == declared.identity


@every_provider
def test_it_is_called_the_same_in_messages(provider):
    assert source_title(provider.name) == provider.title


@every_provider
def test_one_field_of_the_settings_turns_it_on(provider):
    assert provider.name in Settings.model_fields
