"""Whose a GitHub account is: what the company's sign-on says, its verified domains, its commits."""

import pytest

from bot import errors
from bot.domain.people import Identity, Proof
from tests.outcomes.github_stand_in import UNTIL, GitHub, recorded, refused, source_at

ADA, BOB, CLEO = "101", "102", "103"


def work(**answers):
    return {"Merged": recorded("page"), "Reviewed": recorded("reviewed"), **answers}


async def identities(known_addresses=None, **answers):
    source = source_at(GitHub(**work(**answers)))
    return (await source.collect(UNTIL, known_addresses=known_addresses)).identities


def verified(email):
    return Identity(email=email, proof=Proof.ADMIN_EMAIL)


def signed_on(email):
    return Identity(email=email, proof=Proof.IDP)


async def test_single_sign_on_comes_before_verified_domains_and_these_before_commits():
    known = await identities(Members=recorded("members"), SignedOn=recorded("signed_on"))

    assert known == {
        ADA: verified("ada.old@example.com"),
        BOB: signed_on("bob@corp.example.com"),
        CLEO: signed_on("cleo@corp.example.com"),
    }


async def test_of_several_verified_addresses_the_one_that_the_directory_knows_is_taken():
    known = await identities(["ada.e@example.com"], Members=recorded("members"))

    assert known[ADA] == verified("ada.e@example.com")


async def test_without_either_the_address_that_github_joined_a_commit_by_is_told():
    assert await identities() == {ADA: verified("ada@example.com")}


@pytest.mark.parametrize(
    "answer",
    [
        refused("FORBIDDEN", path=["organization", "samlIdentityProvider"]),
        refused("INSUFFICIENT_SCOPES"),
        refused("NOT_FOUND", path=["organization"]),
        {"errors": [{"message": "no such field", "extensions": {"code": "undefinedField"}}]},
        {"data": {"organization": None}},
    ],
)
async def test_what_may_not_be_read_is_left_out_and_the_rest_is_told(answer):
    without_sign_on = await identities(Members=recorded("members"), SignedOn=answer)
    without_both = await identities(Members=answer, SignedOn=answer)

    assert without_sign_on[BOB] == verified("bob.e@example.com")
    assert without_both == {ADA: verified("ada@example.com")}


async def test_members_whose_domain_may_not_be_read_are_left_out_one_by_one():
    page = recorded("members")
    page["errors"] = [{"type": "FORBIDDEN", "path": ["organization", "membersWithRole", "nodes"]}]

    assert (await identities(Members=page))[BOB] == verified("bob.e@example.com")


async def test_only_those_whose_work_was_found_are_told():
    known = await identities(Members=recorded("members"))

    assert "104" not in known


async def test_a_limit_is_no_refusal():
    with pytest.raises(errors.SourceRateLimitedError):
        await identities(SignedOn=recorded("rate_limited"))


async def test_of_listed_repositories_the_owners_are_asked():
    answering = GitHub(**work(Members=recorded("members")))
    names = ["acme/app", "acme/site", "ada/notes"]

    await source_at(answering, organization=None, repositories=names).collect(UNTIL)

    asked = [variables["login"] for name, variables in answering.asked if name == "Members"]
    assert asked == ["acme", "ada"]
