"""Keeping things. Rows never leave this package: stores speak domain values."""
