"""The papers name everything there is, nothing that there is not, and what is made stays made."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from pydantic_settings import DotEnvSettingsSource

import db.coaching_models
import db.models
import db.team_models
import db.work_models
from bot.domain.commands import CommandNames
from bot.env_example import env_example
from bot.manifest import SCOPES, manifest
from bot.settings import KNOWN_ELSEWHERE, PREFIX, Settings, variables
from tests.contract.papers import (
    ROOT,
    WHOLE_FILES,
    WITH_BLOCKS,
    as_made,
    commands,
    typed_words,
)

PAPERS = sorted(
    path
    for folder in (ROOT, ROOT / "docs", ROOT / "docs/decisions")
    for path in folder.glob("*.md")
)
PICTURES = sorted(
    path for path in (ROOT / "docs/pictures").iterdir() if path.suffix in {".png", ".svg"}
)
MAKE_ANEW = "write it anew: python -m tests.contract.papers"
TABLES = sorted(db.models.SQLModel.metadata.tables.values(), key=lambda table: table.name)
VARIABLES = {name for name, _ in variables()}

every_paper = pytest.mark.parametrize("paper", PAPERS, ids=lambda p: str(p.relative_to(ROOT)))


def read(name: str | Path) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tracked_files() -> list[Path]:
    answer = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    files = (ROOT / name for name in answer.stdout.split("\0") if name)
    return [path for path in files if path.is_file()]


@pytest.mark.parametrize("name", WITH_BLOCKS)
def test_tables_in_the_papers_are_those_of_the_code(name: str):
    assert read(name) == as_made(read(name)), MAKE_ANEW


@pytest.mark.parametrize("name", WHOLE_FILES)
def test_files_made_from_the_code_are_up_to_date(name: str):
    assert read(name) == WHOLE_FILES[name](), MAKE_ANEW


def test_every_setting_is_described():
    assert [name for name, field in variables() if not field.description] == []


def test_every_setting_is_in_the_example_and_in_the_papers():
    assert set(re.findall(r"^#?(UPSHOT_\w+)=", env_example(), re.MULTILINE)) == VARIABLES
    assert set(re.findall(r"^\| `(UPSHOT_\w+)`", read("docs/settings.md"), re.MULTILINE)) == (
        VARIABLES
    )


def test_the_example_as_it_is_turns_nothing_on_and_holds_no_secret():
    given = DotEnvSettingsSource(Settings, env_file=ROOT / ".env.example", env_ignore_empty=True)

    assert given() == {}


@every_paper
def test_names_only_settings_that_exist(paper: Path):
    known = VARIABLES | set(KNOWN_ELSEWHERE)
    named = re.findall(rf"{PREFIX}[A-Z0-9_]*[A-Z0-9](?!\w)(?!__…|…)", paper.read_text("utf-8"))

    assert [name for name in named if name not in known] == []


@every_paper
def test_names_only_commands_that_exist(paper: Path):
    known = {name.split()[0] for name, _ in commands()}
    named = re.findall(r"(?:`|^)upshot ([a-z]+)", paper.read_text("utf-8"), re.MULTILINE)

    assert set(named) <= known


def test_every_word_that_can_be_typed_and_every_command_is_in_the_papers():
    paper = read("docs/commands.md")

    assert [words for words, _ in typed_words() if f"`{words}`" not in paper] == []
    assert [name for name, _ in commands() if f"`upshot {name}`" not in paper] == []


@every_paper
def test_names_only_targets_that_make_has(paper: Path):
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    named = re.findall(r"(?:`|^)make ([a-z]+)", paper.read_text("utf-8"), re.MULTILINE)

    assert set(named) <= targets


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_and_field_is_listed_under_what_is_stored(table):
    [row] = re.findall(rf"^\| `{table.name}` \|.+$", read("docs/what-is-stored.md"), re.MULTILINE)

    assert [column.name for column in table.columns if f"`{column.name}`" not in row] == []


def test_tables_with_row_level_security_are_listed_as_a_persons():
    persons, nobodys = read("docs/what-is-stored.md").split("## Tables about nobody")
    marked = {table.name for table in TABLES if "person_id" in table.columns}

    assert {name for name in marked if f"| `{name}` |" not in persons} == set()
    assert {name for name in marked if f"| `{name}` |" in nobodys} == set()


def test_every_scope_is_listed_with_its_reason():
    paper = read("docs/slack.md")

    assert [scope for scope in SCOPES if f"| `{scope}` |" not in paper] == []
    assert manifest(CommandNames(), url=None)["oauth_config"]["scopes"]["bot"] == list(SCOPES)


@every_paper
def test_links_lead_somewhere(paper: Path):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[\w-]+)?\)", paper.read_text("utf-8"))
    local = [link for link in links if "://" not in link]

    assert [link for link in local if not (paper.parent / link).exists()] == []


@pytest.mark.parametrize(
    "paper", sorted((ROOT / "docs/decisions").glob("*.md")), ids=lambda p: p.stem
)
def test_a_decision_says_why_and_what_else_there_was(paper: Path):
    number = int(paper.name[:4])
    text = paper.read_text("utf-8")

    assert text.startswith(f"# {number}. ")
    for title in ("Context", "Decision", "Consequences", "Alternatives"):
        assert f"\n## {title}\n" in text


def test_decisions_are_numbered_without_gaps():
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/decisions").glob("*.md"))

    assert numbers == list(range(1, len(numbers) + 1))


def test_the_changelog_has_a_place_for_what_comes_next():
    assert "\n## [Unreleased]\n" in read("CHANGELOG.md")


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_is_in_a_paper_that_says_in_words_what_it_shows(picture: Path):
    said = [
        words
        for paper in PAPERS
        for words, link in re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", paper.read_text("utf-8"))
        if (paper.parent / link).resolve() == picture
    ]

    assert said
    assert all(len(words.split()) > 3 for words in said)


def test_pictures_are_small_enough_to_be_kept():
    sizes = {picture.name: picture.stat().st_size for picture in PICTURES}

    assert {name: size for name, size in sizes.items() if size >= 200_000} == {}
    assert sum(sizes.values()) < 1_000_000


def test_what_is_to_be_read_in_a_picture_of_the_demo_is_kept_beside_it():
    assert sorted(json.loads(read("docs/pictures/shown.json"))) == [
        picture.stem for picture in PICTURES if picture.suffix == ".png"
    ]


def test_every_process_of_the_procfile_is_a_command():
    lines = read("Procfile").splitlines()

    assert {line.split(": ")[0] for line in lines} == {"release", "web", "clock", "worker"}
    assert {line.split(": upshot ")[1] for line in lines} <= {name for name, _ in commands()}


def test_continuous_integration_runs_what_a_developer_runs():
    script = ROOT / ".ci/run"

    assert script.stat().st_mode & 0o111
    assert "set -euo pipefail" in script.read_text("utf-8")
    assert "\nexport UPSHOT_REQUIRE_ALL=1" in script.read_text("utf-8")
    assert "\nmake test\n" in script.read_text("utf-8")


def test_no_file_names_a_package_index_or_a_folder_of_this_machine():
    here = [re.escape(str(f)) for f in (ROOT, ROOT.parent) if len(f.parts) > 1]
    patterns = (
        *("pypi\\.o" + "rg/", "pythonhosted\\.o" + "rg", "--(?:extra-)?index" + "-url[= ]"),
        *(rf"(?<![\w.$~}}]){folder}/" for folder in here),
    )
    forbidden = re.compile("|".join(patterns))
    found = {
        str(path.relative_to(ROOT)): hit[0]
        for path in tracked_files()
        if (hit := forbidden.search(path.read_bytes().decode("utf-8", errors="replace")))
    }

    assert found == {}
