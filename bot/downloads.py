"""Downloads through links that a provider names: only from its hosts, never into our network."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import zlib
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Collection, Iterator
from functools import cache
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any, TypeVar

import httpx

from bot import errors

T = TypeVar("T")
Resolve = Callable[[str], Awaitable[Collection[str]]]
Attempt = Callable[..., Awaitable[Any]]
"""Calls what it is given, with the arguments that follow, as often as that may help."""

MAX_DOWNLOAD_BYTES = 64 * 1024 * 1024
PIECE = 256 * 1024
LONGEST_SECONDS = 600
READ_TIMEOUT = httpx.Timeout(30).as_dict()
GZIP = b"\x1f\x8b"
MOST_LAYERS = 2
"""Of compression: a file that is a .gz, sent compressed once more."""

HOST = re.compile(r"(?=.{1,253}\Z)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}")
UNICAST = IPv6Network("2000::/3")
TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 addresses, as networks without IPv4 write them."""


@cache
def trusted() -> ssl.SSLContext:
    """Whose certificates count, for every connection: reading all the roots takes a while."""
    return httpx.create_ssl_context(trust_env=False)


async def resolve_host(host: str) -> Collection[str]:
    """The addresses of *host*, as the machine's own settings have it."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Downloads:
    """Reads links from *hosts*: names, ``.suffixes``, or names with ``*`` in a label.

    Links to the *own* server, which the operator named, are followed wherever it is. Credentials
    never come along, redirects are not followed, and no error or log holds a link: it is a secret.
    """

    def __init__(
        self,
        hosts: Collection[str],
        *,
        own: httpx.URL,
        transport: httpx.AsyncBaseTransport | None,
        attempt: Attempt,
        raise_for_status: Callable[[httpx.Response], None],
        resolve: Resolve = resolve_host,
    ) -> None:
        self._hosts = [_pattern(host) for host in hosts]
        self._own = _origin(own)
        # A connection is used once: another host at the same address has to prove its own name.
        alone = httpx.Limits(max_keepalive_connections=0)
        self._transport = transport or httpx.AsyncHTTPTransport(
            verify=trusted(), trust_env=False, limits=alone
        )
        self._attempt = attempt
        self._raise_for_status = raise_for_status
        self._resolve = resolve

    async def read(self, url: str, into: Callable[[bytes], T]) -> T:
        """What *into* makes of the whole content, of 64 MB at most; raises ``SourceError``.

        Reading and understanding are tried again as one unit.
        """
        result: T = await self._attempt(self._once, url, into)
        return result

    async def close(self) -> None:
        await self._transport.aclose()

    async def _once(self, url: str, into: Callable[[bytes], T]) -> T:
        link = _parsed(url)
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                content = await self._content(link)
        except (httpx.HTTPError, TimeoutError) as error:
            message = f"{type(error).__name__} at {_host(link)}"
            raise errors.SourceUnavailableError(message) from None
        # A big file takes a while to understand.
        return await asyncio.to_thread(into, content)

    async def _content(self, link: httpx.URL) -> bytes:
        if _origin(link) == self._own:
            return await self._answer(link, link)
        *others, last = await self._public_addresses(link)
        for address in others:
            try:
                return await self._answer(link, link.copy_with(host=address))
            except httpx.ConnectError:
                continue
        return await self._answer(link, link.copy_with(host=last))

    async def _public_addresses(self, link: httpx.URL) -> list[str]:
        """Those to connect to; what they are is decided once, so that no name can move later."""
        host = _host(link)
        if link.scheme != "https" or link.port is not None or not HOST.fullmatch(host):
            raise errors.SourceUnsafeLinkError("a link that is not plain https to a host's name")
        if not any(pattern.fullmatch(host) for pattern in self._hosts):
            raise errors.SourceUnsafeLinkError(f"{host} is not among the download hosts")
        try:
            addresses = list(dict.fromkeys(await self._resolve(host)))
        except OSError:
            addresses = []
        if not addresses:
            raise errors.SourceUnavailableError(f"the name {host} was not found")
        if not all(is_public(address) for address in addresses):
            raise errors.SourceUnsafeLinkError(f"{host} leads to an address that is not public")
        return addresses[:4]

    async def _answer(self, link: httpx.URL, target: httpx.URL) -> bytes:
        # Sent without a client: one would add headers and cookies, and log the link.
        request = httpx.Request(
            "GET",
            target,
            headers={
                "host": link.netloc.decode(),
                "user-agent": "Upshot/0.1",
                "accept-encoding": "gzip",
            },
            extensions={"sni_hostname": _host(link), "timeout": READ_TIMEOUT},
        )
        response = await self._transport.handle_async_request(request)
        try:
            self._check(response, _host(link))
            return await body_of(response, most=MAX_DOWNLOAD_BYTES, what="a download")
        finally:
            await response.aclose()

    def _check(self, response: httpx.Response, host: str) -> None:
        match response.status_code:
            case 401 | 403 | 404 | 410:
                raise errors.SourceExpiredLinkError(f"a link to {host} has expired")
            case status if 300 <= status < 400:
                raise errors.SourceUnsafeLinkError(f"a link to {host} leads on to elsewhere")
            case _:
                self._raise_for_status(response)
        if response.headers.get("content-encoding", "gzip").lower() not in {"gzip", "identity"}:
            raise errors.SourceResponseError(f"{host} compresses in a way that was not asked for")


def is_public(address: str) -> bool:
    """Whether *address*, and the one that it may be translated to, is anybody's to reach."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return ip.is_global and not ip.is_multicast
    if ip in TRANSLATED:
        return is_public(str(IPv4Address(int(ip) & 0xFFFFFFFF)))
    inner = ip.sixtofour
    return ip in UNICAST and ip.is_global and (inner is None or is_public(str(inner)))


