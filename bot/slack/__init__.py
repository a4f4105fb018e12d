"""Slack's Web API: posting, looking for what was posted, and who is in the workspace."""
