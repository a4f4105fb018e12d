"""Whatever people read is put through their language: no other text stands in the rendering."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from tests.contract.catalogues import PACKAGES, ROOT, is_text, texts_of

PROSE = re.compile(r"[^\W\d_].* | .*[^\W\d_]|[A-Z][a-z]{2,}", re.DOTALL)
"""Words with a space between or beside them, or one that begins as a sentence does."""
NAMES_OF_PRODUCTS = {"_TITLES", "_TOOLS"}
OUR_NAME = "Upshot"
RENDERING = sorted((ROOT / "bot/blocks").glob("*.py"))


def unsaid(source: str) -> list[str]:
    """The texts of *source* that no catalogue could translate."""
    tree = ast.parse(source)
    allowed = {id(text) for node in ast.walk(tree) for text in not_to_be_said(node)}
    return [
        str(node.value)
        for node in ast.walk(tree)
        if is_text(node) and PROSE.match(str(node.value)) and id(node) not in allowed
    ]


def not_to_be_said(node: ast.AST) -> Iterator[ast.AST]:
    """What is said already, is nobody's to read, or has no translation."""
    yield from texts_of(node)
    match node:
        case ast.Expr(value=ast.Constant() as docstring):
            yield docstring
        case ast.Raise() | ast.Call(func=ast.Name(id="code")):
            yield from ast.walk(node)
        case ast.Tuple(elts=[ast.Constant() as typed, ast.Call() as about]) if texts_of(about):
            yield typed
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ) if name in NAMES_OF_PRODUCTS:
            yield from ast.walk(value)
        case ast.Constant(value=value) if value == OUR_NAME:
            yield node


@pytest.mark.parametrize("module", RENDERING, ids=lambda path: path.stem)
def test_a_module_of_the_rendering_says_all_its_texts(module: Path):
    assert unsaid(module.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "code",
    [
        'header("title", "Your week")',
        'header("title", "Thresholds")',
        'header("title", f"{name} of {all}")',
        'say("of" if one else "of them")',
        'say(f"{count} of them")',
        'say("They are: {words}", words="one of them")',
        'TITLES = {1: "one of them"}',
        'code(x), "one of them"',
    ],
)
def test_a_text_that_is_not_said_is_noticed(code: str):
    assert unsaid(code)


@pytest.mark.parametrize(
    "code",
    [
        '"""What it is for."""',
        'header("team-title", say("Your week"))',
        'say.plural(count, "{count} of them", "{count} of them")',
        'TITLES = {1: mark("One of them")}',
        'WORDS = (("tag exploration TOOL", mark("a form for it")),)',
        'say("To change it: {command}", command=code(f"{names.admin} admins add @NAME"))',
        'raise ValueError("It is not one of them")',
        'f"{name}: {value}, {unit}."',
        '_TITLES: Mapping[str, str] = {"codex": "Codex"}',
    ],
)
def test_nothing_else_is(code: str):
    assert unsaid(code) == []


def wrongly_given(source: str) -> list[str]:
    """The texts that name a value which is not given to them, or are given one too many."""
    return [
        str(text.value)
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and not is_marking(call)
        for text in texts_of(call)
        if not fits(set(named_in(str(text.value))), call)
    ]


def is_marking(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id.startswith("mark")


def named_in(text: str) -> Iterator[str]:
    return (name for _, name, _, _ in Formatter().parse(text) if name)


def fits(named: set[str], call: ast.Call) -> bool:
    given = {value.arg for value in call.keywords if value.arg}
    by_itself = {"count"} if isinstance(call.func, ast.Attribute) else set()
    return given <= named <= given | by_itself


def test_every_value_that_a_text_names_is_given():
    wrong = {
        path.relative_to(ROOT).as_posix(): wrongly_given(path.read_text(encoding="utf-8"))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }

    assert {file: texts for file, texts in wrong.items() if texts} == {}


@pytest.mark.parametrize(
    "code",
    [
        'say("{a} of {b}", a=1)',
        'say("{count} of it")',
        'say("all", a=1)',
        'say.plural(2, "{count} of {a}", "{count}", a=1)',
    ],
)
def test_a_value_that_does_not_fit_is_noticed(code: str):
    assert wrongly_given(code)


@pytest.mark.parametrize(
    "code",
    ['say("{a} of {b}", a=1, b=2)', 'say.plural(2, "{count} of {a}", "{a}", a=1)'],
)
def test_a_value_that_fits_is_none(code: str):
    assert wrongly_given(code) == []
