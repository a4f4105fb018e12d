"""Finished work from Salesforce's cases, opportunities and knowledge articles."""

from __future__ import annotations

from bot.outcomes.salesforce.source import Config, SalesforceSource

__all__ = ["Config", "SalesforceSource"]
