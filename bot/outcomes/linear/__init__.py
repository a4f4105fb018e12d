"""Finished work from Linear's GraphQL."""

from __future__ import annotations

from bot.outcomes.linear.source import Config, LinearSource

__all__ = ["Config", "LinearSource"]
