"""A page as a tree, which refuses what a browser would have to mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "hr", "input", "img", "meta", "link"}
PRESSABLE = {"a", "button", "input", "select", "textarea"}
PHRASING = {
    *("a", "b", "br", "button", "code", "em", "i", "input", "label", "mark", "s", "select"),
    *("small", "span", "strong", "textarea", "time", "u"),
}
ONLY_PHRASING_IN = {"p", "span", "small", "h1", "h2", "h3", "h4", "legend", "label", "button"}
NO_PRESSABLE_IN = {"a", "button"}


@dataclass(kw_only=True)
class Part:
    tag: str
    attributes: Mapping[str, str | None]
    inside: list[Part | str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Part]:
        for part in self.inside:
            if isinstance(part, Part):
                yield part
                yield from part

    @property
    def text(self) -> str:
        words = "".join(part if isinstance(part, str) else part.text for part in self.inside)
        return "\n" if self.tag == "br" else words

    @property
    def classes(self) -> set[str]:
        return set((self.attributes.get("class") or "").split())

    def all(self, tag: str | None = None, class_: str | None = None, **wanted: str) -> list[Part]:
        return [
            part
            for part in self
            if tag in {None, part.tag}
            and (class_ is None or class_ in part.classes)
            and all(part.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str | None = None, class_: str | None = None, **wanted: str) -> Part:
        [found] = self.all(tag, class_, **wanted)
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Part(tag="page", attributes={})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"<{tag}> says something twice: {names}"
        part = Part(tag=tag, attributes=dict(attrs))
        for around in self.open:
            _check_nesting(around.tag, tag)
        self.open[-1].inside.append(part)
        if tag not in VOID:
            self.open.append(part)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"nobody wrote a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def page_of(html: str) -> Part:
    """Raises where tags do not match, where one may not stand, or where two share an id."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    [page] = reader.open
    ids = Counter(part.attributes["id"] for part in page if "id" in part.attributes)
    assert {name for name, times in ids.items() if times > 1} == set()
    assert not any(name is None or not name or " " in name for name in ids)
    _check_references(page, set(ids))
    return page


def _check_nesting(around: str, tag: str) -> None:
    assert not (around == tag == "form"), "forms do not nest"
    assert around not in ONLY_PHRASING_IN or tag in PHRASING, f"<{tag}> in <{around}>"
    assert around not in NO_PRESSABLE_IN or tag not in PRESSABLE, f"<{tag}> in <{around}>"


def _check_references(page: Part, ids: set[str | None]) -> None:
    pointing = ("for", "form", "popovertarget", "aria-labelledby", "aria-describedby")
    named = {
        name
        for part in page
        for attribute in pointing
        for name in (part.attributes.get(attribute) or "").split()
    }
    assert named <= ids, f"nothing on the page is called {named - ids}"
