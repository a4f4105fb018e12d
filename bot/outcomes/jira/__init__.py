"""Finished work from Jira Cloud's search of tickets."""

from __future__ import annotations

from bot.outcomes.jira.source import Config, JiraSource

__all__ = ["Config", "JiraSource"]
