"""The providers and systems of record that the settings turn on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot import pricing
from bot.domain.usage import ProviderDay
from bot.http import Retry
from bot.outcomes import OVER_HTTP, SOURCES
from bot.outcomes.git import GitSource
from bot.ports import OutcomeSource, UsageProvider
from bot.price_list import read_prices
from bot.providers import PROVIDERS, focus
from bot.providers.focus import Config as FocusConfig
from bot.settings import Settings

CHUNK_BYTES = 1 << 20
NAMES = tuple(source.name for source in (*PROVIDERS, *SOURCES))
"""Of all that can be turned on, as its settings are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    providers: tuple[UsageProvider, ...]
    outcomes: tuple[OutcomeSource, ...]

    @property
    def titles(self) -> dict[str, str]:
        every: tuple[UsageProvider | OutcomeSource, ...] = (*self.providers, *self.outcomes)
        return {source.name: source.title for source in every}


@asynccontextmanager
async def open_sources(settings: Settings, retry: Retry | None = None) -> AsyncIterator[Sources]:
    """Whatever has its settings, for as long as it is wanted."""
    pricing.prefer(
        read_prices(settings.prices_file) if settings.prices_file else pricing.no_own_prices
    )
    async with AsyncExitStack() as stack:
        sources = Sources(
            providers=_providers(settings, retry), outcomes=_outcomes(settings, retry)
        )
        for provider in sources.providers:
            stack.push_async_callback(provider.close)
        for source in sources.outcomes:
            stack.push_async_callback(source.close)
        yield sources


def _providers(settings: Settings, retry: Retry | None) -> tuple[UsageProvider, ...]:
    given = ((provider, getattr(settings, provider.name)) for provider in PROVIDERS)
    return tuple(
        provider.from_config(config, retry=retry)
        for provider, config in given
        if config is not None
    )


def _outcomes(settings: Settings, retry: Retry | None) -> tuple[OutcomeSource, ...]:
    on: list[OutcomeSource] = []
    if settings.git is not None:
        on.append(GitSource.from_config(settings.git, cache_dir=settings.data_dir / "git"))
    given = ((source, getattr(settings, source.name)) for source in OVER_HTTP)
    on += [
        source.from_config(config, retry=retry) for source, config in given if config is not None
    ]
    return tuple(on)


def focus_days(path: Path, config: FocusConfig | None) -> Iterator[ProviderDay]:
    """Each day that a FOCUS file tells of, read as the settings say; raises ``SourceError``."""
    settled = config or FocusConfig(location=str(path))
    with path.open("rb") as file:
        yield from focus.parse_file(
            iter(partial(file.read, CHUNK_BYTES), b""),
            path.name,
            person_tag=settled.person_tag,
            every_category=settled.every_category,
        )
