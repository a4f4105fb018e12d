"""The page's templates, with everything that is put into them escaped."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from bot.playground import rendering

STYLES = ("page.css", "place.css", "talk.css", "requests.css", "start.css", "narrow.css")
"""In this order; the messages' own come after."""
_HERE = Path(__file__).parent
_KINDS = {".css": "text/css", ".js": "text/javascript"}


@cache
def assets() -> dict[str, tuple[str, bytes]]:
    """Style and script by name, with their media type."""
    folders = (_HERE / "static", Path(rendering.__file__).parent / "static")
    return {
        path.name: (_KINDS[path.suffix], path.read_bytes())
        for folder in folders
        for path in sorted(folder.iterdir())
        if path.suffix in _KINDS
    }


def html(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    return HTMLResponse(_environment().get_template(template).render(values), status)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    others = [name for name in assets() if name.endswith(".css") and name not in STYLES]
    environment.globals["styles"] = [*STYLES, *others]
    content = b"".join(content for _, content in assets().values())
    environment.globals["version"] = sha256(content).hexdigest()[:8]
    return environment
