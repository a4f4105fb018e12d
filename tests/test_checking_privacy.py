"""What ``upshot check`` says of agreements, of teams' channels and of what is set up weakly."""

from __future__ import annotations

from datetime import date

from bot.checking import in_force, silent_teams
from bot.domain.agreement import Agreement
from bot.domain.teams import ChannelProblem
from bot.settings import Settings
from bot.weaknesses import NO_DOMAINS, ONE_MACHINE_ONLY, of_settings
from tests.factories import make_team

OUTSIDE = "postgresql://upshot@db.example.com/upshot"


def test_an_agreement_is_told_with_all_that_it_fixes_and_its_whole_fingerprint():
    agreement = Agreement(
        title="Works agreement",
        signed_on=date(2026, 11, 2),
        bounds={"minimum_group_size": 8, "strict_mode": 1},
        sha256="ab" * 32,
    )

    said = in_force(agreement)

    assert said.startswith(f"Works agreement, 2026-11-02, sha256 {'ab' * 32}: ")
    assert "minimum_group_size at least 8" in said
    assert "strict_mode on" in said


def test_that_nothing_is_fixed_is_told_too():
    assert "no setting is fixed" in in_force(None)


def test_teams_whose_channel_is_closed_to_us_are_named_all_in_one():
    teams = [
        make_team("A", channel_problem=ChannelProblem.GONE),
        make_team("B"),
        make_team("C", channel_problem=ChannelProblem.SHARED),
    ]

    [found] = silent_teams(teams)

    assert not found.is_fine
    assert "A and C" in found.said
    assert "B" not in found.said


def test_of_channels_that_are_all_open_nothing_is_said():
    assert list(silent_teams([make_team()])) == []


def test_a_company_without_domains_is_weaker(empty_folder):
    assert of_settings(Settings()) == (NO_DOMAINS,)
    assert of_settings(Settings(claimed_domains=("example.com",))) == ()


def test_several_machines_need_one_secret(empty_folder):
    own = Settings(claimed_domains=("example.com",), database_url=OUTSIDE)
    shared = own.model_copy(update={"secret": "of all machines, 30 characters"})

    assert of_settings(own) == (ONE_MACHINE_ONLY,)
    assert of_settings(shared) == ()
