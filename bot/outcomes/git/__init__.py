"""Finished work from git itself: any clone, bare repository or address."""

from __future__ import annotations

from bot.outcomes.git.source import Config, GitSource

__all__ = ["Config", "GitSource"]
