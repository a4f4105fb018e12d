"""A local Slack and local providers to try Upshot in. Only the CLI and the tests know it."""
