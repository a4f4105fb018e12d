"""The providers and systems of record that the settings turn on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.outcomes.git import GitSource
from bot.outcomes.github import GitHubSource
from bot.ports import OutcomeSource, UsageProvider
from bot.providers import PROVIDERS
from bot.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    providers: tuple[UsageProvider, ...]
    outcomes: tuple[OutcomeSource, ...]

    @property
    def titles(self) -> dict[str, str]:
        every: tuple[UsageProvider | OutcomeSource, ...] = (*self.providers, *self.outcomes)
        return {source.name: source.title for source in every}


@asynccontextmanager
async def open_sources(settings: Settings) -> AsyncIterator[Sources]:
    """Whatever has its settings, for as long as it is wanted."""
    async with AsyncExitStack() as stack:
        sources = Sources(providers=_providers(settings), outcomes=_outcomes(settings))
        for provider in sources.providers:
            stack.push_async_callback(provider.close)
        for source in sources.outcomes:
            stack.push_async_callback(source.close)
        yield sources


def _providers(settings: Settings) -> tuple[UsageProvider, ...]:
    given = ((provider, getattr(settings, provider.name)) for provider in PROVIDERS)
    return tuple(provider.from_config(config) for provider, config in given if config is not None)


def _outcomes(settings: Settings) -> tuple[OutcomeSource, ...]:
    on: list[OutcomeSource] = []
    if settings.git is not None:
        on.append(GitSource.from_config(settings.git, cache_dir=settings.data_dir / "git"))
    if settings.github is not None:
        on.append(GitHubSource.from_config(settings.github))
    return tuple(on)
