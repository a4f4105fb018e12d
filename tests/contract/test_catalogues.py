"""The catalogues have every text that is said, and every translation has the parts of its text."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from string import Formatter
from zipfile import ZipFile

import pytest
from babel.messages.catalog import Catalog, Message

from bot.language.catalogues import TRANSLATED, catalogue
from tests.contract.catalogues import FILES, PACKAGES, ROOT, template, template_file, texts_of

TEMPLATE = template()
COMMAND = re.compile(r"(?<![\w/:<}])/[a-z]\w*")
MAKE_ANEW = "write it anew: python -m tests.contract.papers"

in_every_language = pytest.mark.parametrize("language", TRANSLATED)


def parts_of(text: str) -> dict[str, object]:
    """What a text and its translation have in common, whatever the words."""
    return {
        "values": sorted(values_in(text)),
        "bold": text.count("*"),
        "code": sorted(re.findall(r"`[^`]*`", text)),
        "commands": sorted(COMMAND.findall(text)),
        "lines": text.count("\n"),
        "before": text[: len(text) - len(text.lstrip())],
        "after": text[len(text.rstrip()) :],
    }


def values_in(text: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(text) if name is not None]


def forms(texts: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def said(messages: Catalog) -> dict[tuple[str, ...], Message]:
    return {forms(message.id): message for message in messages if message.id}


def in_code(source: str) -> list[list[str]]:
    found = map(texts_of, ast.walk(ast.parse(source)))
    return [[str(text.value) for text in texts] for texts in found if texts]


class TestReadingTheCode:
    @pytest.mark.parametrize(
        ("code", "texts"),
        [
            ('say("A day.")', [["A day."]]),
            ('say("A " "day.")', [["A day."]]),
            ('say.plural(len(all), "{count} of it", "{count}")', [["{count} of it", "{count}"]]),
            ('mark("A day.")', [["A day."]]),
            ('mark_plural("day", "days")', [["day", "days"]]),
            ('say("{a} of it", a=bold(say("half")))', [["{a} of it"], ["half"]]),
            ("say(TITLES[kind])", []),
            ('say(TITLES["kind"])', []),
            ("say.plural(count, *TITLES[kind])", []),
            ('say.money(amount, "EUR")', []),
            ('print("A day.")', []),
        ],
    )
    def test_finds_what_is_said_and_nothing_else(self, code, texts):
        assert in_code(code) == texts


class TestEveryText:
    @pytest.mark.parametrize("file", FILES)
    def test_is_in_the_catalogues_and_nothing_else_is(self, file):
        assert (ROOT / file).read_text(encoding="utf-8") == FILES[file](), MAKE_ANEW

    def test_names_its_values_by_words_alone(self):
        named = {value for texts in said(TEMPLATE) for text in texts for value in values_in(text)}

        assert {name for name in named if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)} == set()

    def test_has_one_plural_wherever_it_is_said(self):
        plurals = {
            tuple(texts)
            for package in PACKAGES
            for path in (ROOT / package).rglob("*.py")
            for texts in in_code(path.read_text(encoding="utf-8"))
            if len(texts) > 1
        }

        assert plurals - set(said(TEMPLATE)) == set()

    def test_stands_in_the_catalogue_without_its_place_in_the_code(self):
        text = template_file()

        assert "#: bot/blocks/admin.py\n" in text
        assert not re.search(r"^#:.*:\d", text, re.MULTILINE)
        assert str(ROOT) not in text
        assert "Date" not in text


@in_every_language
class TestEveryTranslation:
    def test_is_there(self, language):
        translated = said(catalogue(language))
        missing = [
            texts[0]
            for texts in said(TEMPLATE)
            if texts not in translated or not all(map(str.strip, forms(translated[texts].string)))
        ]

        assert missing == []

    def test_has_as_many_forms_as_the_language(self, language):
        messages = catalogue(language)
        wrong = [
            texts[0]
            for texts, message in said(messages).items()
            if len(texts) > 1 and len(forms(message.string)) != messages.num_plurals
        ]

        assert messages.num_plurals == 2
        assert wrong == []

    def test_is_meant_for_this_text_and_for_one_that_is_still_said(self, language):
        messages = catalogue(language)

        assert [message.id for message in messages if message.id and message.fuzzy] == []
        assert list(messages.obsolete) == []

    def test_has_the_same_parts(self, language):
        different = [
            (original, translation)
            for texts, message in said(catalogue(language)).items()
            for original, translation in zip(texts, forms(message.string), strict=True)
            if translation and parts_of(original) != parts_of(translation)
        ]

        assert different == []


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("{count} days", "{anzahl} Tage"),
        ("{count} days", "Tage"),
        ("*Kept.* Yes", "Behalten. Ja"),
        ("Type `week`.", "Tippe `woche`."),
        ("See /myusage help", "Siehe /nutzung help"),
        ("A\nB", "A B"),
        (" of", "von"),
        ("of ", "von"),
    ],
)
def test_a_part_that_is_lost_is_noticed(text, other):
    assert parts_of(text) != parts_of(other)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("*{a}* of {b}", "von {b} *{a}*"),
        ("See `/myusage` or /teamusage.", "Nimm /teamusage oder `/myusage`."),
        ("https://example.com and/or", "https://example.com und"),
    ],
)
def test_other_words_in_another_order_are_the_same_parts(text, other):
    assert parts_of(text) == parts_of(other)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    [made] = folder.glob("*.whl")
    return made


@in_every_language
def test_what_is_installed_has_the_translations(wheel: Path, language: str):
    with ZipFile(wheel) as archive:
        shipped = archive.read(f"bot/language/{language}.po")

    assert shipped == (ROOT / f"bot/language/{language}.po").read_bytes()
