"""Somebody who tries: attacks on what is released of teams, by us and by naive rules."""
