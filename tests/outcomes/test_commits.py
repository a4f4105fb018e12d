import pytest

from bot.domain.commits import (
    LONGEST_LINE,
    Signature,
    change_number,
    coauthors_of,
    merged_branch,
    read_signature,
    subject_of,
)

ADA = Signature("Ada Example", "ada@example.com")


@pytest.mark.parametrize(
    ("message", "number"),
    [
        ("feat: x (#12)", 12),
        ("feat: x (#12)  \n\nbody (#13)", 12),
        ("fix: x (#1) (#2)", 2),
        ("Merge pull request #30 from acme/topic\n\nfeat: x", 30),
        ("Merge branch 'topic' into 'main'\n\nx\n\nSee merge request acme/app!77", 77),
        ("feat: x, see (#12) for more", None),
        ('Revert "feat: x (#12)"', None),
        ("", None),
    ],
)
def test_a_change_has_the_number_that_its_forge_wrote(message, number):
    assert change_number(message) == number


@pytest.mark.parametrize(
    ("message", "branch"),
    [
        ("Merge pull request #30 from acme/copilot/fix-it", "copilot/fix-it"),
        ("Merge branch 'codex/topic' into 'main'", "codex/topic"),
        ("Merge branch 'main'", None),
        ("feat: x (#12)", None),
    ],
)
def test_a_merge_names_its_branch(message, branch):
    assert merged_branch(message) == branch


def test_co_authors_count_once_and_anywhere_in_the_message():
    message = (
        "x (#1)\n\n* one\n\nCo-authored-by: Ada Example <ADA@example.com>\n\n* two\r\n"
        "  co-AUTHORED-by:Ada Example <ada@example.com>  \n"
    )

    assert coauthors_of(message) == (ADA,)


@pytest.mark.parametrize(
    "text",
    [
        "Ada",
        "Ada <ada@example.com",
        "Ada ada@example.com>",
        "Ada <ada>",
        "Ada <a@example.com> and more",
        "Ada <a@example.com b@example.com>",
        "Ada <<a@example.com>>",
        "",
    ],
)
def test_what_is_no_signature_is_nobody(text):
    assert read_signature(text) is None


def test_a_line_too_long_to_be_a_trailer_is_not_read():
    name = "a" * LONGEST_LINE

    assert coauthors_of(f"x\n\nCo-authored-by: {name} <ada@example.com>") == ()
    assert len(subject_of(name * 2)) == LONGEST_LINE
