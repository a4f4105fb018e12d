"""``python -m bot`` is ``upshot``."""

from __future__ import annotations

from bot.cli import main

main()
