"""What takes a pull request back: others, and commits that no pull request brought."""

from datetime import UTC, datetime

from tests.outcomes.github_stand_in import collected, found, landed, recorded, refused

ONE, TWO, PUSHED, AGAIN = ("1" * 40, "2" * 40, "d" * 40, "e" * 40)
FIRST_PART, SECOND_PART = "a" * 40, "b" * 40


def on(day):
    return datetime(2026, 9, day, 10, tzinfo=UTC)


def pull_request(number, **changes):
    nodes = recorded("page")["data"]["search"]["nodes"]
    return {**next(node for node in nodes if node["number"] == number), **changes}


EXPORT = (ONE, "feat: export (#1)", on(1))
UNDONE = (PUSHED, f"Undo it\n\nThis reverts commit {ONE}.", on(4))
BACK = (AGAIN, f"Bring it back\n\nThis reverts commit {PUSHED}.", on(6))


async def test_a_commit_pushed_past_pull_requests_takes_one_back():
    outcomes = await collected(Merged=found(pull_request(1)), Landed=landed(UNDONE, EXPORT))

    assert outcomes["acme/app#1"].reverted_at == on(4)


async def test_one_that_was_taken_back_and_landed_again_stands_since_then():
    branch = landed(BACK, UNDONE, EXPORT)
    outcome = (await collected(Merged=found(pull_request(1)), Landed=branch))["acme/app#1"]

    assert outcome.reverted_at is None
    assert outcome.restored_at == outcome.stands_since == on(6)


async def test_pull_requests_are_enough_where_commits_may_not_be_read():
    outcomes = await collected(
        Merged=found(pull_request(1), pull_request(5)), Landed=refused(path=["repository"])
    )

    assert outcomes["acme/app#1"].reverted_at == on(5)


async def test_a_revert_in_another_repository_of_the_same_number_is_none():
    elsewhere = {"nameWithOwner": "acme/site", "defaultBranchRef": {"name": "main"}}
    undo = pull_request(5, repository=elsewhere, headRefName="topic")

    outcomes = await collected(Merged=found(pull_request(1), undo))

    assert outcomes["acme/app#1"].reverted_at is None


def merged_in_two_parts(**changes):
    merge = pull_request(1, **changes)
    merge["mergeCommit"]["parents"] = {"totalCount": 2}
    return merge


PARTS = (
    (ONE, "Merge pull request #1 from acme/topic", on(1)),
    (SECOND_PART, "two", on(1)),
    (FIRST_PART, "one", on(1)),
)


def undo(part, day):
    return (f"{day:040x}", f"Undo\n\nThis reverts commit {part}.", on(day))


async def test_a_merged_one_is_gone_when_all_that_it_brought_in_is():
    half = landed(undo(FIRST_PART, 4), *PARTS)
    whole = landed(undo(SECOND_PART, 5), undo(FIRST_PART, 4), *PARTS)
    merge = found(merged_in_two_parts())

    assert (await collected(Merged=merge, Landed=half))["acme/app#1"].reverted_at is None
    assert (await collected(Merged=merge, Landed=whole))["acme/app#1"].reverted_at == on(5)


async def test_nothing_is_said_of_parts_that_were_not_all_shown():
    merge = merged_in_two_parts()
    merge["commits"]["totalCount"] = 51
    whole = landed(undo(SECOND_PART, 5), undo(FIRST_PART, 4), *PARTS)

    assert (await collected(Merged=found(merge), Landed=whole))["acme/app#1"].reverted_at is None


async def test_an_empty_repository_has_no_branch():
    nothing = {"data": {"repository": {"defaultBranchRef": None}}}

    outcomes = await collected(Merged=found(pull_request(1)), Landed=nothing)

    assert outcomes["acme/app#1"].reverted_at is None
