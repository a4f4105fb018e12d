"""Stand-ins of the systems of record that the company works in."""

from bot.playground.systems.confluence import confluence_app
from bot.playground.systems.jira import jira_app
from bot.playground.systems.zendesk import zendesk_app

__all__ = ["confluence_app", "jira_app", "zendesk_app"]
