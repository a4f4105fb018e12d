"""Whose use it was, as far as Anthropic tells."""

from __future__ import annotations

from bot.domain.usage import ProviderDay
from tests.providers.anthropic.answers import NOTHING, of_analytics, of_reports, the_first


async def use_alone(page: dict) -> ProviderDay:
    return await of_analytics(usage_by_actor=page, cost_by_actor=NOTHING, claude_code=NOTHING)


class TestWho:
    async def test_nobody_is_named_where_the_actor_is_null(self):
        day = await of_analytics()

        assert {r.product for r in day.records if r.account is None} == {"other"}

    async def test_a_member_who_left_keeps_the_address(self):
        page = the_first("usage_by_actor")
        page["data"][0]["group"]["actor"]["deleted"] = True

        day = await use_alone(page)

        assert day.emails == {"user_01Ana": "ana.ruiz@example.com"}

    async def test_a_deleted_account_has_no_address_and_still_its_figures(self):
        page = the_first("usage_by_actor")
        page["data"][0]["group"]["actor"] |= {"email_address": None, "name": None}

        day = await use_alone(page)

        assert (day.emails, [r.account for r in day.records]) == ({}, ["user_01Ana"])

    async def test_a_federated_person_is_named_by_the_subject(self):
        page = the_first("usage_by_actor")
        page["data"][0]["group"]["actor"] = {
            "type": "federated_actor",
            "provider": {"type": "gcp", "project_number": "1"},
            "subject": "user:Dan@example.com",
        }

        day = await use_alone(page)

        assert day.emails == {"gcp:user:Dan@example.com": "dan@example.com"}

    async def test_a_federated_service_is_no_person(self):
        page = the_first("usage_by_actor")
        page["data"][0]["group"]["actor"] = {
            "type": "federated_actor",
            "provider": {"type": "gcp", "project_number": "1"},
            "subject": "serviceAccount:builds@example.com",
        }

        assert (await use_alone(page)).emails == {}

    async def test_two_identities_without_a_subject_are_not_taken_for_one(self):
        page = the_first("usage_by_actor", 2)
        for number, row in enumerate(page["data"]):
            provider = {"type": "azure", "subscription_id": f"subscription-{number}"}
            row["group"] |= {
                "actor": {"type": "federated_actor", "provider": provider, "subject": None},
                "api_key_id": None,
            }

        day = await use_alone(page)

        assert [(r.account, r.tokens.input_uncached) for r in day.records] == [(None, 46230)]

    async def test_a_principal_comes_before_whoever_created_the_key(self):
        page = the_first("api_keys")

        day = await of_reports(api_keys=page)

        assert "user_02Ben" in {record.account for record in day.records}

    async def test_whoever_created_a_key_owns_it_where_no_principal_is_named(self):
        page = the_first("api_keys")
        page["data"][0]["principal"] = None

        day = await of_reports(api_keys=page)

        assert "user_02Ben" not in {record.account for record in day.records}


class TestWhatIsNew:
    async def test_products_models_and_kinds_of_cost_pass_and_are_kept_apart(self):
        used, charged = the_first("usage_by_actor"), the_first("cost_by_actor")
        used["data"][0]["group"] |= {"product": "claude_on_mars", "model": "claude-nova-9"}
        charged["data"][0]["group"]["cost_type"] = "robot_minutes"

        day = await of_analytics(usage_by_actor=used, cost_by_actor=charged)

        assert [(r.product, r.model, r.cost_type) for r in day.records] == [
            ("claude_code", "claude-sonnet-5", "robot_minutes"),
            ("claude_on_mars", "claude-nova-9", "tokens"),
        ]
