"""Measures how fast Upshot is, as ratios to the raw path of the same run."""
