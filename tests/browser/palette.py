"""Makes a screenshot small: the same picture in 256 colours, which are plenty for text."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator, Sequence

from playwright.async_api import Page

SIGNATURE = b"\x89PNG\r\n\x1a\n"
BITS, OF_A_PALETTE = 8, 3

_REDUCED = """async png => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const {width, height} = image;
    const drawing = new OffscreenCanvas(width, height).getContext("2d");
    drawing.drawImage(image, 0, 0);
    const pixels = new Uint32Array(drawing.getImageData(0, 0, width, height).data.buffer);
    const counts = new Map();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    const often = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a));
    const parts = colour => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
    const palette = often.slice(0, 256).map(parts);
    const away = (one, other) => one.reduce((sum, part, at) => sum + (part - other[at]) ** 2, 0);
    const nearest = new Map(often.map(colour => {
        const distances = palette.map(other => away(parts(colour), other));
        return [colour, distances.indexOf(Math.min(...distances))];
    }));
    const letters = Array.from(pixels, pixel => String.fromCharCode(nearest.get(pixel)));
    return {width, height, palette: palette.flat(), chosen: btoa(letters.join(""))};
}"""


async def in_few_colours(blank: Page, png: bytes) -> bytes:
    """*png* reduced by the browser itself, in a page on which there is nothing."""
    reduced = await blank.evaluate(_REDUCED, base64.b64encode(png).decode())
    chosen = base64.b64decode(reduced["chosen"])
    return _png(reduced["width"], reduced["height"], reduced["palette"], chosen)


def _png(width: int, height: int, palette: Sequence[int], chosen: bytes) -> bytes:
    lines = b"".join(b"\0" + chosen[y * width : (y + 1) * width] for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, BITS, OF_A_PALETTE, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", bytes(palette)),
        (b"IDAT", zlib.compress(lines, level=9)),
        (b"IEND", b""),
    )
    return SIGNATURE + b"".join(part for chunk in chunks for part in _chunk(*chunk))


def _chunk(kind: bytes, content: bytes) -> Iterator[bytes]:
    yield struct.pack(">I", len(content))
    yield kind + content
    yield struct.pack(">I", zlib.crc32(kind + content))
