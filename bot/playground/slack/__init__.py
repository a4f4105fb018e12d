"""A stand-in of Slack as far as Upshot uses it: Web API, response URLs, events, Socket Mode."""
