"""What a planned job would cost the person who asks, by the prices of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Protocol

from bot.domain.estimate import Estimate, Job, ModelRates, estimate, model_rates
from bot.domain.job_words import Unread, read_job
from bot.domain.people import Person, PersonId
from bot.domain.unit_rates import UnitRates
from bot.ports import Clock

LATELY = timedelta(weeks=4)


class UsedModels(Protocol):
    """The models that people used."""

    async def models_of(self, person: PersonId, first: date) -> list[str]: ...


class Rates(Protocol):
    """The prices of a model on a day; *large_context* is for requests over 200k tokens."""

    def __call__(
        self, model: str, day: date, *, large_context: bool = False
    ) -> UnitRates | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    used: UsedModels
    standard: Rates
    batch: Rates
    """The rates of *standard* where no price of a batch is known."""
    has_own_prices: bool
    clock: Clock

    async def of(self, person: Person, words: Sequence[str]) -> Estimate | Unread:
        """The job that *words* tell of, with the models that *person* used lately first."""
        job = read_job(words)
        if isinstance(job, Unread):
            return job
        today = self.clock.now().astimezone(UTC).date()
        used = await self.used.models_of(person.id, today - LATELY)

        def rates(model: str) -> ModelRates | None:
            return self._rates(job, model, today)

        return estimate(job, used, rates, day=today, has_own_prices=self.has_own_prices)

    def _rates(self, job: Job, model: str, day: date) -> ModelRates | None:
        return model_rates(
            self.standard(model, day, large_context=job.has_long_requests),
            self.batch(model, day, large_context=job.has_long_requests),
        )
