"""Why the demo does not start, each a sentence that says what to do instead."""

from __future__ import annotations

from pathlib import Path

from bot.errors import SettingsError


class DemoError(SettingsError):
    """The demo cannot be had as it was asked for."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class PortTakenError(DemoError):
    """Somebody else listens there."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} is in use, perhaps by another demo.",
            hint="Choose another with --port, or leave it out: then a free one is taken.",
        )


class PortForbiddenError(DemoError):
    """The system keeps it for others."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"You may not open port {port}.",
            hint="Choose one from 1024 on with --port, or leave it out.",
        )


class FolderError(DemoError):
    """The demo's files cannot be kept there."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"The demo cannot keep its files in {folder}: {reason}.",
            hint="Name a folder that you may write to in TMPDIR.",
        )


class PageLibraryError(DemoError):
    """What draws the page is an extra."""

    def __init__(self) -> None:
        super().__init__(
            "The playground's page needs jinja2:", hint="install requirements-extras.txt"
        )