def _parsed(url: str) -> httpx.URL:
    authority = re.match(r"https?://([^/?#]*)", url, re.IGNORECASE)
    # Letters, digits and signs of ASCII, no backslash, and nobody's name before the host's.
    if not authority or "@" in authority[1] or not re.fullmatch(r"[!-\[\]-~]+", url):
        raise errors.SourceUnsafeLinkError("a link that is written oddly")
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise errors.SourceUnsafeLinkError("a link that is none") from None


def _host(link: httpx.URL) -> str:
    return link.raw_host.decode("ascii", "replace")


def _origin(link: httpx.URL) -> tuple[str, bytes, int | None]:
    return link.scheme, link.raw_host, link.port


def _pattern(host: str) -> re.Pattern[str]:
    """What *host* allows; a star stands for a part of one label."""
    prefix = r"([a-z0-9_-]+\.)+" if host.startswith(".") else ""
    name = re.escape(host.lower().removeprefix(".")).replace(r"\*", "[a-z0-9_-]*")
    return re.compile(prefix + name)


async def body_of(response: httpx.Response, *, most: int, what: str) -> bytes:
    """All of an answer, decompressed where it is gzip and never more than *most* bytes of it.

    The client's own decompression would undo a whole chunk at once, however large that becomes.
    *what* it is goes into errors.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"gzip", "identity"}:
        raise errors.SourceResponseError(f"{what} compressed in a way that was not asked for")
    assert isinstance(response.stream, httpx.AsyncByteStream)
    pieces = _limited(response.stream, most, what)
    for _ in range(MOST_LAYERS):
        pieces = _limited(_inflated(pieces, what), most, what)
    return b"".join([piece async for piece in pieces])


async def _limited(pieces: AsyncIterable[bytes], most: int, what: str) -> AsyncIterator[bytes]:
    length = 0
    async for piece in pieces:
        length += len(piece)
        if length > most:
            raise errors.SourceResponseError(f"{what} over {most >> 20} MB")
        yield piece


async def _inflated(pieces: AsyncIterator[bytes], what: str) -> AsyncIterator[bytes]:
    """The content, decompressed where it is gzip."""
    start = b""
    async for piece in pieces:
        start += piece
        if len(start) >= len(GZIP):
            break
    is_gzip = start.startswith(GZIP)
    inflater = Inflater(what)
    for part in inflater.parts(start) if is_gzip else (start,):
        yield part
    async for piece in pieces:
        for part in inflater.parts(piece) if is_gzip else (piece,):
            yield part
    if is_gzip and not inflater.is_done:
        raise errors.SourceResponseError(f"{what} that was cut short")


class Inflater:
    """Decompresses gzip a little at a time: whoever asks can stop before a bomb goes off."""

    def __init__(self, what: str = "a download") -> None:
        self._inner = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        self._what = what

    @property
    def is_done(self) -> bool:
        return self._inner.eof

    def parts(self, piece: bytes) -> Iterator[bytes]:
        is_full = False
        while piece or is_full:
            if self._inner.eof:  # a file may be put together from several
                self._inner = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
            try:
                part = self._inner.decompress(piece, PIECE)
            except zlib.error:
                raise errors.SourceResponseError(f"{self._what} that is broken gzip") from None
            yield part
            piece = self._inner.unused_data or self._inner.unconsumed_tail
            is_full = len(part) == PIECE and not self._inner.eof
