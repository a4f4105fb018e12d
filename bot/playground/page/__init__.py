"""The web page of the playground: be anybody of a made-up company, and use the real bot."""

from __future__ import annotations

from bot.playground.page.app import make_page
from bot.playground.page.serving import serve_page

__all__ = ["make_page", "serve_page"]
