"""Finished work on GitLab: merged merge requests."""

from __future__ import annotations

from bot.outcomes.gitlab.source import Config, GitLabSource

__all__ = ["Config", "GitLabSource"]
