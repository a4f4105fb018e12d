"""Every system of record that finished work is read from; to add one, see CONTRIBUTING.md."""

from __future__ import annotations

from bot.outcomes.git import GitSource
from bot.outcomes.github import GitHubSource
from bot.ports import OutcomeSource

SOURCES: tuple[type[OutcomeSource], ...] = (GitSource, GitHubSource)
