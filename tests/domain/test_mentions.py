"""The names of work: one in every system that tells of it."""

from __future__ import annotations

import pytest

from bot.domain.mentions import change_name, commit_name, name_of_link, ticket_name, tickets_in


class TestTicketsInATitle:
    @pytest.mark.parametrize(
        ("title", "keys"),
        [
            ("OPS-12: rotate the keys", {"OPS-12"}),
            ("Rotate the keys (OPS-12, WEB2-3)", {"OPS-12", "WEB2-3"}),
            ("[OPS-012] rotate", {"OPS-12"}),
            ("ops-12 in small letters may be anything", set()),
            ("gpt-5 and sonnet-4", set()),
            ("x.OPS-12 and OPS-12-draft", set()),
            ("A-1 has too short a project", set()),
            (None, set()),
        ],
    )
    def test_stand_in_capitals(self, title, keys):
        assert tickets_in(title) == {ticket_name(key) for key in keys}

    @pytest.mark.parametrize("branch", ["ops-12", "feature/OPS-12-rotate", "ada/ops-12_keys"])
    def test_stand_in_branches_in_any_case(self, branch):
        assert tickets_in("Rotate the keys", branch=branch) == {"ticket:OPS-12"}

    def test_of_branches_that_mean_something_else_come_to_a_name_at_most(self):
        assert tickets_in("", branch="release/v1.2.3") == set()


class TestLinks:
    @pytest.mark.parametrize(
        ("url", "name"),
        [
            ("https://github.com/Acme/App/pull/12", change_name("github", "acme/app", 12)),
            ("https://github.com/acme/app/issues/7#top", change_name("github", "acme/app", 7)),
            (
                "https://gitlab.example.com/acme/tools/app/-/merge_requests/3",
                change_name("gitlab", "acme/tools/app", 3),
            ),
            ("https://acme.atlassian.net/browse/OPS-12", ticket_name("OPS-12")),
            ("https://linear.app/acme/issue/ENG-4/rotate-keys", ticket_name("eng-4")),
            ("https://example.com/a/page", None),
            ("javascript:alert(1)", None),
            (None, None),
        ],
    )
    def test_name_the_work_that_they_lead_to(self, url, name):
        assert name_of_link(url) == name


def test_names_do_not_depend_on_case():
    assert commit_name("ABC1234") == commit_name("abc1234")
    assert change_name("github", "Acme/App", 1) == change_name("github", "acme/app", 1)
    assert ticket_name("ops-1") == ticket_name("OPS-1")
