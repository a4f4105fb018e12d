"""The catalogues, made from the code: all that is said, with the translations that were there.

Read with ``ast``: Babel's own reader of Python loses a text among the values of another.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TypeGuard

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from bot.language.catalogues import TRANSLATED, catalogue

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bot", "handlers", "jobs")
FOLDER = "bot/language"
WHICH_ARGUMENTS = {"say": (0,), "plural": (1, 2), "mark": (0,), "mark_plural": (0, 1)}
"""Of what is called so, where the texts stand."""
_HEADER = r"""# Made from the code: python -m tests.contract.papers. Only msgstr is written by hand.
msgid ""
msgstr ""
{about}"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"""


def texts_of(call: ast.AST) -> tuple[ast.Constant, ...]:
    """The texts that are said by *call*, one or a singular and a plural; none of anything else."""
    match call:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=given):
            arguments = [given[n] for n in WHICH_ARGUMENTS.get(name, ()) if n < len(given)]
            texts = tuple(argument for argument in arguments if is_text(argument))
            return texts if len(texts) == len(arguments) else ()
    return ()


def is_text(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def template() -> Catalog:
    """Every message, under the places where it is said."""
    made = Catalog()
    for file, line, texts in _messages():
        made.add(texts if len(texts) > 1 else texts[0], locations=[(file, line)])
    return made


def _messages() -> Iterator[tuple[str, int, tuple[str, ...]]]:
    for path in sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if texts := texts_of(node):
                yield (
                    path.relative_to(ROOT).as_posix(),
                    texts[0].lineno,
                    tuple(str(text.value) for text in texts),
                )


def template_file() -> str:
    return _written(template(), about="")


def translated_file(language: str) -> str:
    """As it is, with what is new to be translated, and without what is said no longer."""
    known = catalogue(language)
    known.update(template(), no_fuzzy_matching=True)
    about = f'"Language: {language}\\n"\n"Plural-Forms: {known.plural_forms}\\n"\n'
    return _written(known, about=about)


def _written(messages: Catalog, *, about: str) -> str:
    """In the order of the code, without dates and numbers of lines, which would change alone."""
    for message in messages:
        # "50 % of it" would be taken for the other way of formatting
        message.flags.discard("python-format")
    file = BytesIO()
    write_po(
        file,
        messages,
        width=0,
        omit_header=True,
        sort_by_file=True,
        include_lineno=False,
        ignore_obsolete=True,
    )
    return f"{_HEADER.format(about=about)}\n{file.getvalue().decode().rstrip()}\n"


FILES: dict[str, Callable[[], str]] = {
    f"{FOLDER}/messages.pot": template_file,
    **{f"{FOLDER}/{name}.po": partial(translated_file, name) for name in TRANSLATED},
}
