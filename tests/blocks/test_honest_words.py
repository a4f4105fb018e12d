"""Nothing that anybody reads claims what cannot be known, and sureness is worded in one place."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import bot.blocks
from bot.blocks import links
from bot.domain.digest import OutcomeLine
from bot.domain.links import LinkLevel
from bot.language import ENGLISH
from handlers.modals import view_of
from tests.blocks.cases import CASES
from tests.blocks.form_cases import MODALS
from tests.blocks.making import merged
from tests.contract.papers import ROOT

CLAIMS = re.compile(
    r"\b(caused|causing|earned|roi|returns? on investment|productivity|productive|score|scores"
    r"|scored|rank|ranks|ranked|ranking|because of ai|thanks to ai|due to ai|made possible by ai"
    r"|(saved|gained|won|driven|boosted|generated|accelerated|sped up|delivered) (by|with) ai"
    r"|ai[- ](driven|powered) (gains?|results?)|ai (saved|gained|earned|caused|made you|boosted)"
    r"|(faster|better|more efficient) (with|through|because of) ai)\b",
    re.IGNORECASE,
)
PAPERS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LEVELS = (None, *LinkLevel)


def line(**changes) -> OutcomeLine:
    levels = ((LinkLevel.SESSION, 2), (LinkLevel.TOOL, 1), (LinkLevel.PERIOD, 1))
    return merged(**{"by_level": levels, **changes})


@pytest.mark.parametrize(
    "claim",
    [
        "This caused a drop",
        "ROI: 300 %",
        "what you earned",
        "your Productivity",
        "rank 3",
        "Done because of AI.",
        "thanks to AI",
        "two hours saved with AI",
    ],
)
def test_a_claim_is_found_where_it_is(claim):
    assert CLAIMS.search(claim)


@pytest.mark.parametrize("innocent", ["a French heroine", "underscore", "frankly", "learned it"])
def test_a_word_that_only_looks_like_one_is_none(innocent):
    assert not CLAIMS.search(innocent)


@pytest.mark.parametrize("name", CASES)
def test_no_message_makes_a_claim(name):
    message = CASES[name]

    assert CLAIMS.findall(f"{message.text} {json.dumps(message.blocks)}") == []


@pytest.mark.parametrize("name", MODALS)
def test_no_form_makes_a_claim(name):
    assert CLAIMS.findall(json.dumps(view_of(MODALS[name]))) == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_no_paper_makes_a_claim(paper):
    assert CLAIMS.findall(" ".join(paper.read_text().split())) == []


def test_every_level_has_words_of_its_own():
    said = [links.of_one(ENGLISH, level, []) for level in LEVELS]

    assert len(set(said)) == len(LEVELS)


@pytest.mark.parametrize("level", LEVELS)
def test_the_words_of_a_level_make_no_claim(level):
    said = f"{links.of_one(ENGLISH, level, ['Claude'])} {' '.join(links.of_many(ENGLISH, line()))}"

    assert not CLAIMS.search(said)
    assert not re.search(r"\b(by|from|through|thanks to) (claude|ai)\b", said, re.IGNORECASE)


def test_marks_are_told_as_marks_whether_or_not_the_tool_was_used():
    for level in LEVELS:
        assert links.of_one(ENGLISH, level, ["Claude", "Cursor"]).endswith(
            "(marks of Claude and Cursor)"
        )
        assert "marks" not in links.of_one(ENGLISH, level, [])


def test_several_are_told_as_counts_of_all_that_was_finished():
    assert list(links.of_many(ENGLISH, line())) == [
        "4 of the 5 show an AI tool's help",
        "3 of the 5 show a tool that you used in the two weeks before",
        "2 of the 5 go with a session of such a tool",
    ]


def test_one_of_several_is_told_in_the_singular():
    assert list(
        links.of_many(ENGLISH, line(with_evidence=1, by_level=((LinkLevel.SESSION, 1),)))
    ) == [
        "1 of the 5 shows a tool that you used in the two weeks before",
        "1 of the 5 goes with a session of such a tool",
    ]


def test_a_single_one_is_not_counted():
    alone = line(settled=1, pending=0, with_evidence=1, by_level=((LinkLevel.TOOL, 1),))

    assert list(links.of_many(ENGLISH, alone)) == [
        "it shows a tool that you used in the two weeks before",
    ]


def test_marks_of_tools_that_nobody_used_are_only_marks():
    assert list(links.of_many(ENGLISH, line(by_level=((LinkLevel.PERIOD, 4),)))) == [
        "4 of the 5 show an AI tool's help"
    ]


def test_nothing_is_said_of_work_without_marks():
    assert (
        list(links.of_many(ENGLISH, line(with_evidence=0, by_level=((LinkLevel.PERIOD, 5),)))) == []
    )


def test_how_sure_a_link_is_is_worded_in_one_place():
    told = [links.of_one(ENGLISH, level, []) for level in LEVELS]
    told += links.of_many(ENGLISH, line())
    phrases = {
        phrase.lower()
        for sentence in (*told, links.NO_PROOF)
        for phrase in re.findall(r"(?=(\b\w+(?: [\w']+){3}\b))", sentence)
        if not any(character.isdigit() for character in phrase)
    }
    [folder] = map(Path, bot.blocks.__path__)
    elsewhere = {
        (path.name, phrase)
        for path in sorted(folder.glob("*.py"))
        if path.name != "links.py"
        for phrase in phrases
        if phrase in " ".join(path.read_text().lower().split())
    }

    assert "an ai tool's help" in phrases
    assert elsewhere == set()


def test_the_list_of_work_says_that_a_link_is_no_proof():
    told = [name for name in CASES if name.startswith("work-")]

    assert told
    for name in told:
        has_link = any(
            links.of_one(ENGLISH, level, [])[:12] in CASES[name].text for level in LEVELS
        )
        assert (links.NO_PROOF in json.dumps(CASES[name].blocks)) == has_link
