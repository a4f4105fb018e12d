"""Upshot: a Slack bot that coaches people and teams in working with AI. Outcomes, not tokens."""
