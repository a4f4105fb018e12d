"""Finished work from GitHub's search of merged pull requests."""

from __future__ import annotations

from bot.outcomes.github.source import Config, GitHubSource

__all__ = ["Config", "GitHubSource"]
