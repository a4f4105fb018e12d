from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reverts import (
    Landing,
    Quotation,
    Standing,
    find_reverts,
    mention_in,
    quotation_in,
)

START = datetime(2026, 9, 7, tzinfo=UTC)
FIRST, OTHER = "aaaa111" + "0" * 33, "bbbb222" + "0" * 33
LONG = "feat: a subject that goes on and on until it has to be cut off somewhere"


def land(*messages, **changes):
    """Landings, a day apart, of (sha, message, number)."""
    return [
        Landing(
            sha=sha,
            at=START + timedelta(days=day),
            subject=message.split("\n")[0],
            number=number,
            mention=mention_in(message, repository="acme/app"),
            **changes,
        )
        for day, (sha, message, number) in enumerate(messages)
    ]


def day(number):
    return START + timedelta(days=number)


@pytest.mark.parametrize(
    "revert",
    [
        pytest.param(f"chore: tidy (#9)\n\nThis reverts commit {FIRST}.", id="commit"),
        pytest.param("chore: tidy (#9)\n\nThis reverts commit aaaa111.", id="short-commit"),
        pytest.param("Undo it (#9)\n\nReverts acme/app#1", id="button"),
        pytest.param("Undo it (#9)\n\nReverts #1", id="button-without-repository"),
        pytest.param("Undo it\n\nThis reverts merge request acme/app!1", id="merge-request"),
        pytest.param('Revert "feat: something else (#1)" (#9)', id="quoted-number"),
        pytest.param('Revert "feat: export" (#9)', id="quoted-subject"),
        pytest.param('revert "feat: export"', id="lower-case"),
        pytest.param(
            f'Revert "feat: export"\n\nThis reverts commit {"c" * 40}.', id="unknown-commit"
        ),
    ],
)
def test_a_revert_is_found_by_what_it_names(revert):
    landings = land((FIRST, "feat: export (#1)", 1), (OTHER, revert, 9))

    found = find_reverts(landings)

    assert found.targets == {OTHER: (FIRST,)}
    assert found.reverted_at == {FIRST: day(1)}


@pytest.mark.parametrize(
    "message",
    [
        "revert fees on cancel (#9)",
        "Revert feat: export (#9)",
        'Revert "" (#9)',
        'Revert "feat: exports" (#9)',
        'Rename "feat: export" (#9)',
        f"squash (#9)\n\n* This reverts commit {'c' * 40}.",
        "x (#9)\n\nReverts other/app#1",
        "x (#9)\n\nWe will not say: Reverts acme/app#1",
    ],
)
def test_what_only_sounds_like_a_revert_is_none(message):
    landings = land((FIRST, "feat: export (#1)", 1), (OTHER, message, 9))

    assert find_reverts(landings).targets == {}


def test_only_what_came_earlier_can_be_reverted():
    landings = land((OTHER, f"x\n\nThis reverts commit {FIRST}.", None), (FIRST, "y (#1)", 1))

    assert find_reverts(landings).targets == {}


def test_a_short_id_that_fits_two_commits_fits_none():
    landings = land(
        ("abcdef0" + "1" * 33, "one", None),
        ("abcdef0" + "2" * 33, "two", None),
        (OTHER, "x\n\nThis reverts commit abcdef0.", None),
    )

    assert find_reverts(landings).targets == {}


def test_githubs_branch_names_the_change_where_nothing_else_does():
    revert = mention_in("Undo it (#9)", branch="revert-1-topic")
    landings = [
        *land((FIRST, "feat: export (#1)", 1)),
        Landing(sha=OTHER, at=day(1), subject="Undo it (#9)", number=9, mention=revert),
    ]

    assert find_reverts(landings).targets == {OTHER: (FIRST,)}


@pytest.mark.parametrize(
    ("subject", "quoted"),
    [
        (f"{LONG} (#1)", f"{LONG[:40]}…"),
        (f"{LONG[:60]}…", LONG),
    ],
)
def test_a_subject_cut_off_is_recognized_by_its_beginning(subject, quoted):
    landings = land((FIRST, subject, 1), (OTHER, f'Revert "{quoted}"', None))

    assert find_reverts(landings).targets == {OTHER: (FIRST,)}


def test_a_subject_cut_off_too_early_is_not_guessed():
    landings = land((FIRST, "feat: export", None), (OTHER, 'Revert "feat: e…', None))

    assert find_reverts(landings).targets == {}


def test_one_commit_can_revert_several():
    message = f"x\n\nThis reverts commit {OTHER}.\nThis reverts commit {FIRST}."
    landings = land((FIRST, "one", None), (OTHER, "two", None), ("c" * 40, message, None))

    found = find_reverts(landings)

    assert found.targets == {"c" * 40: (OTHER, FIRST)}
    assert found.first_targets == {OTHER}
    assert found.all_targets == {OTHER, FIRST}


