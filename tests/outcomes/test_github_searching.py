import re
from datetime import datetime, timedelta

import httpx
import pytest

from bot import errors
from tests.outcomes.github_stand_in import (
    UNTIL,
    GitHub,
    collected,
    found,
    recorded,
    refused,
    repositories,
    source_at,
)


def pull_request(number, merged_at):
    one = recorded("page")["data"]["search"]["nodes"][0]
    return {**one, "number": number, "mergedAt": merged_at.isoformat(), "mergeCommit": None}


class Archive:
    """A search that honours windows, pages of 50 and the limit of 1,000 results."""

    def __init__(self, merged_at):
        self.merged_at = sorted(merged_at)

    def __call__(self, variables):
        start, end = (
            datetime.fromisoformat(at)
            for at in re.search(r"merged:(\S+?)\.\.(\S+)", variables["search"]).groups()
        )
        within = [(n, at) for n, at in enumerate(self.merged_at, 1) if start <= at <= end]
        first = int(variables["cursor"] or 0)
        shown = within[first : min(first + 50, 1000)]
        following = first + len(shown)
        search = {
            "issueCount": len(within),
            "pageInfo": {
                "hasNextPage": following < min(len(within), 1000),
                "endCursor": str(following),
            },
            "nodes": [pull_request(n, at) for n, at in shown],
        }
        return {"data": {"search": search}}


def archive(merged_at):
    return GitHub(Merged=Archive(merged_at))


class TestSearching:
    async def test_pages_are_followed_to_the_last(self):
        answering = archive([UNTIL - timedelta(hours=n) for n in range(1, 121)])

        batch = await source_at(answering).collect(UNTIL)

        assert len(batch.outcomes) == 120
        assert len(answering.searches()) == 3
        assert answering.searches()[0] == (
            "org:acme is:pr is:merged merged:2026-09-01T00:00:00Z..2026-09-30T23:59:59Z "
            "sort:created-asc"
        )

    async def test_reviews_are_looked_for_wherever_something_changed(self):
        answering = GitHub()

        await source_at(answering).collect(UNTIL)

        assert answering.searches("Reviewed") == [
            "org:acme is:pr updated:2026-09-01T00:00:00Z..2026-09-30T23:59:59Z sort:created-asc"
        ]

    async def test_a_window_with_too_many_is_halved_until_nothing_is_lost(self):
        answering = archive([UNTIL - timedelta(minutes=n) for n in range(1, 2501)])

        batch = await source_at(answering, history_days=4).collect(UNTIL)

        assert len(batch.outcomes) == 2500
        assert len({search.split()[3] for search in answering.searches()}) > 4

    async def test_a_minute_with_too_many_is_an_error_that_says_what_to_do(self):
        answering = archive([UNTIL - timedelta(seconds=30)] * 1000)

        with pytest.raises(errors.SourceResponseError, match="name repositories"):
            await source_at(answering).collect(UNTIL)

    async def test_the_last_days_are_read_again(self):
        answering = archive([])

        await source_at(answering, repull_days=3).collect(UNTIL, since=UNTIL - timedelta(days=1))

        assert "merged:2026-09-27T00:00:00Z..2026-09-30T23:59:59Z" in answering.searches()[0]

    async def test_a_result_that_may_not_be_seen_is_passed_over(self):
        page = recorded("page")
        page["data"]["search"]["nodes"][0] = None
        page["errors"] = [{"type": "FORBIDDEN", "path": ["search", "nodes", 0]}]

        batch = await source_at(GitHub(Merged=page)).collect(UNTIL)

        assert batch.report["merged_changes"] == 5

    async def test_a_review_that_moved_on_while_it_was_read_waits_for_the_next_night(self):
        page = recorded("reviewed")
        page["data"]["search"]["issueCount"] = 9

        assert len(await collected(Reviewed=page)) == 3


