"""Every system of record that can be read; one line here turns a source on."""

from __future__ import annotations

from bot.outcomes.git import GitSource
from bot.outcomes.github import GitHubSource

SOURCES = (GitSource, GitHubSource)
