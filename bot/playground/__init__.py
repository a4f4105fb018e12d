"""A local Slack and local providers to try Upshot in. Only the command line and the tests know it."""