class TestRepositories:
    async def test_all_of_an_organization_are_told_though_nothing_happened_in_them(self):
        answering = GitHub(Repositories=repositories("acme/app", "acme/site"))

        batch = await source_at(answering).collect(UNTIL)

        assert batch.readable == {"acme/app", "acme/site"}

    async def test_pages_of_them_are_followed(self):
        def listed(variables):
            page = repositories("acme/site" if variables["cursor"] else "acme/app")
            if not variables["cursor"]:
                connection = page["data"]["organization"]["repositories"]
                connection["pageInfo"] = {"hasNextPage": True, "endCursor": "c1"}
            return page

        batch = await source_at(GitHub(Repositories=listed)).collect(UNTIL)

        assert batch.readable == {"acme/app", "acme/site"}

    async def test_they_are_searched_some_at_a_time_and_each_once(self):
        answering = archive([UNTIL - timedelta(days=1)])
        names = [f"acme/app{n}" for n in range(25)]

        source = source_at(answering, organization=None, repositories=[*names, *names])
        batch = await source.collect(UNTIL)

        assert [search.count("repo:") for search in answering.searches()] == [20, 5]
        assert len(batch.outcomes) == 1

    async def test_more_than_a_search_covers_are_searched_by_name(self):
        many = repositories(*(f"acme/app{n}" for n in range(4001)))
        answering = GitHub(Repositories=many)

        await source_at(answering).collect(UNTIL)

        searches = answering.searches()
        assert sum(search.count("repo:") for search in searches) == 4001
        assert not [search for search in searches if "org:" in search]

    @pytest.mark.parametrize("kind", ["FORBIDDEN", "NOT_FOUND"])
    async def test_one_that_may_not_be_read_does_not_stop_the_others(self, kind):
        def repository(variables):
            if variables["name"] == "closed":
                return refused(kind, path=["repository"])
            return {"data": {"repository": {"nameWithOwner": "Acme/App"}}}

        answering = GitHub(Repository=repository, Merged=recorded("page"))
        source = source_at(answering, organization=None, repositories=["acme/app", "acme/closed"])
        batch = await source.collect(UNTIL)

        assert batch.readable == {"Acme/App"}
        assert len(batch.outcomes) == 5
        assert answering.searches()[0].startswith("repo:Acme/App is:pr")

    async def test_none_that_may_be_read_is_a_refusal_that_says_what_is_missing(self):
        nothing = GitHub(Repository={"data": {"repository": None}})

        with pytest.raises(errors.SourceForbiddenError, match="needs Metadata"):
            await source_at(nothing, organization=None, repositories=["a/b"]).collect(UNTIL)
        with pytest.raises(errors.SourceForbiddenError, match="needs Metadata"):
            await source_at(GitHub(Repositories=repositories())).collect(UNTIL)

    async def test_an_organization_that_is_not_there_is_not_found(self):
        gone = GitHub(Repositories={"data": {"organization": None}})

        with pytest.raises(errors.SourceNotFoundError, match="organization"):
            await source_at(gone).collect(UNTIL)

    async def test_results_that_are_all_hidden_are_a_refusal(self):
        page = found(None, None)
        page["errors"] = [{"type": "FORBIDDEN", "path": ["search", "nodes", n]} for n in (0, 1)]

        with pytest.raises(errors.SourceForbiddenError, match="Contents"):
            await source_at(GitHub(Merged=page)).collect(UNTIL)


class TestRefusals:
    @pytest.mark.parametrize("cursor", ["c1", None])
    @pytest.mark.parametrize("operation", ["Merged", "Reviewed"])
    async def test_paging_that_goes_round_in_circles_ends(self, operation, cursor):
        page = recorded("page" if operation == "Merged" else "reviewed")
        page["data"]["search"]["pageInfo"] = {"hasNextPage": True, "endCursor": cursor}

        with pytest.raises(errors.SourceResponseError, match="circles"):
            await source_at(GitHub(**{operation: page})).collect(UNTIL)

    async def test_so_does_paging_through_repositories(self):
        page = repositories("acme/app")
        connection = page["data"]["organization"]["repositories"]
        connection["pageInfo"] = {"hasNextPage": True, "endCursor": "c1"}

        with pytest.raises(errors.SourceResponseError, match="circles"):
            await source_at(GitHub(Repositories=page)).collect(UNTIL)

    async def test_results_left_out_are_noticed(self):
        page = recorded("page")
        page["data"]["search"]["issueCount"] = 8

        with pytest.raises(errors.SourceResponseError, match="left results out"):
            await source_at(GitHub(Merged=page)).collect(UNTIL)

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            (recorded("rate_limited"), errors.SourceRateLimitedError),
            (recorded("forbidden"), errors.SourceForbiddenError),
            (refused("INSUFFICIENT_SCOPES"), errors.SourceForbiddenError),
            (refused("NOT_FOUND"), errors.SourceNotFoundError),
            ({"errors": [{"message": "Something went wrong"}]}, errors.SourceResponseError),
            (
                {"errors": [{"message": "no", "extensions": {"code": "undefinedField"}}]},
                errors.SourceRefusedError,
            ),
            ({"data": None}, errors.SourceResponseError),
            ({"data": {"search": None}}, errors.SourceResponseError),
            ({"data": {"search": {}}}, errors.SourceResponseError),
        ],
    )
    async def test_errors_are_told_apart_and_never_quoted(self, answer, kind):
        with pytest.raises(kind) as raised:
            await source_at(GitHub(Merged=answer)).collect(UNTIL)

        assert "Resource" not in str(raised.value)
        assert "went wrong" not in str(raised.value)

    @pytest.mark.parametrize(
        ("status", "kind"),
        [
            (401, errors.SourceUnauthorizedError),
            (403, errors.SourceForbiddenError),
            (429, errors.SourceRateLimitedError),
            (502, errors.SourceUnavailableError),
        ],
    )
    async def test_statuses_are_told_apart(self, status, kind):
        with pytest.raises(kind):
            await source_at(lambda _: httpx.Response(status)).collect(UNTIL)
