"""The bot that people try is the bot that they install: it cannot tell where it runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRIED_IN = re.compile(r"demo|playground", re.IGNORECASE)
COMMAND_LINE = ROOT / "bot/cli.py"
BOT = [
    path
    for folder in ("bot", "handlers", "jobs", "db")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "playground" not in path.relative_to(ROOT).parts and path != COMMAND_LINE
]


@pytest.mark.parametrize("path", BOT, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_name_and_no_text_of_the_bot_knows_where_it_is_tried(path):
    assert [*mentions(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "planted",
    ["if settings.is_demo: pass", "from bot.playground import world", "mode = 'demo'"],
)
def test_one_that_does_would_be_found(planted):
    assert [*mentions(planted)]


def mentions(source: str) -> Iterator[str]:
    """What the program does by that name; what its papers say does not count."""
    tree = ast.parse(source)
    papers = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        for word in () if id(node) in papers else words(node):
            if TRIED_IN.search(word):
                yield word


def words(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=word) | ast.Attribute(attr=word) | ast.arg(arg=word):
            yield word
        case ast.keyword(arg=str(word)) | ast.Constant(value=str(word)) | ast.alias(name=word):
            yield word
        case ast.ImportFrom(module=str(word)):
            yield word
        case ast.FunctionDef(name=word) | ast.AsyncFunctionDef(name=word) | ast.ClassDef(name=word):
            yield word
