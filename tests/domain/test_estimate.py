from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.estimate import (
    CURRENT_MODELS,
    EXTENTS,
    MOST_MODELS,
    MOST_TOKENS,
    Estimate,
    Job,
    ModelRates,
    Size,
    Thing,
    asked_for,
    cost_of,
    estimate,
    model_rates,
    plain_name,
)
from bot.domain.unit_rates import UnitRates
from bot.pricing import usual_batch_rates, usual_rates

DAY = date(2026, 11, 19)
MILLION = Decimal(1_000_000)


def make_rates(
    given: str = "2", read: str = "0.2", written: str = "2.5", output: str = "10"
) -> UnitRates:
    """By the million tokens."""
    return UnitRates(
        input_uncached=Decimal(given) / MILLION,
        cache_read=Decimal(read) / MILLION,
        cache_write_5m=Decimal(written) / MILLION,
        cache_write_1h=Decimal(written) / MILLION,
        output=Decimal(output) / MILLION,
    )


HALF = make_rates("1", "0.1", "1.25", "5")
SONNET = ModelRates(standard=make_rates(), batch=HALF)


def make_job(given: int = 2_000_000, output: int = 300_000, **changes) -> Job:
    return Job(**{"input": given, "output": output} | changes)


def rates_of_the_list(model: str) -> ModelRates | None:
    return model_rates(usual_rates(model, DAY), usual_batch_rates(model, DAY))


def estimated(job: Job, *used: str, rates=lambda _: SONNET) -> Estimate:
    return estimate(job, used, rates, day=DAY, has_own_prices=False)


class TestACost:
    def test_of_a_model_is_that_of_the_price_list_by_hand(self):
        """Sonnet 5: $2 a million in, $10 out; in a batch half; $0.20 read, $2.50 written."""
        cost = cost_of(make_job(), "claude-sonnet-5", rates_of_the_list("claude-sonnet-5"))

        assert cost.standard == 2 * 2 + Decimal("0.3") * 10
        assert cost.batch == cost.standard / 2
        assert cost.cached == (
            Decimal("1.8") * Decimal("0.2") + Decimal("0.2") * Decimal("2.5") + 3
        )

    def test_is_of_all_requests_together(self):
        each = cost_of(make_job(4_000, 1_000), "m", SONNET)
        all_of_them = cost_of(make_job(4_000, 1_000, times=500), "m", SONNET)

        assert all_of_them.standard == 500 * each.standard

    def test_takes_the_share_of_the_cache_that_was_said(self):
        half = cost_of(make_job(1_000_000, 0, cached_share=Decimal("0.5")), "m", SONNET)
        a_tenth = cost_of(make_job(1_000_000, 0, cached_share=Decimal("0.1")), "m", SONNET)

        assert half.cached == Decimal("0.1") + Decimal("1.25")
        assert a_tenth.cached == Decimal("0.02") + Decimal("0.25") + Decimal("1.6")

    def test_from_a_cache_is_not_known_where_it_costs_what_input_does(self):
        rates = ModelRates(standard=make_rates(read="2"), batch=None)

        assert cost_of(make_job(), "m", rates).cached is None

    def test_in_a_batch_is_not_known_where_no_price_is(self):
        assert model_rates(make_rates(), make_rates()).batch is None
        assert cost_of(make_job(), "m", model_rates(make_rates(), make_rates())).batch is None

    def test_in_a_batch_is_not_known_where_only_that_of_the_list_is_beside_own_prices(self):
        own = ModelRates(standard=make_rates("0.5", "0.05", "0.6", "2"), batch=HALF)

        assert cost_of(make_job(), "m", own).batch is None

    def test_is_not_known_without_prices(self):
        assert model_rates(None, HALF) is None


prices = st.decimals(min_value=0, max_value=1_000, places=4)
sizes = st.integers(min_value=0, max_value=MOST_TOKENS // 2)
shares = st.none() | st.decimals(min_value=0, max_value=1, places=3)


@given(sizes, sizes, shares, prices, prices, prices, prices, prices)
def test_a_batch_is_never_dearer_and_every_cost_a_finite_sum(
    given_in, output, share, standard, batch, read, written, out
):
    job = make_job(given_in, output, cached_share=share)
    rates = ModelRates(
        standard=make_rates(str(standard), str(read), str(written), str(out)),
        batch=make_rates(str(batch), str(read), str(written), str(out)),
    )

    cost = cost_of(job, "m", rates)

    assert cost.batch is None or cost.batch <= cost.standard
    assert all(c is None or (c.is_finite() and c >= 0) for c in (cost.standard, cost.cached))
    tokens = job.cached
    assert tokens.input_uncached + tokens.cache_read + tokens.cache_write == given_in
    assert 0 <= tokens.cache_write <= tokens.cache_read


class TestTheModels:
    def test_are_those_used_lately_and_then_current_ones(self):
        told = estimated(make_job(), "gpt-5-mini", "Claude Sonnet 5", "claude-sonnet-5")

        names = [cost.model for cost in told.costs]
        assert names == ["gpt-5-mini", "claude-sonnet-5", *CURRENT_MODELS[: MOST_MODELS - 2]]
        assert told.used == 2

    def test_are_each_told_once(self):
        told = estimated(make_job(), CURRENT_MODELS[3])

        assert sorted(cost.model for cost in told.costs) == sorted(CURRENT_MODELS)
        assert told.costs[0].model == CURRENT_MODELS[3]

    def test_without_a_known_price_are_named_and_cost_nothing_made_up(self):
        told = estimated(make_job(), "composer-9", "gpt-5-mini", rates=rates_of_the_list)

        assert told.unpriced == ("composer-9",)
        assert (told.costs[0].model, told.used) == ("gpt-5-mini", 1)

    def test_that_were_asked_for_are_the_only_ones(self):
        told = estimated(make_job(models=("gpt-9", "o3")), "gpt-5", rates=rates_of_the_list)

        assert [cost.model for cost in told.costs] == ["o3"]
        assert (told.unpriced, told.used) == (("gpt-9",), 0)

    def test_may_be_asked_for_by_a_part_of_their_names(self):
        names = asked_for(["opus"], ["claude-opus-5", "gpt-5"], rates_of_the_list)

        assert names == ["claude-opus-5", "claude-opus-5-5"]

    def test_asked_for_by_a_whole_name_are_no_part_of_another(self):
        assert asked_for(["gpt-5"], ["gpt-5-mini"], rates_of_the_list) == ["gpt-5"]

    @pytest.mark.parametrize("model", CURRENT_MODELS)
    def test_that_are_proposed_have_a_price(self, model):
        assert rates_of_the_list(model) is not None

    @pytest.mark.parametrize(
        ("model", "plain"),
        [("Claude Sonnet 5", "claude-sonnet-5"), (" GPT-6 Astra", "gpt-6-astra")],
    )
    def test_are_called_as_their_makers_do(self, model, plain):
        assert plain_name(model) == plain


class TestAJob:
    def test_of_long_requests_is_one_whose_requests_are_known_to_be_long(self):
        assert make_job(200_001, times=3).has_long_requests
        assert not make_job(200_000, times=3).has_long_requests
        assert not make_job(200_001).has_long_requests
        assert not make_job(
            200_001, times=3, described=(Thing.CHANGE, Size.SMALL)
        ).has_long_requests

    @pytest.mark.parametrize("thing", Thing)
    def test_that_is_described_grows_with_its_size(self, thing):
        extents = [EXTENTS[thing, size] for size in Size]

        assert [e.input for e in extents] == sorted({e.input for e in extents})
        assert [e.output for e in extents] == sorted({e.output for e in extents})
