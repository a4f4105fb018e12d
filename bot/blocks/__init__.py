"""Everything Upshot says in Slack: values in, messages out. Pure functions, no I/O."""