@pytest.mark.parametrize(
    "reland",
    [
        'Revert "Revert "feat: export""',
        'Revert "Revert "feat: export (#1)" (#2)" (#3)',
        f"Bring it back\n\nThis reverts commit {OTHER}.",
        'Reapply "feat: export"',
        'Reland "feat: export (#1)" (#3)',
    ],
)
def test_a_revert_that_is_reverted_re_lands(reland):
    landings = land(
        (FIRST, "feat: export (#1)", 1),
        (OTHER, 'Revert "feat: export (#1)" (#2)', 2),
        ("c" * 40, reland, 3),
    )

    found = find_reverts(landings)

    assert found.all_targets == {FIRST, OTHER}
    assert found.reverted_at == {OTHER: day(2)}
    assert found.restored_at == {FIRST: day(2)}


def test_a_re_land_is_known_by_what_the_revert_took_back_under_another_title():
    landings = land(
        (FIRST, "feat: export (#1)", 1),
        (OTHER, f"Undo it (#2)\n\nThis reverts commit {FIRST}.", 2),
        ("c" * 40, 'Revert "Revert "feat: export"" (#3)', 3),
    )

    assert FIRST not in find_reverts(landings).reverted_at


def test_a_re_land_of_what_was_never_reverted_does_nothing():
    landings = land((FIRST, "feat: export (#1)", 1), (OTHER, 'Reapply "feat: export"', None))

    assert find_reverts(landings).targets == {}


def test_reverting_the_merge_takes_back_what_it_brought():
    [part] = land((FIRST, "a part", None), within=OTHER)
    merge, revert = land(
        (OTHER, "Merge pull request #1 from acme/topic", 1),
        ("c" * 40, f"x\n\nThis reverts commit {OTHER}.", None),
    )

    assert find_reverts([part, merge, revert]).reverted_at == {FIRST: day(1), OTHER: day(1)}


@given(st.integers(min_value=0, max_value=7))
def test_an_even_number_of_reverts_cancels_out(times):
    messages = [(f"{1:040x}", "feat: export", None)]
    for revert in range(2, times + 2):
        body = f"undo\n\nThis reverts commit {revert - 1:040x}."
        messages.append((f"{revert:040x}", body, None))

    found = find_reverts(land(*messages))

    is_gone, is_back = times % 2 == 1, times > 0 and times % 2 == 0
    assert found.reverted_at.get(f"{1:040x}") == (day(times) if is_gone else None)
    assert found.restored_at.get(f"{1:040x}") == (day(times) if is_back else None)


def test_reverting_the_revert_of_a_merge_brings_back_what_it_brought():
    [part] = land((FIRST, "a part", None), within=OTHER)
    merge, revert, again = land(
        (OTHER, "Merge pull request #1 from acme/topic", 1),
        ("c" * 40, f"x\n\nThis reverts commit {OTHER}.", None),
        ("d" * 40, f"y\n\nThis reverts commit {'c' * 40}.", None),
    )

    found = find_reverts([part, merge, revert, again])

    assert found.restored_at == {FIRST: day(2), OTHER: day(2)}


def test_of_two_reverts_one_alone_taken_back_changes_nothing():
    landings = land(
        (FIRST, "one", None),
        ("c" * 40, f"x\n\nThis reverts commit {FIRST}.", None),
        ("d" * 40, f"y\n\nThis reverts commit {FIRST}.", None),
        ("e" * 40, f"z\n\nThis reverts commit {'c' * 40}.", None),
    )

    assert find_reverts(landings).standing_of(FIRST) == Standing(reverted_at=day(2))


@pytest.mark.parametrize(
    ("events", "standing"),
    [
        ([("undo", FIRST), ("undo", OTHER)], Standing(reverted_at=day(3))),
        ([("undo", FIRST), ("undo", OTHER), ("redo", FIRST)], Standing(restored_at=day(4))),
        ([("undo", FIRST), ("redo", FIRST), ("undo", OTHER)], Standing()),
        ([("undo", FIRST), ("redo", FIRST)], Standing()),
    ],
)
def test_a_change_in_parts_is_gone_and_back_as_a_whole(events, standing):
    undone = {}
    messages = [(FIRST, "one", None), (OTHER, "two", None)]
    for at, (kind, part) in enumerate(events, start=2):
        target = part if kind == "undo" else undone[part]
        undone[part] = f"{at:040x}"
        messages.append((undone[part], f"x\n\nThis reverts commit {target}.", None))

    assert find_reverts(land(*messages)).standing_of("f" * 40, [FIRST, OTHER]) == standing


@given(st.text())
def test_any_subject_can_be_read(subject):
    quotation = quotation_in(subject)

    assert quotation is None or quotation.text


def test_a_quotation_keeps_its_numbers():
    assert quotation_in('Revert "feat: x (#5)" (#6)') == Quotation("feat: x (#5)", is_revert=True)
    assert mention_in("feat: x (#5)") is None


def test_thousands_of_nested_quotations_are_harmless():
    nested = 'Revert "' * 120 + "x" + '"' * 120

    assert find_reverts(land((FIRST, "x", None), (OTHER, nested, None))).targets == {}
