"""Every system of record that can be read; one line here turns a source on."""

from __future__ import annotations

from bot.outcomes.asana import AsanaSource
from bot.outcomes.confluence import ConfluenceSource
from bot.outcomes.git import GitSource
from bot.outcomes.github import GitHubSource
from bot.outcomes.gitlab import GitLabSource
from bot.outcomes.jira import JiraSource
from bot.outcomes.linear import LinearSource
from bot.outcomes.salesforce import SalesforceSource
from bot.outcomes.servicenow import ServiceNowSource
from bot.outcomes.zendesk import ZendeskSource
from bot.reading.windowed import WindowedSource

OVER_HTTP: tuple[type[GitHubSource | WindowedSource], ...] = (
    GitHubSource,
    GitLabSource,
    JiraSource,
    LinearSource,
    AsanaSource,
    ZendeskSource,
    ServiceNowSource,
    SalesforceSource,
    ConfluenceSource,
)
SOURCES = (GitSource, *OVER_HTTP)
